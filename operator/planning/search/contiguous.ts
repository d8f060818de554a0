import type { DurationMs, EpochMs } from '../../domain/units.ts';
import type { RunningIntegral } from '../grid/running-integral.ts';
import { edge, slotAt, slotFrom, type TimeGrid } from '../grid/time-grid.ts';
import type { Rates } from './rates.ts';
import {
  costsOf,
  firstWithin,
  isFreeFrom,
  leastOf,
  startsOf,
  withCopying,
  type Run,
  type StartCosts,
  type Starts,
  type Weighing,
} from './starts.ts';

/** What a run in one piece needs, and what it costs. */
export interface ContiguousSearch extends Run {
  /** Absent where the price is the same at all times. */
  readonly prices: RunningIntegral | undefined;
  readonly rates: Pick<Rates, 'perGramHour' | 'perPriceHour' | 'perDelayMs'>;
  /** The end of the staging in which data are copied; absent where none are. */
  readonly copying:
    { readonly length: DurationMs; readonly rates: Pick<Rates, 'perGramHour' | 'perPriceHour'> } | undefined;
}

/**
 * The earliest of the cheapest starts: at once, or at the edge of a slot. Where money has no part in the cost, it decides
 * between the starts that are as good as the one of least cost. `undefined` where no start fits.
 * @param asGoodAs the most that is as good as the least cost
 */
export function cheapestStart(
  search: ContiguousSearch,
  asGoodAs: (least: number) => number = (least) => least,
): EpochMs | undefined {
  const { grid, prices, rates } = search;
  const starts = startsOf(search);
  const costs = allCostsOf(search, starts, scratchFor(grid));
  const cheapest = leastOf(costs);
  if (cheapest === undefined) return undefined;
  const limit = asGoodAs(cheapest.cost);
  if (prices !== undefined && rates.perPriceHour === 0) {
    const money = { integral: prices.integral, factor: 1, perDelayMs: 0 };
    const moneyOfStarts = costsOf(starts, money, new Float64Array(grid.slots));
    return (leastOf(moneyOfStarts, { costs, limit }) ?? cheapest).startsAt;
  }
  return limit > cheapest.cost ? firstWithin(costs, limit) : cheapest.startsAt;
}

/** What every start costs, but for what is the same for all of them. */
export function costsOfStarts(search: ContiguousSearch): StartCosts {
  return allCostsOf(search, startsOf(search), new Float64Array(search.grid.slots));
}

function allCostsOf(search: ContiguousSearch, starts: Starts, bySlot: Float64Array): StartCosts {
  const costs = costsOf(starts, weighingOf(search), bySlot);
  const { copying } = search;
  return copying === undefined ? costs : withCopying(costs, weighingOf(search, copying.rates), copying.length);
}

/** The earliest start that capacity allows, known intensity or not. `undefined` where none fits before `notAfter`. */
export function earliestStart(search: ContiguousSearch): EpochMs | undefined {
  const starts = startsOf({ ...search, intensity: undefined });
  if (starts.atOnce !== undefined) return starts.atOnce;
  for (let slot = starts.from; slot < starts.until; slot++) {
    if (isFreeFrom(starts, slot)) return edge(search.grid, slot);
  }
  return undefined;
}

/** The latest start that capacity allows, known intensity or not. `undefined` where none ends by `notAfter`. */
export function latestStart(search: ContiguousSearch): EpochMs | undefined {
  const { grid, notAfter, notBefore, length, nextFull } = search;
  const last = notAfter - length;
  if (last < notBefore) return undefined;
  const lastIsFree = nextFull === undefined || (nextFull[slotAt(grid, last)] ?? grid.slots) >= slotFrom(grid, notAfter);
  if (lastIsFree) return last;
  const starts = startsOf({ ...search, intensity: undefined });
  for (let slot = starts.until - 1; slot >= starts.from; slot--) {
    if (isFreeFrom(starts, slot)) return edge(grid, slot);
  }
  return starts.atOnce;
}

/** Grams and varying prices as one running integral. */
function weighingOf(
  { grid, intensity, prices, rates }: ContiguousSearch,
  { perGramHour, perPriceHour }: Pick<Rates, 'perGramHour' | 'perPriceHour'> = rates,
): Weighing {
  const { perDelayMs } = rates;
  const pricesCount = prices !== undefined && perPriceHour !== 0;
  if (!pricesCount) return { integral: intensity?.integral, factor: perGramHour, perDelayMs };
  if (intensity === undefined) return { integral: prices.integral, factor: perPriceHour, perDelayMs };
  const integral = new Float64Array(grid.slots + 1);
  for (let i = 0; i <= grid.slots; i++) {
    integral[i] = perGramHour * (intensity.integral[i] ?? 0) + perPriceHour * (prices.integral[i] ?? 0);
  }
  return { integral, factor: 1, perDelayMs };
}

let scratch = new Float64Array(0);

/** One search is over before the next begins, and each overwrites what it reads: a memory of its own for every one would be thrown away at once. */
function scratchFor(grid: TimeGrid): Float64Array {
  if (scratch.length < grid.slots) scratch = new Float64Array(grid.slots);
  return scratch;
}
