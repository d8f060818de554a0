import type { DurationMs, EpochMs } from '../../domain/units.ts';
import { nextFull } from '../capacity.ts';
import type { Candidate, Seat } from '../candidate.ts';
import { leastScore, priced } from '../cost.ts';
import type { TimeGrid } from '../grid.ts';
import { asGoodAs, ignoresCarbon } from '../score.ts';
import { cheapestStart, earliestStart, latestStart, type ContiguousSearch } from './contiguous.ts';
import { cheapestWindows } from './pausable.ts';
import { leastGramHours } from './pause-bound.ts';

const WATTS_PER_KILOWATT = 1_000;

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

function suppliesOf({ job, pool }: Seat): readonly Supply[] {
  if (pool === undefined) return [{ limit: Infinity, staging: 0 }];
  const supplies: Supply[] = [];
  if (pool.capacity >= job.devices) supplies.push({ limit: pool.capacity, staging: 0 });
  if (pool.maxCapacity > pool.capacity) supplies.push({ limit: pool.maxCapacity, staging: pool.provisioning });
  return supplies;
}

function contiguousSearch(
  seat: Seat,
  { grid, notAfter, supply }: { grid: TimeGrid; notAfter: EpochMs; supply: Supply },
): ContiguousSearch {
  return {
    grid,
    notAfter,
    intensity: ignoresCarbon(seat.weights) ? undefined : seat.intensity,
    length: lengthInOnePiece(seat) + supply.staging,
    staging: supply.staging,
    nextFull: fullFor(seat, supply.limit),
    perGramHour: perGramHourOf(seat),
    perDelayMs: seat.weights.perDelayMs,
  };
}

function fullFor({ job, ledger }: Seat, limit: number): Int32Array | undefined {
  return ledger === undefined ? undefined : nextFull(ledger, job.devices, limit);
}

/** What an hour of running costs for each g/kWh. */
function perGramHourOf({ draw, weights }: Seat): number {
  return (weights.perGram * draw.decided) / WATTS_PER_KILOWATT;
}

/**
 * The best pieces. They are sought among the devices that are there: each would otherwise wait for its own provisioning.
 * @param mustBeat not sought at all where no pieces could have a score below this
 */
export function candidateInPieces(
  seat: Seat,
  grid: TimeGrid,
  notAfter: EpochMs,
  mustBeat = Infinity,
): Candidate | undefined {
  const { job, pool, intensity, weights } = seat;
  if (job.interruptible === undefined || intensity === undefined || ignoresCarbon(weights)) return undefined;
  if (pool !== undefined && pool.capacity < job.devices) return undefined;
  // A paused job's next piece ends a pause that is counted already; a running job's next piece begins with a new one.
  const piecesLeft = job.interruptible.maxPauses - job.pausesSoFar + (job.phase === 'Running' ? 0 : 1);
  if (piecesLeft <= 0) return undefined;
  const work = job.remainingWork / seat.speed;
  const nextFullSlot = fullFor(seat, pool?.capacity ?? Infinity);
  const bound = leastGramHours({ grid, intensity, nextFull: nextFullSlot, notAfter, work });
  if (leastScore(seat, work, bound) >= mustBeat) return undefined;
  const windows = cheapestWindows({
    grid,
    intensity,
    notAfter,
    nextFull: nextFullSlot,
    work,
    minimumRun: job.interruptible.minimumRun,
    restartOverhead: job.interruptible.restartOverhead,
    piecesLeft,
    hasRun: job.phase !== 'Waiting',
    runningSince: job.phase === 'Running' ? job.current?.windows[0]?.startsAt : undefined,
    perGramHour: perGramHourOf(seat),
    perDelayMs: weights.perDelayMs,
  });
  return windows === undefined ? undefined : priced(seat, windows, 0);
}
