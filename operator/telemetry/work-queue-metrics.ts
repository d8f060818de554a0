import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import type { DurationMs } from '../domain/units.ts';

/** What a queue holds at the moment of a scrape. */
export interface WorkQueueState {
  /** Keys that wait for a worker. */
  readonly depth: number;
  /** Keys that wait for their time: back-off and `requeueAfter`. */
  readonly delayed: number;
  /** Keys whose last reconcile failed. */
  readonly retrying: number;
  /** Time that the keys in work have been in work, all together and the longest one. */
  readonly unfinishedMs: DurationMs;
  readonly longestRunningMs: DurationMs;
}

/** What one queue reports as it goes. */
export interface WorkQueueRecorder {
  added(): void;
  retried(): void;
  started(waitedMs: DurationMs): void;
  finished(workedMs: DurationMs): void;
}

const SECONDS = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60, 600];

/** Metrics of all work queues, one label value a queue. Gauges are read at the scrape, so that adding a key costs one increment. */
export class WorkQueueMetrics {
  readonly #states = new Map<string, () => WorkQueueState>();
  readonly #adds: Counter<'queue'>;
  readonly #retries: Counter<'queue'>;
  readonly #waited: Histogram<'queue'>;
  readonly #worked: Histogram<'queue'>;

  constructor(registry: Registry) {
    const registers = [registry];
    const labelNames = ['queue'] as const;
    this.#adds = new Counter({
      name: 'sunward_work_queue_adds_total',
      help: 'Keys added to the queue, coalesced ones not counted.',
      labelNames,
      registers,
    });
    this.#retries = new Counter({
      name: 'sunward_work_queue_retries_total',
      help: 'Keys added again with back-off after a failure or a conflict.',
      labelNames,
      registers,
    });
    this.#waited = new Histogram({
      name: 'sunward_work_queue_wait_seconds',
      help: 'Time from the add of a key until a worker takes it.',
      labelNames,
      registers,
      buckets: SECONDS,
    });
    this.#worked = new Histogram({
      name: 'sunward_work_queue_work_seconds',
      help: 'Time that a worker spends on a key.',
      labelNames,
      registers,
      buckets: SECONDS,
    });
    this.#gauge(registry, 'sunward_work_queue_depth', 'Keys that wait for a worker.', (state) => state.depth);
    this.#gauge(registry, 'sunward_work_queue_delayed', 'Keys that wait for their time.', (state) => state.delayed);
    this.#gauge(
      registry,
      'sunward_work_queue_retrying',
      'Keys whose last reconcile failed.',
      (state) => state.retrying,
    );
    this.#gauge(
      registry,
      'sunward_work_queue_unfinished_seconds',
      'Time that keys in work have been in work, all together. It grows without end if a worker hangs.',
      (state) => state.unfinishedMs / 1_000,
    );
    this.#gauge(
      registry,
      'sunward_work_queue_longest_running_seconds',
      'Time that the longest-running key in work has been in work.',
      (state) => state.longestRunningMs / 1_000,
    );
  }

  /** Registers a queue. `state` is asked at every scrape; a later queue of the same name takes the place of the earlier. */
  recorder(queue: string, state: () => WorkQueueState): WorkQueueRecorder {
    this.#states.set(queue, state);
    const adds = this.#adds.labels(queue);
    const retries = this.#retries.labels(queue);
    const waited = this.#waited.labels(queue);
    const worked = this.#worked.labels(queue);
    return {
      added: () => {
        adds.inc();
      },
      retried: () => {
        retries.inc();
      },
      started: (ms) => {
        waited.observe(ms / 1_000);
      },
      finished: (ms) => {
        worked.observe(ms / 1_000);
      },
    };
  }

  #gauge(registry: Registry, name: string, help: string, read: (state: WorkQueueState) => number): void {
    const states = this.#states;
    new Gauge({
      name,
      help,
      labelNames: ['queue'],
      registers: [registry],
      collect() {
        for (const [queue, state] of states) this.set({ queue }, read(state()));
      },
    });
  }
}
