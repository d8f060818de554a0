import type { EpochMs } from '../../../operator/domain/units.ts';
import { clockOf, type DemoDay } from '../day/demo-day.ts';
import { total } from '../verdict/common-findings.ts';
import type { Evidence } from '../verdict/evidence.ts';
import type { Finding } from '../verdict/finding.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { cell, row, wrapped, type Line, type Segment } from './line.ts';

interface Column {
  readonly title: string;
  readonly right?: boolean;
}

const COLUMNS: readonly Column[] = [
  { title: 'JOB' },
  { title: 'SITE' },
  { title: 'PLANNED' },
  { title: 'HAPPENED' },
  { title: 'g PLANNED', right: true },
  { title: 'g CAME', right: true },
  { title: 'g RUN-NOW', right: true },
  { title: 'SAVED', right: true },
  { title: 'DUE', right: true },
  { title: 'HELD', right: true },
];

/** Planned against happened, a row a job that ran, and a row of sums. */
export function outcomeTable(evidence: readonly Evidence[], day: DemoDay): readonly Line[] {
  const rows = evidence.map((one) => cellsOf(one, day));
  const sums = (figure: (one: Evidence) => number): string => total(evidence, figure).toFixed(1);
  const held = evidence.filter((one) => isHeld(one)).length;
  const sum = [
    ...['all', '', '', '', sums((one) => one.planned?.grams ?? NaN), sums(({ grams }) => grams)],
    ...[sums((one) => one.runNowGrams), savedOf(evidence), '', `${held} of ${evidence.length}`],
  ];
  const all = [COLUMNS.map(({ title }) => title), ...rows, sum];
  const widths = COLUMNS.map((_, index) => Math.max(...all.map((cells) => (cells[index] ?? '').length)));
  return all.map((cells, index) => {
    const tone = index === 0 ? 'dim' : index === all.length - 1 ? 'bold' : undefined;
    const line = cells.map((text, column): Segment => {
      return cell(text, widths[column] ?? 0, { tone, right: COLUMNS[column]?.right ?? false });
    });
    return row(...line.flatMap((one, column) => (column === 0 ? [one] : [{ text: '' }, one])));
  });
}

/** A line for each subject with how much of it holds, and below it what doesn't. */
export function findingLines(
  subjects: readonly { readonly about: string; readonly shows: string }[],
  findings: readonly Finding[],
  width: number,
): readonly Line[] {
  const nameWidth = Math.max(...subjects.map(({ about }) => about.length));
  const showsWidth = Math.max(...subjects.map(({ shows }) => shows.length));
  return subjects.flatMap(({ about, shows }): readonly Line[] => {
    const own = findings.filter((finding) => finding.about === about);
    const failed = own.filter(({ holds }) => !holds);
    const mark: Segment = failed.length === 0 ? { text: '✓', tone: 'good' } : { text: '✗', tone: 'bad' };
    const count = `${own.length - failed.length} of ${own.length} checks`;
    const head = row(mark, cell(about, nameWidth, { tone: 'bold' }), cell(shows, showsWidth), {
      text: count,
      tone: 'dim',
    });
    return [head, ...failed.flatMap(({ claim, seen }) => failureLines(`${claim}: no. ${seen}`, width))];
  });
}

function failureLines(text: string, width: number): readonly Line[] {
  return wrapped(text, width - 4).map((line): Line => [{ text: `    ${line}`, tone: 'bad' }]);
}

/** The demo's last word. */
export function closingLine({ findings, holds }: Verdict): Line {
  const failed = findings.filter((finding) => !finding.holds).length;
  return holds
    ? [{ text: `Everything that the demo is to show was so: ${findings.length} checks.`, tone: 'good' }]
    : [
        {
          text: `${failed} of ${findings.length} checks failed: not everything that the demo is to show was so.`,
          tone: 'bad',
        },
      ];
}

function cellsOf(one: Evidence, day: DemoDay): readonly string[] {
  const { name, planned, sites, runs, grams, runNowGrams, deadline } = one;
  const last = runs.at(-1);
  return [
    name,
    sites.join('+') || '–',
    planned === undefined ? '–' : stretch(day, planned.startsAt, planned.finishesAt, planned.windows),
    runs[0] === undefined || last === undefined ? '–' : stretch(day, runs[0].startsAt, last.endsAt, runs.length),
    planned === undefined ? '–' : planned.grams.toFixed(1),
    grams.toFixed(1),
    runNowGrams.toFixed(1),
    savedOf([one]),
    deadline === undefined ? '–' : clockOf(day, deadline),
    isHeld(one) ? 'yes' : 'NO',
  ];
}

function isHeld({ end, deadline }: Evidence): boolean {
  return end !== undefined && deadline !== undefined && end.at <= deadline;
}

function savedOf(evidence: readonly Evidence[]): string {
  const runNow = total(evidence, (one) => one.runNowGrams);
  return `${Math.round((100 * (runNow - total(evidence, ({ grams }) => grams))) / runNow)} %`;
}

function stretch(day: DemoDay, from: EpochMs, until: EpochMs, pieces: number): string {
  return `${clockOf(day, from)}–${clockOf(day, until)}${pieces > 1 ? ` in ${pieces}` : ''}`;
}
