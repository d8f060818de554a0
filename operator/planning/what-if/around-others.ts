import type { PlannableJob } from '../../domain/job.ts';
import { planningContext, type PlanningContext } from '../context.ts';
import { bookCandidate, place, release, type Placed } from '../placing.ts';
import type { Planned } from '../plan.ts';

/**
 * A context in which all jobs but one hold what the plan gave them, for questions about that one.
 * @param variants what the one is asked about as: the grid reaches as far as any of them needs
 */
export function aroundOthers(
  { placed, memory }: Planned,
  key: string,
  variants: readonly PlannableJob[],
): PlanningContext {
  const { snapshot } = memory.context;
  const others = placed.filter(({ job }) => job.key !== key);
  const jobs = [...others.map(({ job }) => job), ...variants];
  // What was promised is one answer among others here, without a bonus for being the promise.
  const tuning = { ...snapshot.tuning, hysteresisShare: 0 };
  const context = planningContext({ ...snapshot, jobs, tuning });
  for (const { chosen } of others) bookCandidate(chosen, context);
  return context;
}

/** What a job would be given there; nothing stays booked. */
export function wouldBe(job: PlannableJob, context: PlanningContext): Placed {
  const placed = place(job, context);
  release(placed.chosen, context);
  return placed;
}

/** Throws `RangeError` where the plan has no such job. */
export function placedIn({ placed }: Planned, key: string): Placed {
  const found = placed.find(({ job }) => job.key === key);
  if (found === undefined) throw new RangeError(`the plan has no job ${key}`);
  return found;
}
