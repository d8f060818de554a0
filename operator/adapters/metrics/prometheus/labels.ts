import type { GpuInstance, PodName, PodOnNode } from '../../../domain/usage/device-usage.ts';
import type { PrometheusSeries } from '../../../ports/prometheus-query.ts';

type Labels = PrometheusSeries['labels'];

/** Names of labels, best first: the first that a series has, and not empty, counts. */
export interface UsageLabels {
  /** UUID of the GPU. */
  readonly gpu: readonly string[];
  /** Id of a MIG instance; a whole GPU has none of them. */
  readonly instance: readonly string[];
  readonly profile: readonly string[];
  readonly node: readonly string[];
  /** In pairs: the pod and the namespace of two families are two pods. */
  readonly pods: readonly PodLabels[];
}

export interface PodLabels {
  readonly pod: string;
  readonly namespace: string;
}

/**
 * As the DCGM exporter and Kepler write them. `exported_*` is what Prometheus makes of their `pod` and `namespace` where it has
 * labels of its own by these names, those of the exporter's pod; so does it to `pod_name` of nobody, which is why that counts
 * before `pod`: beside Kepler's `pod_name` there is Kepler's own `pod`.
 */
export const DEFAULT_LABELS: UsageLabels = {
  gpu: ['UUID', 'uuid', 'gpu_uuid'],
  instance: ['GPU_I_ID'],
  profile: ['GPU_I_PROFILE'],
  node: ['Hostname', 'hostname', 'node_name', 'node', 'exported_node'],
  pods: [
    { pod: 'exported_pod', namespace: 'exported_namespace' },
    { pod: 'pod_name', namespace: 'pod_namespace' },
    { pod: 'pod', namespace: 'namespace' },
  ],
};

/** Which device a series is of, and who holds it. */
export interface DeviceName {
  readonly gpu: string;
  readonly instance: GpuInstance | undefined;
  readonly node: string | undefined;
  readonly pod: PodName | undefined;
}

/** Who or what a series is of; what is the same has the same key. */
export interface Named<T> {
  readonly key: string;
  readonly of: T;
}

/** `undefined` where no label says which GPU it is. A GPU has one node, however a label calls it: it is not in the key. */
export function deviceIn(labels: Labels, names: UsageLabels): Named<DeviceName> | undefined {
  const gpu = firstOf(labels, names.gpu);
  if (gpu === undefined) return undefined;
  const id = firstOf(labels, names.instance);
  const instance = id === undefined ? undefined : { id, profile: firstOf(labels, names.profile) ?? '' };
  const pod = podIn(labels, names);
  return {
    key: [gpu, id ?? '', pod?.key ?? ''].join('\n'),
    of: { gpu, instance, node: firstOf(labels, names.node), pod: pod?.of },
  };
}

function podIn(labels: Labels, { pods }: UsageLabels): Named<PodName> | undefined {
  const family = pods.find(({ pod, namespace }) => isThere(labels[pod]) && isThere(labels[namespace]));
  if (family === undefined) return undefined;
  const [name = '', namespace = ''] = [labels[family.pod], labels[family.namespace]];
  return { key: `${namespace}/${name}`, of: { namespace, name } };
}

/** A pod is on one node; of two with one name, as of a StatefulSet's that moved, each draws its own. */
export function podOnNodeIn(labels: Labels, names: UsageLabels): Named<PodOnNode> | undefined {
  const pod = podIn(labels, names);
  const node = firstOf(labels, names.node);
  return pod && { key: [pod.key, node ?? ''].join('\n'), of: { ...pod.of, node } };
}

export function nodeIn(labels: Labels, names: UsageLabels): Named<string> | undefined {
  const node = firstOf(labels, names.node);
  return node === undefined ? undefined : { key: node, of: node };
}

/** What `by (…)` keeps of a series: enough to tell whose it is, and no more. */
export function deviceLabels({ gpu, instance, profile, node, pods }: UsageLabels): readonly string[] {
  return unique([...gpu, ...instance, ...profile, ...node, ...podLabels({ pods })]);
}

export function podOnNodeLabels({ node, pods }: Pick<UsageLabels, 'node' | 'pods'>): readonly string[] {
  return unique([...podLabels({ pods }), ...node]);
}

function podLabels({ pods }: Pick<UsageLabels, 'pods'>): readonly string[] {
  return unique(pods.flatMap(({ pod, namespace }) => [pod, namespace]));
}

function firstOf(labels: Labels, names: readonly string[]): string | undefined {
  for (const name of names) if (isThere(labels[name])) return labels[name];
  return undefined;
}

function isThere(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
