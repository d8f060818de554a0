import type { TableBlock } from '../page.ts';

/** What stands in place of a table without rows. */
export function emptyTableShown(table: TableBlock): string {
  return table.ifEmpty ?? 'none';
}
