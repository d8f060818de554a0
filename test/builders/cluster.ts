import type { CarbonPolicy, CarbonPolicySpec } from '../../operator/api/v1alpha1/carbon-policy.generated.ts';
import type { ComputeSite, ComputeSiteSpec } from '../../operator/api/v1alpha1/compute-site.generated.ts';
import type { ObjectMeta } from '../../operator/api/v1alpha1/object-meta.ts';
import { formatTime } from '../../operator/api/v1alpha1/timestamps.ts';
import type { RawNode } from '../../operator/controllers/inventory/node-facts.ts';
import type { RawPod } from '../../operator/controllers/inventory/pod-facts.ts';
import type { RawResourceSlice } from '../../operator/controllers/inventory/slice-facts.ts';
import { H100, MIDNIGHT } from './planning.ts';

/** A ready node of region `north` with eight H100s. */
export function aNode(name: string, overrides: Partial<Omit<RawNode, 'metadata'>> & { labels?: object } = {}): RawNode {
  const { labels, ...rest } = overrides;
  return {
    metadata: {
      name,
      labels: { 'topology.kubernetes.io/region': 'north', 'nvidia.com/gpu.product': H100, ...labels },
    },
    status: {
      allocatable: { cpu: '128', memory: '1Ti', 'nvidia.com/gpu': '8' },
      conditions: [{ type: 'Ready', status: 'True' }],
    },
    ...rest,
  };
}

/** A running pod of nobody's Job that holds `gpus` on a node. */
export function aPod(
  name: string,
  node: string | undefined,
  overrides: Partial<Omit<RawPod, 'metadata'>> & { gpus?: number; metadata?: Partial<ObjectMeta> } = {},
): RawPod {
  const { gpus = 1, metadata, ...rest } = overrides;
  const resources = { requests: { 'nvidia.com/gpu': String(gpus) }, limits: { 'nvidia.com/gpu': String(gpus) } };
  return {
    metadata: { name, namespace: 'research', ...metadata },
    spec: { ...(node !== undefined && { nodeName: node }), containers: [{ resources }] },
    status: { phase: node === undefined ? 'Pending' : 'Running' },
    ...rest,
  };
}

/** What the Job controller gives the pods of the Job that carries a CarbonAwareJob. */
export function metadataOfJobPod(job: string): Partial<ObjectMeta> {
  return {
    labels: { 'sunward.dev/carbon-aware-job': job },
    ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: job, uid: `uid-of-${job}`, controller: true }],
  };
}

export function aSlice(name: string, nodeName: string, devices = 8, driver = 'gpu.nvidia.com'): RawResourceSlice {
  return { metadata: { name }, spec: { driver, nodeName, devices: Array.from({ length: devices }, () => ({})) } };
}

/** A site of this cluster in region `north`, fed by SE-SE3, created at midnight. */
export function aComputeSite(
  name: string,
  spec: Partial<ComputeSiteSpec> = {},
  rest: { metadata?: Partial<ObjectMeta>; status?: ComputeSite['status'] } = {},
): ComputeSite {
  return {
    apiVersion: 'sunward.dev/v1alpha1',
    kind: 'ComputeSite',
    metadata: {
      name,
      uid: `uid-of-${name}`,
      resourceVersion: '1',
      generation: 1,
      creationTimestamp: formatTime(MIDNIGHT),
      ...rest.metadata,
    },
    spec: { region: 'north', zone: 'SE-SE3', pue: '1.1', cluster: { local: {} }, ...spec },
    ...(rest.status !== undefined && { status: rest.status }),
  };
}

/** A policy for every namespace, created at midnight. */
export function aCarbonPolicy(
  name: string,
  spec: Partial<CarbonPolicySpec> = {},
  metadata: Partial<ObjectMeta> = {},
): CarbonPolicy {
  return {
    apiVersion: 'sunward.dev/v1alpha1',
    kind: 'CarbonPolicy',
    metadata: { name, resourceVersion: '1', generation: 1, creationTimestamp: formatTime(MIDNIGHT), ...metadata },
    spec: { namespaceSelector: {}, ...spec },
  };
}
