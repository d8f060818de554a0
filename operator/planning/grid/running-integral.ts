import type { Interval } from '../../domain/interval.ts';
import { HOUR_MS, type DurationMs, type EpochMs } from '../../domain/units.ts';
import { edge, slotAt, type TimeGrid } from './time-grid.ts';

/** A figure on the grid as a running integral: any window is weighed by two look-ups. */
export interface RunningIntegral {
  readonly grid: TimeGrid;
  /** At edge i: integral of the figure from edge 0, in its unit x h. */
  readonly integral: Float64Array;
}

/** The running integral at any instant of the grid, between two edges: within a slot the figure counts as even. */
export function integralTo({ grid, integral }: RunningIntegral, instant: EpochMs): number {
  const slot = Math.min(slotAt(grid, instant), grid.slots - 1);
  const left = integral[slot] ?? NaN;
  const right = integral[slot + 1] ?? NaN;
  return left + ((right - left) * (instant - edge(grid, slot))) / (edge(grid, slot + 1) - edge(grid, slot));
}

/** The integral from one edge to another. */
export function between({ integral }: RunningIntegral, from: number, to: number): number {
  return (integral[to] ?? 0) - (integral[from] ?? 0);
}

/** What of one slot the samples cover. */
export interface SlotCover {
  /** Integral of the figure over what is covered, in its unit x h. */
  readonly figureHours: number;
  readonly coveredMs: DurationMs;
}

/** Lays samples on the grid, slot by slot in order; samples that straddle an edge are split by time. */
export function layOnGrid<T extends Interval>(
  samples: readonly T[],
  grid: TimeGrid,
  figureOf: (sample: T) => number,
  take: (slot: number, cover: SlotCover) => void,
): void {
  let first = 0;
  for (let slot = 0; slot < grid.slots; slot++) {
    const stretch = { startsAt: edge(grid, slot), endsAt: edge(grid, slot + 1) };
    while (first < samples.length && (samples[first]?.endsAt ?? Infinity) <= stretch.startsAt) first++;
    take(slot, coverOf(samples, first, stretch, figureOf));
  }
}

function coverOf<T extends Interval>(
  samples: readonly T[],
  first: number,
  { startsAt, endsAt }: Interval,
  figureOf: (sample: T) => number,
): SlotCover {
  let figureHours = 0;
  let coveredMs = 0;
  for (let k = first; k < samples.length; k++) {
    const sample = samples[k];
    if (sample === undefined || sample.startsAt >= endsAt) break;
    const overlap = Math.min(sample.endsAt, endsAt) - Math.max(sample.startsAt, startsAt);
    if (overlap <= 0) continue;
    figureHours += figureOf(sample) * (overlap / HOUR_MS);
    coveredMs += overlap;
  }
  return { figureHours, coveredMs };
}

const CHEAPEST_FIRST = new WeakMap<RunningIntegral, Int32Array>();

/** The slots in order of their mean figure; of equal ones the earlier first. Worked out once for each integral. */
export function cheapestFirst(figure: RunningIntegral): Int32Array {
  const known = CHEAPEST_FIRST.get(figure);
  if (known !== undefined) return known;
  const { grid } = figure;
  const means = Float64Array.from({ length: grid.slots }, (_, slot) => meanOf(figure, slot));
  const ordered = Int32Array.from(means, (_, slot) => slot).sort((a, b) => (means[a] ?? 0) - (means[b] ?? 0) || a - b);
  CHEAPEST_FIRST.set(figure, ordered);
  return ordered;
}

/** Integral over a slot as if it were a whole one: the first may be a short one. */
export function meanOf(figure: RunningIntegral, slot: number): number {
  const { grid } = figure;
  return (between(figure, slot, slot + 1) * grid.slot) / (edge(grid, slot + 1) - edge(grid, slot));
}
