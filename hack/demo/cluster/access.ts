import { readFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import { Registry } from 'prom-client';
import { loadKubeConfig } from '../../../operator/adapters/kubernetes/client/kube-config.ts';
import { RestClient } from '../../../operator/adapters/kubernetes/client/rest-client.ts';
import type { KubernetesApi } from '../../../operator/ports/kubernetes-api.ts';
import { silentLogger } from '../../../operator/runtime/silent-logger.ts';
import { systemClock } from '../../../operator/runtime/clocks.ts';
import { KubernetesClientMetrics } from '../../../operator/telemetry/kubernetes-client-metrics.ts';
import { ApiClient } from '../../controlplane/client/api-client.ts';
import { currentAccess } from './kubeconfig.ts';

/** A cluster as the one who runs the demo sees it. */
export interface ClusterAccess {
  readonly kubeconfigPath: string;
  readonly context: string;
  readonly server: string;
  /** To make, read and delete. */
  readonly api: ApiClient;
  /** To watch. */
  readonly watches: KubernetesApi;
  close(): void;
}

/** By any kubeconfig that kubectl takes; its current context. Throws where it can't be read or its credentials can't be had. */
export async function accessCluster(kubeconfigPath: string): Promise<ClusterAccess> {
  const credentials = await loadKubeConfig({ path: kubeconfigPath });
  const { context } = currentAccess(await readFile(kubeconfigPath, 'utf8'), kubeconfigPath);
  const { headers, tls, proxy } = await credentials.read();
  const settings = Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined));
  const agent = (proxy as Agent | undefined) ?? new Agent({ keepAlive: true, ...settings });
  const server = credentials.server.href;
  const api = new ApiClient({ server, headers, agent });
  const watches = new RestClient({
    credentials,
    clock: systemClock,
    random: Math.random,
    logger: silentLogger,
    metrics: new KubernetesClientMetrics(new Registry()),
    userAgent: 'sunward-demo',
  });
  const close = (): void => {
    api.close();
    watches.close();
  };
  return { kubeconfigPath, context, server, api, watches, close };
}
