import { farthest, meanShare, type Survival } from '../../domain/length/survival.ts';
import type { DurationMs, EpochMs } from '../../domain/units.ts';
import { edge } from '../grid/time-grid.ts';
import type { ContiguousSearch } from '../search/contiguous.ts';
import { isFreeFrom, startsOf } from '../search/starts.ts';
import { costsAhead } from './costs-ahead.ts';

/** A search for the start of a job whose length nobody knows; `length` is that of what is planned for, and booked. */
export interface UnknownLengthStart extends ContiguousSearch {
  /** Of the work left, as time on an accelerator of speed 1. */
  readonly survival: Survival;
  readonly speed: number;
  /** Time lost at the start, after the staging; it is part of `length`. */
  readonly overhead: DurationMs;
}

/**
 * The earliest of the starts of least expected cost: at once, or at the edge of a slot. The job runs through, for as long as it
 * takes; every hour of that counts by the probability that it is not done. `undefined` where no start fits.
 * @param asGoodAs the most that is as good as the least cost
 */
export function startUnderUnknownLength(
  search: UnknownLengthStart,
  asGoodAs: (least: number) => number = (least) => least,
): EpochMs | undefined {
  const { grid, notBefore, rates } = search;
  const starts = startsOf(search);
  const found: { readonly startsAt: EpochMs; readonly cost: number }[] = [];
  if (starts.atOnce !== undefined) found.push({ startsAt: starts.atOnce, cost: costFrom(search, starts.atOnce) });
  const delayed = (startsAt: EpochMs, cost: number) => ({
    startsAt,
    cost: cost + rates.perDelayMs * (startsAt - notBefore),
  });
  if (starts.from < starts.until) {
    const costs = costsFromEdges(search, starts.from, starts.until);
    for (let slot = starts.from; slot < starts.until; slot++) {
      if (isFreeFrom(starts, slot)) found.push(delayed(edge(grid, slot), costs[slot - starts.from] ?? Infinity));
    }
  }
  const least = found.reduce((lowest, { cost }) => Math.min(lowest, cost), Infinity);
  const limit = asGoodAs(least);
  const rounding = 1e-9 * Math.max(1, Math.abs(limit));
  return found.find(({ cost }) => cost <= limit + rounding)?.startsAt;
}

/** Expected cost of a run that starts in the middle of a slot: at once. */
function costFrom(search: UnknownLengthStart, startsAt: EpochMs): number {
  const weights = weightsFrom(search, startsAt);
  const { headMs, headCost, cost } = costsAhead(search, startsAt, { count: weights.length, slotsPerStep: 1 });
  const costs = headMs > 0 ? [headCost, ...cost] : cost;
  return weights.reduce((sum, weight, i) => sum + weight * (costs[i] ?? 0), 0);
}

/** The same for starts at edges [from, until): whichever it is, what of each slot counts is the same. */
function costsFromEdges(search: UnknownLengthStart, from: number, until: number): Float64Array {
  const { grid } = search;
  const weights = weightsFrom(search, edge(grid, from));
  const { cost } = costsAhead(search, edge(grid, from), {
    count: weights.length + until - from,
    slotsPerStep: 1,
  });
  const upTo = new Float64Array(cost.length + 1);
  for (let slot = 0; slot < cost.length; slot++) upTo[slot + 1] = (upTo[slot] ?? 0) + (cost[slot] ?? 0);
  const { ends, means } = blocksOf(weights);
  return Float64Array.from({ length: until - from }, (_, start) => {
    let sum = 0;
    let before = upTo[start] ?? 0;
    for (let block = 0; block < ends.length; block++) {
      const after = upTo[start + (ends[block] ?? 0)] ?? 0;
      sum += (means[block] ?? 0) * (after - before);
      before = after;
    }
    return sum;
  });
}

/** Slots whose weights differ by less are weighed together. */
const ALIKE = 0.01;

/** Consecutive slots of like weight: where each block ends, and its mean weight. */
function blocksOf(weights: Float64Array): { readonly ends: readonly number[]; readonly means: readonly number[] } {
  const ends: number[] = [];
  const means: number[] = [];
  let first = 0;
  let sum = 0;
  for (let slot = 0; slot < weights.length; slot++) {
    sum += weights[slot] ?? 0;
    const isLast = slot + 1 === weights.length;
    if (!isLast && Math.abs((weights[slot + 1] ?? 0) - (weights[first] ?? 0)) < ALIKE) continue;
    ends.push(slot + 1);
    means.push(sum / (slot + 1 - first));
    first = slot + 1;
    sum = 0;
  }
  return { ends, means };
}

/** The same run on other seats, and at other edges, has the same weights. */
const WEIGHTS = new WeakMap<Survival, Map<string, Float64Array>>();

/**
 * What of the cost of each slot is expected, from the one that holds the start on: copying for certain, work by the probability
 * that it is not done.
 */
function weightsFrom(search: UnknownLengthStart, startsAt: EpochMs): Float64Array {
  const { copying, grid, overhead, rates, speed, staging, survival } = search;
  const first = grid.slot - ((((startsAt - edge(grid, 1)) % grid.slot) + grid.slot) % grid.slot);
  // Costs are those of work; power while copying is another one, of the same kind.
  const ofCopying = copying === undefined ? 0 : shareOf(copying.rates, rates);
  const key = [first, grid.slot, staging, overhead, speed, ofCopying, copying?.length].join();
  const known = WEIGHTS.get(survival) ?? new Map<string, Float64Array>();
  WEIGHTS.set(survival, known);
  const weights = known.get(key) ?? laidOut(search, first, ofCopying);
  known.set(key, weights);
  return weights;
}

function laidOut(
  { copying, grid, overhead, speed, staging, survival }: UnknownLengthStart,
  first: DurationMs,
  ofCopying: number,
): Float64Array {
  const worksFrom = staging + overhead;
  const copiesFrom = staging - (copying?.length ?? 0);
  const total = worksFrom + farthest(survival) / speed;
  const weights = new Float64Array(1 + Math.max(0, Math.ceil((total - first) / grid.slot)));
  let from = 0;
  for (let slot = 0; slot < weights.length; slot++) {
    const end = first + slot * grid.slot;
    const overlap = (a: DurationMs, b: DurationMs): DurationMs => Math.max(0, Math.min(end, b) - Math.max(from, a));
    const begin = Math.max(0, from - worksFrom);
    const until = Math.max(0, end - worksFrom);
    const worked = (until - begin) * meanShare(survival, begin * speed, until * speed);
    const lost = ofCopying * overlap(copiesFrom, staging) + overlap(staging, worksFrom);
    weights[slot] = (lost + worked) / (end - from);
    from = end;
  }
  return weights;
}

function shareOf(
  copying: { readonly perGramHour: number; readonly perPriceHour: number },
  rates: { readonly perGramHour: number; readonly perPriceHour: number },
): number {
  if (rates.perGramHour !== 0) return copying.perGramHour / rates.perGramHour;
  return rates.perPriceHour === 0 ? 0 : copying.perPriceHour / rates.perPriceHour;
}
