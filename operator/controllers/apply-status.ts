import { API_VERSION } from '../api/v1alpha1/kinds.ts';
import { STATUS_FIELD_MANAGER } from '../api/v1alpha1/labels.ts';
import {
  KubernetesApiError,
  type KubernetesApi,
  type KubernetesObject,
  type ResourceType,
} from '../ports/kubernetes-api.ts';

/** The version of an object that a status was found for. */
export interface JudgedObject {
  readonly name: string;
  readonly namespace?: string;
  readonly resourceVersion?: string | undefined;
}

/** What is written, and on which version. */
interface WrittenStatus<S> {
  readonly object: JudgedObject;
  readonly status: S;
}

/**
 * Server-side apply of the whole status, so that what it no longer says is gone, and only on the version that was judged:
 * a 409 where the object has changed. The API server ignores a uid here; the version alone makes it this very object.
 */
export function applyStatus<T extends KubernetesObject & { readonly status?: unknown }>(
  api: Pick<KubernetesApi, 'apply'>,
  resource: ResourceType,
  { object, status }: WrittenStatus<NonNullable<T['status']>>,
  abort: AbortSignal,
): Promise<T> {
  const { name, namespace, resourceVersion } = object;
  const metadata = {
    name,
    ...(namespace !== undefined && { namespace }),
    ...(resourceVersion !== undefined && { resourceVersion }),
  };
  const body = { apiVersion: API_VERSION, kind: resource.kind, metadata, status };
  const options = { fieldManager: STATUS_FIELD_MANAGER, subresource: 'status', force: true } as const;
  return api.apply<T>(resource, body, options, abort);
}

/** {@link applyStatus}, or `undefined` where the object is gone, which the cache will say in a moment. */
export async function applyStatusIfThere<T extends KubernetesObject & { readonly status?: unknown }>(
  ...write: Parameters<typeof applyStatus<T>>
): Promise<T | undefined> {
  try {
    return await applyStatus<T>(...write);
  } catch (error) {
    if (error instanceof KubernetesApiError && error.status === 404) return undefined;
    throw error;
  }
}
