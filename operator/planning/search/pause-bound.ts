import type { DurationMs, EpochMs } from '../../domain/units.ts';
import { cheapestFirst, meanOf } from '../grid/running-integral.ts';
import { slotAt, slotFrom, type TimeGrid } from '../grid/time-grid.ts';
import type { Rates } from './rates.ts';
import type { Place } from './steps.ts';

/** How much work there is, and between when. */
export interface WorkToPlace {
  readonly grid: TimeGrid;
  readonly notBefore: EpochMs;
  readonly notAfter: EpochMs;
  readonly work: DurationMs;
}

type Costs = Pick<Place, 'intensity' | 'prices' | 'nextFull'> & {
  readonly rates: Pick<Rates, 'perGramHour' | 'perPriceHour'>;
};

/**
 * What the grams and the varying price of the work would cost in the cheapest slots that are free, if it could be cut at
 * will. No windows cost less, so that most searches for them need not be made. `Infinity` where there are too few such slots.
 */
export function leastCost(search: WorkToPlace, place: Costs): number {
  const { intensity, prices, rates } = place;
  if (intensity === undefined || prices !== undefined) return leastAnywhere(search, [place]);
  // The order of one figure is the same for all jobs.
  const slots = cheapestFirst(intensity);
  const from = slotAt(search.grid, search.notBefore);
  const until = slotFrom(search.grid, search.notAfter);
  return leastSum(search, slots.length, (rank) => {
    const slot = slots[rank] ?? 0;
    const counts = slot >= from && slot < until && isFree(place, slot);
    return counts ? rates.perGramHour * meanOf(intensity, slot) : NaN;
  });
}

/** The same where each slot's work may be done at whichever of the places is cheapest then. */
export function leastAnywhere({ grid, notAfter, notBefore, work }: WorkToPlace, places: readonly Costs[]): number {
  const costs = new Float64Array(slotFrom(grid, notAfter)).fill(Infinity);
  for (const place of places) {
    for (let slot = slotAt(grid, notBefore); slot < costs.length; slot++) {
      if (isFree(place, slot)) costs[slot] = Math.min(costs[slot] ?? Infinity, costOfSlot(place, slot));
    }
  }
  costs.sort();
  return leastSum({ grid, work }, costs.length, (rank) => costs[rank] ?? Infinity);
}

/** @param costOf cost of the slot at a rank, the cheapest first; NaN for one that does not count */
function leastSum(
  { grid, work }: Pick<WorkToPlace, 'grid' | 'work'>,
  ranks: number,
  costOf: (rank: number) => number,
): number {
  let left = work / grid.slot;
  let sum = 0;
  for (let rank = 0; rank < ranks && left > 0; rank++) {
    const cost = costOf(rank);
    if (Number.isNaN(cost)) continue;
    sum += Math.min(1, left) * cost;
    left -= 1;
  }
  return left > 1e-9 ? Infinity : sum;
}

function isFree({ intensity, nextFull }: Costs, slot: number): boolean {
  return (nextFull?.[slot] ?? Infinity) > slot && (intensity?.nextUnknown[slot] ?? Infinity) > slot;
}

/** The first slot and the last are counted as whole ones at their own mean: that can only make the bound lower. */
function costOfSlot({ intensity, prices, rates }: Costs, slot: number): number {
  let cost = 0;
  if (intensity !== undefined) cost += rates.perGramHour * meanOf(intensity, slot);
  if (prices !== undefined) cost += rates.perPriceHour * meanOf(prices, slot);
  return cost;
}
