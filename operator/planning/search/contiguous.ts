import type { DurationMs, EpochMs } from '../../domain/units.ts';
import { integralTo, type IntensityOnGrid } from '../forecast.ts';
import { edge, slotAt, slotFrom, type TimeGrid } from '../grid.ts';

/** What a run in one piece needs, and what one gram-hour and one millisecond of delay cost it. */
export interface ContiguousSearch {
  readonly grid: TimeGrid;
  /** Absent where carbon doesn't count. */
  readonly intensity: IntensityOnGrid | undefined;
  /** Staging and work together. */
  readonly length: DurationMs;
  readonly staging: DurationMs;
  readonly notAfter: EpochMs;
  /** For each slot, the first full slot at or after it; absent where none is full. */
  readonly nextFull: Int32Array | undefined;
  readonly perGramHour: number;
  readonly perDelayMs: number;
}

/**
 * The earliest start that is as good as the cheapest one. `undefined` where no start fits.
 * @param asGoodAs the most that is as good as the least cost
 */
export function cheapestStart(
  search: ContiguousSearch,
  asGoodAs: (least: number) => number = (least) => least,
): EpochMs | undefined {
  const cheapest = leastCost(search);
  if (cheapest === undefined) return undefined;
  const limit = asGoodAs(cheapest.cost);
  for (let slot = 0; slot < cheapest.slot; slot++) {
    if (isFree(search, slot) && costOf(search, slot) <= limit) return edge(search.grid, slot);
  }
  return edge(search.grid, cheapest.slot);
}

function leastCost(search: ContiguousSearch): { readonly slot: number; readonly cost: number } | undefined {
  let best: number | undefined;
  let bestCost = Infinity;
  for (let slot = 0; slot < search.grid.slots; slot++) {
    const startsAt = edge(search.grid, slot);
    if (startsAt + search.length > search.notAfter) break;
    if (!isFree(search, slot)) continue;
    const cost = costOf(search, slot);
    if (isCheaper(cost, bestCost)) {
      best = slot;
      bestCost = cost;
    }
  }
  return best === undefined ? undefined : { slot: best, cost: bestCost };
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
  const { grid, intensity, length, staging, perGramHour, perDelayMs } = search;
  const startsAt = edge(grid, slot);
  const delay = perDelayMs * (startsAt - edge(grid, 0));
  if (intensity === undefined) return delay;
  if ((intensity.nextUnknown[slot] ?? 0) < slotFrom(grid, startsAt + length)) return NaN;
  return delay + perGramHour * (integralTo(intensity, startsAt + length) - integralTo(intensity, startsAt + staging));
}
