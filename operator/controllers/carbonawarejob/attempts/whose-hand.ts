import type { JobReason } from '../../../api/v1alpha1/reasons.ts';
import type { Workload } from '../../../ports/workloads.ts';
import { openAttempt, type Attempt } from './attempts.ts';

/** What another hand than the operator's did to `suspend`, and left so. */
export type OtherHand = 'SuspendedByOther' | 'StartedByOther';

/** On an open attempt: someone else unsuspended the Job against the plan. On a closed one: someone else suspended it. */
export const BY_OTHER: JobReason = 'SuspendedByOther';
/** On an open attempt: someone else gave back, by unsuspending it, a Job that they had suspended. */
export const HANDED_BACK: JobReason = 'Resumed';

/**
 * Whether `suspend` of the Job is as someone else wants it and we would not. The API server knows whose value it is; the
 * attempts know what ours was. Setting it back by hand gives it back to us.
 */
export function handOn(attempts: readonly Attempt[], workload: Workload | undefined): OtherHand | undefined {
  if (workload?.suspendSetBy === undefined || workload.end !== undefined) return undefined;
  const open = openAttempt(attempts);
  if (workload.suspended) {
    if (open === undefined) return attempts.at(-1)?.reason === BY_OTHER ? 'SuspendedByOther' : undefined;
    return begun(open, workload) && open.reason !== BY_OTHER ? 'SuspendedByOther' : undefined;
  }
  if (open === undefined) return attempts.at(-1)?.reason === BY_OTHER ? undefined : 'StartedByOther';
  return open.reason === BY_OTHER || !begun(open, workload) ? 'StartedByOther' : undefined;
}

/** The open attempt has been carried out: the Job was unsuspended for it, by us or by another hand. */
export function begun(open: Attempt, workload: Workload): boolean {
  return open.jobUid === workload.metadata.uid && (workload.attempt === open.number || open.reason !== undefined);
}
