import { HOUR_MS, type DurationMs, type EpochMs } from '../../domain/units.ts';
import type { IntensityOnGrid } from '../grid/intensity-on-grid.ts';
import { between, type RunningIntegral } from '../grid/running-integral.ts';
import { edge, slotAt, type TimeGrid } from '../grid/time-grid.ts';

/** What makes one time dearer than another. */
export interface Tariff {
  readonly grid: TimeGrid;
  readonly intensity: IntensityOnGrid | undefined;
  readonly prices: RunningIntegral | undefined;
  /** Of the integrals, and of each hour whenever it is. */
  readonly rates: { readonly perGramHour: number; readonly perPriceHour: number; readonly perHour?: number };
}

/** Steps of whole slots from the first edge at or after an instant on, and what working through each costs. */
export interface CostsAhead {
  readonly stepMs: DurationMs;
  /** Beginning of step 0. */
  readonly startsAt: EpochMs;
  /** From the instant to step 0. */
  readonly headMs: DurationMs;
  readonly headCost: number;
  readonly cost: Float64Array;
}

/**
 * A job whose end nobody knows may run on past everything that is foreseen. What it costs there is the same whatever is
 * decided now, so that every time unknown counts as the mean of what is known from now on, up to the first gap.
 */
export function costsAhead(
  tariff: Tariff,
  notBefore: EpochMs,
  { count, slotsPerStep }: { readonly count: number; readonly slotsPerStep: number },
): CostsAhead {
  const { grid } = tariff;
  const slot = slotAt(grid, notBefore);
  const isEdge = edge(grid, slot) === notBefore && edge(grid, slot + 1) - notBefore === grid.slot;
  const from = isEdge ? slot : slot + 1;
  const stepMs = slotsPerStep * grid.slot;
  const perHour = meanPerHour(tariff);
  const cost = new Float64Array(count).fill((perHour * stepMs) / HOUR_MS);
  const onGrid = Math.min(count, Math.max(0, Math.floor((grid.slots - from) / slotsPerStep)));
  for (let step = 0; step < onGrid; step++) {
    const first = from + step * slotsPerStep;
    const ofStep = costBetween(tariff, first, first + slotsPerStep);
    if (!Number.isNaN(ofStep)) cost[step] = ofStep;
  }
  const headMs = Math.max(0, edge(grid, Math.min(from, grid.slots)) - notBefore);
  return {
    stepMs,
    startsAt: notBefore + headMs,
    headMs,
    headCost: headMs === 0 ? 0 : costOfHead(tariff, slot, headMs, perHour),
    cost,
  };
}

/** Of the end of a slot. */
function costOfHead(tariff: Tariff, slot: number, headMs: DurationMs, perHour: number): number {
  const { grid } = tariff;
  const ofSlot = costBetween(tariff, slot, slot + 1);
  if (Number.isNaN(ofSlot)) return (perHour * headMs) / HOUR_MS;
  return (headMs / (edge(grid, slot + 1) - edge(grid, slot))) * ofSlot;
}

/** NaN where some of it is unknown or off the grid. */
function costBetween({ grid, intensity, prices, rates }: Tariff, from: number, to: number): number {
  if (to > grid.slots || (intensity?.nextUnknown[from] ?? grid.slots) < to) return NaN;
  let cost = (rates.perHour ?? 0) * ((edge(grid, to) - edge(grid, from)) / HOUR_MS);
  if (intensity !== undefined) cost += rates.perGramHour * between(intensity, from, to);
  if (prices !== undefined) cost += rates.perPriceHour * between(prices, from, to);
  return cost;
}

/** Over the first stretch that is known; 0 where none is. */
function meanPerHour(tariff: Tariff): number {
  const { grid, intensity } = tariff;
  let from = 0;
  while (from < grid.slots && (intensity?.nextUnknown[from] ?? grid.slots) === from) from += 1;
  const until = Math.min(grid.slots, intensity?.nextUnknown[from] ?? grid.slots);
  return until <= from ? 0 : costBetween(tariff, from, until) / ((edge(grid, until) - edge(grid, from)) / HOUR_MS);
}
