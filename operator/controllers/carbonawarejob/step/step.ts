import type { EpochMs } from '../../../domain/units.ts';
import type { WorkloadStart } from '../../../ports/workloads.ts';
import type { Attempt, AttemptEnd } from '../attempts/attempts.ts';
import type { Refusal } from '../job-record.ts';

/** What is done next about one job. Each acts once, or waits; the controller asks again after each that acted. */
export type Step =
  /** Nothing until something changes, or until the time given. */
  | { readonly do: 'Wait'; readonly until?: EpochMs }
  /** The job can't be carried out as it is. */
  | { readonly do: 'Refuse'; readonly refusal: Refusal }
  /** The job has failed without its Job saying so. */
  | { readonly do: 'Fail'; readonly refusal: Refusal }
  /** Make the Job, suspended. */
  | { readonly do: 'Create' }
  /** Write the attempt down before the Job is started for it; also one that someone else has begun. */
  | { readonly do: 'Announce'; readonly attempt: Attempt }
  /** Forget an attempt that was announced and never begun. */
  | { readonly do: 'Retract' }
  /** Place and unsuspend the Job. */
  | { readonly do: 'Start'; readonly start: WorkloadStart }
  /** Suspend the Job, and end its attempt. */
  | { readonly do: 'Suspend'; readonly end: AttemptEnd; readonly message: string }
  /** End an attempt whose Job has stopped. */
  | { readonly do: 'Close'; readonly end: AttemptEnd }
  /** Delete the Job, to make it anew where it can be placed again. */
  | { readonly do: 'Remake' }
  /** Delete the Job whose end is recorded. */
  | { readonly do: 'Remove' };

export const wait: Step = { do: 'Wait' };

export function waitUntil(until: EpochMs | undefined): Step {
  return until === undefined || !Number.isFinite(until) ? wait : { do: 'Wait', until };
}
