import {
  LengthHistory,
  type FinishedJob,
  type LengthHistories,
} from '../../../accounting/length-history/length-history.ts';
import { NOTHING_OBSERVED, type SlowdownHistory } from '../../../accounting/slowdown/slowdown-history.ts';
import { conditionIsTrue } from '../../../api/v1alpha1/conditions.ts';
import { completedWork, endedIdle } from '../attempts/progress.ts';
import type { JobRecord } from '../job-record.ts';
import { progressOf } from './to-plannable.ts';

/** How much longer jobs like one took at places. */
type Slowdowns = Pick<SlowdownHistory, 'observed'>;

/**
 * {@link lengthHistoryOf} for jobs of every home, since each plans with what was observed against its own. Worked out once a
 * home, when a job of it first asks.
 */
export function lengthHistoriesOf(records: readonly JobRecord[], slowdowns: Slowdowns): LengthHistories {
  const byHome = new Map<string | undefined, LengthHistory>();
  return {
    at(home) {
      const history = byHome.get(home) ?? lengthHistoryOf(records, slowdowns, home);
      byHome.set(home, history);
      return history;
    },
  };
}

/**
 * What the jobs that are complete tell about the length of others.
 * @param home of those others, whatever the homes of the jobs that are complete: lengths are learnt as they would be at the place
 *   that it is compared with, since a plan makes them longer at the others by as much
 */
export function lengthHistoryOf(
  records: readonly JobRecord[],
  slowdowns: Slowdowns = NOTHING_OBSERVED,
  home?: string,
): LengthHistory {
  return new LengthHistory(records.flatMap((record) => finishedJob(record, slowdowns, home) ?? []));
}

/** A job that failed tells nothing: it may have been cut short. Nor does one that was idle: nobody knows how much of that was work. */
function finishedJob(record: JobRecord, slowdowns: Slowdowns, home: string | undefined): FinishedJob | undefined {
  const { spec, identity, status, attempts } = record;
  if (!spec.ok || !conditionIsTrue(status.conditions, 'Complete')) return undefined;
  if (attempts.some(endedIdle)) return undefined;
  const progress = { ...progressOf(record, spec.value), observedSlowdowns: slowdowns.observed(identity, home) };
  const work = completedWork(progress, attempts.at(-1)?.endedAt ?? record.createdAt);
  return work > 0 ? { identity, work } : undefined;
}
