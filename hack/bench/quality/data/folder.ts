import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { csvRows } from './csv.ts';

/** The data can't be used; the message names the file, the column and the remedy. */
export class DataError extends Error {
  override readonly name = 'DataError';
}

/** A table by the names of its columns; nothing else is assumed of it. */
export interface Table {
  /** As people know it, for messages. */
  readonly path: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const LAYOUT = 'docs/benchmarks-quality.md says what the folder holds';

/** A folder with the files that the cases read. Each is read once. */
export class DataFolder {
  readonly #path: string;
  readonly #tables = new Map<string, Promise<Table | undefined>>();

  constructor(path: string) {
    this.#path = path;
  }

  /** Throws {@link DataError} where the file or one of the columns is not there, or where it has no row. */
  async table(name: string, columns: readonly string[]): Promise<Table> {
    const table = await this.tableIfThere(name, columns);
    if (table === undefined) {
      throw new DataError(`${join(this.#path, name)} is not there: give a folder that has it as DATA; ${LAYOUT}`);
    }
    return table;
  }

  /** `undefined` where there is no such file; what is there must have the columns. */
  async tableIfThere(name: string, columns: readonly string[]): Promise<Table | undefined> {
    const known = this.#tables.get(name) ?? readTable(join(this.#path, name));
    this.#tables.set(name, known);
    const table = await known;
    for (const column of columns) if (table !== undefined) columnOf(table, column);
    return table;
  }
}

async function readTable(path: string): Promise<Table | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new DataError(`${path} can't be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  const [columns, ...rows] = csvRows(text);
  if (columns === undefined || rows.length === 0)
    throw new DataError(`${path} has no rows: it needs a line of columns and some`);
  return { path, columns: columns.map((column) => column.trim()), rows };
}

/** Position of a column; throws {@link DataError} where there is none of that name. */
function columnOf({ path, columns }: Table, column: string): number {
  const position = columns.indexOf(column);
  if (position >= 0) return position;
  const shown = columns.slice(0, 8).join(', ');
  throw new DataError(
    `${path} has no column "${column}" (it has ${shown}${columns.length > 8 ? ', …' : ''}): name it so, or give another folder as DATA; ${LAYOUT}`,
  );
}

/** A column as numbers; NaN where a field is empty. Throws {@link DataError} at what is neither. */
export function numbersOf(table: Table, column: string): Float64Array {
  const position = columnOf(table, column);
  return Float64Array.from(table.rows, (row, k) => {
    const text = (row[position] ?? '').trim();
    if (text === '' || /^(nan|na|null)$/i.test(text)) return NaN;
    const value = Number(text);
    if (!Number.isFinite(value)) {
      throw new DataError(
        `${table.path}, row ${k + 2}, column "${column}" is "${text}": it must be a number, or empty`,
      );
    }
    return value;
  });
}

/** A column as text. */
export function textsOf(table: Table, column: string): readonly string[] {
  const position = columnOf(table, column);
  return table.rows.map((row) => (row[position] ?? '').trim());
}

/** `2020-01-01 00:30:00`, `2020-01-01T00:30Z`, `2020-01-01T01:30+01:00`, `2020-01-01`; without a zone it is UTC. */
const TIME = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(Z|[+-]\d{2}:?\d{2})?)?$/;

/** A column of times as ms since 1970. Throws {@link DataError} at what is none. */
export function timesOf(table: Table, column: string): Float64Array {
  const position = columnOf(table, column);
  return Float64Array.from(table.rows, (row, k) => {
    const text = (row[position] ?? '').trim();
    const [, date = '', clock = '00:00', zone = 'Z'] = TIME.exec(text) ?? [];
    const instant = Date.parse(`${date}T${clock}${zone.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')}`);
    if (Number.isNaN(instant)) {
      throw new DataError(
        `${table.path}, row ${k + 2}, column "${column}" is "${text}": it must be a time like 2020-01-01 00:30:00 (UTC)`,
      );
    }
    return instant;
  });
}
