import { SlowdownHistory, type SiteRun } from '../../../accounting/slowdown/slowdown-history.ts';
import { SECOND_MS, type DurationMs, type EpochMs } from '../../../domain/units.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Change } from '../../../runtime/cache/replica.ts';
import type { StoreReader } from '../../../runtime/cache/store.ts';
import type { JobRecord } from '../job-record.ts';
import { siteRun } from './site-runs.ts';

export interface KnownRuns {
  /** The jobs that the history is made of. */
  readonly counted: readonly JobRecord[];
  readonly history: SlowdownHistory;
}

/** Working it out takes a look at every job: whoever asks for one job alone gets what was worked out within this time. */
const LATELY_MS: DurationMs = 10 * SECOND_MS;

/** What finished jobs tell about sites, worked out anew only when they tell another thing, and somebody asks. */
export class KnownSlowdowns {
  readonly #jobs: Pick<StoreReader<JobRecord>, 'list'>;
  readonly #clock: Pick<Clock, 'now'>;
  #known: (KnownRuns & { readonly at: EpochMs }) | undefined;
  #isOutdated = false;

  constructor(jobs: Pick<StoreReader<JobRecord>, 'list'>, clock: Pick<Clock, 'now'>) {
    this.#jobs = jobs;
    this.#clock = clock;
  }

  /** To be told of every change of the jobs. */
  jobChanged(change: Change<JobRecord>): void {
    const before = change.type === 'added' ? undefined : siteRun(change.previous);
    const after = change.type === 'deleted' ? undefined : siteRun(change.current);
    if (isSameRun(before, after)) return;
    // One that is finished when it is first seen: the cache is being filled, and what was worked out of a part of it is worth nothing.
    if (change.type === 'added') this.#known = undefined;
    this.#isOutdated = true;
  }

  /** As of now: for a plan, which looks at every job anyway. */
  now(): KnownRuns {
    return this.#known === undefined || this.#isOutdated ? this.#workOut() : this.#known;
  }

  /** As of now, or of some seconds ago. */
  lately(): KnownRuns {
    if (this.#known === undefined) return this.#workOut();
    const age = this.#clock.now() - this.#known.at;
    return age >= 0 && age < LATELY_MS ? this.#known : this.now();
  }

  #workOut(): KnownRuns {
    this.#known = { ...knownFrom(this.#jobs.list()), at: this.#clock.now() };
    this.#isOutdated = false;
    return this.#known;
  }
}

function knownFrom(records: readonly JobRecord[]): KnownRuns {
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

function isSameRun(a: SiteRun | undefined, b: SiteRun | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.site === b.site &&
    a.product === b.product &&
    a.work === b.work &&
    a.identity.namespace === b.identity.namespace &&
    a.identity.template === b.identity.template &&
    a.identity.workload === b.identity.workload
  );
}
