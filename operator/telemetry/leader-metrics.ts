import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { DurationMs } from '../domain/units.ts';

/** How an attempt to take or renew the lease ended; `HeldByOther` and `LostRace` mean that another contender has it. */
export type LeaseAttempt = 'Held' | 'HeldByOther' | 'LostRace' | 'Error';

/** What one contender reports as it goes. */
export interface LeaderRecorder {
  leads(isLeader: boolean): void;
  attempted(result: LeaseAttempt): void;
  /** `lateMs`: how much more than the retry period lies between this renewal and the one before. */
  renewed(lateMs: DurationMs): void;
  /** `leaseTransitions` of the record: how often the lease has changed hands. */
  sawTransitions(count: number): void;
}

/** Metrics of leader election, one label value a lease. */
export class LeaderMetrics {
  readonly #isLeader: Gauge<'lease'>;
  readonly #lateness: Gauge<'lease'>;
  readonly #transitions: Gauge<'lease'>;
  readonly #attempts: Counter<'lease' | 'result'>;

  constructor(registry: Registry) {
    const registers = [registry];
    const labelNames = ['lease'] as const;
    this.#isLeader = new Gauge({
      name: 'sunward_leader',
      help: '1 where this process leads. The sum over all replicas is 1, and 0 for a moment at a change.',
      labelNames,
      registers,
    });
    this.#lateness = new Gauge({
      name: 'sunward_lease_renew_lateness_max_seconds',
      help: 'The latest renewal since the start, in time beyond the retry period. At renewDeadline - retryPeriod the lease is lost.',
      labelNames,
      registers,
    });
    this.#transitions = new Gauge({
      name: 'sunward_lease_transitions',
      help: 'How often the lease has changed hands, as its record says.',
      labelNames,
      registers,
    });
    this.#attempts = new Counter({
      name: 'sunward_lease_attempts_total',
      help: 'Attempts to take or renew the lease, by how they ended.',
      labelNames: ['lease', 'result'],
      registers,
    });
  }

  recorder(lease: string): LeaderRecorder {
    this.#isLeader.labels(lease).set(0);
    this.#lateness.labels(lease).set(0);
    let latestMs = 0;
    return {
      leads: (isLeader) => {
        this.#isLeader.labels(lease).set(isLeader ? 1 : 0);
      },
      attempted: (result) => {
        this.#attempts.inc({ lease, result });
      },
      renewed: (lateMs) => {
        latestMs = Math.max(latestMs, lateMs);
        this.#lateness.labels(lease).set(latestMs / 1_000);
      },
      sawTransitions: (count) => {
        this.#transitions.labels(lease).set(count);
      },
    };
  }
}
