import type { TableBlock } from '../page.ts';

/** Numbers stand to the right; sentences stand in the last column of text, and names in the others. */
export type ColumnKind = 'number' | 'name' | 'sentence';

export function columnKinds(table: TableBlock): readonly ColumnKind[] {
  const last = table.columns.findLastIndex(({ align }) => align === 'left');
  return table.columns.map(({ align }, column) => {
    if (align === 'right') return 'number';
    return column === last ? 'sentence' : 'name';
  });
}
