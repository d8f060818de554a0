import { compareText } from '../../domain/compare-text.ts';
import { Gauge, type Registry } from 'prom-client';

/** A CarbonAwareJob that will be late by the plan of now. */
export interface DeadlineAtRisk {
  readonly namespace: string;
  readonly job: string;
  /** Who answers for it. */
  readonly owner: string;
  /** Where it runs or is planned to; empty where that is nowhere. */
  readonly site: string;
}

/** So many have a series of their own. */
const MOST_NAMED = 100;

/** Jobs whose deadlines won't hold. */
export class DeadlineMetrics {
  #read: (() => readonly DeadlineAtRisk[]) | undefined;

  constructor(registry: Registry) {
    const registers = [registry];
    const atRisk = (): readonly DeadlineAtRisk[] => this.#read?.() ?? [];
    const isObserved = (): boolean => this.#read !== undefined;
    new Gauge({
      name: 'sunward_job_deadline_at_risk',
      help: `1 for each CarbonAwareJob that is not over and whose condition DeadlineAtRisk is True: ${String(MOST_NAMED)} of them at most, in turn one of each namespace, by name.`,
      // Not `job`: a target of a scrape has that.
      labelNames: ['job_namespace', 'job_name', 'owner', 'site'],
      registers,
      collect() {
        this.reset();
        for (const { job, namespace, owner, site } of first(atRisk())) {
          this.set({ job_namespace: namespace, job_name: job, owner, site }, 1);
        }
      },
    });
    const count = new Gauge({
      name: 'sunward_jobs_deadline_at_risk',
      help: 'How many CarbonAwareJobs there are that are not over and whose condition DeadlineAtRisk is True.',
      registers,
      collect() {
        if (isObserved()) this.set(atRisk().length);
      },
    });
    count.remove();
  }

  /** Asked at every scrape from now on. */
  observe(read: () => readonly DeadlineAtRisk[]): void {
    this.#read = read;
  }
}

/** In turn one of each namespace, so that none hides what is at risk in others. */
function first(jobs: readonly DeadlineAtRisk[]): readonly DeadlineAtRisk[] {
  const seen = new Map<string, number>();
  return jobs
    .toSorted((a, b) => compareText(keyOf(a), keyOf(b)))
    .map((job) => {
      const turn = seen.get(job.namespace) ?? 0;
      seen.set(job.namespace, turn + 1);
      return { job, turn };
    })
    .sort((a, b) => a.turn - b.turn)
    .slice(0, MOST_NAMED)
    .map(({ job }) => job);
}

const keyOf = ({ job, namespace }: DeadlineAtRisk): string => `${namespace}/${job}`;
