import type { PlannableJob } from '../../domain/job.ts';
import type { ExpectedLength, LengthBelief } from '../../domain/length/length-belief.ts';
import { farthest, survivalFrom, workUntil, type Survival } from '../../domain/length/survival.ts';
import { HOUR_MS, type DurationMs, type EpochMs } from '../../domain/units.ts';

/** Of ten jobs that got as far, one takes longer than it is planned for: a deadline holds for the other nine. */
const PLANNED_SHARE = 0.1;
/** Devices are not booked further ahead for a job that may be done at any moment. */
const MOST_PLANNED: DurationMs = 24 * HOUR_MS;
/** Then its length is told in steps, or its deadline would be another one at every look. */
const STEP_BEYOND: DurationMs = 6 * HOUR_MS;

/** What a plan takes for the length of a job that nobody knows. It is reckoned anew as the job goes on. */
export interface LengthAsPlanned {
  readonly remainingWork: DurationMs;
  readonly totalWork: DurationMs;
  readonly deadline: EpochMs;
}

/**
 * What booking and deadlines count with.
 * @param done work, as time on an accelerator of speed 1
 * @param asked `deadline` is that of a job that has one of its own; `least` is left of every job that has not ended
 */
export function lengthAsPlanned(
  belief: LengthBelief,
  done: DurationMs,
  asked: { readonly createdAt: EpochMs; readonly deadline: EpochMs; readonly least: DurationMs },
): LengthAsPlanned {
  const likely = Math.max(asked.least, workUntil(survivalFrom(belief, done), PLANNED_SHARE));
  const most = Math.ceil((done + MOST_PLANNED) / STEP_BEYOND) * STEP_BEYOND - done;
  const remainingWork = likely <= MOST_PLANNED ? likely : Math.min(likely, most);
  const totalWork = done + remainingWork;
  const { mayWait } = belief;
  return {
    remainingWork,
    totalWork,
    deadline: mayWait === undefined ? asked.deadline : asked.createdAt + totalWork + mayWait,
  };
}

/** How much work a job of unknown length has left. */
export function survivalOf({ remainingWork, totalWork }: PlannableJob, belief: LengthBelief): Survival {
  return survivalFrom(belief, totalWork - remainingWork);
}

/** The most work that a plan looks at, as time on an accelerator of speed 1. */
export function workReckonedWith(job: PlannableJob): DurationMs {
  const { lengthBelief, remainingWork } = job;
  return lengthBelief === undefined ? remainingWork : Math.max(remainingWork, farthest(survivalOf(job, lengthBelief)));
}

export function expectedLength({ totalWork, deadline }: PlannableJob, { learntFrom }: LengthBelief): ExpectedLength {
  return { work: totalWork, deadline, learntFrom };
}
