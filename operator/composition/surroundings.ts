import type { Config } from '../config/config.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { KubernetesApi } from '../ports/kubernetes-api.ts';
import type { Logger } from '../ports/logger.ts';
import type { Caches } from './caches.ts';
import type { OperatorMetrics } from './metrics.ts';

/** What every loop of the leader is given. */
export interface Surroundings {
  readonly config: Config;
  readonly api: KubernetesApi;
  readonly caches: Caches;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: OperatorMetrics;
  /** Which process speaks: `reportingInstance` of events. */
  readonly instance: string;
}
