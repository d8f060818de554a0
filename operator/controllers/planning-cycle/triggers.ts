import type { Workload } from '../../ports/workloads.ts';
import type { Change } from '../../runtime/cache/replica.ts';
import { isOver, isRefused, type JobRecord } from '../carbonawarejob/job-record.ts';

/** Whether a plan depends on what has changed of a job: not on the parts of its status that a plan itself writes. */
export function jobChangesPlan(change: Change<JobRecord>): boolean {
  if (change.type !== 'updated') return true;
  const { previous, current } = change;
  return (
    previous.metadata.uid !== current.metadata.uid ||
    previous.metadata.generation !== current.metadata.generation ||
    previous.metadata.deletionTimestamp !== current.metadata.deletionTimestamp ||
    isOver(previous) !== isOver(current) ||
    isRefused(previous) !== isRefused(current) ||
    JSON.stringify(previous.status.attempts) !== JSON.stringify(current.status.attempts)
  );
}

/**
 * As above, of the Job that carries it: its pods show in the inventory. A Job that was made suspended is as the plan has
 * it; a plan anew for each of ten thousand of them would be work for nothing.
 */
export function workloadChangesPlan(change: Change<Workload>): boolean {
  if (change.type === 'added') {
    const { suspended, suspendSetBy, end } = change.current;
    return !suspended || suspendSetBy !== undefined || end !== undefined;
  }
  if (change.type === 'deleted') return true;
  const { previous, current } = change;
  return (
    previous.metadata.uid !== current.metadata.uid ||
    previous.suspended !== current.suspended ||
    previous.suspendSetBy !== current.suspendSetBy ||
    (previous.end === undefined) !== (current.end === undefined)
  );
}
