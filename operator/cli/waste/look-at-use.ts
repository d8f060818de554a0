import type { CredentialSource } from '../../adapters/kubernetes/client/connection.ts';
import { PrometheusMetricsSource } from '../../adapters/metrics/prometheus/source.ts';
import { podProjectionOf } from '../../controllers/inventory/pod-facts.ts';
import type { WasteClass } from '../../domain/usage/assessment.ts';
import { readNamed, type Terminal } from '../terminal.ts';
import { withCluster } from '../world/cluster-access.ts';
import { clockAt, configAt, type LookFlags } from '../world/look.ts';
import { readManifests } from '../world/manifests.ts';
import type { WorldOptions } from '../world/sites-known.ts';
import { prometheusAddress, type PrometheusAddress } from './prometheus-address.ts';
import { prometheusAt } from './prometheus-at.ts';
import { useResourcesFrom, useResourcesOf, type UseResources } from './use-resources.ts';
import { useSeen } from './use-seen.ts';
import type { UseSight, WasteChoice } from './sight.ts';

/** Where to look and what for, as the command line says it. */
export interface WasteFlags extends LookFlags {
  readonly prometheus?: string;
  readonly allNamespaces?: boolean;
  readonly class?: WasteClass;
  readonly top: number;
}

/** Looks at a cluster, or at files, and asks Prometheus. Throws {@link UsageError} or {@link ClusterError}. */
export async function lookAtUse(
  flags: WasteFlags,
  terminal: Terminal,
  abort: AbortSignal,
): Promise<{ readonly sight: UseSight; readonly choice: WasteChoice }> {
  const options: WorldOptions = {
    config: await configAt(flags.config, terminal),
    clock: clockAt(flags.at, terminal.clock),
    intensityFile: flags.intensity,
  };
  const address = flags.prometheus === undefined ? undefined : prometheusAddress(flags.prometheus);
  const projection = podProjectionOf(options.config);
  const choiceIn = (namespace: string): WasteChoice => ({
    ...{ class: flags.class, top: flags.top },
    namespace: flags.allNamespaces === true ? undefined : namespace,
  });
  const { sites } = flags;
  if (sites !== undefined) {
    const namespace = flags.namespace ?? 'default';
    const manifests = readManifests(await readNamed(sites, '--sites', terminal), sites);
    const found = useResourcesFrom(manifests, sites, namespace, projection);
    return { sight: await measured(found, { address, options }, abort), choice: choiceIn(namespace) };
  }
  return withCluster(flags, async ({ api, credentials, namespace }) => {
    const found = await useResourcesOf(api, namespace, projection, abort);
    return { sight: await measured(found, { address, credentials, options }, abort), choice: choiceIn(namespace) };
  });
}

interface Measuring {
  readonly address: PrometheusAddress | undefined;
  /** Of the cluster; absent where there is none. */
  readonly credentials?: CredentialSource;
  readonly options: WorldOptions;
}

async function measured(
  found: UseResources,
  { address, credentials, options }: Measuring,
  abort: AbortSignal,
): Promise<UseSight> {
  if (address === undefined) return useSeen(found, undefined, options, abort);
  const { close, prometheus } = prometheusAt(address, credentials);
  try {
    const source = new PrometheusMetricsSource({ prometheus, ...options.config.usage.prometheus });
    return await useSeen(found, source, options, abort);
  } finally {
    close();
  }
}
