import type { DurationMs, EpochMs } from '../../domain/units.ts';
import type { IntensityOnGrid } from '../grid/intensity-on-grid.ts';
import { between, type RunningIntegral } from '../grid/running-integral.ts';
import { edge, slotFrom, type TimeGrid } from '../grid/time-grid.ts';
import type { Rates } from './rates.ts';

export interface BoundSearch {
  readonly grid: TimeGrid;
  /** Absent where carbon doesn't count. */
  readonly intensity: IntensityOnGrid | undefined;
  /** Absent where the price is the same at all times. */
  readonly prices: RunningIntegral | undefined;
  /** For each slot, the first full slot at or after it; absent where none is full. */
  readonly nextFull: Int32Array | undefined;
  readonly notAfter: EpochMs;
  readonly work: DurationMs;
  readonly rates: Pick<Rates, 'perGramHour' | 'perPriceHour'>;
}

/**
 * What the grams and the varying price of the work would cost in the cheapest slots that are free, if it could be cut at
 * will. No windows cost less, so that most searches for them need not be made. `Infinity` where there are too few such slots.
 */
export function leastCost(search: BoundSearch): number {
  const { grid, work } = search;
  const wholeSlots = Math.floor(work / grid.slot);
  const rest = work / grid.slot - wholeSlots;
  const cheapest = costsOfFreeSlots(search).sort();
  if (cheapest.length < work / grid.slot) return Infinity;
  let sum = rest * (cheapest[wholeSlots] ?? 0);
  for (let k = 0; k < wholeSlots; k++) sum += cheapest[k] ?? 0;
  return sum;
}

/** The first slot and the last are counted as whole ones at their own mean: that can only make the bound lower. */
function costsOfFreeSlots({ grid, intensity, prices, rates, nextFull, notAfter }: BoundSearch): Float64Array {
  const end = slotFrom(grid, notAfter);
  const costs = new Float64Array(end);
  let count = 0;
  for (let slot = 0; slot < end; slot++) {
    const isFree = nextFull === undefined || (nextFull[slot] ?? 0) > slot;
    if (!isFree || (intensity !== undefined && (intensity.nextUnknown[slot] ?? 0) <= slot)) continue;
    let cost = 0;
    if (intensity !== undefined) cost += rates.perGramHour * between(intensity, slot, slot + 1);
    if (prices !== undefined) cost += rates.perPriceHour * between(prices, slot, slot + 1);
    costs[count++] = slot === 0 ? (cost * grid.slot) / (edge(grid, 1) - edge(grid, 0)) : cost;
  }
  return costs.subarray(0, count);
}
