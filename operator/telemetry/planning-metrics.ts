import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import type { DurationMs } from '../domain/units.ts';

/** What a finished planning cycle reports. */
export interface CycleReport {
  readonly tookMs: DurationMs;
  /** Jobs by the reason of their decision. */
  readonly jobsByReason: ReadonlyMap<string, number>;
  /** Decisions that differ from the cycle before by enough to act on. */
  readonly changed: number;
}

/** Metrics of the planning cycle. */
export class PlanningMetrics {
  readonly #duration: Histogram;
  readonly #failures: Counter;
  readonly #changes: Counter;
  readonly #jobs: Gauge<'reason'>;
  readonly #lastSuccess: Gauge;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#duration = new Histogram({
      name: 'sunward_planning_cycle_seconds',
      help: 'Duration of a planning cycle, from the snapshot to the published plan.',
      registers,
      buckets: [0.001, 0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60],
    });
    this.#failures = new Counter({
      name: 'sunward_planning_cycle_failures_total',
      help: 'Planning cycles that ended with an error; the plan before stays in force.',
      registers,
    });
    this.#changes = new Counter({
      name: 'sunward_decision_changes_total',
      help: 'Decisions that differed from the cycle before by enough to act on.',
      registers,
    });
    this.#jobs = new Gauge({
      name: 'sunward_planned_jobs',
      help: 'Jobs of the last plan by the reason of their decision.',
      labelNames: ['reason'],
      registers,
    });
    this.#lastSuccess = new Gauge({
      name: 'sunward_planning_last_success_timestamp_seconds',
      help: 'When the last planning cycle succeeded, seconds since 1970. Absent until the first one has.',
      registers,
    });
    this.#lastSuccess.remove();
  }

  succeeded(report: CycleReport, at: number): void {
    this.#duration.observe(report.tookMs / 1_000);
    this.#changes.inc(report.changed);
    this.#jobs.reset();
    for (const [reason, count] of report.jobsByReason) this.#jobs.labels(reason).set(count);
    this.#lastSuccess.set(at / 1_000);
  }

  failed(): void {
    this.#failures.inc();
  }
}
