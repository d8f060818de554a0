import type { Leg } from '../domain/decision.ts';
import type { PlannableJob } from '../domain/job.ts';
import type { Candidate, Seat } from './candidate.ts';
import { goingOn } from './choose.ts';
import type { PlanningContext } from './context.ts';
import { bookCandidate, place, release, type Placed } from './placing.ts';
import { poolAtSite } from './rules/accelerator.ts';
import { keptCandidate } from './rules/keep.ts';
import { seatAt } from './seats.ts';

/** What a job had been promised, and what it has chosen in its turn. */
export interface Turn {
  readonly promise: Candidate | undefined;
  readonly placed: Placed;
}

/** What an earlier plan can spare a new one. */
export interface Standing {
  /** What the job was promised then, where that is still the same. */
  promiseOf(job: PlannableJob): { readonly promise: Candidate | undefined } | undefined;
  /** Told before the first turn. */
  begin(promises: ReadonlyMap<PlannableJob, Candidate | undefined>): void;
  /** The turn that it had, where it would choose the same again. Asked in order, when its promise has been given back. */
  turnOf(job: PlannableJob): Turn | undefined;
  /** Told after each turn. */
  took(turn: Turn): void;
}

/**
 * Jobs choose one after another, each among what the others leave: what those before it chose, and what those after it were
 * promised. Nobody is given what is promised to another, or what another still holds: those that gave way to one another would
 * all change their minds.
 */
export function takeTurns(
  ordered: readonly PlannableJob[],
  context: PlanningContext,
  standing?: Standing,
): readonly Turn[] {
  const promises = new Map<PlannableJob, Candidate | undefined>();
  // Promises first: one that counts on a pause of what runs fits all the same.
  const runs = ({ phase }: PlannableJob): boolean => phase === 'Running';
  for (const job of ordered.toSorted((a, b) => Number(runs(a)) - Number(runs(b)))) {
    const { promise } = standing?.promiseOf(job) ?? { promise: promiseOf(job, context) };
    bookCandidate(promise, context);
    promises.set(job, promise);
  }
  standing?.begin(promises);
  return ordered.map((job) => {
    const promise = promises.get(job);
    release(promise, context);
    const turn = standing?.turnOf(job);
    if (turn !== undefined) bookCandidate(turn.placed.chosen, context);
    const taken = turn ?? { promise, placed: place(job, context) };
    standing?.took(taken);
    return taken;
  });
}

/**
 * What a job that waits was promised, as far as it still fits; of one that runs all that it may go on to hold, so that nobody
 * moves to where another still is.
 */
function promiseOf(job: PlannableJob, context: PlanningContext): Candidate | undefined {
  const { current, deadline, phase } = job;
  if (current === undefined) return undefined;
  if (phase === 'Running') return seatsAt(job, [current], context).map(goingOn)[0];
  return keptCandidate(seatsAt(job, [current, ...(current.moves ?? [])], context), context.snapshot.now, deadline);
}

function seatsAt(job: PlannableJob, legs: readonly Leg[], context: PlanningContext): readonly Seat[] {
  const reference = { finishesAt: context.snapshot.now, grams: undefined, indifferenceShare: 0 };
  return legs.flatMap((leg) => {
    const where = poolAtSite(job, context.sites.get(leg.site), leg);
    return where === undefined ? [] : [seatAt(job, { ...where, comparable: true }, context, reference)];
  });
}
