import type { ConditionStatus } from '../../../api/v1alpha1/conditions.ts';
import { isRefused, type Refusal } from '../job-record.ts';
import { ownWorkload, type JobView } from '../job-view.ts';

/** What one reconcile found out beyond the view. */
export interface Findings {
  /** The job can't be carried out. */
  readonly refusal?: Refusal;
  /** It has failed without its Job saying so. */
  readonly failure?: Refusal;
  /** The API server's words where it would not let the Job start. */
  readonly startRefusal?: string;
  /** Why the Job was suspended just now. */
  readonly pauseMessage?: string;
}

/** What a condition is to say now. Reasons of the Job itself are passed on as they are. */
export interface Statement {
  readonly status: ConditionStatus;
  readonly reason: string;
  readonly message: string;
}

/** The job is refused, now or since a while: its status says that alone. */
export function isTurnedAway(view: JobView, { refusal }: Findings): boolean {
  if (refusal !== undefined) return true;
  return isRefused(view.record) && ownWorkload(view) === undefined && view.attempts.length === 0;
}

/** Nothing is known of the job yet: its first status comes with its first plan. */
export function isUnheardOf(view: JobView, { refusal, failure }: Findings): boolean {
  const isKnown = view.decision !== undefined || view.workload !== undefined || view.attempts.length > 0;
  return !isKnown && refusal === undefined && failure === undefined;
}
