import type { Interval } from './interval.ts';
import type { DurationMs, EpochMs } from './units.ts';

/** The samples that touch the interval, cut to it. They are in order of time and don't overlap. */
export function cutTo<T extends Interval>(samples: readonly T[], { startsAt, endsAt }: Interval): T[] {
  const found: T[] = [];
  if (startsAt >= endsAt) return found;
  for (let k = firstEndingAfter(samples, startsAt); k < samples.length; k++) {
    const sample = samples[k];
    if (sample === undefined || sample.startsAt >= endsAt) break;
    found.push({ ...sample, startsAt: Math.max(sample.startsAt, startsAt), endsAt: Math.min(sample.endsAt, endsAt) });
  }
  return found;
}

/**
 * Rows that say only when they begin: each holds for `length`, and never beyond the beginning of the next. They come in
 * any order; of two that begin at once the last one holds.
 */
export function heldUntilNext<T extends { readonly startsAt: EpochMs }>(
  rows: readonly T[],
  length: DurationMs,
): (T & Interval)[] {
  const byStart = new Map(rows.map((row) => [row.startsAt, row]));
  const ordered = [...byStart.values()].sort((a, b) => a.startsAt - b.startsAt);
  return ordered.map((row, k) => ({
    ...row,
    endsAt: Math.min(row.startsAt + length, ordered[k + 1]?.startsAt ?? Infinity),
  }));
}

/** The sample that holds at an instant; `undefined` in a gap. */
export function sampleAt<T extends Interval>(samples: readonly T[], instant: EpochMs): T | undefined {
  const sample = samples[firstEndingAfter(samples, instant)];
  return sample !== undefined && sample.startsAt <= instant ? sample : undefined;
}

/** By halving: a day in slots of a second is 86,400 samples a zone, asked for at every planning cycle. */
function firstEndingAfter(samples: readonly Interval[], instant: EpochMs): number {
  let from = 0;
  let until = samples.length;
  while (from < until) {
    const middle = (from + until) >>> 1;
    if ((samples[middle]?.endsAt ?? Infinity) <= instant) from = middle + 1;
    else until = middle;
  }
  return from;
}
