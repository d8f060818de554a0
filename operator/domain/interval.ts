import type { DurationMs, EpochMs } from './units.ts';

/** A half-open stretch of time: `startsAt` belongs to it, `endsAt` does not. */
export interface Interval {
  readonly startsAt: EpochMs;
  readonly endsAt: EpochMs;
}

export function lengthOf(interval: Interval): DurationMs {
  return interval.endsAt - interval.startsAt;
}

export function contains(interval: Interval, instant: EpochMs): boolean {
  return interval.startsAt <= instant && instant < interval.endsAt;
}

/** How long two intervals overlap; 0 where they don't. */
export function overlapOf(a: Interval, b: Interval): DurationMs {
  return Math.max(0, Math.min(a.endsAt, b.endsAt) - Math.max(a.startsAt, b.startsAt));
}
