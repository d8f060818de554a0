import { isRefused } from '../job-record.ts';
import { specOf, type JobView } from '../job-view.ts';
import type { Attempt } from '../attempts/attempts.ts';
import { wait, waitUntil, type Step } from './step.ts';

/** There is no Job: it is yet to be made, was deleted to be made anew, or someone deleted it. */
export function stepWhenAbsent(view: JobView): Step {
  const last = view.attempts.at(-1);
  if (last !== undefined) return isToBeRemade(last) ? { do: 'Create' } : { do: 'Fail', refusal: jobDeleted(last) };
  if (isRefused(view.record)) {
    const notBefore = view.createNotBefore ?? 0;
    return view.now < notBefore ? waitUntil(notBefore) : { do: 'Create' };
  }
  // With the first plan at hand the status needs one write, not two.
  return view.decision === undefined && specOf(view)?.suspend !== true ? wait : { do: 'Create' };
}

/** The API server refused to place the Job anew, so the attempt ended before it began. */
export function isToBeRemade({ reason, ran }: Attempt): boolean {
  return reason === 'Moved' && ran === 0;
}

/** It has run, in part or as a whole, and nobody knows how far: to run it again is for its user to say. */
function jobDeleted({ number, job }: Attempt): { reason: 'JobDeleted'; message: string } {
  return {
    reason: 'JobDeleted',
    message:
      `Job ${job} was deleted after it had been started (attempt ${number}), and is not run again by itself; ` +
      'create a new CarbonAwareJob to run it again',
  };
}
