import type { DurationMs, EpochMs } from '../../domain/units.ts';
import { nextFull } from '../capacity.ts';
import type { Candidate, Seat } from '../candidate.ts';
import { priced } from '../cost.ts';
import type { TimeGrid } from '../grid/time-grid.ts';
import { asGoodAs, ignoresCarbon } from '../score.ts';
import { cheapestStart, earliestStart, latestStart, type ContiguousSearch } from './contiguous.ts';
import { ratesOf, whatVaries } from './rates.ts';

/** Devices that are there, or those that the site can provision after a while. */
interface Supply {
  readonly limit: number;
  readonly staging: DurationMs;
}

/** The best single windows of a seat that end by `notAfter` and whose intensity is known: at once, and staged. */
export function candidatesInOnePiece(seat: Seat, grid: TimeGrid, notAfter: EpochMs): readonly Candidate[] {
  const candidates: Candidate[] = [];
  for (const supply of suppliesOf(seat)) {
    const search = contiguousSearch(seat, { grid, notAfter, supply });
    if (seat.intensity === undefined && !ignoresCarbon(seat.weights)) continue;
    const startsAt = cheapestStart(search, (least) => asGoodAs(least, seat.weights, seat.reference));
    if (startsAt === undefined) continue;
    candidates.push(priced(seat, [{ startsAt, endsAt: startsAt + search.length }], supply.staging));
  }
  return candidates;
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
export function lengthInOnePiece({ job, speed }: Seat): DurationMs {
  const overhead = job.phase === 'Paused' ? (job.interruptible?.restartOverhead ?? 0) : 0;
  return job.remainingWork / speed + overhead;
}

/**
 * Data are copied by the pods of the job, into the volume or the cache that they will read from, so on nodes that are there:
 * after provisioning, not beside it, and with the devices held.
 */
function suppliesOf({ job, pool, data }: Seat): readonly Supply[] {
  if (pool === undefined) return [{ limit: Infinity, staging: data.staging }];
  const supplies: Supply[] = [];
  if (pool.capacity >= job.devices) supplies.push({ limit: pool.capacity, staging: data.staging });
  if (pool.maxCapacity > pool.capacity) {
    supplies.push({ limit: pool.maxCapacity, staging: pool.provisioning + data.staging });
  }
  return supplies;
}

function contiguousSearch(
  seat: Seat,
  { grid, notAfter, supply }: { grid: TimeGrid; notAfter: EpochMs; supply: Supply },
): ContiguousSearch {
  return {
    grid,
    notBefore: seat.now,
    notAfter,
    ...whatVaries(seat),
    length: lengthInOnePiece(seat) + supply.staging,
    staging: supply.staging,
    nextFull: fullFor(seat, supply.limit),
    rates: ratesOf(seat),
  };
}

/** For each slot, the first one at or after it in which the pool has no room for the job. */
export function fullFor({ job, ledger }: Seat, limit: number): Int32Array | undefined {
  return ledger === undefined ? undefined : nextFull(ledger, job.devices, limit);
}
