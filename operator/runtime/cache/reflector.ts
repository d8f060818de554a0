import type { DurationMs, EpochMs } from '../../domain/units.ts';
import type { Clock, Random } from '../../ports/clock.ts';
import type { KubernetesObject, ListWatch } from '../../ports/kubernetes-api.ts';
import type { Logger } from '../../ports/logger.ts';
import type { ReflectorMetrics } from '../../telemetry/reflector-metrics.ts';
import type { Change } from './replica.ts';
import type { Store } from './store.ts';

export interface ReflectorOptions<T extends KubernetesObject, P> {
  /** Label of metrics and logs. Default: the resource, e.g. `jobs.batch`. */
  readonly name?: string;
  readonly listWatch: ListWatch<T>;
  /** Where projections go. The reflector is its only writer. */
  readonly store: Store<P, string>;
  /** The fields that are needed of an object; undefined leaves it out of the store. Must not keep hold of the object itself. */
  readonly project: (object: T) => P | undefined;
  /** Told after the store has changed, in order. What it throws is logged and counted. */
  readonly onChange?: (change: Change<P>) => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: ReflectorMetrics;
  /** Objects a page of the list. Default 500. */
  readonly pageSize?: number;
}

/** Keeps a store equal to what the API server has of one kind in one scope. */
export declare class Reflector<T extends KubernetesObject, P> {
  readonly name: string;
  constructor(options: ReflectorOptions<T, P>);
  /** The store has held a full list at least once. */
  get hasSynced(): boolean;
  /** When the server was last heard: a page of a list, an event, a bookmark. */
  get lastHeardAt(): EpochMs | undefined;
  /** Time since then; since the start of `run` where the server was not heard at all. */
  ageMs(): DurationMs;
  /** Resolves once the first full list is in the store; rejects with `abort.reason`. */
  whenSynced(abort: AbortSignal): Promise<void>;
  /** Takes in an object that a write has just returned, so that who wrote it reads it back. Older ones change nothing. */
  observe(object: T): void;
  /** Lists and watches until `abort` fires, whatever happens. */
  run(abort: AbortSignal): Promise<void>;
}
