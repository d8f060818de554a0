import { csvRecords } from '../../operator/adapters/carbon/file/csv.ts';

/** The records of a CSV by the names of its first line. Throws where a wanted column is missing. */
export function csvRows<Column extends string>(text: string, wanted: readonly Column[]): Record<Column, string>[] {
  const [header, ...records] = csvRecords(text);
  const positions = wanted.map((column) => {
    const position = header?.cells.findIndex((name) => name.trim() === column) ?? -1;
    if (position < 0) throw new Error(`no column "${column}"`);
    return [column, position] as const;
  });
  return records.map(
    ({ cells }) =>
      Object.fromEntries(positions.map(([column, at]) => [column, cells[at]?.trim() ?? ''])) as Record<Column, string>,
  );
}
