import { SlowdownHistory, type SiteRun } from '../../../accounting/slowdown/slowdown-history.ts';
import { conditionIsTrue } from '../../../api/v1alpha1/conditions.ts';
import type { Change } from '../../../runtime/cache/replica.ts';
import type { StoreReader } from '../../../runtime/cache/store.ts';
import type { JobRecord } from '../job-record.ts';
import { siteRun } from './site-runs.ts';

interface Known {
  readonly counted: readonly JobRecord[];
  readonly history: SlowdownHistory;
}

/** What finished jobs tell about sites, worked out anew only when another one has finished, or one is gone. */
export class KnownSlowdowns {
  readonly #jobs: Pick<StoreReader<JobRecord>, 'list'>;
  #known: Known | undefined;

  constructor(jobs: Pick<StoreReader<JobRecord>, 'list'>) {
    this.#jobs = jobs;
  }

  /** To be told of every change of the jobs. */
  jobChanged(change: Change<JobRecord>): void {
    const before = change.type === 'added' ? undefined : change.previous;
    const after = change.type === 'deleted' ? undefined : change.current;
    if (isComplete(before) || isComplete(after)) this.#known = undefined;
  }

  history(): SlowdownHistory {
    return this.#now().history;
  }

  /** The jobs that it is made of. */
  counted(): readonly JobRecord[] {
    return this.#now().counted;
  }

  #now(): Known {
    this.#known ??= knownFrom(this.#jobs.list());
    return this.#known;
  }
}

function knownFrom(records: readonly JobRecord[]): Known {
  const counted: JobRecord[] = [];
  const runs: SiteRun[] = [];
  for (const record of records) {
    const run = siteRun(record);
    if (run === undefined) continue;
    counted.push(record);
    runs.push(run);
  }
  return { counted, history: new SlowdownHistory(runs) };
}

function isComplete(record: JobRecord | undefined): boolean {
  return record !== undefined && conditionIsTrue(record.status.conditions, 'Complete');
}
