import type { Interval } from '../../../operator/domain/interval.ts';
import type { EpochMs } from '../../../operator/domain/units.ts';
import { between, hourAt, timeAt, type DemoDay } from '../day/demo-day.ts';
import type { Segment } from './line.ts';

/** Part of the day along the columns of a strip; all strips share it, so that what is below is at the same time. */
export interface TimeAxis {
  readonly day: DemoDay;
  readonly fromHour: number;
  readonly untilHour: number;
  readonly columns: number;
}

/** The stretch of time that a column stands for. */
export function columnInterval(axis: TimeAxis, column: number): Interval {
  const hours = (axis.untilHour - axis.fromHour) / axis.columns;
  return between(axis.day, axis.fromHour + column * hours, axis.fromHour + (column + 1) * hours);
}

/** The column of an instant; outside of 0 … columns - 1 where it is off the strip. */
export function columnOf(axis: TimeAxis, instant: EpochMs): number {
  const share = (hourAt(axis.day, instant) - axis.fromHour) / (axis.untilHour - axis.fromHour);
  return Math.floor(share * axis.columns + 1e-9);
}

const LABEL_WIDTH = 2;
const LEAST_GAP = 2;
const STEPS = [1, 2, 3, 4, 6, 12];

/** Hours above the strips, as many as fit, and an arrow that points at now. */
export function ruler(axis: TimeAxis, now: EpochMs): Segment {
  const hours = axis.untilHour - axis.fromHour;
  const columnsAnHour = axis.columns / hours;
  const step = STEPS.find((each) => each * columnsAnHour >= LABEL_WIDTH + LEAST_GAP) ?? hours;
  const characters = Array.from({ length: axis.columns }, () => ' ');
  for (let hour = Math.ceil(axis.fromHour); hour < axis.untilHour; hour += step) {
    const column = columnOf(axis, timeAt(axis.day, hour));
    if (column + LABEL_WIDTH > axis.columns) break;
    characters.splice(column, LABEL_WIDTH, ...Array.from(String(hour % 24).padStart(LABEL_WIDTH, '0')));
  }
  const here = columnOf(axis, now);
  if (here >= 0 && here < axis.columns) characters[here] = '▼';
  return { text: characters.join(''), tone: 'dim' };
}
