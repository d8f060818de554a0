import { Gauge, type Registry } from 'prom-client';

/** What was observed of one kind of job at one site. */
export interface WorkloadSlowdown {
  readonly namespace: string;
  readonly workload: string;
  readonly site: string;
  /** 0.2 is a fifth longer than where such jobs usually run; below 0, less. */
  readonly share: number;
  /** Jobs of the kind that were counted, at all sites. */
  readonly runs: number;
}

/** So many kinds of jobs have series. */
const MOST_KINDS = 100;

/** How much longer jobs took at some sites than jobs like them elsewhere. */
export class SlowdownMetrics {
  #read: (() => readonly WorkloadSlowdown[]) | undefined;

  constructor(registry: Registry) {
    const observed = (): readonly WorkloadSlowdown[] => this.#read?.() ?? [];
    new Gauge({
      name: 'sunward_job_observed_slowdown_ratio',
      help: `How much longer jobs of one kind took at a site than at home, or where most of them ran: 0.2 is a fifth longer, below 0 is less. A kind is a value of the label sunward.dev/workload, else a template, named by its first job: job/train. The ${String(MOST_KINDS)} kinds with the most finished jobs; only sites where at least three ran.`,
      labelNames: ['workload_namespace', 'workload', 'site'],
      registers: [registry],
      collect() {
        this.reset();
        for (const { namespace, workload, site, share } of mostRun(observed())) {
          this.set({ workload_namespace: namespace, workload, site }, share);
        }
      },
    });
  }

  /** Asked at every scrape from now on. */
  observe(read: () => readonly WorkloadSlowdown[]): void {
    this.#read = read;
  }
}

function mostRun(observed: readonly WorkloadSlowdown[]): readonly WorkloadSlowdown[] {
  const runsOf = new Map(observed.map((one) => [kindOf(one), one.runs]));
  const kinds = [...runsOf].sort(([a, runs], [b, others]) => others - runs || (a < b ? -1 : 1));
  const named = new Set(kinds.slice(0, MOST_KINDS).map(([kind]) => kind));
  return observed.filter((one) => named.has(kindOf(one)));
}

function kindOf({ namespace, workload }: WorkloadSlowdown): string {
  return `${namespace}/${workload}`;
}
