import { overlapOf, type Interval } from './interval.ts';
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

/** The stretches of the interval that no sample covers. The samples are in order of time and don't overlap. */
export function gapsIn(samples: readonly Interval[], { startsAt, endsAt }: Interval): Interval[] {
  const gaps: Interval[] = [];
  let edge = startsAt;
  for (let k = firstEndingAfter(samples, startsAt); k < samples.length; k++) {
    const sample = samples[k];
    if (sample === undefined || sample.startsAt >= endsAt) break;
    if (sample.startsAt > edge) gaps.push({ startsAt: edge, endsAt: sample.startsAt });
    edge = sample.endsAt;
  }
  if (edge < endsAt) gaps.push({ startsAt: edge, endsAt });
  return gaps;
}

/** Over the interval what the first say, and what the others say wherever the first say nothing. */
export function overlaid<T extends Interval>(first: readonly T[], others: readonly T[], interval: Interval): T[] {
  const filled = gapsIn(first, interval).flatMap((gap) => cutTo(others, gap));
  return [...cutTo(first, interval), ...filled].sort((a, b) => a.startsAt - b.startsAt);
}

/** Integral of a figure over the interval, in its unit x ms, and how much of the interval has a sample. */
export function integralOf<T extends Interval>(
  samples: readonly T[],
  interval: Interval,
  figureOf: (sample: T) => number,
): { readonly integral: number; readonly covered: DurationMs } {
  let integral = 0;
  let covered = 0;
  for (let k = firstEndingAfter(samples, interval.startsAt); k < samples.length; k++) {
    const sample = samples[k];
    if (sample === undefined || sample.startsAt >= interval.endsAt) break;
    const overlap = overlapOf(sample, interval);
    integral += overlap * figureOf(sample);
    covered += overlap;
  }
  return { integral, covered };
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

/**
 * How far apart rows usually begin, for those that don't say how long they hold: the distance found most often, of two the
 * shorter. They come in any order; `undefined` for fewer than two beginnings.
 */
export function usualSpacing(starts: readonly EpochMs[]): DurationMs | undefined {
  const ordered = [...new Set(starts)].sort((a, b) => a - b);
  return commonest(ordered.slice(1).map((start, k) => start - (ordered[k] ?? NaN)));
}

/** How long samples usually hold, whatever gaps are between them: the length found most often, of two the shorter. */
export function usualLength(samples: readonly Interval[]): DurationMs | undefined {
  return commonest(samples.map(({ startsAt, endsAt }) => endsAt - startsAt));
}

function commonest(lengths: readonly DurationMs[]): DurationMs | undefined {
  const counts = new Map<DurationMs, number>();
  for (const length of lengths) counts.set(length, (counts.get(length) ?? 0) + 1);
  return [...counts].sort(([a, often], [b, oftener]) => oftener - often || a - b)[0]?.[0];
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
