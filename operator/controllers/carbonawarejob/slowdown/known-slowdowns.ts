import type { SlowdownHistory } from '../../../accounting/slowdown/slowdown-history.ts';
import { conditionIsTrue } from '../../../api/v1alpha1/conditions.ts';
import type { Change } from '../../../runtime/cache/replica.ts';
import type { StoreReader } from '../../../runtime/cache/store.ts';
import type { JobRecord } from '../job-record.ts';
import { slowdownHistoryOf } from './site-runs.ts';

/** What finished jobs tell about sites, worked out anew only when another one has finished, or one is gone. */
export class KnownSlowdowns {
  readonly #jobs: Pick<StoreReader<JobRecord>, 'list'>;
  #history: SlowdownHistory | undefined;

  constructor(jobs: Pick<StoreReader<JobRecord>, 'list'>) {
    this.#jobs = jobs;
  }

  /** To be told of every change of the jobs. */
  jobChanged(change: Change<JobRecord>): void {
    const before = change.type === 'added' ? undefined : change.previous;
    const after = change.type === 'deleted' ? undefined : change.current;
    if (isComplete(before) || isComplete(after)) this.#history = undefined;
  }

  history(): SlowdownHistory {
    this.#history ??= slowdownHistoryOf(this.#jobs.list());
    return this.#history;
  }
}

function isComplete(record: JobRecord | undefined): boolean {
  return record !== undefined && conditionIsTrue(record.status.conditions, 'Complete');
}
