import type { ConditionStatus } from '../../../api/v1alpha1/conditions.ts';
import type { Refusal } from '../job-record.ts';

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
