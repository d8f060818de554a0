import type { WorkloadRef } from '../../../domain/usage/assessment.ts';
import { KubernetesApiError, type KubernetesApi } from '../../../ports/kubernetes-api.ts';
import type { Logger } from '../../../ports/logger.ts';
import { describeError } from '../../../runtime/describe-error.ts';
import { inTurn } from '../../../runtime/in-turn.ts';
import { controllerOf, type Link } from '../../inventory/pod-facts.ts';
import { isName, kindBetween } from './owner-kinds.ts';

/** Whose chain is followed. */
export interface Owned {
  readonly namespace: string;
  /** Its controller, or the pod itself where it has none. */
  readonly first: Link;
}

export interface OwnersOptions {
  readonly api: Pick<KubernetesApi, 'get'>;
  readonly logger: Logger;
  /** Questions at once. Default 8. */
  readonly concurrency?: number;
}

const DEFAULT_CONCURRENCY = 8;
/** Chains are three or four links long; one that is longer has gone wrong. */
const MAX_LINKS = 8;

/** The controller of an object; `undefined` for one that is the top of its chain. */
type Above = Link | undefined;

/**
 * What pods are a part of: each object is asked once for its controller, by name, and only while a pod hangs on it. What may
 * not be read, or is gone, is the top of its chain as far as anyone can tell.
 */
export class Owners {
  readonly #options: OwnersOptions;
  /** By {@link keyOf}. */
  readonly #above = new Map<string, Above>();
  /** Kinds of which one could not be read: said once each. */
  readonly #forbidden = new Set<string>();

  constructor(options: OwnersOptions) {
    this.#options = options;
  }

  /** Follows the chains of these to their ends, and forgets all others. Rejects only with `abort.reason`. */
  async follow(owned: readonly Owned[], abort: AbortSignal): Promise<void> {
    let links = new Map(owned.map((one) => [keyOf(one), one]));
    const seen = new Set<string>();
    for (let depth = 0; depth < MAX_LINKS && links.size > 0; depth++) {
      for (const key of links.keys()) seen.add(key);
      const unknown = [...links].flatMap(([key, one]) => (this.#above.has(key) ? [] : one));
      await inTurn(unknown, this.#options.concurrency ?? DEFAULT_CONCURRENCY, (one) => this.#ask(one, abort));
      links = this.#oneUp(links);
    }
    for (const key of this.#above.keys()) if (!seen.has(key)) this.#above.delete(key);
  }

  /** The end of the chain as far as it is known. */
  workloadOf({ namespace, first }: Owned): WorkloadRef {
    let link = first;
    for (let depth = 0; depth < MAX_LINKS; depth++) {
      const above = this.#above.get(keyOf({ namespace, first: link }));
      if (above === undefined) break;
      link = above;
    }
    const { apiVersion, kind, name, uid } = link;
    return { namespace, apiVersion, kind, name, uid };
  }

  #oneUp(links: ReadonlyMap<string, Owned>): Map<string, Owned> {
    const up = new Map<string, Owned>();
    for (const [key, { namespace }] of links) {
      const above = this.#above.get(key);
      if (above === undefined) continue;
      const owner = { namespace, first: above };
      up.set(keyOf(owner), owner);
    }
    return up;
  }

  async #ask(owned: Owned, abort: AbortSignal): Promise<void> {
    abort.throwIfAborted();
    const { namespace, first } = owned;
    const kind = kindBetween(first);
    if (kind === undefined || !isName(first.name)) {
      this.#above.set(keyOf(owned), undefined);
      return;
    }
    try {
      const { metadata } = await this.#options.api.get(kind, { namespace, name: first.name }, abort);
      // Another of the same name is none of this chain: the one that was is gone.
      const above = metadata.uid === first.uid ? controllerOf(metadata) : undefined;
      this.#above.set(keyOf(owned), above);
    } catch (error) {
      abort.throwIfAborted();
      this.#failed(owned, error);
    }
  }

  /** What is gone or forbidden stays so; whatever else is asked again next time. */
  #failed(owned: Owned, error: unknown): void {
    const link = owned.first;
    const status = error instanceof KubernetesApiError ? error.status : 0;
    if (status === 404) this.#above.set(keyOf(owned), undefined);
    else if (status === 403) {
      this.#above.set(keyOf(owned), undefined);
      const plural = kindBetween(link)?.plural ?? link.kind;
      if (this.#forbidden.has(plural)) return;
      this.#forbidden.add(plural);
      this.#options.logger.warn('the owner of a workload may not be read; the workload is told by what it owns', {
        resource: plural,
        ...describeError(error),
      });
    } else {
      const { kind, name } = link;
      this.#options.logger.warn('the owner of a workload is not known yet', { kind, name, ...describeError(error) });
    }
  }
}

/** All that a reference says: whoever makes a pod may write the uid of another's object into it. */
function keyOf({ namespace, first: { apiVersion, kind, name, uid } }: Owned): string {
  return [namespace, apiVersion, kind, name, uid].join('\n');
}
