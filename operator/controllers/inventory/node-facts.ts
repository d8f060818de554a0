import { REGION_LABEL } from '../../api/v1alpha1/labels.ts';
import type { AcceleratorResource } from '../../domain/accelerators/accelerator-resource.ts';
import { parseQuantity } from '../../domain/quantity.ts';
import type { KubernetesObject, ResourceType } from '../../ports/kubernetes-api.ts';

export const NODES: ResourceType = { group: '', version: 'v1', plural: 'nodes', kind: 'Node', namespaced: false };

/** core/v1 Node, the fields that are read. */
export interface RawNode extends KubernetesObject {
  readonly spec?: { readonly unschedulable?: boolean; readonly taints?: readonly RawTaint[] };
  readonly status?: {
    readonly allocatable?: Readonly<Record<string, string>>;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

interface RawTaint {
  readonly key: string;
  readonly effect: string;
}

/** Accelerators of one resource on one node. */
export interface NodeAccelerators {
  readonly resource: string;
  /** `undefined` where the node lacks the product label of the resource. */
  readonly product: string | undefined;
  /** Devices that pods may hold. */
  readonly allocatable: number;
}

/** What the inventory needs of a node. */
export interface NodeFacts {
  readonly name: string;
  /** `undefined`: the node belongs to no site. */
  readonly region: string | undefined;
  /** Ready, not cordoned, and not about to leave. */
  readonly acceptsWork: boolean;
  readonly accelerators: readonly NodeAccelerators[];
  /**
   * What a label says its devices are of resources of which it offers none now, as while their device plugin starts anew: pods
   * hold theirs nevertheless. Absent where there are none.
   */
  readonly withoutDevices?: readonly Pick<NodeAccelerators, 'resource' | 'product'>[];
}

/**
 * Taints that say that the node is not to get new work, whoever asks. Others, such as `nvidia.com/gpu`, keep away those
 * who don't tolerate them: whether a job does is the job's affair.
 */
const LEAVING_TAINTS = new Set(['ToBeDeletedByClusterAutoscaler', 'karpenter.sh/disrupted', 'karpenter.sh/disruption']);
const SYSTEM_TAINTS = ['node.kubernetes.io/', 'node.cloudprovider.kubernetes.io/'];

/** The projection of the cache of nodes. */
export function projectNode(node: RawNode, resources: readonly AcceleratorResource[]): NodeFacts {
  const labels = node.metadata.labels ?? {};
  const allocatable = node.status?.allocatable ?? {};
  const all = resources.map(({ resource, productLabel }) => {
    return { resource, product: labels[productLabel], allocatable: devices(allocatable[resource]) };
  });
  const withoutDevices = all.flatMap(({ allocatable: count, product, resource }) =>
    count === 0 && product !== undefined ? [{ resource, product }] : [],
  );
  return {
    name: node.metadata.name,
    region: labels[REGION_LABEL],
    acceptsWork: acceptsWork(node),
    accelerators: all.filter((one) => one.allocatable > 0),
    ...(withoutDevices.length > 0 && { withoutDevices }),
  };
}

/** A node's heartbeats change it every few minutes, and mostly nothing that is projected. */
export function sameNode(a: NodeFacts, b: NodeFacts): boolean {
  return (
    a.name === b.name &&
    a.region === b.region &&
    a.acceptsWork === b.acceptsWork &&
    sameAccelerators(a.accelerators, b.accelerators) &&
    sameAccelerators(a.withoutDevices ?? [], b.withoutDevices ?? [])
  );
}

type Accelerators = readonly (Pick<NodeAccelerators, 'resource' | 'product'> & { readonly allocatable?: number })[];

function sameAccelerators(a: Accelerators, b: Accelerators): boolean {
  return (
    a.length === b.length &&
    a.every((one, i) => {
      const other = b[i];
      return one.resource === other?.resource && one.product === other.product && one.allocatable === other.allocatable;
    })
  );
}

function acceptsWork({ metadata, spec, status }: RawNode): boolean {
  const isReady = status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True');
  const isShutOff = spec?.unschedulable === true || metadata.deletionTimestamp !== undefined;
  return isReady === true && !isShutOff && !(spec?.taints ?? []).some(shutsOff);
}

function shutsOff({ key, effect }: RawTaint): boolean {
  if (effect !== 'NoSchedule' && effect !== 'NoExecute') return false;
  return LEAVING_TAINTS.has(key) || SYSTEM_TAINTS.some((prefix) => key.startsWith(prefix));
}

/** Extended resources come in whole devices. */
function devices(quantity: string | undefined): number {
  const parsed = parseQuantity(quantity ?? '0');
  return parsed.ok && parsed.value > 0 ? Math.floor(parsed.value) : 0;
}
