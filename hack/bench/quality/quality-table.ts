import type { QualityCase, CaseResult, QualityRow } from './quality-case.ts';

const HEADER = [
  'variant',
  'zone',
  'jobs',
  'ours %',
  'published %',
  'bound %',
  'score',
  'late',
  'restarts',
  'wall s',
] as const;
/** Columns of words stand to the left. */
const LEFT = new Set([0, 1]);

/** A case as text for a terminal: rows in aligned columns, what must hold, notes. */
export function qualityTable({ id, title }: Pick<QualityCase, 'id' | 'title'>, result: CaseResult): string {
  const { rows, notes, findings = [] } = result;
  return [
    `${id}  ${title}: saved against run on arrival`,
    ...aligned([HEADER, ...rows.map(cellsOf)]),
    ...findings.map(({ claim, holds }) => `  ${holds ? 'holds ' : 'BROKEN'}  ${claim}`),
    ...notes.map((note) => `  ${note}`),
  ].join('\n');
}

function cellsOf(row: QualityRow): readonly string[] {
  const { baselineGrams, boundGrams, publishedSavingPercent: published, savingPercent, score } = row;
  const bound = baselineGrams === 0 ? 0 : 100 * (1 - boundGrams / baselineGrams);
  return [
    row.variant,
    row.zone,
    String(row.jobs),
    shown(savingPercent, 2),
    published === null ? '' : shown(published, 2),
    shown(bound, 2),
    score === null ? 'above' : shown(score, 4),
    String(row.late),
    String(row.restarts),
    row.wallSeconds.toFixed(1),
  ];
}

/** Without the sign of a zero. */
function shown(value: number, digits: number): string {
  return value.toFixed(digits).replace(/^-(0\.0*)$/, '$1');
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = HEADER.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  return rows.map((cells) =>
    `  ${cells.map((cell, k) => (LEFT.has(k) ? cell.padEnd(widths[k] ?? 0) : cell.padStart(widths[k] ?? 0))).join('  ')}`.trimEnd(),
  );
}
