import { farthest, meanShare } from '../../domain/length/survival.ts';
import { costsAhead } from './costs-ahead.ts';
import type { UnknownLengthSearch } from './windows.ts';

/**
 * The most that waiting and pausing can save of what the job is expected to cost from now on in one piece: as if each part of its
 * work could be done in the cheapest slot of all those that the wait lets it reach.
 */
export function gainAtMost(search: UnknownLengthSearch): number {
  const { grid, notAfter, notBefore, speed, survival, work } = search;
  const wait = Math.max(0, notAfter - notBefore - work);
  const length = farthest(survival) / speed;
  const reach = Math.ceil(wait / grid.slot) + 1;
  const steps = Math.ceil(length / grid.slot) + 1;
  const { headMs, headCost, cost } = costsAhead(search, notBefore, { count: steps + reach, slotsPerStep: 1 });
  const perMs = Float64Array.from(cost, (one) => one / grid.slot);
  const all = headMs > 0 ? Float64Array.of(headCost / headMs, ...perMs) : perMs;
  const least = leastWithin(all, reach);
  let gain = 0;
  let from = 0;
  for (let k = 0; from < length; k++) {
    const end = Math.min(length, from + (k === 0 && headMs > 0 ? headMs : grid.slot));
    const share = meanShare(survival, from * speed, end * speed);
    gain += share * (end - from) * ((all[k] ?? 0) - (least[k] ?? 0));
    from = end;
  }
  return gain;
}

/** For each position the least of it and of as many after it, by blocks: running minima from both ends of each. */
function leastWithin(figures: Float64Array, after: number): Float64Array {
  const width = after + 1;
  const toEnd = figures.slice();
  const fromBegin = figures.slice();
  for (let i = 1; i < figures.length; i++) {
    if (i % width !== 0) fromBegin[i] = Math.min(fromBegin[i] ?? 0, fromBegin[i - 1] ?? 0);
  }
  for (let i = figures.length - 2; i >= 0; i--) {
    if ((i + 1) % width !== 0) toEnd[i] = Math.min(toEnd[i] ?? 0, toEnd[i + 1] ?? 0);
  }
  return figures.map((_, i) => Math.min(toEnd[i] ?? 0, fromBegin[Math.min(figures.length - 1, i + after)] ?? Infinity));
}
