import type { SlotSums } from '../data/series.ts';

/** Slots [from, until) that a job may use. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** The first of the cheapest starts for `length` slots in one piece; `undefined` where none is wholly known. */
export function cheapestStart(sums: SlotSums, { from, until }: Span, length: number): number | undefined {
  let best: number | undefined;
  let least = Infinity;
  for (let start = from; start + length <= until; start++) {
    const cost = sums.sum(start, start + length);
    if (cost < least) {
      best = start;
      least = cost;
    }
  }
  return best;
}

/** Positions of the `count` slots that cost least by `figures`, in order of time; the earlier ones of those that cost the same. */
export function cheapestSlots(figures: Float64Array, { from, until }: Span, count: number): readonly number[] {
  const positions = Array.from({ length: until - from }, (_, k) => from + k);
  const byCost = positions.sort((a, b) => (figures[a] ?? Infinity) - (figures[b] ?? Infinity) || a - b);
  return byCost.slice(0, count).sort((a, b) => a - b);
}
