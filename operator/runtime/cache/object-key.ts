import type { ObjectReference } from '../../ports/kubernetes-api.ts';

/** `namespace/name`, or `name` for a cluster-scoped object: the key of stores, queues and controllers. */
export function objectKey(ref: ObjectReference): string {
  return ref.namespace === undefined || ref.namespace === '' ? ref.name : `${ref.namespace}/${ref.name}`;
}

/** The inverse of {@link objectKey}. */
export function parseObjectKey(key: string): ObjectReference {
  const slash = key.indexOf('/');
  return slash < 0 ? { name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
