import { NAMESPACES } from '../../controllers/carbonpolicy/policy-record.ts';
import {
  KubernetesApiError,
  type KubernetesApi,
  type KubernetesObject,
  type ListScope,
  type ResourceType,
} from '../../ports/kubernetes-api.ts';

const PAGE = 500;

/** The cluster could not be asked, or does not let the user look; the message says what to do about it. Exit code 1. */
export class ClusterError extends Error {
  override readonly name = 'ClusterError';
}

export type Reader = Pick<KubernetesApi, 'get' | 'listWatch'>;

export async function listed<T extends KubernetesObject>(
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

export interface Seen<T> {
  readonly items: readonly T[];
  /** Of one namespace only, or none: the rest is not the user's to see. */
  readonly isPart: boolean;
}

/** Of all namespaces, else of the user's own, else none. */
export async function seen<T>(namespace: string, list: (scope: ListScope) => Promise<readonly T[]>): Promise<Seen<T>> {
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
export async function namespacesSeen(
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

export async function must<T>(answer: Promise<T>): Promise<T> {
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
