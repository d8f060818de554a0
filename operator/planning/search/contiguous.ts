import type { DurationMs, EpochMs } from '../../domain/units.ts';
import type { IntensityOnGrid } from '../grid/intensity-on-grid.ts';
import { integralTo, type RunningIntegral } from '../grid/running-integral.ts';
import { edge, slotAt, slotFrom, type TimeGrid } from '../grid/time-grid.ts';
import type { Rates } from './rates.ts';

/** What a run in one piece needs, and what it costs. */
export interface ContiguousSearch {
  readonly grid: TimeGrid;
  /** Absent where carbon doesn't count. */
  readonly intensity: IntensityOnGrid | undefined;
  /** Absent where the price is the same at all times. */
  readonly prices: RunningIntegral | undefined;
  /** Staging and work together. */
  readonly length: DurationMs;
  readonly staging: DurationMs;
  readonly notAfter: EpochMs;
  /** For each slot, the first full slot at or after it; absent where none is full. */
  readonly nextFull: Int32Array | undefined;
  readonly rates: Pick<Rates, 'perGramHour' | 'perPriceHour' | 'perDelayMs'>;
}

/**
 * The earliest of the cheapest starts. Where money has no part in the cost, it decides between the starts that are as
 * good as the one of least cost. `undefined` where no start fits.
 * @param asGoodAs the most that is as good as the least cost
 */
export function cheapestStart(
  search: ContiguousSearch,
  asGoodAs: (least: number) => number = (least) => least,
): EpochMs | undefined {
  const cheapest = leastOf(search, (slot) => costOf(search, slot));
  if (cheapest === undefined) return undefined;
  const limit = asGoodAs(cheapest.cost);
  const { prices, rates } = search;
  const alike =
    prices !== undefined && rates.perPriceHour === 0
      ? leastOf(search, (slot) => (isCheaper(limit, costOf(search, slot)) ? NaN : priceHoursFrom(search, prices, slot)))
      : earliestWithin(search, limit, cheapest.slot);
  return edge(search.grid, (alike ?? cheapest).slot);
}

interface SlotCost {
  readonly slot: number;
  readonly cost: number;
}

/** The first free slot of least cost to start in; one whose cost is NaN is no choice. */
function leastOf(search: ContiguousSearch, costAt: (slot: number) => number): SlotCost | undefined {
  let best: number | undefined;
  let bestCost = Infinity;
  for (let slot = 0; slot < search.grid.slots; slot++) {
    const startsAt = edge(search.grid, slot);
    if (startsAt + search.length > search.notAfter) break;
    if (!isFree(search, slot)) continue;
    const cost = costAt(slot);
    if (isCheaper(cost, bestCost)) {
      best = slot;
      bestCost = cost;
    }
  }
  return best === undefined ? undefined : { slot: best, cost: bestCost };
}

function earliestWithin(search: ContiguousSearch, limit: number, before: number): SlotCost | undefined {
  for (let slot = 0; slot < before; slot++) {
    if (!isFree(search, slot)) continue;
    const cost = costOf(search, slot);
    if (cost <= limit) return { slot, cost };
  }
  return undefined;
}

/** The earliest start that capacity allows, known intensity or not. `undefined` where none fits before `notAfter`. */
export function earliestStart(search: ContiguousSearch): EpochMs | undefined {
  for (let slot = 0; slot < search.grid.slots; slot++) {
    const startsAt = edge(search.grid, slot);
    if (startsAt + search.length > search.notAfter) return undefined;
    if (isFree(search, slot)) return startsAt;
  }
  return undefined;
}

/** The latest start that capacity allows, known intensity or not. `undefined` where none ends by `notAfter`. */
export function latestStart(search: ContiguousSearch): EpochMs | undefined {
  const { grid, notAfter, length, nextFull } = search;
  const last = notAfter - length;
  if (last < edge(grid, 0)) return undefined;
  const lastIsFree = nextFull === undefined || (nextFull[slotAt(grid, last)] ?? grid.slots) >= slotFrom(grid, notAfter);
  if (lastIsFree) return last;
  for (let slot = Math.min(slotAt(grid, last), grid.slots - 1); slot >= 0; slot--) {
    if (isFree(search, slot)) return edge(grid, slot);
  }
  return undefined;
}

/** Sums of floating point differ in their last digits: a later start must be cheaper by more than that. NaN never is. */
function isCheaper(cost: number, than: number): boolean {
  return than === Infinity ? cost < than : cost < than - 1e-9 * Math.max(1, Math.abs(than));
}

function isFree({ nextFull, grid, length }: ContiguousSearch, slot: number): boolean {
  return nextFull === undefined || (nextFull[slot] ?? 0) >= slotFrom(grid, edge(grid, slot) + length);
}

function costOf(search: ContiguousSearch, slot: number): number {
  const { grid, intensity, length, prices, rates, staging } = search;
  const startsAt = edge(grid, slot);
  let cost = rates.perDelayMs * (startsAt - edge(grid, 0));
  if (intensity !== undefined) {
    if ((intensity.nextUnknown[slot] ?? 0) < slotFrom(grid, startsAt + length)) return NaN;
    const gramHours = integralTo(intensity, startsAt + length) - integralTo(intensity, startsAt + staging);
    cost += rates.perGramHour * gramHours;
  }
  if (prices !== undefined && rates.perPriceHour !== 0) {
    cost += rates.perPriceHour * priceHoursFrom(search, prices, slot);
  }
  return cost;
}

function priceHoursFrom({ grid, length, staging }: ContiguousSearch, prices: RunningIntegral, slot: number): number {
  const startsAt = edge(grid, slot);
  return integralTo(prices, startsAt + length) - integralTo(prices, startsAt + staging);
}
