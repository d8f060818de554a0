import type { Interval } from '../../domain/interval.ts';
import { PRESETS } from '../../api/v1alpha1/objectives.ts';
import { isSameSeat, type Candidate, type Seat } from '../candidate.ts';
import { devicesOnHand, type PoolLedger } from '../capacity.ts';
import { priced } from '../pricing/cost.ts';
import { edge, slotAt, slotFrom, type TimeGrid } from '../grid/time-grid.ts';
import { asGoodAs, isKnown } from '../pricing/score.ts';
import { costsOfStarts } from '../search/contiguous.ts';
import { searchWithoutOthers } from '../search/seat-search.ts';

/** A seat, and the starts that a run may have there: in consecutive slots, each occupying as many. */
export interface Berth {
  readonly seat: Seat;
  readonly ledger: PoolLedger;
  /** From edge to end. */
  readonly lengthMs: number;
  /** Slots that a run occupies. */
  readonly occupied: number;
  readonly first: number;
  /** In money, one a start; infinite where there may be none. */
  readonly costs: Float64Array;
}

const GRAMS_PER_TONNE = 1_000_000;

/**
 * All that a job could have if it were alone, at the edges of slots and at once. Costs of all jobs are on one scale: of those
 * that compare grams first, at the carbon price of the preset Balanced.
 */
export function berthsOf(seat: Seat, grid: TimeGrid): readonly Berth[] {
  const { ledger } = seat;
  const search = searchWithoutOthers(seat, grid, seat.job.deadline);
  if (ledger === undefined || search === undefined || seat.job.devices > devicesOnHand(ledger)) return [];
  const { starts, atOnce, bySlot } = costsOfStarts(search);
  const { from, until, occupied } = starts;
  const sample = starts.atOnce ?? (from < until ? edge(grid, firstKnown(bySlot, from, until)) : undefined);
  if (sample === undefined) return [];
  const run = { startsAt: sample, endsAt: sample + search.length };
  const candidate = priced(seat, [run], search.staging);
  if (!isKnown(candidate.score)) return [];
  const known = starts.atOnce === undefined ? (bySlot[slotAt(grid, sample)] ?? NaN) : atOnce;
  const always = (candidate.score[0] ?? NaN) - known;
  const common = { seat, ledger, lengthMs: search.length };
  const berths: Berth[] = [];
  const scale = moneyPerScore(seat);
  const inMoney = (cost: number): number => (Number.isNaN(cost) ? Infinity : scale * (always + cost));
  if (starts.atOnce !== undefined) {
    const ends = slotFrom(grid, starts.atOnce + search.length);
    berths.push({ ...common, occupied: ends - (from - 1), first: from - 1, costs: Float64Array.of(inMoney(atOnce)) });
  }
  if (from < until) {
    berths.push({ ...common, occupied, first: from, costs: bySlot.slice(from, until).map(inMoney) });
  }
  return berths;
}

function firstKnown(bySlot: Float64Array, from: number, until: number): number {
  for (let slot = from; slot < until; slot++) if (!Number.isNaN(bySlot[slot] ?? NaN)) return slot;
  return from;
}

/** Money that one unit of the first entry of a score stands for. */
export function moneyPerScore({ weights }: Seat): number {
  return weights.lexicographic ? PRESETS.Balanced.carbonPricePerTonne / GRAMS_PER_TONNE : 1;
}

/** Starts that no forecast can tell apart cost the same: nobody is moved for them. */
export function withoutIdleDifferences(berths: readonly Berth[]): void {
  let least = Infinity;
  for (const { costs } of berths) for (const cost of costs) least = Math.min(least, cost);
  const [berth] = berths;
  if (berth === undefined || least === Infinity) return;
  const scale = moneyPerScore(berth.seat);
  const limit = scale * asGoodAs(least / scale, berth.seat.weights, berth.seat.reference);
  for (const { costs } of berths)
    for (let k = 0; k < costs.length; k++) costs[k] = Math.max(costs[k] ?? Infinity, limit);
}

export function windowAt({ first, lengthMs, seat }: Berth, start: number, grid: TimeGrid): Interval {
  const isAtOnce = start === slotAt(grid, seat.now) && start === first;
  const startsAt = isAtOnce ? seat.now : edge(grid, start);
  return { startsAt, endsAt: startsAt + lengthMs };
}

/** Where among the berths a candidate is; `undefined` where it is none of them. */
export function berthOf(
  berths: readonly Berth[],
  { seat, windows, moves }: Candidate,
  grid: TimeGrid,
): { readonly index: number; readonly start: number } | undefined {
  const [window, ...others] = windows;
  if (window === undefined || others.length > 0 || moves.length > 0) return undefined;
  const start = slotAt(grid, window.startsAt);
  const index = berths.findIndex((berth) => {
    const { costs, first, seat: other } = berth;
    const isThere = isSameSeat(other, seat) && start >= first && start < first + costs.length;
    return isThere && Math.abs(windowAt(berth, start, grid).startsAt - window.startsAt) < 1;
  });
  return index < 0 ? undefined : { index, start };
}
