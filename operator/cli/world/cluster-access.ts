import { loadKubeConfig, type KubeConfigCredentials } from '../../adapters/kubernetes/client/kube-config.ts';
import { RestClient } from '../../adapters/kubernetes/client/rest-client.ts';
import { steadyClock } from '../../runtime/clocks.ts';
import { silentLogger } from '../../runtime/silent-logger.ts';
import { KubernetesClientMetrics } from '../../telemetry/kubernetes-client-metrics.ts';
import { createRegistry } from '../../telemetry/registry.ts';
import { wordsOf } from '../error-text.ts';
import { ClusterError } from './reading.ts';

/** Which cluster, and as who, as the command line says it. */
export interface ClusterFlags {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
}

export interface ClusterAccess {
  readonly api: RestClient;
  readonly credentials: KubeConfigCredentials;
  /** As the command line says, else that of the context. */
  readonly namespace: string;
}

/** Uses a cluster with the credentials of the user's own kubeconfig. Throws {@link ClusterError} where there are none. */
export async function withCluster<T>(flags: ClusterFlags, use: (cluster: ClusterAccess) => Promise<T>): Promise<T> {
  const { kubeconfig, context, namespace } = flags;
  const credentials = await credentialsOf({
    ...(kubeconfig !== undefined && { path: kubeconfig }),
    ...(context !== undefined && { context }),
  });
  const api = new RestClient({
    credentials,
    clock: steadyClock,
    random: Math.random,
    logger: silentLogger,
    metrics: new KubernetesClientMetrics(createRegistry()),
    userAgent: 'kubectl-carbon',
  });
  try {
    return await use({ api, credentials, namespace: namespace ?? credentials.namespace });
  } finally {
    api.close();
  }
}

async function credentialsOf(choice: Parameters<typeof loadKubeConfig>[0]): Promise<KubeConfigCredentials> {
  try {
    return await loadKubeConfig(choice);
  } catch (error) {
    throw new ClusterError(`${wordsOf(error)}\nWithout a cluster, use --sites FILE.`, { cause: error });
  }
}
