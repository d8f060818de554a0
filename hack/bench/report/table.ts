import type { Breakdown, CaseReport, Figure, Finding } from './figure.ts';
import { ratioOf } from './figure.ts';

const HEADER = ['figure', 'measured', 'reference', 'ratio', ''] as const;
/** Columns of numbers stand to the right. */
const RIGHT = new Set([1, 2, 3]);

/**
 * A case as text for a terminal: figures in aligned columns, then counts, then what must hold.
 * @param reference what the figures are held against, in a word
 */
export function caseTable(report: CaseReport, reference: 'reference' | 'limit' = 'reference'): string {
  const header = HEADER.map((head) => (head === 'reference' ? reference : head));
  return [
    report.name,
    ...aligned([header, ...report.figures.map(row)]),
    ...report.breakdowns.flatMap(breakdownLines),
    ...report.findings.map(findingLine),
  ].join('\n');
}

/** Three digits that matter, whole numbers as they are: 0.0123, 1.85, 14.2, 10000. */
export function numberShown(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const magnitude = Math.abs(value);
  if (magnitude >= 100) return value.toFixed(0);
  if (magnitude >= 10) return value.toFixed(1);
  return magnitude >= 1 ? value.toFixed(2) : value.toPrecision(2);
}

function row(figure: Figure): readonly string[] {
  const ratio = ratioOf(figure);
  const withUnit = (value: number): string => `${numberShown(value)}${figure.unit === '' ? '' : ` ${figure.unit}`}`;
  return [
    figure.label,
    withUnit(figure.value),
    figure.reference === undefined ? '' : withUnit(figure.reference),
    ratio === undefined ? '' : ratio.toFixed(2),
    figure.note ?? '',
  ];
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = HEADER.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  return rows.map((cells) => {
    const padded = cells.map((cell, column) =>
      RIGHT.has(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
    );
    return `  ${padded.join('  ')}`.trimEnd();
  });
}

function breakdownLines({ title, counts }: Breakdown): string[] {
  const entries = Object.entries(counts).sort(([, a], [, b]) => b - a);
  const width = Math.max(0, ...entries.map(([, count]) => numberShown(count).length));
  return [`  ${title}`, ...entries.map(([name, count]) => `    ${numberShown(count).padStart(width)}  ${name}`)];
}

function findingLine({ claim, holds }: Finding): string {
  return `  ${holds ? 'holds ' : 'BROKEN'}  ${claim}`;
}
