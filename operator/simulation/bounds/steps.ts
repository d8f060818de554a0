import type { IntensitySample } from '../../domain/intensity.ts';
import type { Interval } from '../../domain/interval.ts';
import { firstAbove } from '../first-above.ts';

/** A figure over time, in steps without holes between them: a stretch that nobody knows is a step of NaN. */
export interface Steps {
  /** Where each step begins, and where the last one ends, in epoch ms: one more than there are figures. */
  readonly edges: Float64Array;
  readonly figures: Float64Array;
}

/** Of samples in order of time, g/kWh. */
export function stepsOf(samples: readonly IntensitySample[]): Steps {
  const edges: number[] = [];
  const figures: number[] = [];
  for (const { startsAt, endsAt, gramsPerKilowattHour } of samples) {
    if (edges.length > 0 && startsAt > (edges.at(-1) ?? startsAt)) {
      edges.push(startsAt);
      figures.push(NaN);
    }
    if (edges.length === 0) edges.push(startsAt);
    edges.push(endsAt);
    figures.push(gramsPerKilowattHour);
  }
  return { edges: Float64Array.from(edges), figures: Float64Array.from(figures) };
}

/** Cut to an interval of some length, all of which they cover: what is beyond the steps is NaN. */
export function stepsWithin({ edges, figures }: Steps, { startsAt, endsAt }: Interval): Steps {
  const from = lastAtOrBefore(edges, startsAt);
  const inside: number[] = [startsAt];
  const cut: number[] = [];
  for (let k = from; (inside.at(-1) ?? endsAt) < endsAt; k++) {
    inside.push(Math.min(edges[k + 1] ?? endsAt, endsAt));
    cut.push(figures[k] ?? NaN);
  }
  return { edges: Float64Array.from(inside), figures: Float64Array.from(cut) };
}

/** The figure at each of the stretches between edges that are those of the steps and others between them. */
export function onFinerEdges({ edges, figures }: Steps, finer: Float64Array): Float64Array {
  let k = 0;
  return Float64Array.from({ length: Math.max(0, finer.length - 1) }, (_, stretch) => {
    while ((edges[k + 1] ?? Infinity) <= (finer[stretch] ?? NaN)) k += 1;
    return figures[k] ?? NaN;
  });
}

/** All edges of steps that cover one interval, once each, in order. */
export function edgesOfAll(all: readonly Steps[]): Float64Array {
  const [first] = all;
  if (first === undefined) return new Float64Array();
  if (all.every(({ edges }) => isSame(edges, first.edges))) return first.edges;
  return Float64Array.from(new Set(all.flatMap(({ edges }) => [...edges]))).sort();
}

/** Those inside of an interval, with its own ends, and the position of the stretch that it begins in. */
export function edgesWithin(
  edges: Float64Array,
  { startsAt, endsAt }: Interval,
): { readonly edges: Float64Array; readonly from: number } {
  const from = lastAtOrBefore(edges, startsAt);
  const inside = edges.filter((edge) => edge > startsAt && edge < endsAt);
  return { from, edges: Float64Array.from([startsAt, ...inside, endsAt]) };
}

function isSame(a: Float64Array, b: Float64Array): boolean {
  return a === b || (a.length === b.length && a.every((edge, k) => edge === b[k]));
}

/** -1 before the first. */
function lastAtOrBefore(edges: Float64Array, instant: number): number {
  return firstAbove(edges, instant) - 1;
}
