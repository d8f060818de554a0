import type { PanelFile } from './dashboard-file.ts';

type Cell = string | number;
type Row = Readonly<Record<string, Cell>>;

export interface Table {
  readonly columns: readonly string[];
  /** In the order of the columns; what is not known is an empty text. */
  readonly rows: readonly (readonly Cell[])[];
}

/**
 * What Grafana's transformations `merge` and `organize` make of the answers to several queries, and how the panel sorts it.
 * `merge` joins rows that differ in no field that both have, of those that agree in the fields that all answers have.
 */
export function mergedTable(answers: readonly (readonly Row[])[], { transformations = [], options }: PanelFile): Table {
  const organize = transformations.find(({ id }) => id === 'organize')?.options ?? {};
  const { excludeByName = {}, indexByName = {}, renameByName = {} } = organize;
  const fields = Object.keys(indexByName)
    .filter((field) => excludeByName[field] !== true)
    .sort((a, b) => (indexByName[a] ?? 0) - (indexByName[b] ?? 0));
  const rows = merged(answers).map((row) => fields.map((field) => row[field] ?? ''));
  const columns = fields.map((field) => renameByName[field] ?? field);
  const sortedBy = columns.indexOf(options?.sortBy?.[0]?.displayName ?? '');
  if (sortedBy < 0) return { columns, rows };
  return { columns, rows: rows.toSorted((a, b) => Number(b[sortedBy]) - Number(a[sortedBy])) };
}

function merged(answers: readonly (readonly Row[])[]): readonly Row[] {
  const keyFields = fieldsOf(answers[0] ?? []).filter((field) =>
    answers.every((rows) => rows.length > 0 && fieldsOf(rows).includes(field)),
  );
  // An answer without rows has a field for the time all the same, and no other.
  if (keyFields.length === 0) keyFields.push('Time');
  const byKey = new Map<string, Row[]>();
  for (const row of answers.flat()) {
    const key = JSON.stringify(keyFields.map((field) => row[field] ?? ''));
    const known = byKey.get(key) ?? [];
    const joined = known.map((other) => (agree(other, row) ? { ...other, ...row } : other));
    const isJoined = known.some((other) => agree(other, row));
    byKey.set(key, isJoined ? joined : [...known, row]);
  }
  return [...byKey.values()].flat();
}

function fieldsOf(rows: readonly Row[]): string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))];
}

function agree(one: Row, other: Row): boolean {
  return Object.entries(other).every(([field, value]) => one[field] === undefined || one[field] === value);
}
