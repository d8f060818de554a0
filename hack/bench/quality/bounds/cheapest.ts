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

/** The least sum of `length` consecutive slots; NaN where none is wholly known. */
export function leastInOnePiece(sums: SlotSums, span: Span, length: number): number {
  const start = cheapestStart(sums, span, length);
  return start === undefined ? NaN : sums.sum(start, start + length);
}

/** The least sum of any `count` slots: what pausing at will, for nothing, comes to. NaN where too few are known. */
export function leastInAnySlots(figures: Float64Array, { from, until }: Span, count: number): number {
  // Numbers sort by value here, and NaN last.
  const cheapest = figures.slice(from, until).sort();
  let sum = count <= cheapest.length ? 0 : NaN;
  for (let k = 0; k < count; k++) sum += cheapest[k] ?? NaN;
  return sum;
}

/** Positions of the `count` slots that cost least by `figures`, in order of time; the earlier ones of those that cost the same. */
export function cheapestSlots(figures: Float64Array, { from, until }: Span, count: number): readonly number[] {
  const positions = Array.from({ length: until - from }, (_, k) => from + k);
  const byCost = positions.sort((a, b) => (figures[a] ?? Infinity) - (figures[b] ?? Infinity) || a - b);
  return byCost.slice(0, count).sort((a, b) => a - b);
}
