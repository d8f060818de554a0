import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';

/** `Written`; `Repeated`: the same was told just before; `Dropped`: too many at once; `Failed`: the API server didn't take it. */
export type EventResult = 'Written' | 'Repeated' | 'Dropped' | 'Failed';

/** Events that the operator tells people through the API server. */
export class EventMetrics {
  readonly #events: Counter<'reason' | 'result'>;

  constructor(registry: Registry) {
    this.#events = new Counter({
      name: 'sunward_events_total',
      help: 'Kubernetes events by reason, and by what became of them.',
      labelNames: ['reason', 'result'],
      registers: [registry],
    });
  }

  count(reason: string, result: EventResult): void {
    this.#events.inc({ reason, result });
  }
}
