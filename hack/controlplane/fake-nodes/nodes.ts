import { waitFor } from '../process/wait.ts';
import type { ApiClient } from '../client/api-client.ts';
import { ApiRequestError } from '../client/api-client.ts';

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}

/** Like nodes, in one place and with the same accelerators. */
export interface NodeGroup {
  /** Label `topology.kubernetes.io/region`. */
  readonly region: string;
  /** Label `topology.kubernetes.io/zone`; default the region with `a` behind it. */
  readonly zone?: string;
  /** Label `<resource>.product`, e.g. `NVIDIA-H100-80GB-HBM3`. */
  readonly product: string;
  /** Accelerators a node. */
  readonly gpus: number;
  /** Nodes; default 1. */
  readonly count?: number;
  /** Extended resource; default `nvidia.com/gpu`. */
  readonly resource?: string;
  /** Names become `<namePrefix>-0` …; default region and product. */
  readonly namePrefix?: string;
  readonly taints?: readonly Taint[];
  readonly labels?: Readonly<Record<string, string>>;
  /** Default: what has the cluster's own kwok keep them. */
  readonly annotations?: Readonly<Record<string, string>>;
}

interface Node {
  readonly spec: { readonly taints?: readonly Taint[] };
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

const READY_TIMEOUT_MS = 60_000;
const CONCURRENT_CREATES = 16;
/** What admission adds and the node lifecycle controller takes away. */
const NOT_READY_TAINT = 'node.kubernetes.io/not-ready';

/**
 * Creates fake nodes that kwok keeps, and waits until pods can land on each: Ready and without the taint `not-ready`.
 * Nodes that exist are left as they are. Needs kwok and the controller manager.
 * @returns the names of the nodes
 */
export async function createNodes(
  client: ApiClient,
  groups: readonly NodeGroup[],
  abort?: AbortSignal,
): Promise<string[]> {
  const nodes = groups.flatMap(nodesOf);
  const pending = [...nodes];
  const worker = async (): Promise<void> => {
    for (let node = pending.shift(); node !== undefined; node = pending.shift())
      await createIfAbsent(client, node, abort);
  };
  await Promise.all(Array.from({ length: CONCURRENT_CREATES }, worker));
  const names = nodes.map((node) => node.metadata.name);
  await untilSchedulable(client, names, abort);
  return names;
}

/** The Node objects of a group. */
export function nodesOf(group: NodeGroup) {
  const resource = group.resource ?? 'nvidia.com/gpu';
  const prefix = group.namePrefix ?? `${group.region}-${group.product}`;
  const quantities = { cpu: '128', memory: '1Ti', pods: '110', [resource]: String(group.gpus) };
  return Array.from({ length: group.count ?? 1 }, (_, index) => {
    const name = `${prefix}-${index}`.toLowerCase().replace(/[^a-z0-9.-]/g, '-');
    return {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name,
        annotations: group.annotations ?? { 'kwok.x-k8s.io/node': 'fake' },
        labels: {
          type: 'kwok',
          'kubernetes.io/hostname': name,
          'kubernetes.io/os': 'linux',
          'kubernetes.io/arch': 'amd64',
          'topology.kubernetes.io/region': group.region,
          'topology.kubernetes.io/zone': group.zone ?? `${group.region}a`,
          [`${resource}.product`]: group.product,
          ...group.labels,
        },
      },
      spec: { taints: group.taints ?? [] },
      status: { capacity: quantities, allocatable: quantities },
    };
  });
}

async function createIfAbsent(client: ApiClient, node: object, abort: AbortSignal | undefined): Promise<void> {
  try {
    await client.request('/api/v1/nodes', { method: 'POST', body: node, abort });
  } catch (error) {
    if (!(error instanceof ApiRequestError) || error.reason !== 'AlreadyExists') throw error;
  }
}

async function untilSchedulable(
  client: ApiClient,
  names: readonly string[],
  abort: AbortSignal | undefined,
): Promise<void> {
  const waiting = new Set(names);
  await waitFor(
    { for: `${names.length} nodes to be ready`, timeoutMs: READY_TIMEOUT_MS, intervalMs: 100, abort },
    async () => {
      for (const name of waiting) {
        const node = await client.request<Node>(`/api/v1/nodes/${name}`, { abort });
        if (!isSchedulable(node)) return undefined;
        waiting.delete(name);
      }
      return true;
    },
  );
}

function isSchedulable(node: Node): boolean {
  const isReady = node.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
  return isReady && !(node.spec.taints ?? []).some((taint) => taint.key === NOT_READY_TAINT);
}
