import { Registry } from 'prom-client';
import { steadyClock } from '../../runtime/clocks.ts';
import { Operator as OperatorOverRuntime } from '../../runtime/operator/operator.ts';
import type { OperatorConnection } from '../../runtime/operator/operator.ts';
import type { OperatorLogger } from '../../runtime/operator/operator-logger.ts';
import { ControllerMetrics } from '../../telemetry/controller-metrics.ts';
import { KubernetesClientMetrics } from '../../telemetry/kubernetes-client-metrics.ts';
import { createLogger } from '../../telemetry/logger.ts';
import { ReflectorMetrics } from '../../telemetry/reflector-metrics.ts';
import { loadKubeConfig } from './client/kube-config.ts';
import { RestClient } from './client/rest-client.ts';

export { ResourceEventType, ResourceMetaImpl } from '../../runtime/operator/resource-event.ts';
export type { ResourceEvent, ResourceMeta } from '../../runtime/operator/resource-event.ts';
export type { OperatorLogger } from '../../runtime/operator/operator-logger.ts';

/**
 * What code written for @dot-i/k8s-operator imports in its place: an operator that finds its cluster by itself, in `$KUBECONFIG`,
 * `~/.kube/config` or the pod's service account. See {@link OperatorOverRuntime} for what it does.
 */
export abstract class Operator extends OperatorOverRuntime {
  /** Without a logger it logs warnings and errors to standard output, as JSON. */
  constructor(logger?: OperatorLogger) {
    const registry = new Registry();
    const ownLogger = createLogger({ level: 'warn' });
    super(
      {
        connect: async (): Promise<OperatorConnection> => {
          const credentials = await loadKubeConfig();
          const metrics = new KubernetesClientMetrics(registry);
          const parts = { clock: steadyClock, random: Math.random, logger: ownLogger, metrics };
          const api = new RestClient({ credentials, ...parts });
          const server = credentials.server.href.replace(/\/$/, '');
          return {
            api,
            server,
            close: () => {
              api.close();
            },
          };
        },
        clock: steadyClock,
        random: Math.random,
        logger: ownLogger,
        metrics: { controllers: new ControllerMetrics(registry), reflectors: new ReflectorMetrics(registry) },
      },
      logger,
    );
  }
}
