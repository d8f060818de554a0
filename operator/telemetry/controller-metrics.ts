import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import type { DurationMs } from '../domain/units.ts';
import { WorkQueueMetrics } from './work-queue-metrics.ts';

/**
 * How a reconcile ended: `Success`; `RequeueAfter`: success that asks to be called again; `Conflict`: the object had changed,
 * again soon; `TimedOut`; `Aborted`: the process is to end; `Error`: anything else that was thrown.
 */
export type ReconcileOutcome = 'Success' | 'RequeueAfter' | 'Conflict' | 'TimedOut' | 'Aborted' | 'Error';

/** What one controller reports as it goes. */
export interface ControllerRecorder {
  started(): void;
  finished(outcome: ReconcileOutcome, workedMs: DurationMs): void;
}

/** Metrics of all controllers and of their queues. */
export class ControllerMetrics {
  readonly queues: WorkQueueMetrics;
  readonly #reconciles: Counter<'controller' | 'result'>;
  readonly #duration: Histogram<'controller'>;
  readonly #active: Gauge<'controller'>;
  readonly #workers: Gauge<'controller'>;

  constructor(registry: Registry) {
    this.queues = new WorkQueueMetrics(registry);
    const registers = [registry];
    this.#reconciles = new Counter({
      name: 'sunward_reconciles_total',
      help: 'Reconciles by how they ended.',
      labelNames: ['controller', 'result'],
      registers,
    });
    this.#duration = new Histogram({
      name: 'sunward_reconcile_seconds',
      help: 'Duration of a reconcile.',
      labelNames: ['controller'],
      registers,
      buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60],
    });
    this.#active = new Gauge({
      name: 'sunward_reconcile_active_workers',
      help: 'Workers that reconcile now.',
      labelNames: ['controller'],
      registers,
    });
    this.#workers = new Gauge({
      name: 'sunward_reconcile_workers',
      help: 'Workers that the controller may use at once.',
      labelNames: ['controller'],
      registers,
    });
  }

  recorder(controller: string, workers: number): ControllerRecorder {
    this.#workers.labels(controller).set(workers);
    const active = this.#active.labels(controller);
    const duration = this.#duration.labels(controller);
    active.set(0);
    return {
      started: () => {
        active.inc();
      },
      finished: (result, workedMs) => {
        active.dec();
        duration.observe(workedMs / 1_000);
        this.#reconciles.labels({ controller, result }).inc();
      },
    };
  }
}
