import { joined } from '../../../operator/cli/page/text/line.ts';
import { overlapOf, type Interval } from '../../../operator/domain/interval.ts';
import type { EpochMs } from '../../../operator/domain/units.ts';
import type { Grid } from '../day/intensity-rows.ts';
import type { Segment, Tone } from './line.ts';
import { columnInterval, columnOf, type TimeAxis } from './time-axis.ts';

const BLOCKS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/** g/kWh from which power is called middling and dirty. */
const MIDDLING_FROM = 100;
const DIRTY_FROM = 300;

export function toneOf(gramsPerKilowattHour: number): Tone {
  if (gramsPerKilowattHour < MIDDLING_FROM) return 'clean';
  return gramsPerKilowattHour < DIRTY_FROM ? 'middling' : 'dirty';
}

/** A bar a column: the mean intensity of its time, from 0 to `highest` g/kWh. */
export function intensityStrip(axis: TimeAxis, zone: string, grid: Grid, highest: number): readonly Segment[] {
  const bars = Array.from({ length: axis.columns }, (_, column): Segment => {
    const grams = grid.mean(zone, columnInterval(axis, column));
    const height = Math.min(BLOCKS.length - 1, Math.floor((grams / highest) * BLOCKS.length));
    return { text: BLOCKS[Math.max(0, height)] ?? ' ', tone: toneOf(grams) };
  });
  return joined(bars);
}

/** What a job is to do and has done. */
export interface JobTimes {
  readonly windows: readonly Interval[];
  readonly runs: readonly Interval[];
  readonly deadline: EpochMs | undefined;
}

/** `█` where its pods ran, `░` where they are planned to, `◆` its deadline, `│` now. */
export function jobStrip(axis: TimeAxis, times: JobTimes, now: EpochMs): readonly Segment[] {
  const deadlineColumn = times.deadline === undefined ? -1 : columnOf(axis, times.deadline);
  const nowColumn = columnOf(axis, now);
  const planned = times.windows.map((window) => ({ ...window, startsAt: Math.max(window.startsAt, now) }));
  const marks = Array.from({ length: axis.columns }, (_, column): Segment => {
    const time = columnInterval(axis, column);
    if (fills(times.runs, time)) return { text: '█', tone: 'good' };
    if (column === deadlineColumn) return { text: '◆', tone: 'bold' };
    if (fills(planned, time)) return { text: '░', tone: 'good' };
    return column === nowColumn ? { text: '│', tone: 'dim' } : { text: '·', tone: 'dim' };
  });
  return joined(marks);
}

/** More than a third of the time: less is where a neighbour column begins or ends. */
function fills(intervals: readonly Interval[], time: Interval): boolean {
  const covered = intervals.reduce((sum, interval) => sum + overlapOf(interval, time), 0);
  return covered > (time.endsAt - time.startsAt) / 3;
}
