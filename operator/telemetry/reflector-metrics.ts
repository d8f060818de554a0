import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { DurationMs } from '../domain/units.ts';

/** What a reflector holds at the moment of a scrape. */
export interface ReflectorState {
  readonly objects: number;
  readonly hasSynced: boolean;
  /** Time since the server was last heard. */
  readonly ageMs: DurationMs;
}

/** Why a reflector lost something, beside the reasons of the API server (`Expired`, `Unreachable` …). */
export type ReflectorFault = 'HandlerFailed' | 'ProjectionFailed' | 'WentBack' | 'Unexpected';

/** What one reflector reports as it goes. */
export interface ReflectorRecorder {
  listed(result: 'Success' | 'Error', tookMs: DurationMs): void;
  watchStarted(): void;
  event(type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'): void;
  /** An event that told nothing new: a duplicate, or older than what is known. */
  staleEvent(): void;
  /** `reason`: of a KubernetesApiError, or a {@link ReflectorFault}. */
  failed(reason: string): void;
}

/** Metrics of all reflectors, one label value a reflector. Gauges are read at the scrape. */
export class ReflectorMetrics {
  readonly #states = new Map<string, () => ReflectorState>();
  readonly #lists: Counter<'reflector' | 'result'>;
  readonly #listSeconds: Counter<'reflector'>;
  readonly #watches: Counter<'reflector'>;
  readonly #events: Counter<'reflector' | 'type'>;
  readonly #staleEvents: Counter<'reflector'>;
  readonly #errors: Counter<'reflector' | 'reason'>;

  constructor(registry: Registry) {
    const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> =>
      new Counter({ name, help, labelNames, registers: [registry] });
    this.#lists = counter('sunward_reflector_lists_total', 'Full lists by how they ended.', ['reflector', 'result']);
    this.#listSeconds = counter('sunward_reflector_list_seconds_total', 'Time spent in full lists.', ['reflector']);
    this.#watches = counter('sunward_reflector_watches_total', 'Watches started.', ['reflector']);
    this.#events = counter('sunward_reflector_events_total', 'Events received, by type.', ['reflector', 'type']);
    this.#staleEvents = counter(
      'sunward_reflector_stale_events_total',
      'Events that were duplicates or older than what was known, and changed nothing.',
      ['reflector'],
    );
    this.#errors = counter('sunward_reflector_errors_total', 'Lists, watches, projections and handlers that failed.', [
      'reflector',
      'reason',
    ]);
    this.#gauge(registry, 'sunward_reflector_objects', 'Objects in the store.', (state) => state.objects);
    this.#gauge(registry, 'sunward_reflector_synced', '1 once a full list was in the store.', (state) =>
      state.hasSynced ? 1 : 0,
    );
    this.#gauge(
      registry,
      'sunward_reflector_age_seconds',
      'Time since the API server was last heard: a page of a list, an event or a bookmark. Above 120: the cache may be stale.',
      (state) => state.ageMs / 1_000,
    );
  }

  /** Registers a reflector. `state` is asked at every scrape; a later reflector of the same name takes the place of the earlier. */
  recorder(reflector: string, state: () => ReflectorState): ReflectorRecorder {
    this.#states.set(reflector, state);
    return {
      listed: (result, tookMs) => {
        this.#lists.inc({ reflector, result });
        this.#listSeconds.inc({ reflector }, tookMs / 1_000);
      },
      watchStarted: () => {
        this.#watches.inc({ reflector });
      },
      event: (type) => {
        this.#events.inc({ reflector, type });
      },
      staleEvent: () => {
        this.#staleEvents.inc({ reflector });
      },
      failed: (reason) => {
        this.#errors.inc({ reflector, reason });
      },
    };
  }

  #gauge(registry: Registry, name: string, help: string, read: (state: ReflectorState) => number): void {
    const states = this.#states;
    new Gauge({
      name,
      help,
      labelNames: ['reflector'],
      registers: [registry],
      collect() {
        for (const [reflector, state] of states) this.set({ reflector }, read(state()));
      },
    });
  }
}
