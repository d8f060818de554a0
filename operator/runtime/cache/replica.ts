import type { KubernetesObject } from '../../ports/kubernetes-api.ts';
import { objectKey } from './object-key.ts';
import { compareResourceVersions } from './resource-version.ts';
import type { Store } from './store.ts';

/** What happened to an object of the store. An object that was deleted and made anew is a `deleted` and an `added`. */
export type Change<P> =
  | { readonly type: 'added'; readonly key: string; readonly current: P }
  | { readonly type: 'updated'; readonly key: string; readonly previous: P; readonly current: P }
  | { readonly type: 'deleted'; readonly key: string; readonly previous: P };

/** A bookmark is older than what was seen: the server's data went back, as after a restore of etcd. */
export class WentBackError extends Error {
  override readonly name = 'WentBackError';
}

export interface ReplicaOptions<T extends KubernetesObject, P> {
  readonly store: Store<P, string>;
  readonly project: (object: T) => P | undefined;
  /** Told after the store has changed. Must not throw. */
  readonly notify: (change: Change<P>) => void;
  /** The projection of one object failed; the store keeps what it had of it. */
  readonly projectionFailed: (key: string, error: unknown) => void;
}

interface Version {
  readonly resourceVersion: string;
  readonly uid: string;
}

/**
 * Brings lists, events and the results of own writes into a store, in whatever order they come: nothing old takes the place of
 * what is newer. A full list is the truth and may go back in time; everything else only forward.
 */
export class Replica<T extends KubernetesObject, P> {
  readonly #options: ReplicaOptions<T, P>;
  /** What the store holds, by key. */
  readonly #versions = new Map<string, Version>();
  /** Versions at which objects left the store, until a bookmark covers them. */
  readonly #tombstones = new Map<string, string>();
  /** Everything up to here was seen: an unknown object that is older is one that is gone. */
  #completeUpTo = '';
  #resourceVersion = '';
  /** While a list is under way: the keys that it had, and those that a write of ours has touched meanwhile. */
  #listing: { readonly seen: Set<string>; readonly observed: Set<string> } | undefined;

  constructor(options: ReplicaOptions<T, P>) {
    this.#options = options;
  }

  /** Where a watch goes on; empty before the first list. */
  get resourceVersion(): string {
    return this.#resourceVersion;
  }

  beginList(): void {
    this.#listing = { seen: new Set(), observed: new Set() };
  }

  takePage(items: readonly T[]): void {
    for (const object of items) {
      const key = objectKey(object.metadata);
      this.#listing?.seen.add(key);
      const known = this.#versions.get(key);
      const { resourceVersion, uid } = versionOf(object);
      if (known?.resourceVersion === resourceVersion && known.uid === uid) continue;
      if (this.#listing?.observed.has(key) === true && this.#isStale(key, resourceVersion)) continue;
      this.#set(key, object);
    }
  }

  /** What the list did not have is gone. `resourceVersion` is the list's. */
  endList(resourceVersion: string): void {
    const listing = this.#listing;
    this.#listing = undefined;
    for (const [key, known] of [...this.#versions]) {
      const writtenSince = listing?.observed.has(key) === true && isNewer(known.resourceVersion, resourceVersion);
      if (listing?.seen.has(key) === false && !writtenSince) this.#remove(key, resourceVersion);
    }
    this.#tombstones.clear();
    this.#completeUpTo = resourceVersion;
    this.#resourceVersion = resourceVersion;
  }

  /** False where the event tells nothing new. */
  applyEvent(type: 'ADDED' | 'MODIFIED' | 'DELETED', object: T): boolean {
    const { resourceVersion } = versionOf(object);
    const key = objectKey(object.metadata);
    if (isNewer(resourceVersion, this.#resourceVersion)) this.#resourceVersion = resourceVersion;
    if (type !== 'DELETED') {
      if (this.#isStale(key, resourceVersion)) return false;
      this.#set(key, object);
      return true;
    }
    const known = this.#versions.get(key)?.resourceVersion;
    // The same version isn't stale here: an object that leaves a selector is deleted at the version of its last change.
    if (known !== undefined && isOlder(resourceVersion, known)) return false;
    this.#remove(key, resourceVersion);
    return known !== undefined;
  }

  /** Throws {@link WentBackError}. */
  applyBookmark(resourceVersion: string): void {
    if (isOlder(resourceVersion, this.#resourceVersion)) {
      throw new WentBackError(
        `bookmark ${resourceVersion} is older than ${this.#resourceVersion}, which was seen already`,
      );
    }
    this.#resourceVersion = resourceVersion;
    this.#completeUpTo = resourceVersion;
    for (const [key, deletedAt] of this.#tombstones) {
      if (!isOlder(resourceVersion, deletedAt)) this.#tombstones.delete(key);
    }
  }

  /** Takes in what a write returned. It does not move the watch on: events of others may lie before it. */
  observe(object: T): void {
    const key = objectKey(object.metadata);
    if (this.#isStale(key, versionOf(object).resourceVersion)) return;
    this.#listing?.observed.add(key);
    this.#set(key, object);
  }

  #isStale(key: string, resourceVersion: string): boolean {
    const known = this.#versions.get(key)?.resourceVersion ?? this.#tombstones.get(key);
    if (known !== undefined) return !isNewer(resourceVersion, known);
    return this.#completeUpTo !== '' && !isNewer(resourceVersion, this.#completeUpTo);
  }

  #set(key: string, object: T): void {
    const { store, project, notify, projectionFailed } = this.#options;
    const version = versionOf(object);
    let current: P | undefined;
    try {
      current = project(object);
      if (current === undefined) {
        this.#remove(key, version.resourceVersion);
        return;
      }
      if ((this.#versions.get(key)?.uid ?? version.uid) !== version.uid) this.#remove(key, version.resourceVersion);
      const previous = store.get(key);
      store.set(key, current);
      this.#versions.set(key, version);
      this.#tombstones.delete(key);
      notify(previous === undefined ? { type: 'added', key, current } : { type: 'updated', key, previous, current });
    } catch (error) {
      projectionFailed(key, error);
    }
  }

  #remove(key: string, resourceVersion: string): void {
    const buriedAt = this.#tombstones.get(key);
    if (buriedAt === undefined || isNewer(resourceVersion, buriedAt)) this.#tombstones.set(key, resourceVersion);
    this.#versions.delete(key);
    const previous = this.#options.store.get(key);
    if (previous === undefined) return;
    this.#options.store.delete(key);
    this.#options.notify({ type: 'deleted', key, previous });
  }
}

function versionOf(object: KubernetesObject): Version {
  return { resourceVersion: object.metadata.resourceVersion ?? '', uid: object.metadata.uid ?? '' };
}

/** Versions that differ and can't be compared are taken in the order in which they come: `a`, the later one, counts as newer. */
function isNewer(a: string, b: string): boolean {
  return (compareResourceVersions(a, b) ?? 1) > 0;
}

/** Known to be older: not where they can't be compared. */
function isOlder(a: string, b: string): boolean {
  return (compareResourceVersions(a, b) ?? 0) < 0;
}
