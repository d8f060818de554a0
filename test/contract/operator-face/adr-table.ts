/** One scene, and what was seen of each in it. */
export interface Row {
  readonly scene: string;
  readonly original: string;
  readonly ours: string;
}

const BEGIN = '<!-- table: seen by test/contract/operator-face -->';
const END = '<!-- end of table -->';
const HEAD: Row = { scene: 'scene', original: '@dot-i/k8s-operator 1.3.9', ours: 'ours' };

/** In the form that the formatter of the project leaves as it is. */
export function adrTable(rows: readonly Row[]): string {
  const cells = [HEAD, ...rows].map(({ scene, original, ours }) => [scene, original, ours]);
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = cells;
  const rule = widths.map((width) => '-'.repeat(width));
  return [BEGIN, '', ...[head, rule, ...body].map(line), '', END].join('\n');
}

export function writtenInto(adr: string, table: string): string {
  const [before = '', rest] = adr.split(BEGIN);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`the ADR has no table between "${BEGIN}" and "${END}"`);
  return before + table + after;
}
