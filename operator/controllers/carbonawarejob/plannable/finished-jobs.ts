import { LengthHistory, NOTHING_LEARNT, type FinishedJob } from '../../../accounting/length-history/length-history.ts';
import { conditionIsTrue } from '../../../api/v1alpha1/conditions.ts';
import { completedWork } from '../attempts/progress.ts';
import type { JobRecord } from '../job-record.ts';
import { progressOf } from './to-plannable.ts';

/** What the jobs that are complete tell about the length of others; nothing where nobody asks. */
export function lengthHistoryOf(records: readonly JobRecord[]): LengthHistory {
  const isAsked = records.some(({ spec }) => spec.ok && spec.value.expectedDuration === undefined);
  return isAsked ? new LengthHistory(records.flatMap((record) => finishedJob(record) ?? [])) : NOTHING_LEARNT;
}

/** A job that failed tells nothing: it may have been cut short. */
function finishedJob(record: JobRecord): FinishedJob | undefined {
  const { spec, identity, status, attempts } = record;
  if (!spec.ok || !conditionIsTrue(status.conditions, 'Complete')) return undefined;
  const work = completedWork(progressOf(record, spec.value), attempts.at(-1)?.endedAt ?? record.createdAt);
  return work > 0 ? { identity, work } : undefined;
}
