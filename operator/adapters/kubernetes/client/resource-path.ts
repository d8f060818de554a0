import type { ListScope, ObjectReference, ResourceType } from '../../../ports/kubernetes-api.ts';

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** `jobs.batch`, or `pods` for the core group: the resource in messages and labels. */
export function resourceName(resource: ResourceType): string {
  return resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
}

/** Path of all objects of the kind in one namespace, or in all of them. */
export function collectionPath(resource: ResourceType, scope: Pick<ListScope, 'namespace'>): string {
  const { group, version, plural, namespaced } = resource;
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const inNamespace =
    namespaced && scope.namespace !== undefined ? `/namespaces/${encodeURIComponent(scope.namespace)}` : '';
  return `${root}${inNamespace}/${plural}`;
}

/** Path of one object. Throws where a namespaced kind is asked for without a namespace. */
export function objectPath(resource: ResourceType, ref: ObjectReference, subresource?: string): string {
  if (ref.name === '')
    throw new TypeError(`an object of ${resourceName(resource)} is asked for without a name: give one`);
  const suffix = subresource === undefined ? '' : `/${subresource}`;
  return `${namespacePath(resource, ref.namespace)}/${encodeURIComponent(ref.name)}${suffix}`;
}

/** Path of all objects of the kind in the one place where `namespace` says they are. */
export function namespacePath(resource: ResourceType, namespace: string | undefined): string {
  if (resource.namespaced && (namespace === undefined || namespace === '')) {
    throw new TypeError(`${resourceName(resource)} are namespaced: give metadata.namespace`);
  }
  return collectionPath(resource, namespace === undefined ? {} : { namespace });
}

/** `?a=1&b=2`; what is undefined is left out. */
export function queryString(query: Query): string {
  let text = '';
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    text += `${text === '' ? '?' : '&'}${name}=${encodeURIComponent(value)}`;
  }
  return text;
}
