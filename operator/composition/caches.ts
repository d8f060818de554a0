import type { CarbonAwareJob } from '../api/v1alpha1/carbon-aware-job.generated.ts';
import type { CarbonPolicy } from '../api/v1alpha1/carbon-policy.generated.ts';
import type { ComputeSite } from '../api/v1alpha1/compute-site.generated.ts';
import { CARBON_AWARE_JOBS, CARBON_POLICIES, COMPUTE_SITES } from '../api/v1alpha1/kinds.ts';
import { CARBON_AWARE_JOB_LABEL } from '../api/v1alpha1/labels.ts';
import type { EpochMs } from '../domain/units.ts';
import type { Config } from '../config/config.ts';
import { JOBS } from '../adapters/kubernetes/job/job-workload.ts';
import type { RawJob } from '../adapters/kubernetes/job/raw-job.ts';
import { workloadOfJob } from '../adapters/kubernetes/job/workload-of-job.ts';
import { PODS_BY_WORKLOAD } from '../controllers/carbonawarejob/gather.ts';
import { jobRecordOf, type JobRecord } from '../controllers/carbonawarejob/job-record.ts';
import {
  NAMESPACES,
  policyRecordOf,
  projectNamespace,
  type NamespaceFacts,
  type PolicyRecord,
} from '../controllers/carbonpolicy/policy-record.ts';
import { siteRecordOf, type SiteRecord } from '../controllers/computesite/site-record.ts';
import { NODES, projectNode, type NodeFacts, type RawNode } from '../controllers/inventory/node-facts.ts';
import { PODS, podProjectionOf, projectPod, type PodFacts, type RawPod } from '../controllers/inventory/pod-facts.ts';
import {
  projectSlice,
  RESOURCE_SLICES,
  type RawResourceSlice,
  type SliceFacts,
} from '../controllers/inventory/slice-facts.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { KubernetesApi, KubernetesObject, ListScope, ResourceType } from '../ports/kubernetes-api.ts';
import type { Logger } from '../ports/logger.ts';
import type { Workload } from '../ports/workloads.ts';
import { optionalListWatch } from '../runtime/cache/optional-list-watch.ts';
import { Reflector } from '../runtime/cache/reflector.ts';
import type { Change } from '../runtime/cache/replica.ts';
import { Store, type IndexFunction } from '../runtime/cache/store.ts';
import type { ReflectorMetrics } from '../telemetry/reflector-metrics.ts';

export interface CacheOptions {
  readonly api: KubernetesApi;
  readonly config: Pick<Config, 'accelerators' | 'usage'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: ReflectorMetrics;
}

/** A store, the reflector that fills it, and those that listen. */
export interface Cache<T extends KubernetesObject, P> {
  readonly store: Store<P, string>;
  readonly reflector: Reflector<T, P>;
  /** Told of every change from then on. What a listener throws is logged and stops nobody else. */
  listen(listener: (change: Change<P>) => void): void;
}

/** Everything of the API server that the operator looks at, projected to what it needs. */
export interface Caches {
  readonly jobs: Cache<CarbonAwareJob, JobRecord>;
  readonly workloads: Cache<RawJob, Workload>;
  readonly pods: Cache<RawPod, PodFacts>;
  readonly nodes: Cache<RawNode, NodeFacts>;
  readonly slices: Cache<RawResourceSlice, SliceFacts>;
  readonly sites: Cache<ComputeSite, SiteRecord>;
  readonly policies: Cache<CarbonPolicy, PolicyRecord>;
  readonly namespaces: Cache<KubernetesObject, NamespaceFacts>;
}

export function createCaches(options: CacheOptions): Caches {
  const projection = podProjectionOf(options.config);
  const { resources } = projection;
  const cache = cacheMaker(options);
  return {
    jobs: cache(CARBON_AWARE_JOBS, (job: CarbonAwareJob) => jobRecordOf(job, projection)),
    workloads: cache(JOBS, workloadOfJob, { scope: { labelSelector: CARBON_AWARE_JOB_LABEL } }),
    pods: cache(PODS, (pod: RawPod) => projectPod(pod, projection), {
      indexes: { [PODS_BY_WORKLOAD]: ({ workloadUid }: PodFacts) => (workloadUid === '' ? [] : [workloadUid]) },
    }),
    nodes: cache(NODES, (node: RawNode) => projectNode(node, resources)),
    slices: cache(RESOURCE_SLICES, projectSlice, { optional: true }),
    sites: cache(COMPUTE_SITES, siteRecordOf),
    policies: cache(CARBON_POLICIES, policyRecordOf),
    namespaces: cache(NAMESPACES, projectNamespace),
  };
}

interface CacheSettings<P> {
  readonly scope?: ListScope;
  readonly indexes?: Readonly<Record<string, IndexFunction<P>>>;
  /** Not every API server serves it: ResourceSlices came with Kubernetes 1.34. */
  readonly optional?: boolean;
}

function cacheMaker({ api, clock, random, logger, metrics }: CacheOptions) {
  return <T extends KubernetesObject, P>(
    resource: ResourceType,
    project: (object: T) => P | undefined,
    { scope, indexes, optional = false }: CacheSettings<P> = {},
  ): Cache<T, P> => {
    const store = new Store<P, string>({ ...(indexes && { indexes }) });
    const listWatch = api.listWatch<T>(resource, scope);
    const listeners: ((change: Change<P>) => void)[] = [];
    const reflector = new Reflector<T, P>({
      listWatch: optional ? optionalListWatch(listWatch, clock) : listWatch,
      store,
      project,
      clock,
      random,
      logger,
      metrics,
      onChange: (change) => {
        const thrown = listeners.flatMap((listener) =>
          failureOf(() => {
            listener(change);
          }),
        );
        if (thrown.length > 0) throw new AggregateError(thrown, 'telling of a change');
      },
    });
    return { store, reflector, listen: (listener) => listeners.push(listener) };
  };
}

function failureOf(act: () => void): readonly unknown[] {
  try {
    act();
    return [];
  } catch (error) {
    return [error];
  }
}

/** Lists and watches until `abort` fires. */
export async function runCaches(caches: Caches, abort: AbortSignal): Promise<void> {
  await Promise.all(reflectorsOf(caches).map((reflector) => reflector.run(abort)));
}

export function haveSynced(caches: Caches): boolean {
  return reflectorsOf(caches).every(({ hasSynced }) => hasSynced);
}

export async function whenSynced(caches: Caches, abort: AbortSignal): Promise<void> {
  await Promise.all(reflectorsOf(caches).map((reflector) => reflector.whenSynced(abort)));
}

/** When the API server was last heard of the accelerators, by the cache that was not heard the longest. */
export function inventoryHeardAt({ nodes, pods, slices }: Caches): EpochMs | undefined {
  const heard = [nodes, pods, slices].map(({ reflector }) => reflector.lastHeardAt);
  return heard.some((at) => at === undefined) ? undefined : Math.min(...heard.map((at) => at ?? NaN));
}

function reflectorsOf(
  caches: Caches,
): readonly Pick<Reflector<KubernetesObject, unknown>, 'run' | 'whenSynced' | 'hasSynced'>[] {
  return Object.values(caches as unknown as Record<string, Cache<KubernetesObject, unknown>>).map(
    ({ reflector }) => reflector,
  );
}
