import { Gauge, type Registry } from 'prom-client';

/** How many CarbonAwareJobs there are. */
export class JobMetrics {
  #read: (() => ReadonlyMap<string, number>) | undefined;

  constructor(registry: Registry) {
    const counts = (): ReadonlyMap<string, number> => this.#read?.() ?? new Map();
    new Gauge({
      name: 'sunward_jobs',
      help: 'CarbonAwareJobs by what they are doing: the phase of their status, Pending where it has none yet.',
      labelNames: ['phase'],
      registers: [registry],
      collect() {
        this.reset();
        for (const [phase, count] of counts()) this.set({ phase }, count);
      },
    });
  }

  /** Asked at every scrape from now on: jobs by phase, 0 as well. */
  observe(read: () => ReadonlyMap<string, number>): void {
    this.#read = read;
  }
}
