import type { KubernetesObject } from '../../ports/kubernetes-api.ts';

/** What happened to a resource since the handler last heard of it. */
export const ResourceEventType = { Added: 'ADDED', Modified: 'MODIFIED', Deleted: 'DELETED' } as const;
export type ResourceEventType = (typeof ResourceEventType)[keyof typeof ResourceEventType];

export interface ResourceEvent {
  readonly meta: ResourceMeta;
  readonly type: ResourceEventType;
  /** The handler's own copy: it may change it. Of a deleted resource the last state that was seen. */
  readonly object: KubernetesObject;
}

export interface ResourceMeta {
  readonly name: string;
  readonly namespace?: string;
  /** Which kind, e.g. `widgets.example.io/v1`. */
  readonly id: string;
  readonly resourceVersion: string;
  readonly apiVersion: string;
  readonly kind: string;
}

export class ResourceMetaImpl implements ResourceMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly id: string;
  readonly resourceVersion: string;
  readonly apiVersion: string;
  readonly kind: string;

  static createWithId(id: string, object: KubernetesObject): ResourceMeta {
    return new ResourceMetaImpl(id, object);
  }

  static createWithPlural(plural: string, object: KubernetesObject): ResourceMeta {
    return new ResourceMetaImpl(`${plural}.${object.apiVersion ?? ''}`, object);
  }

  private constructor(id: string, { apiVersion, kind, metadata }: KubernetesObject) {
    const { name, namespace, resourceVersion } = metadata;
    if (name === '' || !resourceVersion || !apiVersion || !kind) {
      throw new Error(`an object of ${id} lacks name, resourceVersion, apiVersion or kind`);
    }
    this.id = id;
    this.name = name;
    if (namespace !== undefined) this.namespace = namespace;
    this.resourceVersion = resourceVersion;
    this.apiVersion = apiVersion;
    this.kind = kind;
  }
}
