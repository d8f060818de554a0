import type { Config } from '../config/config.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { HttpClient } from '../ports/http.ts';
import type { KubernetesApi } from '../ports/kubernetes-api.ts';
import type { Logger } from '../ports/logger.ts';
import type { Secret } from '../ports/secrets.ts';
import type { Caches } from './caches.ts';
import type { OperatorMetrics } from './metrics.ts';

/** What every loop of the leader is given. */
export interface Surroundings {
  readonly config: Config;
  readonly api: KubernetesApi;
  /** The way out of the cluster, without any protection yet. */
  readonly http: HttpClient;
  readonly caches: Caches;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: OperatorMetrics;
  /** A key by the path of its file. */
  readonly secretAt: (path: string) => Secret;
  /** Where the operator keeps what is its own. */
  readonly namespace: string;
  /** Which process speaks: `reportingInstance` of events. */
  readonly instance: string;
}
