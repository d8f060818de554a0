import type { EpochMs } from '../../../operator/domain/units.ts';
import { clockOf, withClock, type DemoDay } from '../day/demo-day.ts';
import type { Grid } from '../day/intensity-rows.ts';
import { cell, fitted, row, type Line, type Segment, type Tone } from './line.ts';
import { intensityStrip, jobStrip, toneOf, type JobTimes } from './strips.ts';
import { ruler, type TimeAxis } from './time-axis.ts';

/** What is shown of a site. */
export interface SiteRow {
  readonly name: string;
  readonly zone: string;
  /** GPUs that pods of the demo hold, and GPUs that are there. */
  readonly held: number;
  readonly capacity: number;
}

/** What is shown of a job. */
export interface JobRow extends JobTimes {
  readonly name: string;
  readonly shows: string;
  readonly phase: string;
  readonly site: string;
  readonly starts: EpochMs | undefined;
  readonly saves: string;
}

export interface DemoView {
  readonly day: DemoDay;
  readonly grid: Grid;
  readonly now: EpochMs;
  readonly sites: readonly SiteRow[];
  readonly jobs: readonly JobRow[];
  readonly journal: readonly { readonly at: EpochMs; readonly about: string; readonly text: string }[];
}

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** The part of the day that is shown. */
const FROM_HOUR = 4;
const UNTIL_HOUR = 19.5;
/** The top of the scale, g/kWh. */
const HIGHEST = 850;
const WIDTHS = { name: 14, phase: 9, site: 9, starts: 6, saves: 5 };
/** Of what is left of the strips, and the spaces between. */
const LEFT = Object.values(WIDTHS).reduce((sum, width) => sum + width + 1, 0);
const SHOWS_WIDTH = 31;
/** Below this there is no room for what each job shows. */
const WIDE_FROM = 132;
const LEAST_STRIP = 10;

/** The live view as lines that fit the terminal: sites over jobs on one axis of time, and the last events below. */
export function frame(view: DemoView, { columns, rows }: TerminalSize): readonly Line[] {
  const isWide = columns >= WIDE_FROM;
  const strip = Math.max(LEAST_STRIP, columns - LEFT - (isWide ? SHOWS_WIDTH + 1 : 0));
  const axis: TimeAxis = { day: view.day, fromHour: FROM_HOUR, untilHour: UNTIL_HOUR, columns: strip };
  const lines: Line[] = [
    titleOf(view),
    [],
    headings(['SITE', 'ZONE', 'GPUS', 'g/kWh', ''], ruler(axis, view.now)),
    ...view.sites.map((site) => siteLine(site, view, axis)),
    [],
    headings(['JOB', 'PHASE', 'SITE', 'STARTS', 'SAVES'], { text: ' '.repeat(strip) }, isWide ? 'SHOWS' : undefined),
    ...view.jobs.map((job) => jobLine(job, view, axis, isWide)),
    [],
  ];
  const room = Math.max(0, rows - 1 - lines.length);
  const journal = view.journal
    .slice(Math.max(0, view.journal.length - room))
    .map((entry) => journalLine(entry, view.day));
  return [...lines, ...journal].slice(0, Math.max(1, rows - 1)).map((line) => fitted(line, columns));
}

/** A line of the journal, in the view and where there is none. */
export function journalLine(entry: DemoView['journal'][number], day: DemoDay): Line {
  return row({ text: clockOf(day, entry.at), tone: 'dim' }, cell(entry.about, WIDTHS.name, { tone: 'bold' }), {
    text: withClock(day, entry.text),
  });
}

function titleOf({ day, now }: DemoView): Line {
  const minutes = Math.round(3_600_000 / day.hour / 6) / 10;
  return [
    { text: 'Sunward', tone: 'bold' },
    { text: `  it is ${clockOf(day, now)}; a second is ${minutes} minutes, all else is real` },
  ];
}

function headings(titles: readonly [string, string, string, string, string], strip: Segment, last?: string): Line {
  const widths = Object.values(WIDTHS);
  const cells = titles.map((title, index) => cell(title, widths[index] ?? 0, { tone: 'dim', right: index >= 3 }));
  return row(...cells, strip, ...(last === undefined ? [] : [cell(last, SHOWS_WIDTH, { tone: 'dim' })]));
}

function siteLine(site: SiteRow, { grid, now }: DemoView, axis: TimeAxis): Line {
  const grams = grid.at(site.zone, now);
  return row(
    cell(site.name, WIDTHS.name, { tone: 'bold' }),
    cell(site.zone, WIDTHS.phase),
    cell(`${site.held}/${site.capacity}`, WIDTHS.site),
    cell(grams.toFixed(0), WIDTHS.starts, { right: true, tone: toneOf(grams) }),
    cell('', WIDTHS.saves),
  ).concat([{ text: ' ' }], intensityStrip(axis, site.zone, grid, HIGHEST));
}

const PHASE_TONES: Readonly<Record<string, Tone>> = {
  Running: 'good',
  Succeeded: 'dim',
  Refused: 'bad',
  Failed: 'bad',
  Paused: 'middling',
};

function jobLine(job: JobRow, { day, now }: DemoView, axis: TimeAxis, isWide: boolean): Line {
  const left = row(
    cell(job.name, WIDTHS.name, { tone: 'bold' }),
    cell(job.phase, WIDTHS.phase, { tone: PHASE_TONES[job.phase] }),
    cell(job.site, WIDTHS.site),
    cell(job.starts === undefined ? '' : clockOf(day, job.starts), WIDTHS.starts, { right: true }),
    cell(job.saves, WIDTHS.saves, { right: true }),
  );
  const shows: Line = isWide ? [{ text: ' ' }, cell(job.shows, SHOWS_WIDTH, { tone: 'dim' })] : [];
  return [...left, { text: ' ' }, ...jobStrip(axis, job, now), ...shows];
}
