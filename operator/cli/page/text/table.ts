import type { TableBlock, Tone } from '../page.ts';
import { columnKinds } from '../words/column-kinds.ts';
import { cell, type Line } from './line.ts';
import { cellLines, tableWidths, type TableWidths } from './table-widths.ts';
import { wrappedInWholeParts } from './wrapped.ts';

/** Columns that stand below their titles and a rule. */
export function tableLines(table: TableBlock, room: number): readonly Line[] {
  const layout = tableWidths(table, room);
  const titles = layout.widths.map((width, column) => wrappedInWholeParts(table.columns[column]?.title ?? '', width));
  const titlesHeight = Math.max(0, ...titles.map((lines) => lines.length));
  // On the rule, also where others are taller.
  const lowered = titles.map((lines) => [...Array.from({ length: titlesHeight - lines.length }, () => ''), ...lines]);
  const kinds = columnKinds(table);
  const rule = layout.widths.map((width) => '─'.repeat(width)).join(' '.repeat(layout.gap));
  return [
    ...rowLines({ table, layout, cells: lowered, tone: 'dim' }),
    [{ text: rule, tone: 'dim' }],
    ...table.rows.flatMap(({ cells, tone }) => {
      const lines = layout.widths.map((width, column) => {
        return cellLines(cells[column] ?? '', width, kinds[column] ?? 'name');
      });
      return rowLines({ table, layout, cells: lines, tone });
    }),
  ];
}

interface Row {
  readonly table: TableBlock;
  readonly layout: TableWidths;
  /** The lines of each cell. */
  readonly cells: readonly (readonly string[])[];
  readonly tone: Tone | undefined;
}

function rowLines({ table, layout, cells, tone }: Row): readonly Line[] {
  const height = Math.max(0, ...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, index) => {
    const texts = layout.widths.map((width, column) => {
      return cell(cells[column]?.[index] ?? '', width, table.columns[column]?.align);
    });
    return [{ text: texts.join(' '.repeat(layout.gap)), tone }];
  });
}
