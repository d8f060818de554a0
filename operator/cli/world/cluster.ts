import { JOBS } from '../../adapters/kubernetes/job/job-workload.ts';
import type { RawJob } from '../../adapters/kubernetes/job/raw-job.ts';
import type { CarbonAwareJob } from '../../api/v1alpha1/carbon-aware-job.generated.ts';
import type { CarbonPolicy } from '../../api/v1alpha1/carbon-policy.generated.ts';
import type { ComputeSite } from '../../api/v1alpha1/compute-site.generated.ts';
import { CARBON_AWARE_JOBS, CARBON_POLICIES, COMPUTE_SITES } from '../../api/v1alpha1/kinds.ts';
import { CARBON_AWARE_JOB_LABEL } from '../../api/v1alpha1/labels.ts';
import { NAMESPACES } from '../../controllers/carbonpolicy/policy-record.ts';
import {
  KubernetesApiError,
  type KubernetesApi,
  type KubernetesObject,
  type ListScope,
  type ResourceType,
} from '../../ports/kubernetes-api.ts';
import type { Resources } from './resources.ts';

const PAGE = 500;

/** The cluster could not be asked, or does not let the user look; the message says what to do about it. Exit code 1. */
export class ClusterError extends Error {
  override readonly name = 'ClusterError';
}

type Reader = Pick<KubernetesApi, 'get' | 'listWatch'>;

/**
 * What a cluster has of what a plan is made from, as far as the user may see it. Sites and policies are a must; of jobs those
 * of the user's namespace will do, and the notes say what that leaves out. Throws {@link ClusterError}.
 */
export async function resourcesOf(api: Reader, namespace: string, abort: AbortSignal): Promise<Resources> {
  const [sites, policies] = await Promise.all([
    sitesOf(api, abort),
    must(listed<CarbonPolicy>(api, CARBON_POLICIES, {}, abort)),
  ]);
  const [namespaces, jobs, workloads] = await Promise.all([
    namespacesSeen(api, namespace, abort),
    seen(namespace, (scope) => listed<CarbonAwareJob>(api, CARBON_AWARE_JOBS, scope, abort)),
    seen(namespace, (scope) => listed<RawJob>(api, JOBS, { ...scope, labelSelector: CARBON_AWARE_JOB_LABEL }, abort)),
  ]);
  const notes = jobs.isPart
    ? [`jobs of other namespaces than ${namespace} can't be seen: what they are to run later is not counted`]
    : [];
  if (sites.length === 0) notes.push('the cluster has no ComputeSite: nothing can be placed');
  return {
    sites,
    policies,
    namespaces,
    jobs: jobs.items,
    workloads: workloads.items,
    namespace,
    notes,
  };
}

/** Throws {@link ClusterError}. */
export async function sitesOf(api: Reader, abort: AbortSignal): Promise<readonly ComputeSite[]> {
  return must(listed<ComputeSite>(api, COMPUTE_SITES, {}, abort));
}

async function listed<T extends KubernetesObject>(
  api: Reader,
  resource: ResourceType,
  scope: ListScope,
  abort: AbortSignal,
): Promise<readonly T[]> {
  const source = api.listWatch<T>(resource, scope);
  const items: T[] = [];
  let next: string | undefined;
  do {
    const page = await source.list({ limit: PAGE, ...(next !== undefined && { continue: next }) }, abort);
    items.push(...page.items);
    next = page.continue === '' ? undefined : page.continue;
  } while (next !== undefined);
  return items;
}

interface Seen<T> {
  readonly items: readonly T[];
  /** Of one namespace only, or none: the rest is not the user's to see. */
  readonly isPart: boolean;
}

/** Of all namespaces, else of the user's own, else none. */
async function seen<T>(namespace: string, list: (scope: ListScope) => Promise<readonly T[]>): Promise<Seen<T>> {
  for (const scope of [{}, { namespace }]) {
    try {
      return { items: await list(scope), isPart: 'namespace' in scope };
    } catch (error) {
      if (!isForbidden(error)) throw explained(error);
    }
  }
  return { items: [], isPart: true };
}

/** By their labels policies select them; of one whose labels can't be seen its name is known. */
async function namespacesSeen(
  api: Reader,
  namespace: string,
  abort: AbortSignal,
): Promise<readonly KubernetesObject[]> {
  try {
    return await listed(api, NAMESPACES, {}, abort);
  } catch (error) {
    if (!isForbidden(error)) throw explained(error);
  }
  try {
    return [await api.get(NAMESPACES, { name: namespace }, abort)];
  } catch (error) {
    if (!isForbidden(error) && !isNotFound(error)) throw explained(error);
    return [namespaceByName(namespace)];
  }
}

/** The label that every namespace has. */
export function namespaceByName(name: string): KubernetesObject {
  return { metadata: { name, labels: { 'kubernetes.io/metadata.name': name } } };
}

async function must<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw explained(error);
  }
}

function isForbidden(error: unknown): boolean {
  return error instanceof KubernetesApiError && error.status === 403;
}

function isNotFound(error: unknown): boolean {
  return error instanceof KubernetesApiError && error.status === 404;
}

/** In the words of somebody who sits before a terminal. */
function explained(error: unknown): unknown {
  if (!(error instanceof KubernetesApiError)) return error;
  return new ClusterError(`${error.message}${remedyFor(error)}`, { cause: error });
}

function remedyFor({ reason, status }: KubernetesApiError): string {
  if (status === 0 || reason === 'Unreachable') {
    return '\nIs the cluster up, and is it the one that --kubeconfig and --context mean? Without a cluster, use --sites FILE.';
  }
  if (status === 401) return '\nThe cluster does not know you: log in again.';
  if (status === 403) return '\nAsk an admin for the right to read computesites and carbonpolicies (get, list).';
  if (status === 404) return '\nSunward is not installed there: its resource definitions are missing.';
  return '';
}
