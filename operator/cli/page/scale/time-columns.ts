import { lengthOf, overlapOf, type Interval } from '../../../domain/interval.ts';
import type { DurationMs, EpochMs } from '../../../domain/units.ts';
import type { Strip } from '../page.ts';

/** A span of time in so many columns of equal length. */
export interface TimeColumns {
  readonly span: Interval;
  /** A whole number above zero. */
  readonly columns: number;
}

/** Whether an instant has a place on the axis, as the span's very end has too. */
export function isOnAxis(span: Interval, instant: EpochMs): boolean {
  return span.startsAt <= instant && instant <= span.endsAt;
}

/** Where an instant lies in a span: 0 at its beginning, 1 at its end, and never outside. */
export function shareOfSpan(span: Interval, instant: EpochMs): number {
  return Math.min(1, Math.max(0, (instant - span.startsAt) / Math.max(1, lengthOf(span))));
}

/** The column whose time an instant lies in, the last one also at the span's very end; `undefined` outside of the span. */
export function columnOf({ span, columns }: TimeColumns, instant: EpochMs): number | undefined {
  if (!isOnAxis(span, instant)) return undefined;
  return Math.min(columns - 1, Math.floor(shareOfSpan(span, instant) * columns));
}

export function columnInterval(axis: TimeColumns, column: number): Interval {
  const startsAt = axis.span.startsAt + column * columnLength(axis);
  return { startsAt, endsAt: startsAt + columnLength(axis) };
}

/** Each column's mean of the figures, weighted with the time for which they are known; `undefined` where none is. */
export function columnMeans(axis: TimeColumns, figures: Strip['figures']): readonly (number | undefined)[] {
  const sums = Array.from({ length: axis.columns }, () => ({ valueTime: 0, time: 0 }));
  for (const figure of figures.filter(({ value }) => Number.isFinite(value))) {
    for (const { column, time } of overlaps(axis, figure)) {
      const sum = sums[column];
      if (sum === undefined) continue;
      sum.valueTime += figure.value * time;
      sum.time += time;
    }
  }
  return sums.map(({ valueTime, time }) => (time > 0 ? valueTime / time : undefined));
}

/**
 * The columns in which something runs: more than a third of their time, since less is where a neighbour begins or ends. A window
 * that no such column shows has the one in which most of it lies.
 */
export function runColumns(axis: TimeColumns, windows: readonly Interval[]): readonly boolean[] {
  const times = Array.from({ length: axis.columns }, () => 0);
  const all = windows.map((window) => overlaps(axis, window));
  for (const { column, time } of all.flat()) times[column] = (times[column] ?? 0) + time;
  const runs = times.map((time) => time > columnLength(axis) / 3);
  for (const parts of all) {
    const longest = parts.toSorted((a, b) => b.time - a.time)[0];
    if (longest !== undefined && !parts.some(({ column }) => runs[column])) runs[longest.column] = true;
  }
  return runs;
}

/** The columns that an interval has a part in, with the length of that part. */
function overlaps(axis: TimeColumns, interval: Interval): readonly { column: number; time: DurationMs }[] {
  if (overlapOf(interval, axis.span) <= 0) return [];
  const first = columnOf(axis, Math.max(interval.startsAt, axis.span.startsAt)) ?? 0;
  const last = columnOf(axis, Math.min(interval.endsAt, axis.span.endsAt)) ?? 0;
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const column = first + index;
    return { column, time: overlapOf(interval, columnInterval(axis, column)) };
  }).filter(({ time }) => time > 0);
}

function columnLength({ span, columns }: TimeColumns): DurationMs {
  return lengthOf(span) / columns;
}
