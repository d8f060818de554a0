import { KubernetesApiError } from '../ports/kubernetes-api.ts';
import type {
  JsonPatchOperation,
  KubernetesApi,
  KubernetesObject,
  ObjectMeta,
  ResourceType,
} from '../ports/kubernetes-api.ts';

export interface FinalizerOptions {
  readonly api: KubernetesApi;
  readonly resource: ResourceType;
  /** Qualified by a domain, e.g. `sunward.dev/cleanup`. */
  readonly name: string;
  readonly fieldManager: string;
}

const LIST = '/metadata/finalizers';
/** Someone else changes the list at the same moment: read and try again, this often. */
const MOST_ATTEMPTS = 5;

/**
 * Holds the deletion of an object back until what belongs to it outside of its cluster or namespace is gone. `add` comes before
 * the first of these things is made, `remove` after the last is gone. Both may be called any number of times. They touch this one
 * entry: each patch tests what it found, so that no other finalizer is lost or brought back.
 */
export class Finalizer<T extends KubernetesObject> {
  readonly name: string;
  readonly #options: FinalizerOptions;

  constructor(options: FinalizerOptions) {
    this.name = options.name;
    this.#options = options;
  }

  isOn(object: T): boolean {
    return object.metadata.finalizers?.includes(this.name) ?? false;
  }

  /** The object as it is with the finalizer; undefined where it is being deleted or gone: then nothing may be made for it. */
  async add(object: T, abort: AbortSignal): Promise<T | undefined> {
    const present = (current: T): boolean => this.isOn(current) || current.metadata.deletionTimestamp !== undefined;
    const result = await this.#change(object, { isDone: present, patchFor: (meta) => this.#addition(meta) }, abort);
    return result === undefined || !this.isOn(result) || result.metadata.deletionTimestamp !== undefined
      ? undefined
      : result;
  }

  /** Lets the object go. It is fine if it is gone already. */
  async remove(object: T, abort: AbortSignal): Promise<void> {
    const absent = (current: T): boolean => !this.isOn(current);
    await this.#change(object, { isDone: absent, patchFor: (meta) => this.#removal(meta) }, abort);
  }

  /** Patches the object as it was last seen; where that is refused, reads it and tries anew. Undefined where it is gone. */
  async #change(
    object: T,
    change: { isDone: (object: T) => boolean; patchFor: (meta: ObjectMeta) => JsonPatchOperation[] },
    abort: AbortSignal,
  ): Promise<T | undefined> {
    const { api, resource, fieldManager } = this.#options;
    let current = object;
    for (let attempt = 1; ; attempt++) {
      if (change.isDone(current)) return current;
      try {
        const patch = [testOf('/metadata/uid', object.metadata.uid), ...change.patchFor(current.metadata)];
        return await api.jsonPatch<T>(resource, refOf(object.metadata), patch, { fieldManager }, abort);
      } catch (error) {
        if (isStatus(error, 404)) return undefined;
        // 422: a test of the patch failed, or the object is being deleted and takes no new finalizer.
        const changed = isStatus(error, 422) || isStatus(error, 409);
        if (!changed || attempt === MOST_ATTEMPTS) throw error;
      }
      const read = await this.#read(object.metadata, abort);
      if (read === undefined) return undefined;
      current = read;
    }
  }

  /** The object as it is now; undefined where it, or this incarnation of it, is gone. */
  async #read(meta: ObjectMeta, abort: AbortSignal): Promise<T | undefined> {
    try {
      const current = await this.#options.api.get<T>(this.#options.resource, refOf(meta), abort);
      return current.metadata.uid === meta.uid ? current : undefined;
    } catch (error) {
      if (isStatus(error, 404)) return undefined;
      throw error;
    }
  }

  #addition({ finalizers }: ObjectMeta): JsonPatchOperation[] {
    // Without a list there is nothing to append to, and setting one must not replace one that has just come.
    return finalizers === undefined || finalizers.length === 0
      ? [testOf(LIST, null), { op: 'add', path: LIST, value: [this.name] }]
      : [testOf(LIST, finalizers), { op: 'add', path: `${LIST}/-`, value: this.name }];
  }

  #removal({ finalizers = [] }: ObjectMeta): JsonPatchOperation[] {
    const path = `${LIST}/${finalizers.indexOf(this.name)}`;
    return [testOf(path, this.name), { op: 'remove', path }];
  }
}

function testOf(path: string, value: unknown): JsonPatchOperation {
  return { op: 'test', path, value };
}

function refOf({ name, namespace }: ObjectMeta): { name: string; namespace?: string } {
  return namespace === undefined ? { name } : { name, namespace };
}

function isStatus(error: unknown, status: number): boolean {
  return error instanceof KubernetesApiError && error.status === status;
}
