import type { PlannableJob } from '../domain/job.ts';
import type { Candidate, Seat } from './candidate.ts';
import type { PlanningContext } from './context.ts';
import { bookCandidate, release } from './placing.ts';
import { keptCandidate } from './rules/keep.ts';
import { seatAt } from './seats.ts';

/** What was promised to jobs that wait, booked until each of them has chosen again. */
export interface Promises {
  /** Gives back what a job was promised, so that it may choose among that as well. */
  giveBack(job: PlannableJob): void;
}

/** Nobody is given what is promised to another: those that gave way to one another would all change their minds. */
export function bookPromises(jobs: readonly PlannableJob[], context: PlanningContext): Promises {
  const booked = new Map<PlannableJob, Candidate>();
  for (const job of jobs) {
    if (job.phase === 'Running' || job.current === undefined) continue;
    const promised = keptCandidate(seatsPromised(job, context), context.snapshot.now, job.deadline);
    if (promised === undefined) continue;
    bookCandidate(promised, context);
    booked.set(job, promised);
  }
  return {
    giveBack: (job) => {
      release(booked.get(job), context);
    },
  };
}

function seatsPromised(job: PlannableJob, context: PlanningContext): readonly Seat[] {
  const { current } = job;
  if (current === undefined) return [];
  const reference = { finishesAt: context.snapshot.now, grams: undefined, indifferenceShare: 0 };
  return [current, ...(current.moves ?? [])].flatMap(({ site: name, product }) => {
    const site = context.sites.get(name);
    const pool = site?.pools.find((one) => one.product === product);
    if (site === undefined || (pool === undefined && product !== undefined)) return [];
    return [seatAt(job, { site, pool, comparable: true }, context, reference)];
  });
}
