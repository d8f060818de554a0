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
  readonly resourceVersion: string | undefined;
}

/**
 * Server-side apply of the whole status, so that what it no longer says is gone, and only on the version that was judged:
 * a 409 where the object has changed. `undefined` where it is gone, which the cache will say in a moment.
 */
export async function applyStatus<T extends KubernetesObject & { readonly status?: unknown }>(
  api: Pick<KubernetesApi, 'apply'>,
  resource: ResourceType,
  written: { readonly object: JudgedObject; readonly status: NonNullable<T['status']> },
  abort: AbortSignal,
): Promise<T | undefined> {
  const { object, status } = written;
  const { name, resourceVersion } = object;
  const body = {
    apiVersion: API_VERSION,
    kind: resource.kind,
    metadata: { name, ...(resourceVersion !== undefined && { resourceVersion }) },
    status,
  };
  const options = { fieldManager: STATUS_FIELD_MANAGER, subresource: 'status', force: true } as const;
  try {
    return await api.apply<T>(resource, body, options, abort);
  } catch (error) {
    if (error instanceof KubernetesApiError && error.status === 404) return undefined;
    throw error;
  }
}
