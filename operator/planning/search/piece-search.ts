import { HOUR_MS, type DurationMs, type EpochMs } from '../../domain/units.ts';
import { isWhereItIs, type Candidate, type Seat, type Stay } from '../candidate.ts';
import { priced } from '../pricing/cost.ts';
import type { TimeGrid } from '../grid/time-grid.ts';
import { cheapestItinerary, type Piece } from './pausable.ts';
import { leastAnywhere, leastCost } from './pause-bound.ts';
import { leastScore, ratesOf, timeMatters, type Rates } from './rates.ts';
import { fullFor, intensityThatCounts, pricesThatCount } from './seat-search.ts';
import { gainAtMost } from '../unknown-length/gain-bound.ts';
import { survivalOf } from '../unknown-length/planned-work.ts';
import { windowsUnderUnknownLength, type UnknownLengthSearch } from '../unknown-length/windows.ts';
import type { PieceRules, Place } from './steps.ts';

/** What limits a search for pieces. */
export interface PieceLimits {
  readonly grid: TimeGrid;
  readonly notAfter: EpochMs;
  /** Not sought at all where no pieces could have a score below this. */
  readonly mustBeat: number;
  /** See {@link PieceRules}. */
  readonly mostStates: number;
}

/**
 * The best pieces on one seat. They are sought among the devices that are there: each would otherwise wait for its own
 * provisioning.
 */
export function candidateInPieces(seat: Seat, limits: PieceLimits): Candidate | undefined {
  const rules = rulesWhereItStays(seat, limits);
  if (rules === undefined || !canPauseAt(seat)) return undefined;
  const place = placeOf(seat);
  const { lengthBelief } = seat.job;
  if (lengthBelief !== undefined) {
    const survival = survivalOf(seat.job, lengthBelief);
    return piecesOfUnknownLength(seat, { ...rules, ...place, survival, speed: seat.speed }, limits);
  }
  const bound = leastCost(rules, place);
  if (leastScore(seat, rules.work, bound) >= limits.mustBeat) return undefined;
  const rates = withMoneySecond(seat, place.rates, rules.work, bound);
  const at = rules.hasRun ? 0 : undefined;
  const pieces = cheapestItinerary({ ...rules, places: [{ ...place, rates }], at, moveOverhead: 0 });
  return pieces === undefined ? undefined : candidateOf(pieces, [seat]);
}

function piecesOfUnknownLength(
  seat: Seat,
  search: UnknownLengthSearch,
  { mustBeat }: PieceLimits,
): Candidate | undefined {
  // What a paused job repeats when it resumes is in the price of a run at once, and not in that bound.
  if (seat.job.phase !== 'Paused') {
    const atOnce = priced(seat, [{ startsAt: seat.now, endsAt: seat.now + search.work }], 0);
    if ((atOnce.score[0] ?? NaN) - gainAtMost(search) >= mustBeat) return undefined;
  }
  const windows = windowsUnderUnknownLength(search);
  return windows && priced(seat, windows, 0);
}

/**
 * The best pieces of a job that may go on elsewhere after a pause: on all seats that are as fast as the first, or on as many
 * of the most promising ones as the states allow. `undefined` too where staying at one place is as good.
 */
export function candidateOnTheMove(seats: readonly Seat[], limits: PieceLimits): Candidate | undefined {
  const [first] = seats;
  const rules = first && rulesFor(first, limits);
  // A job of unknown length goes on where it has begun.
  if (first === undefined || rules === undefined || first.job.lengthBelief !== undefined) return undefined;
  const alike = seats.filter((seat) => seat.speed === first.speed && canPauseAt(seat));
  const here = alike.findIndex((seat) => isWhereItIs(seat));
  if (alike.length < 2 || (rules.runningSince !== undefined && here < 0)) return undefined;
  if (leastScore(first, rules.work, leastAnywhere(rules, alike.map(placeOf))) >= limits.mustBeat) return undefined;
  const open = mostPromising(alike, rules);
  const at = open.findIndex((seat) => isWhereItIs(seat));
  const moveOverhead = first.job.interruptible?.moveOverhead ?? 0;
  // Where it ran last is none of these, each of them is a move.
  const everyResume = rules.hasRun && at < 0 ? moveOverhead : 0;
  const pieces = cheapestItinerary({
    ...rules,
    restartOverhead: rules.restartOverhead + everyResume,
    places: open.map(placeOf),
    at: at < 0 ? undefined : at,
    moveOverhead: moveOverhead - everyResume,
  });
  // All pieces at another place than the one where it ran last are a move as well.
  const stays = rules.hasRun ? at : pieces?.[0]?.place;
  return pieces === undefined || pieces.every(({ place }) => place === stays) ? undefined : candidateOf(pieces, open);
}

/**
 * Of a job that ran elsewhere last, the first piece here is a move. Here each counts as one, which is too much for more than
 * one piece; the search among several places is exact.
 */
function rulesWhereItStays(seat: Seat, limits: PieceLimits): PieceRules | undefined {
  const rules = rulesFor(seat, limits);
  if (rules === undefined || !rules.hasRun || isWhereItIs(seat)) return rules;
  const { moveOverhead = 0 } = seat.job.interruptible ?? {};
  return { ...rules, restartOverhead: rules.restartOverhead + moveOverhead };
}

/** `undefined` where the job runs in one piece from now on. */
function rulesFor({ job, now, speed }: Seat, { grid, mostStates, notAfter }: PieceLimits): PieceRules | undefined {
  if (job.interruptible === undefined) return undefined;
  // A paused job's next piece ends a pause that is counted already; a running job's next piece begins with a new one.
  const piecesLeft = job.interruptible.maxPauses - job.pausesSoFar + (job.phase === 'Running' ? 0 : 1);
  if (piecesLeft <= 0) return undefined;
  return {
    grid,
    notBefore: now,
    notAfter,
    work: job.remainingWork / speed,
    minimumRun: job.interruptible.minimumRun,
    restartOverhead: job.interruptible.restartOverhead,
    piecesLeft,
    hasRun: job.phase !== 'Waiting',
    runningSince: job.phase === 'Running' ? job.current?.windows[0]?.startsAt : undefined,
    mostStates,
  };
}

/** Data that are still to be copied there come in one piece with the work: once it runs there, it may pause. */
function canPauseAt(seat: Seat): boolean {
  const isThere = seat.pool === undefined || seat.pool.capacity >= seat.job.devices;
  return timeMatters(seat) && isThere && seat.data.staging === 0;
}

function placeOf(seat: Seat): Place {
  return {
    intensity: intensityThatCounts(seat),
    prices: pricesThatCount(seat),
    nextFull: fullFor(seat, false),
    rates: ratesOf(seat),
    arrivalCost: 0,
  };
}

/** Where the job is, and the others in order of what they could save, as far as their tables fit into the states. */
function mostPromising(seats: readonly Seat[], rules: PieceRules): readonly Seat[] {
  const { grid, mostStates, notAfter, notBefore, work } = rules;
  const statesOfOne = (2 * (notAfter - notBefore) * (work + grid.slot)) / (grid.slot * grid.slot);
  const most = Math.max(2, Math.floor(mostStates / statesOfOne));
  if (seats.length <= most) return seats;
  const bounds = new Map(seats.map((seat) => [seat, isWhereItIs(seat) ? -Infinity : leastCost(rules, placeOf(seat))]));
  return seats.toSorted((a, b) => (bounds.get(a) ?? 0) - (bounds.get(b) ?? 0)).slice(0, most);
}

/** Consecutive pieces at one place are one stay. */
function candidateOf(pieces: readonly Piece[], seats: readonly Seat[]): Candidate | undefined {
  const stays: { seat: Seat; windows: Piece['window'][] }[] = [];
  for (const { place, window } of pieces) {
    const seat = seats[place];
    if (seat === undefined) return undefined;
    if (stays.at(-1)?.seat === seat) stays.at(-1)?.windows.push(window);
    else stays.push({ seat, windows: [window] });
  }
  const [first, ...moves]: readonly Stay[] = stays;
  return first && priced(first.seat, first.windows, 0, moves);
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
