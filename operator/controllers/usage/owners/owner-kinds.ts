import type { ResourceType } from '../../../ports/kubernetes-api.ts';

/**
 * Kinds that run pods for something above them, as their controllers have it: a Pod as well, the leader of a LeaderWorkerSet, which
 * controls the StatefulSet of its workers. Whatever is not among them is taken for the top of its chain: a PyTorchJob, a Workflow.
 * The chart grants `get` on these and on nothing else.
 */
const KINDS_BETWEEN: readonly ResourceType[] = [
  { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true },
  { group: 'apps', version: 'v1', plural: 'replicasets', kind: 'ReplicaSet', namespaced: true },
  { group: 'apps', version: 'v1', plural: 'deployments', kind: 'Deployment', namespaced: true },
  { group: 'apps', version: 'v1', plural: 'statefulsets', kind: 'StatefulSet', namespaced: true },
  { group: 'batch', version: 'v1', plural: 'jobs', kind: 'Job', namespaced: true },
  { group: 'jobset.x-k8s.io', version: 'v1alpha2', plural: 'jobsets', kind: 'JobSet', namespaced: true },
  { group: 'ray.io', version: 'v1', plural: 'rayclusters', kind: 'RayCluster', namespaced: true },
];

/** Whoever makes a pod writes its references: what is no version, or no name, is asked for nowhere. */
const VERSION = /^v\d+((alpha|beta)\d+)?$/;
const NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

export function isName(name: string): boolean {
  return NAME.test(name);
}

/** The kind that a reference names, in the version that the reference names; `undefined` for one that is no link of a chain. */
export function kindBetween({ apiVersion, kind }: { apiVersion: string; kind: string }): ResourceType | undefined {
  // Of the kinds of the core it is the version alone.
  const [group = '', version = '', ...more] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const known = KINDS_BETWEEN.find((one) => one.kind === kind && one.group === group);
  return known === undefined || !VERSION.test(version) || more.length > 0 ? undefined : { ...known, version };
}
