import { LengthHistory, type FinishedJob } from '../../../accounting/length-history/length-history.ts';
import { NOTHING_OBSERVED, type SlowdownHistory } from '../../../accounting/slowdown/slowdown-history.ts';
import { conditionIsTrue } from '../../../api/v1alpha1/conditions.ts';
import { completedWork, endedIdle } from '../attempts/progress.ts';
import type { JobRecord } from '../job-record.ts';
import { progressOf } from './to-plannable.ts';

/** How much longer jobs like one took at places. */
type Slowdowns = Pick<SlowdownHistory, 'knownPlaces'>;

/**
 * What the jobs that are complete tell about the length of others, whatever their own homes: lengths are learnt as they would be at
 * the place that the home of those others is compared with, since a plan makes them longer at the others by as much.
 */
export function lengthHistoryOf(records: readonly JobRecord[], slowdowns: Slowdowns = NOTHING_OBSERVED): LengthHistory {
  return historyOf(records.filter(tellsItsLength), slowdowns);
}

/**
 * The same, worked out anew only when another job has finished, one is gone, or the slowdowns are others: most plans are made for
 * what changes of jobs that are not over.
 */
export function rememberedLengths(): (records: readonly JobRecord[], slowdowns: Slowdowns) => LengthHistory {
  let last: { finished: readonly JobRecord[]; slowdowns: Slowdowns; history: LengthHistory } | undefined;
  return (records, slowdowns) => {
    const finished = records.filter(tellsItsLength);
    if (last?.slowdowns === slowdowns && areSame(last.finished, finished)) return last.history;
    last = { finished, slowdowns, history: historyOf(finished, slowdowns) };
    return last.history;
  };
}

function historyOf(finished: readonly JobRecord[], slowdowns: Slowdowns): LengthHistory {
  return new LengthHistory(finished.flatMap((record) => finishedJob(record, slowdowns) ?? []));
}

function finishedJob(record: JobRecord, slowdowns: Slowdowns): FinishedJob | undefined {
  const { attempts, createdAt, identity, spec } = record;
  if (!spec.ok) return undefined;
  const progress = progressOf(record, spec.value);
  const until = attempts.at(-1)?.endedAt ?? createdAt;
  if (!(completedWork(progress, until) > 0)) return undefined;
  const places = slowdowns.knownPlaces(identity);
  return {
    identity,
    homes: places.homes,
    work: (home) => completedWork({ ...progress, observedSlowdowns: places.observedFrom(home) }, until),
  };
}

/** A job that failed tells nothing: it may have been cut short. Nor does one that was idle: nobody knows how much of that was work. */
function tellsItsLength({ attempts, spec, status }: JobRecord): boolean {
  return spec.ok && conditionIsTrue(status.conditions, 'Complete') && !attempts.some(endedIdle);
}

/** Records of a cache are made anew when they change, so that one and the same tells the same. */
function areSame(before: readonly JobRecord[], now: readonly JobRecord[]): boolean {
  return before.length === now.length && before.every((record, i) => record === now[i]);
}
