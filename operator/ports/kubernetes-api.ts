import type { ObjectMeta, OwnerReference } from '../api/v1alpha1/object-meta.ts';
import type { DurationMs } from '../domain/units.ts';

export type { ObjectMeta, OwnerReference };

export interface KubernetesObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta;
}

/** A kind as the API server's paths name it, e.g. `{group: 'batch', version: 'v1', plural: 'jobs', kind: 'Job', namespaced: true}`. */
export interface ResourceType {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

export interface ObjectReference {
  readonly name: string;
  readonly namespace?: string;
}

/** One of several things that are wrong, e.g. a field that another manager owns (`FieldManagerConflict`). */
export interface StatusCause {
  readonly reason?: string;
  readonly message?: string;
  /** Path of the field, e.g. `.spec.suspend`. */
  readonly field?: string;
}

/** What the API server refused, or that no whole answer came (`status` 0). */
export class KubernetesApiError extends Error {
  override readonly name = 'KubernetesApiError';
  /** HTTP status; 0 where no whole answer came. */
  readonly status: number;
  /**
   * `reason` of the Status object, e.g. `Conflict`, `AlreadyExists`, `Expired`. With status 0: `Unreachable` (reset, refused,
   * time-out), `Silent` (a watch on which nothing came for too long), `Truncated`, `Malformed` (not what the API speaks),
   * `TooLarge`, `CredentialsUnreadable`.
   */
  readonly reason: string;
  readonly retryAfterMs: DurationMs | undefined;
  /** `details.causes` of the Status object. */
  readonly causes: readonly StatusCause[];

  constructor(failure: KubernetesApiFailure, options?: ErrorOptions) {
    super(failure.message, options);
    this.status = failure.status;
    this.reason = failure.reason;
    this.retryAfterMs = failure.retryAfterMs;
    this.causes = failure.causes ?? [];
  }
}

export interface KubernetesApiFailure {
  readonly status: number;
  readonly reason: string;
  readonly message: string;
  readonly retryAfterMs?: DurationMs | undefined;
  readonly causes?: readonly StatusCause[] | undefined;
}

export type WatchEvent<T> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T }
  | { readonly type: 'BOOKMARK'; readonly resourceVersion: string };

export interface ListPage<T> {
  readonly items: readonly T[];
  readonly resourceVersion: string;
  /** Token of the next page; absent on the last. */
  readonly continue?: string;
}

/** One kind in one scope, to be listed and watched. Both throw {@link KubernetesApiError}; 410 means: list anew. Items of a list bear no `kind`. */
export interface ListWatch<T extends KubernetesObject> {
  readonly resource: ResourceType;
  /** `limit` 0: everything in one page. */
  list(options: { limit: number; continue?: string }, abort: AbortSignal): Promise<ListPage<T>>;
  /** Ends normally when the server closes the stream, throws when it breaks. */
  watch(options: { resourceVersion: string; timeoutSeconds: number }, abort: AbortSignal): AsyncIterable<WatchEvent<T>>;
}

export interface WriteOptions {
  /** Field manager of the write. */
  readonly fieldManager: string;
  /** `status` for the status subresource. */
  readonly subresource?: 'status';
  /** The server does everything but store. */
  readonly dryRun?: boolean;
  /** `Strict` refuses unknown and duplicate fields; default `Warn`. */
  readonly fieldValidation?: 'Strict' | 'Warn' | 'Ignore';
}

export interface DeleteOptions {
  readonly propagationPolicy: 'Background' | 'Foreground' | 'Orphan';
  /** Delete only this incarnation. */
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

/**
 * The API server, as little of it as the operator needs. Every call throws {@link KubernetesApiError}, or `abort.reason`
 * once `abort` has fired. Every implementation passes the suite in `test/contract/kubernetes-api`.
 */
export interface KubernetesApi {
  get<T extends KubernetesObject>(resource: ResourceType, ref: ObjectReference, abort: AbortSignal): Promise<T>;
  create<T extends KubernetesObject>(
    resource: ResourceType,
    object: T,
    options: WriteOptions,
    abort: AbortSignal,
  ): Promise<T>;
  /** PUT: the object's resourceVersion makes it a compare-and-swap. */
  replace<T extends KubernetesObject>(
    resource: ResourceType,
    object: T,
    options: WriteOptions,
    abort: AbortSignal,
  ): Promise<T>;
  /** Server-side apply. Without `force`, a field of another manager is a 409. */
  apply<T extends KubernetesObject>(
    resource: ResourceType,
    object: KubernetesObject,
    options: WriteOptions & { force?: boolean },
    abort: AbortSignal,
  ): Promise<T>;
  /** JSON merge patch. A `metadata.resourceVersion` in it makes it a compare-and-swap. */
  mergePatch<T extends KubernetesObject>(
    resource: ResourceType,
    ref: ObjectReference,
    patch: object,
    options: WriteOptions,
    abort: AbortSignal,
  ): Promise<T>;
  /** JSON patch (RFC 6902). */
  jsonPatch<T extends KubernetesObject>(
    resource: ResourceType,
    ref: ObjectReference,
    patch: readonly JsonPatchOperation[],
    options: WriteOptions,
    abort: AbortSignal,
  ): Promise<T>;
  delete(resource: ResourceType, ref: ObjectReference, options: DeleteOptions, abort: AbortSignal): Promise<void>;
  listWatch<T extends KubernetesObject>(resource: ResourceType, scope?: ListScope): ListWatch<T>;
}

export interface JsonPatchOperation {
  readonly op: 'add' | 'remove' | 'replace' | 'test';
  readonly path: string;
  readonly value?: unknown;
}

export interface ListScope {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}
