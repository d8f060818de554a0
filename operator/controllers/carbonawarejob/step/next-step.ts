import { isOver, refusalOf } from '../job-record.ts';
import { ownWorkload, type JobView } from '../job-view.ts';
import { handOn } from '../attempts/whose-hand.ts';
import { stepWhenAbsent } from './when-absent.ts';
import { stepWhenOtherHand, stepWhenHandedBack } from './when-other-hand.ts';
import { stepWhenEnded, stepWhenOver } from './when-over.ts';
import { stepWhenStarted } from './when-started.ts';
import { stepWhenSuspended } from './when-suspended.ts';
import { wait, type Step } from './step.ts';

/**
 * How a job runs, a situation a file. Pure: the same view gives the same step, so that whoever goes on after a crash does
 * what would have been done.
 */
export function nextStep(view: JobView): Step {
  const { record, workload } = view;
  if (record.metadata.deletionTimestamp !== undefined) return wait; // The garbage collector takes the Job with it.
  const own = ownWorkload(view);
  if (isOver(record)) return stepWhenOver(view, own);

  const hasStarted = view.attempts.length > 0;
  if (!hasStarted && workload !== undefined && own === undefined) {
    return { do: 'Refuse', refusal: nameTaken(workload.metadata.name) };
  }
  const refusal = refusalOf(record);
  if (refusal !== undefined && !hasStarted) return { do: 'Refuse', refusal };

  if (own === undefined) return stepWhenAbsent(view);
  if (own.metadata.deletionTimestamp !== undefined) return wait; // What it means shows when it is gone.
  if (own.end !== undefined) return stepWhenEnded(view, own.end);
  const hand = handOn(view.attempts, own);
  if (hand !== undefined) return stepWhenOtherHand(view, own, hand);
  return stepWhenHandedBack(view, own) ?? (own.suspended ? stepWhenSuspended(view, own) : stepWhenStarted(view, own));
}

export function nameTaken(name: string): { reason: 'JobNameTaken'; message: string } {
  return {
    reason: 'JobNameTaken',
    message: `there is a Job ${name} that is not of this CarbonAwareJob; delete or rename it, or give this one another name`,
  };
}
