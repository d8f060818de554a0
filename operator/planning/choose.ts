import type { PlannableJob } from '../domain/job.ts';
import type { Baseline } from './baseline/baseline.ts';
import { isProvisioned, startOf, type Candidate, type Seat } from './candidate.ts';
import { fits } from './capacity.ts';
import type { PlanningContext } from './context.ts';
import { priced } from './pricing/cost.ts';
import { edge, type TimeGrid } from './grid/time-grid.ts';
import { keptCandidate } from './rules/keep.ts';
import { byScore, scoreToBeat, withEarnedPauses } from './rules/pause.ts';
import { withoutData } from './rules/without-data.ts';
import { asGoodAs, beatsBy, compareScores, isKnown } from './pricing/score.ts';
import { candidateInPieces, candidateOnTheMove, type PieceLimits } from './search/piece-search.ts';
import { candidatesInOnePiece, earliestCandidates, heldBack, lengthInOnePiece } from './search/seat-search.ts';

/** The winner and the field that it beat. */
export interface Choice {
  readonly chosen: Candidate | undefined;
  /** Every option that was priced, best first; sites on paper included. */
  readonly field: readonly Candidate[];
  /** The chosen seat without the wait: what people ask first. Absent where there is no wait, or no room. */
  readonly atOnce: Candidate | undefined;
  /** It waits for nothing but room: had its site any, it would start at once. */
  readonly awaitsRoom: boolean;
  readonly kept: boolean;
  readonly deadlineAtRisk: boolean;
  /** Chosen without carbon data, by the policy's word. */
  readonly blind: boolean;
}

const NOTHING_ELSE = {
  atOnce: undefined,
  awaitsRoom: false,
  kept: false,
  deadlineAtRisk: false,
  blind: false,
} as const;

/**
 * The rules in order: what meets the deadline and is known; else the policy's word on missing data;
 * else what finishes first. What was promised stays unless something is better by the margin.
 */
export function choose(
  job: PlannableJob,
  seats: readonly Seat[],
  context: PlanningContext,
  baseline: Baseline,
): Choice {
  const { grid, snapshot } = context;
  const open = seats.filter(({ site }) => site.schedulable);
  const field = knownField(job, seats, context);
  const best = bestOf(field.filter(({ seat }) => seat.site.schedulable));
  if (best !== undefined) {
    const kept = keptCandidate(open, snapshot.now, job.deadline);
    const choice = withHysteresis(best, kept, snapshot.tuning.hysteresisShare);
    return { ...NOTHING_ELSE, ...choice, field, ...withoutWaiting(choice.chosen) };
  }

  const inTime = open.flatMap((seat) => earliestCandidates(seat, grid, job.deadline));
  const blind = withoutData(inTime, baseline.home, (candidate) => heldBack(candidate, grid, job.deadline));
  if (blind !== undefined) return { ...NOTHING_ELSE, chosen: blind, field, blind: true };

  const late = open.flatMap((seat) => earliestCandidates(seat, grid, edge(grid, grid.slots))).toSorted(byFinish);
  const [chosen] = late;
  const isLate = chosen !== undefined || (isAllThatCanBePlanned(job, open, grid) && !isTriedAgain(job));
  return { ...NOTHING_ELSE, chosen, field: late, deadlineAtRisk: isLate };
}

/** Where there is a place without room, that is known as far as can be planned only: a later deadline may hold. */
function isAllThatCanBePlanned({ deadline }: PlannableJob, open: readonly Seat[], grid: TimeGrid): boolean {
  return open.length === 0 || deadline <= edge(grid, grid.slots);
}

/** A place that just failed the job is none for a while, and may be one again early enough. */
function isTriedAgain({ avoid, deadline, remainingWork }: PlannableJob): boolean {
  return avoid.some(({ until }) => until + remainingWork <= deadline);
}

/**
 * A job that runs goes on to the end, or pauses where it may and where that is earned: to resume there, or elsewhere.
 * @param seats the one where it runs first, then those where it could go on
 */
export function chooseForRunning(
  seats: readonly [Seat, ...Seat[]],
  { grid, mostStates, snapshot }: PlanningContext,
): Choice {
  const [seat] = seats;
  const { deadline } = seat.job;
  const goOn = goingOn(seat);
  const atRisk = goOn.expected.finishesAt > deadline;
  const limits = { grid, notAfter: deadline, mustBeat: scoreToBeat([goOn]), mostStates };
  const inPieces = atRisk ? [] : piecesOn([seat], seats, limits);
  if (inPieces.length === 0) {
    return {
      ...NOTHING_ELSE,
      chosen: goOn,
      field: [goOn],
      deadlineAtRisk: atRisk,
      blind: seat.intensity === undefined,
    };
  }
  const field = withEarnedPauses([goOn, ...inPieces]).toSorted(byScore);
  const kept = keptCandidate(seats, snapshot.now, deadline);
  const choice = withHysteresis(field[0] ?? goOn, kept, snapshot.tuning.hysteresisShare);
  return { ...NOTHING_ELSE, ...choice, field };
}

/** What a job that runs holds if it does not pause: from now on to the end. */
export function goingOn(seat: Seat): Candidate {
  return priced(seat, [{ startsAt: seat.now, endsAt: seat.now + lengthInOnePiece(seat) }], 0);
}

/** The best that a waiting job could have now, whatever it was promised: in time, or else what finishes first. */
export function bestAmong(job: PlannableJob, seats: readonly Seat[], context: PlanningContext): Candidate | undefined {
  const open = seats.filter(({ site }) => site.schedulable);
  return bestOf(knownField(job, open, context)) ?? earliestAmong(open, context);
}

/** What finishes first, in time or not. */
export function earliestAmong(seats: readonly Seat[], { grid }: PlanningContext): Candidate | undefined {
  return seats
    .filter(({ site }) => site.schedulable)
    .flatMap((seat) => earliestCandidates(seat, grid, edge(grid, grid.slots)))
    .toSorted(byFinish)[0];
}

/** Every option that meets the deadline and whose intensity is known, best first; pieces only where they are earned. */
function knownField(
  { deadline, interruptible }: PlannableJob,
  seats: readonly Seat[],
  { grid, mostStates }: PlanningContext,
): readonly Candidate[] {
  const whole = candidatesInOnePiece(seats, grid, deadline);
  if (interruptible === undefined) return whole.toSorted(byScore);
  const limits = { grid, notAfter: deadline, mustBeat: scoreToBeat(whole), mostStates };
  const open = seats.filter(({ site }) => site.schedulable);
  return withEarnedPauses([...whole, ...piecesOn(seats, open, limits)]).toSorted(byScore);
}

/** The best pieces on each seat, and those on several that are better than all of them. */
function piecesOn(seats: readonly Seat[], open: readonly Seat[], limits: PieceLimits): readonly Candidate[] {
  const atOnePlace = seats.flatMap((seat) => candidateInPieces(seat, limits) ?? []);
  const mustBeat = Math.min(limits.mustBeat, ...atOnePlace.map(({ score }) => score[0] ?? Infinity));
  const onTheMove = candidateOnTheMove(open, { ...limits, mustBeat });
  return onTheMove === undefined ? atOnePlace : [...atOnePlace, onTheMove];
}

/** Of those that are as good as the first in grams, the cheapest, then the one that finishes first. */
function bestOf(field: readonly Candidate[]): Candidate | undefined {
  const [first] = field;
  if (first === undefined) return undefined;
  const limit = asGoodAs(first.score[0] ?? NaN, first.seat.weights, first.seat.reference);
  const alike = field.filter(({ score }) => (score[0] ?? NaN) <= limit);
  return alike.toSorted((a, b) => compareScores(a.score.slice(1), b.score.slice(1)))[0] ?? first;
}

/** The chosen seat at once, where it has room for that; where it has none, whether that is all that the job waits for. */
function withoutWaiting(chosen: Candidate): Pick<Choice, 'atOnce' | 'awaitsRoom'> {
  const { seat, staging, windows } = chosen;
  if (startOf(windows) <= seat.now) return { atOnce: undefined, awaitsRoom: false };
  const window = { startsAt: seat.now, endsAt: seat.now + staging + lengthInOnePiece(seat) };
  const hasRoom =
    seat.ledger === undefined || fits(seat.ledger, [window], seat.job.devices, isProvisioned(seat, staging));
  const atOnce = priced(seat, [window], staging);
  return hasRoom ? { atOnce, awaitsRoom: false } : { atOnce: undefined, awaitsRoom: isAsGood(atOnce, chosen) };
}

/** Not dearer than the other, as far as a forecast can tell. */
function isAsGood({ score, seat }: Candidate, other: Candidate): boolean {
  if (!isKnown(score)) return false;
  if (compareScores(score, other.score) <= 0) return true;
  const least = other.score[0] ?? NaN;
  const isAlike = (score[0] ?? NaN) <= least + seat.reference.indifferenceShare * Math.abs(least);
  return seat.weights.lexicographic && isAlike && compareScores(score.slice(1), other.score.slice(1)) <= 0;
}

/**
 * Hysteresis: a change of mind must be worth more than the margin, in grams, or in money where the grams are alike and
 * come first. What can't be priced any more is no promise to hold.
 */
function withHysteresis(best: Candidate, kept: Candidate | undefined, share: number) {
  if (kept === undefined || !isKnown(kept.score) || beatsBy(best.score, kept.score, share)) {
    return { chosen: best, kept: false };
  }
  const isAsClean =
    best.seat.weights.lexicographic && compareScores(best.score.slice(0, 1), kept.score.slice(0, 1)) <= 0;
  const savesMoney = isAsClean && beatsBy(best.score.slice(1), kept.score.slice(1), share);
  return savesMoney ? { chosen: best, kept: false } : { chosen: kept, kept: true };
}

function byFinish(a: Candidate, b: Candidate): number {
  return a.expected.finishesAt - b.expected.finishesAt || byScore(a, b);
}
