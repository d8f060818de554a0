import { LengthHistory, NOTHING_LEARNT, type FinishedJob } from '../../../accounting/length-history/length-history.ts';
import { conditionIsTrue } from '../../../api/v1alpha1/conditions.ts';
import type { ObservedSlowdown } from '../../../domain/length/observed-slowdown.ts';
import { completedWork, endedIdle } from '../attempts/progress.ts';
import type { JobRecord } from '../job-record.ts';
import { progressOf } from './to-plannable.ts';

/**
 * What the jobs that are complete tell about the length of others; nothing where nobody asks.
 * @param observedOf how much longer jobs like one took at places: lengths are learnt as they would be at the place that these are
 *   compared with, since a plan makes them longer at the others
 */
export function lengthHistoryOf(
  records: readonly JobRecord[],
  observedOf: (record: JobRecord) => readonly ObservedSlowdown[] = () => [],
): LengthHistory {
  const isAsked = records.some(({ spec }) => spec.ok && spec.value.expectedDuration === undefined);
  if (!isAsked) return NOTHING_LEARNT;
  return new LengthHistory(records.flatMap((record) => finishedJob(record, observedOf) ?? []));
}

/** A job that failed tells nothing: it may have been cut short. Nor does one that was idle: nobody knows how much of that was work. */
function finishedJob(
  record: JobRecord,
  observedOf: (record: JobRecord) => readonly ObservedSlowdown[],
): FinishedJob | undefined {
  const { spec, identity, status, attempts } = record;
  if (!spec.ok || !conditionIsTrue(status.conditions, 'Complete')) return undefined;
  if (attempts.some(endedIdle)) return undefined;
  const progress = { ...progressOf(record, spec.value), observedSlowdowns: observedOf(record) };
  const work = completedWork(progress, attempts.at(-1)?.endedAt ?? record.createdAt);
  return work > 0 ? { identity, work } : undefined;
}
