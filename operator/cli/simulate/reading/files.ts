import { dirname, extname, isAbsolute, join, resolve } from 'node:path';
import { csvRecords, CsvSyntaxError } from '../../../adapters/carbon/file/csv.ts';
import { readIntensityFile, type IntensityFile } from '../../../adapters/carbon/file/intensity-file.ts';
import { SourceError } from '../../../ports/source-error.ts';
import { UsageError } from '../../answer.ts';
import { wordsOf } from '../../error-text.ts';
import { yamlDocument } from '../../yaml-text.ts';

/** A file that the scenario or the command line names. */
export interface NamedFile {
  /** From the working directory, as the user wrote it: for messages. */
  readonly name: string;
  readonly path: string;
}

export type ReadText = (path: string) => Promise<string>;

/** Named in another file: relative to that one. */
export function besideOf(other: NamedFile, name: string): NamedFile {
  const isWhole = isAbsolute(name);
  return { name: isWhole ? name : join(dirname(other.name), name), path: resolve(dirname(other.path), name) };
}

/** Named on the command line: relative to the working directory. */
export function namedFile(name: string): NamedFile {
  return { name, path: resolve(name) };
}

export function extensionOf({ name }: NamedFile): string {
  return extname(name).toLowerCase();
}

/** Throws {@link UsageError}. */
export async function textOf({ name, path }: NamedFile, readText: ReadText): Promise<string> {
  try {
    return await readText(path);
  } catch (error) {
    throw new UsageError(`${name} can't be read: ${wordsOf(error)}`, { cause: error });
  }
}

/** One YAML document (JSON is one as well); empty: `undefined`. Throws {@link UsageError} with line and column. */
export async function yamlOf(file: NamedFile, readText: ReadText): Promise<unknown> {
  return yamlDocument(await textOf(file, readText), file.name);
}

/** Rows of a table whose first line names its columns: `line` is where a row begins, an empty cell is left out. */
export interface TableRow {
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

/**
 * Throws {@link UsageError}, also for a column that nobody reads: a misspelt one would be a default that nobody wanted.
 * @param known columns that there may be
 */
export async function tableOf(
  file: NamedFile,
  known: readonly string[],
  readText: ReadText,
): Promise<readonly TableRow[]> {
  const [header, ...records] = recordsOf(file, await textOf(file, readText));
  const columns = (header?.cells ?? []).map((name) => name.trim());
  const unknown = columns.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new UsageError(`${file.name}, line 1: no such column: ${unknown.join(', ')}; there are ${known.join(', ')}`);
  }
  const twice = columns.find((name, k) => columns.indexOf(name) !== k);
  if (twice !== undefined)
    throw new UsageError(`${file.name}, line 1: column "${twice}" is there twice; leave one out`);
  return records.map(({ line, cells }) => {
    if (cells.length !== columns.length) {
      const counts = `${String(cells.length)} cells where the first line has ${String(columns.length)}`;
      throw new UsageError(`${file.name}, line ${String(line)}: ${counts}; write one cell a column`);
    }
    const filled = columns.map((name, k) => [name, cells[k]?.trim() ?? ''] as const).filter(([, cell]) => cell !== '');
    return { line, cells: Object.fromEntries(filled) };
  });
}

function recordsOf({ name }: NamedFile, text: string) {
  try {
    return csvRecords(text);
  } catch (error) {
    if (!(error instanceof CsvSyntaxError)) throw error;
    throw new UsageError(`${name}, line ${String(error.line)}: ${error.message}`, { cause: error });
  }
}

/** Intensities in the formats of the operator's file source. Throws {@link UsageError}. */
export async function intensityOf(file: NamedFile, readText: ReadText): Promise<IntensityFile> {
  const extension = extensionOf(file);
  if (extension !== '.csv' && extension !== '.json') {
    throw new UsageError(`intensity file ${file.name}: the name must end in .csv or .json, which says how it is read`);
  }
  const text = await textOf(file, readText);
  try {
    return readIntensityFile(text, extension === '.csv' ? 'csv' : 'json');
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    throw new UsageError(`intensity file ${file.name}, ${error.message}`, { cause: error });
  }
}
