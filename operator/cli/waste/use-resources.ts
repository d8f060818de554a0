import type { CarbonPolicy } from '../../api/v1alpha1/carbon-policy.generated.ts';
import type { ComputeSite } from '../../api/v1alpha1/compute-site.generated.ts';
import { CARBON_POLICIES } from '../../api/v1alpha1/kinds.ts';
import { NODES, type RawNode } from '../../controllers/inventory/node-facts.ts';
import {
  PODS,
  projectPod,
  type PodFacts,
  type PodProjection,
  type RawPod,
} from '../../controllers/inventory/pod-facts.ts';
import {
  KubernetesApiError,
  type KubernetesApi,
  type KubernetesObject,
  type ObjectReference,
  type ResourceType,
} from '../../ports/kubernetes-api.ts';
import { sitesOf } from '../world/cluster.ts';
import type { Manifests } from '../world/manifests.ts';
import { listed, must, namespacesSeen, seen, type Reader } from '../world/reading.ts';

/** The objects that use is assessed from. */
export interface UseResources {
  readonly sites: readonly ComputeSite[];
  readonly policies: readonly CarbonPolicy[];
  readonly namespaces: readonly KubernetesObject[];
  readonly nodes: readonly RawNode[];
  /** Of all namespaces, or of those that the user may see. */
  readonly pods: readonly PodFacts[];
  /** Where the owners of pods are looked up. */
  readonly owners: Pick<KubernetesApi, 'get'>;
  /** All pods and nodes are among them. */
  readonly isWhole: boolean;
  /** What could not be seen and what that leaves out, in sentences. */
  readonly notes: readonly string[];
}

/** The API server leaves out pods that have ended: they hold nothing, and there may be many. */
const NOT_ENDED = 'status.phase!=Succeeded,status.phase!=Failed';

/**
 * What a cluster has of them, as far as the user may see it: sites and policies are a must, of pods those of the user's namespace
 * will do. Throws {@link ClusterError}.
 */
export async function useResourcesOf(
  api: Reader,
  namespace: string,
  projection: PodProjection,
  abort: AbortSignal,
): Promise<UseResources> {
  const [sites, policies] = await Promise.all([
    sitesOf(api, abort),
    must(listed<CarbonPolicy>(api, CARBON_POLICIES, {}, abort)),
  ]);
  const [namespaces, nodes, pods] = await Promise.all([
    namespacesSeen(api, namespace, abort),
    // A scope of one namespace means nothing for nodes: who may not see them sees none.
    seen(namespace, (scope) => ('namespace' in scope ? noNodes() : listed<RawNode>(api, NODES, {}, abort))),
    seen(namespace, (scope) => listed<RawPod>(api, PODS, { ...scope, fieldSelector: NOT_ENDED }, abort)),
  ]);
  return {
    ...{ sites, policies, namespaces, nodes: nodes.items, owners: api },
    pods: projected(pods.items, projection),
    isWhole: !pods.isPart && !nodes.isPart,
    notes: [
      ...(pods.isPart ? [`pods of other namespaces than ${namespace} can't be seen: what they hold is not told`] : []),
      ...(nodes.isPart
        ? [
            "nodes can't be seen: of which product devices are, where, and at what price is not known; ask for the right to list nodes",
          ]
        : []),
      ...(sites.length === 0 ? ['the cluster has no ComputeSite: neither prices nor emissions are known'] : []),
    ],
  };
}

function noNodes(): Promise<readonly RawNode[]> {
  return Promise.resolve([]);
}

/** What stands in files alone: no cluster is asked. */
export function useResourcesFrom(
  { namespaces, objects, policies, sites }: Manifests,
  origin: string,
  namespace: string,
  projection: PodProjection,
): UseResources {
  // What their fields hold nobody has judged: who reads an object reads it as one of unknown shape.
  const ofKind = (kind: string): readonly KubernetesObject[] => objects.filter((object) => object.kind === kind);
  const inNamespace = (pod: KubernetesObject): RawPod => ({
    ...pod,
    metadata: { ...pod.metadata, namespace: pod.metadata.namespace ?? namespace },
  });
  const pods = ofKind(PODS.kind).map(inNamespace);
  const notes = [
    ...(pods.length > 0
      ? []
      : [`${origin} has no Pod: save those of a cluster with kubectl get pods,nodes -A -o yaml`]),
    ...(sites.length > 0 ? [] : [`${origin} has no ComputeSite: neither prices nor emissions are known`]),
  ];
  return {
    ...{ sites, policies, namespaces, notes, isWhole: true },
    nodes: ofKind(NODES.kind),
    pods: projected(pods, projection),
    owners: ownersAmong(objects),
  };
}

function projected(pods: readonly RawPod[], projection: PodProjection): readonly PodFacts[] {
  return pods.flatMap((pod) => projectPod(pod, projection) ?? []);
}

/** What is not among them is the top of its chain, as far as anyone can tell. */
function ownersAmong(objects: readonly KubernetesObject[]): Pick<KubernetesApi, 'get'> {
  const byName = new Map(objects.map((object) => [keyOf(object.kind ?? '', object.metadata), object]));
  return {
    get: <T extends KubernetesObject>({ kind }: ResourceType, ref: ObjectReference): Promise<T> => {
      const found = byName.get(keyOf(kind, ref));
      if (found !== undefined) return Promise.resolve(found as T);
      const message = `${kind} ${ref.namespace ?? ''}/${ref.name} is not among the manifests`;
      return Promise.reject(new KubernetesApiError({ status: 404, reason: 'NotFound', message }));
    },
  };
}

function keyOf(kind: string, { name, namespace = '' }: ObjectReference): string {
  return [kind, namespace, name].join('\n');
}
