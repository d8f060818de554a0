import { HOUR_MS, type DurationMs, type EpochMs } from '../../domain/units.ts';
import type { Steps } from './steps.ts';

/** Sums of fractions of a millisecond. */
const ROUNDING_MS: DurationMs = 0.5;

/** The first of the cheapest, as far as edges tell. */
export interface OnePiece {
  readonly sum: number;
  readonly startsAt: EpochMs;
}

/**
 * The least integral of a figure over any stretch of a length, in its unit x h: a sum that changes evenly between the moments
 * at which its beginning or its end meets an edge is least at one of them. `Infinity` where no such stretch is wholly known.
 */
export function leastInOnePiece(steps: Steps, asked: DurationMs): OnePiece {
  const { edges } = steps;
  const first = edges[0] ?? 0;
  const longest = (edges.at(-1) ?? 0) - first;
  if (asked - longest > ROUNDING_MS) return { sum: Infinity, startsAt: first };
  const length = Math.min(asked, longest);
  const latest = first + longest - length;
  const least: { sum: number; startsAt: EpochMs } = { sum: Infinity, startsAt: first };
  for (const shift of [0, length]) {
    const sumOver = walkOver(steps);
    for (const edge of edges) {
      const startsAt = edge - shift;
      if (startsAt < first || startsAt > latest) continue;
      const sum = sumOver(startsAt, startsAt + length);
      if (sum >= least.sum || Number.isNaN(sum)) continue;
      least.sum = sum;
      least.startsAt = startsAt;
    }
  }
  return least;
}

/** Integrals over stretches that begin and end ever later; NaN where a part is unknown. */
function walkOver({ edges, figures }: Steps): (startsAt: EpochMs, endsAt: EpochMs) => number {
  const sums = new Float64Array(edges.length);
  const unknown = new Int32Array(edges.length);
  figures.forEach((figure, k) => {
    const isKnown = !Number.isNaN(figure);
    const length = (edges[k + 1] ?? 0) - (edges[k] ?? 0);
    sums[k + 1] = (sums[k] ?? 0) + (isKnown ? figure * (length / HOUR_MS) : 0);
    unknown[k + 1] = (unknown[k] ?? 0) + Number(!isKnown);
  });
  let from = 0;
  let to = 0;
  return (startsAt, endsAt) => {
    while (from < figures.length - 1 && (edges[from + 1] ?? Infinity) <= startsAt) from += 1;
    while (to < figures.length - 1 && (edges[to + 1] ?? Infinity) < endsAt) to += 1;
    if ((unknown[to + 1] ?? 0) > (unknown[from] ?? 0)) return NaN;
    const before = (figures[from] ?? NaN) * ((startsAt - (edges[from] ?? NaN)) / HOUR_MS);
    const after = (figures[to] ?? NaN) * ((endsAt - (edges[to] ?? NaN)) / HOUR_MS);
    return (sums[to] ?? NaN) + after - (sums[from] ?? NaN) - before;
  };
}
