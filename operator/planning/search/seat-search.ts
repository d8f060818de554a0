import type { DurationMs, EpochMs } from '../../domain/units.ts';
import { nextFull } from '../capacity.ts';
import { isWhereItIs, type Candidate, type Seat } from '../candidate.ts';
import { priced } from '../pricing/cost.ts';
import type { VaryingPrice } from '../grid/electricity-on-grid.ts';
import type { IntensityOnGrid } from '../grid/intensity-on-grid.ts';
import type { TimeGrid } from '../grid/time-grid.ts';
import { asGoodAs, ignoresCarbon } from '../pricing/score.ts';
import { cheapestStart, earliestStart, latestStart, type ContiguousSearch } from './contiguous.ts';
import { survivalOf } from '../unknown-length/planned-work.ts';
import { startUnderUnknownLength } from '../unknown-length/start.ts';
import { copyingRatesOf, ratesOf } from './rates.ts';

/** Devices that are there, or those that the site can provision after a while. */
interface Supply {
  /** Whether devices must come first. */
  readonly provisioned: boolean;
  readonly staging: DurationMs;
}

/** The best single windows of each seat that end by `notAfter` and whose intensity is known: at once, and staged. */
export function candidatesInOnePiece(seats: readonly Seat[], grid: TimeGrid, notAfter: EpochMs): readonly Candidate[] {
  // Asked for every job and site of a plan: one list, and none for each seat.
  const candidates: Candidate[] = [];
  for (const seat of seats) {
    if (seat.intensity === undefined && !ignoresCarbon(seat.weights)) continue;
    for (const supply of suppliesOf(seat)) {
      const search = contiguousSearch(seat, { grid, notAfter, supply });
      const startsAt = startOn(seat, search);
      if (startsAt === undefined) continue;
      candidates.push(priced(seat, [{ startsAt, endsAt: startsAt + search.length }], supply.staging));
    }
  }
  return candidates;
}

function startOn(seat: Seat, search: ContiguousSearch): EpochMs | undefined {
  const { job, reference, speed, weights } = seat;
  const asGood = (least: number): number => asGoodAs(least, weights, reference);
  if (job.lengthBelief === undefined) return cheapestStart(search, asGood);
  const overhead = search.length - search.staging - job.remainingWork / speed;
  return startUnderUnknownLength({ ...search, survival: survivalOf(job, job.lengthBelief), speed, overhead }, asGood);
}

/** The earliest that capacity allows, whether the intensity is known or not. */
export function earliestCandidates(seat: Seat, grid: TimeGrid, notAfter: EpochMs): readonly Candidate[] {
  return suppliesOf(seat).flatMap((supply) => {
    const search = contiguousSearch(seat, { grid, notAfter, supply });
    const startsAt = earliestStart(search);
    return startsAt === undefined
      ? []
      : [priced(seat, [{ startsAt, endsAt: startsAt + search.length }], supply.staging)];
  });
}

/** The latest that capacity allows in the same supply as `earliest`; itself where nothing later is free. */
export function heldBack(earliest: Candidate, grid: TimeGrid, notAfter: EpochMs): Candidate {
  const { seat, staging } = earliest;
  const supply = suppliesOf(seat).find((one) => one.staging === staging);
  if (supply === undefined) return earliest;
  const search = contiguousSearch(seat, { grid, notAfter, supply });
  const startsAt = latestStart(search);
  return startsAt === undefined ? earliest : priced(seat, [{ startsAt, endsAt: startsAt + search.length }], staging);
}

/** How long the job holds a seat when it runs in one piece from now on. */
export function lengthInOnePiece(seat: Seat): DurationMs {
  const { job, speed } = seat;
  if (job.phase !== 'Paused') return job.remainingWork / speed;
  const { restartOverhead = 0, moveOverhead = 0 } = job.interruptible ?? {};
  return job.remainingWork / speed + restartOverhead + (isWhereItIs(seat) ? 0 : moveOverhead);
}

/**
 * Data are copied by the pods of the job, into the volume or the cache that they will read from, so on nodes that are there:
 * after provisioning, not beside it, and with the devices held.
 */
function suppliesOf({ job, pool, data }: Seat): readonly Supply[] {
  const onHand: Supply = { provisioned: false, staging: data.staging };
  if (pool === undefined) return [onHand];
  const suffices = pool.capacity >= job.devices;
  if (pool.maxCapacity <= pool.capacity) return suffices ? [onHand] : [];
  const toCome: Supply = { provisioned: true, staging: pool.provisioning + data.staging };
  return suffices ? [onHand, toCome] : [toCome];
}

/** A search among the devices that are there, as if no other job had booked any; `undefined` where there are too few. */
export function searchWithoutOthers(seat: Seat, grid: TimeGrid, notAfter: EpochMs): ContiguousSearch | undefined {
  const supply = suppliesOf(seat).find(({ provisioned }) => !provisioned);
  return supply && { ...contiguousSearch(seat, { grid, notAfter, supply }), nextFull: undefined };
}

function contiguousSearch(
  seat: Seat,
  { grid, notAfter, supply }: { grid: TimeGrid; notAfter: EpochMs; supply: Supply },
): ContiguousSearch {
  return {
    grid,
    notBefore: seat.now,
    notAfter,
    intensity: intensityThatCounts(seat),
    prices: pricesThatCount(seat),
    length: lengthInOnePiece(seat) + supply.staging,
    staging: supply.staging,
    nextFull: fullFor(seat, supply.provisioned),
    rates: ratesOf(seat),
    copying: seat.data.staging === 0 ? undefined : { length: seat.data.staging, rates: copyingRatesOf(seat) },
  };
}

/** For each slot, the first one at or after it in which the pool has no room for the job. */
export function fullFor({ job, ledger }: Seat, provisioned: boolean): Int32Array | undefined {
  return ledger === undefined ? undefined : nextFull(ledger, job.devices, provisioned);
}

/** By which one time differs from another on this seat: absent where carbon doesn't count. */
export function intensityThatCounts({ intensity, weights }: Seat): IntensityOnGrid | undefined {
  return ignoresCarbon(weights) ? undefined : intensity;
}

/** Absent where the price is the same at all times, or nothing that depends on the decision is bought by it. */
export function pricesThatCount({ electricity, draw }: Seat): VaryingPrice | undefined {
  return draw.decided > 0 ? electricity.varying : undefined;
}
