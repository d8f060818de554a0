import { HOUR_MS, type DurationMs, type EpochMs } from '../../domain/units.ts';
import { nextFull } from '../capacity.ts';
import type { Candidate, Seat } from '../candidate.ts';
import { priced } from '../cost.ts';
import type { TimeGrid } from '../grid/time-grid.ts';
import { asGoodAs, ignoresCarbon } from '../score.ts';
import { cheapestStart, earliestStart, latestStart, type ContiguousSearch } from './contiguous.ts';
import { cheapestWindows } from './pausable.ts';
import { leastCost } from './pause-bound.ts';
import { leastScore, ratesOf, timeMatters, type Rates } from './rates.ts';
import type { PausableSearch } from './steps.ts';

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
    notBefore: seat.now,
    notAfter,
    ...whatVaries(seat),
    length: lengthInOnePiece(seat) + supply.staging,
    staging: supply.staging,
    nextFull: fullFor(seat, supply.limit),
    rates: ratesOf(seat),
  };
}

/** What makes one time differ from another for this seat. */
function whatVaries({ intensity, electricity, draw, weights }: Seat): Pick<PausableSearch, 'intensity' | 'prices'> {
  return {
    intensity: ignoresCarbon(weights) ? undefined : intensity,
    prices: draw.decided > 0 ? electricity.varying : undefined,
  };
}

function fullFor({ job, ledger }: Seat, limit: number): Int32Array | undefined {
  return ledger === undefined ? undefined : nextFull(ledger, job.devices, limit);
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
  const { job, pool } = seat;
  if (job.interruptible === undefined || !timeMatters(seat)) return undefined;
  if (pool !== undefined && pool.capacity < job.devices) return undefined;
  // A paused job's next piece ends a pause that is counted already; a running job's next piece begins with a new one.
  const piecesLeft = job.interruptible.maxPauses - job.pausesSoFar + (job.phase === 'Running' ? 0 : 1);
  if (piecesLeft <= 0) return undefined;
  const work = job.remainingWork / seat.speed;
  const rates = ratesOf(seat);
  const search = {
    grid,
    notAfter,
    ...whatVaries(seat),
    work,
    nextFull: fullFor(seat, pool?.capacity ?? Infinity),
    rates,
  };
  const bound = leastCost(search);
  if (leastScore(seat, work, bound) >= mustBeat) return undefined;
  const windows = cheapestWindows({
    ...search,
    minimumRun: job.interruptible.minimumRun,
    restartOverhead: job.interruptible.restartOverhead,
    piecesLeft,
    hasRun: job.phase !== 'Waiting',
    runningSince: job.phase === 'Running' ? job.current?.windows[0]?.startsAt : undefined,
    rates: withMoneySecond(seat, rates, work, bound),
  });
  return windows === undefined ? undefined : priced(seat, windows, 0);
}

/** Grams that differ by less than this share let money decide: far less than what makes a pause worth it. */
const SECOND_SHARE = 0.001;

/**
 * Where grams come first, money is given so small a price that it can't outweigh more than a thousandth of the least
 * grams: it decides between windows that are as clean.
 */
function withMoneySecond({ electricity, weights }: Seat, rates: Rates, work: DurationMs, leastGrams: number): Rates {
  const spread = electricity.varying?.spread ?? 0;
  if (!weights.lexicographic || !(spread > 0) || !Number.isFinite(leastGrams)) return rates;
  return { ...rates, perPriceHour: (SECOND_SHARE * Math.abs(leastGrams)) / (spread * (work / HOUR_MS)) };
}
