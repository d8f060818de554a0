import type { DurationMs } from '../../../domain/units.ts';
import type { Clock } from '../../../ports/clock.ts';
import type {
  KubernetesObject,
  ListPage,
  ListScope,
  ListWatch,
  ResourceType,
  WatchEvent,
} from '../../../ports/kubernetes-api.ts';
import { unanswered } from './api-errors.ts';
import { collectionPath, queryString, resourceName } from './resource-path.ts';
import type { Transport } from './transport.ts';
import { watchEvents } from './watch-stream.ts';

export interface RestListWatchOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly listTimeoutMs: DurationMs;
  readonly watchSilenceMs: DurationMs;
  readonly maxWatchLineBytes: number;
}

interface RawList<T> {
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items?: readonly T[] | null;
}

/** Lists and watches one kind. Nothing is sent again here: the reflector does so, where it is seen. */
export class RestListWatch<T extends KubernetesObject> implements ListWatch<T> {
  readonly resource: ResourceType;
  readonly #scope: ListScope;
  readonly #options: RestListWatchOptions;

  constructor(resource: ResourceType, scope: ListScope, options: RestListWatchOptions) {
    this.resource = resource;
    this.#scope = scope;
    this.#options = options;
  }

  async list(options: { limit: number; continue?: string }, abort: AbortSignal): Promise<ListPage<T>> {
    const { transport, listTimeoutMs: timeoutMs } = this.#options;
    const limit = options.limit === 0 ? undefined : options.limit;
    const path = this.#path({ limit, continue: options.continue });
    const doing = `listing ${this.#what()}`;
    const labels = { verb: 'list', resource: resourceName(this.resource) } as const;
    const list = (await transport.send(
      { method: 'GET', path, doing, labels, timeoutMs, retries: 0 },
      abort,
    )) as RawList<T>;
    if (list.metadata?.resourceVersion === undefined) {
      throw unanswered(doing, 'Malformed', 'the answer is no list with a resourceVersion');
    }
    const { resourceVersion, continue: next } = list.metadata;
    const page = { items: list.items ?? [], resourceVersion };
    return next === undefined || next === '' ? page : { ...page, continue: next };
  }

  async *watch(
    options: { resourceVersion: string; timeoutSeconds: number },
    abort: AbortSignal,
  ): AsyncGenerator<WatchEvent<T>, void, undefined> {
    const { transport, clock, watchSilenceMs: silenceMs, maxWatchLineBytes: maxLineBytes } = this.#options;
    const path = this.#path({ watch: true, allowWatchBookmarks: true, ...options });
    const doing = `watching ${this.#what()}`;
    const labels = { verb: 'watch', resource: resourceName(this.resource) } as const;
    const response = await transport.open({ method: 'GET', path, doing, labels }, abort);
    yield* watchEvents<T>(response, { clock, silenceMs, maxLineBytes, doing, abort });
  }

  #path(query: Parameters<typeof queryString>[0]): string {
    const { labelSelector, fieldSelector } = this.#scope;
    return collectionPath(this.resource, this.#scope) + queryString({ ...query, labelSelector, fieldSelector });
  }

  #what(): string {
    const { namespace } = this.#scope;
    return resourceName(this.resource) + (namespace === undefined ? '' : ` in namespace ${namespace}`);
  }
}
