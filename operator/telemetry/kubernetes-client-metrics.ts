import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import type { DurationMs } from '../domain/units.ts';

export type KubernetesVerb = 'get' | 'list' | 'watch' | 'create' | 'replace' | 'apply' | 'patch' | 'delete';

/** One request as metrics see it. `resource` with its subresource, e.g. `jobs.batch/status`. */
export interface KubernetesRequestLabels {
  readonly verb: KubernetesVerb;
  readonly resource: string;
}

/** What waits and what is under way at the moment of a scrape. */
export interface KubernetesClientState {
  readonly inFlight: number;
  readonly waiting: number;
}

/** Requests to the API server. */
export class KubernetesClientMetrics {
  readonly #states: (() => KubernetesClientState)[] = [];
  readonly #requests: Counter<'verb' | 'resource' | 'code'>;
  readonly #retries: Counter<'verb' | 'resource' | 'code'>;
  readonly #seconds: Histogram<'verb'>;

  constructor(registry: Registry) {
    const registers = [registry];
    const labelNames = ['verb', 'resource', 'code'] as const;
    this.#requests = new Counter({
      name: 'sunward_kubernetes_requests_total',
      help: 'Requests to the API server by their answer; code 0: none came.',
      labelNames,
      registers,
    });
    this.#retries = new Counter({
      name: 'sunward_kubernetes_retries_total',
      help: 'Requests that were sent again, by the answer that led to it.',
      labelNames,
      registers,
    });
    this.#seconds = new Histogram({
      name: 'sunward_kubernetes_request_seconds',
      help: 'Time until the whole answer was there; of a watch, until it began. Waiting for a free place is not counted.',
      labelNames: ['verb'],
      registers,
      buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
    });
    this.#gauge(
      registry,
      'sunward_kubernetes_requests_in_flight',
      'Requests under way, watches not counted.',
      'inFlight',
    );
    this.#gauge(registry, 'sunward_kubernetes_requests_waiting', 'Requests that wait for a free place.', 'waiting');
  }

  /** Registers a client. `state` is asked at every scrape. */
  observe(state: () => KubernetesClientState): void {
    this.#states.push(state);
  }

  answered(labels: KubernetesRequestLabels, code: number, tookMs: DurationMs): void {
    this.#requests.inc({ verb: labels.verb, resource: labels.resource, code });
    this.#seconds.observe({ verb: labels.verb }, tookMs / 1_000);
  }

  retried(labels: KubernetesRequestLabels, code: number): void {
    this.#retries.inc({ verb: labels.verb, resource: labels.resource, code });
  }

  #gauge(registry: Registry, name: string, help: string, field: keyof KubernetesClientState): void {
    const states = this.#states;
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(states.reduce((sum, state) => sum + state()[field], 0));
      },
    });
  }
}
