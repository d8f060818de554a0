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
  const weights = weightsFrom(search, stretchesOf(search, startsAt));
  const { headMs, headCost, cost } = costsAhead(search, startsAt, { count: weights.length, slotsPerStep: 1 });
  const costs = headMs > 0 ? [headCost, ...cost] : cost;
  return weights.reduce((sum, weight, i) => sum + weight * (costs[i] ?? 0), 0);
}

/** The same for starts at edges [from, until): whichever it is, what of each slot counts is the same. */
function costsFromEdges(search: UnknownLengthStart, from: number, until: number): Float64Array {
  const { grid } = search;
  const weights = weightsFrom(search, stretchesOf(search, edge(grid, from)));
  const { cost } = costsAhead(search, edge(grid, from), {
    count: weights.length + until - from,
    slotsPerStep: 1,
  });
  return Float64Array.from({ length: until - from }, (_, start) => {
    let sum = 0;
    for (let i = 0; i < weights.length; i++) sum += (weights[i] ?? 0) * (cost[start + i] ?? 0);
    return sum;
  });
}

/** Ends of the slots that a run reaches from a start on, as time since then. */
function stretchesOf(
  { grid, staging, overhead, speed, survival }: UnknownLengthStart,
  startsAt: EpochMs,
): Float64Array {
  const length = staging + overhead + farthest(survival) / speed;
  const first = grid.slot - ((((startsAt - edge(grid, 1)) % grid.slot) + grid.slot) % grid.slot);
  const count = 1 + Math.max(0, Math.ceil((length - first) / grid.slot));
  return Float64Array.from({ length: count }, (_, i) => first + i * grid.slot);
}

/** What of the cost of each slot is expected: copying for certain, work by the probability that it is not done. */
function weightsFrom(search: UnknownLengthStart, ends: Float64Array): Float64Array {
  const { copying, overhead, rates, speed, staging, survival } = search;
  // Costs are those of work; power while copying is another one, of the same kind.
  const ofCopying = copying === undefined ? 0 : shareOf(copying.rates, rates);
  const copiesFrom = staging - (copying?.length ?? 0);
  let from = 0;
  return ends.map((end) => {
    const length = end - from;
    const overlap = (a: number, b: number): number => Math.max(0, Math.min(end, b) - Math.max(from, a));
    const copied = ofCopying * overlap(copiesFrom, staging) + overlap(staging, staging + overhead);
    const begin = Math.max(0, from - staging - overhead);
    const until = Math.max(0, end - staging - overhead);
    const worked = (until - begin) * meanShare(survival, begin * speed, until * speed);
    from = end;
    return (copied + worked) / length;
  });
}

function shareOf(
  copying: { readonly perGramHour: number; readonly perPriceHour: number },
  rates: { readonly perGramHour: number; readonly perPriceHour: number },
): number {
  if (rates.perGramHour !== 0) return copying.perGramHour / rates.perGramHour;
  return rates.perPriceHour === 0 ? 0 : copying.perPriceHour / rates.perPriceHour;
}
