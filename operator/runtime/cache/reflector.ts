import type { Clock, DurationMs, EpochMs, Random } from '../../ports/clock.ts';
import { KubernetesApiError } from '../../ports/kubernetes-api.ts';
import type { KubernetesObject, ListPage, ListWatch, WatchEvent } from '../../ports/kubernetes-api.ts';
import type { Logger } from '../../ports/logger.ts';
import type { ReflectorFault, ReflectorMetrics, ReflectorRecorder } from '../../telemetry/reflector-metrics.ts';
import { Backoff } from '../backoff.ts';
import type { BackoffOptions } from '../backoff.ts';
import { describeError } from '../describe-error.ts';
import { turnTaker } from '../event-loop.ts';
import { Replica, WentBackError } from './replica.ts';
import type { Change } from './replica.ts';
import type { Store } from './store.ts';

export interface ReflectorOptions<T extends KubernetesObject, P> {
  /** Label of metrics and logs. Default: the resource, e.g. `jobs.batch`. */
  readonly name?: string;
  readonly listWatch: ListWatch<T>;
  /** Where projections go. The reflector is its only writer. */
  readonly store: Store<P, string>;
  /** The fields that are needed of an object; undefined leaves it out of the store. Must not keep hold of the object itself. */
  readonly project: (object: T) => P | undefined;
  /** Told after the store has changed, in order. What it throws is logged and counted. */
  readonly onChange?: (change: Change<P>) => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: ReflectorMetrics;
  /** Objects a page of the list. Default 500. */
  readonly pageSize?: number;
  /** Default: 500 ms to 30 s. */
  readonly backoff?: BackoffOptions;
}

const DEFAULT_PAGE_SIZE = 500;
const DEFAULT_BACKOFF: BackoffOptions = { initialMs: 500, maxMs: 30_000, resetAfterMs: 120_000 };
/** A server that asks for more is asked again after this, so that a wrong header can't stop the operator. */
const LONGEST_RETRY_AFTER_MS: DurationMs = 300_000;
/** The server ends a watch after 5 to 10 minutes: spread, so that watches don't all come back at once. */
const SHORTEST_WATCH_SECONDS = 300;
/** A watch that ends sooner and has told nothing is a failure. */
const LEAST_WATCH_MS: DurationMs = 1_000;
/** So many watches in a row that tell nothing and break, and the cache is listed anew. A server that is away doesn't count. */
const FRUITLESS_WATCHES_BEFORE_LIST = 5;
/** A page that a list asks for when its continue token has expired: everything at once. */
const NO_LIMIT = 0;

/**
 * Keeps a store equal to what the API server has of one kind in one scope: lists in pages, then watches from there, with
 * bookmarks. A lost watch goes on where it was; an expired one (410) is listed anew, and what is gone is found by difference.
 */
export class Reflector<T extends KubernetesObject, P> {
  readonly name: string;
  readonly #options: ReflectorOptions<T, P>;
  readonly #logger: Logger;
  readonly #recorder: ReflectorRecorder;
  readonly #replica: Replica<T, P>;
  readonly #backoff: Backoff;
  readonly #takeTurns = turnTaker();
  readonly #syncWaiters = new Set<() => void>();
  #hasSynced = false;
  #startedAt: EpochMs | undefined;
  #lastHeardAt: EpochMs | undefined;
  #mustList = true;
  #pageSize: number;
  #fruitlessWatches = 0;

  constructor(options: ReflectorOptions<T, P>) {
    const { group, plural } = options.listWatch.resource;
    this.name = options.name ?? (group === '' ? plural : `${plural}.${group}`);
    this.#options = options;
    this.#pageSize = options.pageSize ?? DEFAULT_PAGE_SIZE;
    this.#logger = options.logger.child({ reflector: this.name });
    this.#backoff = new Backoff(options.backoff ?? DEFAULT_BACKOFF, options.clock, options.random);
    this.#recorder = options.metrics.recorder(this.name, () => ({
      objects: options.store.size,
      hasSynced: this.#hasSynced,
      ageMs: this.ageMs(),
    }));
    this.#replica = new Replica({
      store: options.store,
      project: options.project,
      notify: (change) => {
        this.#notify(change);
      },
      projectionFailed: (key, error) => {
        this.#fault('ProjectionFailed', 'projecting an object failed; the cache keeps what it had of it', key, error);
      },
    });
  }

  /** The store has held a full list at least once. */
  get hasSynced(): boolean {
    return this.#hasSynced;
  }

  /** When the server was last heard: a page of a list, an event, a bookmark. */
  get lastHeardAt(): EpochMs | undefined {
    return this.#lastHeardAt;
  }

  /** Time since then; since the start of `run` where the server was not heard at all. */
  ageMs(): DurationMs {
    const since = this.#lastHeardAt ?? this.#startedAt;
    return since === undefined ? 0 : this.#options.clock.now() - since;
  }

  /** Resolves once the first full list is in the store; rejects with `abort.reason`. */
  whenSynced(abort: AbortSignal): Promise<void> {
    if (this.#hasSynced) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#syncWaiters.delete(onSynced);
        reject(abort.reason as Error);
      };
      const onSynced = (): void => {
        abort.removeEventListener('abort', onAbort);
        resolve();
      };
      if (abort.aborted) {
        reject(abort.reason as Error);
        return;
      }
      abort.addEventListener('abort', onAbort, { once: true });
      this.#syncWaiters.add(onSynced);
    });
  }

  /**
   * Takes in an object that a write has just returned, so that who wrote it reads it back. What is older than the cache changes
   * nothing. The object must be within the scope that is watched.
   */
  observe(object: T): void {
    this.#replica.observe(object);
  }

  /** Lists and watches until `abort` fires, whatever happens. */
  async run(abort: AbortSignal): Promise<void> {
    this.#startedAt = this.#options.clock.now();
    while (!abort.aborted) {
      try {
        if (this.#mustList) await this.#list(abort);
        await this.#watch(abort);
      } catch (error) {
        await this.#recover(error, abort);
      }
    }
  }

  async #list(abort: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    const startedAt = clock.now();
    let result: 'Success' | 'Error' = 'Error';
    try {
      const resourceVersion = await this.#takePages(abort);
      this.#replica.endList(resourceVersion);
      result = 'Success';
    } finally {
      this.#recorder.listed(result, clock.now() - startedAt);
    }
    this.#mustList = false;
    this.#fruitlessWatches = 0;
    this.#pageSize = this.#options.pageSize ?? DEFAULT_PAGE_SIZE;
    const objects = this.#options.store.size;
    this.#logger.debug('listed', { objects, tookMs: clock.now() - startedAt });
    if (this.#hasSynced) return;
    this.#hasSynced = true;
    this.#logger.info('cache synced', { objects });
    for (const resolve of this.#syncWaiters) resolve();
    this.#syncWaiters.clear();
  }

  async #takePages(abort: AbortSignal): Promise<string> {
    this.#replica.beginList();
    let page: ListPage<T> | undefined;
    do {
      page = await this.#options.listWatch.list({ limit: this.#pageSize, ...continueAfter(page) }, abort);
      this.#heard();
      this.#replica.takePage(page.items);
      await this.#takeTurns();
    } while (page.continue !== undefined);
    return page.resourceVersion;
  }

  async #watch(abort: AbortSignal): Promise<void> {
    const { clock, listWatch, random } = this.#options;
    const startedAt = clock.now();
    const timeoutSeconds = Math.floor(SHORTEST_WATCH_SECONDS * (1 + random()));
    const { resourceVersion } = this.#replica;
    let events = 0;
    this.#recorder.watchStarted();
    for await (const event of listWatch.watch({ resourceVersion, timeoutSeconds }, abort)) {
      this.#heard();
      this.#recorder.event(event.type);
      this.#apply(event);
      this.#fruitlessWatches = 0;
      events += 1;
      await this.#takeTurns();
    }
    if (events === 0 && clock.now() - startedAt < LEAST_WATCH_MS && !abort.aborted) {
      throw new Error('the server ended the watch at once, without an event');
    }
  }

  #apply(event: WatchEvent<T>): void {
    if (event.type === 'BOOKMARK') this.#replica.applyBookmark(event.resourceVersion);
    else if (!this.#replica.applyEvent(event.type, event.object)) this.#recorder.staleEvent();
  }

  /** Decides whether the watch can go on where it was, and waits. Never throws. */
  async #recover(error: unknown, abort: AbortSignal): Promise<void> {
    if (abort.aborted) return;
    const { clock } = this.#options;
    const delayMs = Math.max(this.#backoff.next(), this.#askedDelay(error));
    this.#recorder.failed(reasonOf(error));
    this.#pageSize = this.#mustList && isExpired(error) ? NO_LIMIT : (this.#options.pageSize ?? DEFAULT_PAGE_SIZE);
    if (reasonOf(error) !== 'Unreachable') this.#fruitlessWatches += 1;
    if (needsList(error) || this.#fruitlessWatches >= FRUITLESS_WATCHES_BEFORE_LIST) this.#mustList = true;
    this.#logger.warn(this.#mustList ? 'cache to be listed anew' : 'watch interrupted', {
      reason: reasonOf(error),
      retryInMs: Math.round(delayMs),
      failures: this.#backoff.failures,
      ...describeInterruption(error),
    });
    await clock.sleep(delayMs, abort).catch(() => undefined);
  }

  /** The Retry-After of the server, lengthened by up to a fifth, so that those who were sent away don't come back at once. */
  #askedDelay(error: unknown): DurationMs {
    const askedMs = error instanceof KubernetesApiError ? (error.retryAfterMs ?? 0) : 0;
    return Math.min(askedMs, LONGEST_RETRY_AFTER_MS) * (1 + this.#options.random() / 5);
  }

  #heard(): void {
    this.#lastHeardAt = this.#options.clock.now();
  }

  #notify(change: Change<P>): void {
    try {
      this.#options.onChange?.(change);
    } catch (error) {
      this.#fault('HandlerFailed', 'a handler of changes failed', change.key, error);
    }
  }

  #fault(reason: ReflectorFault, message: string, key: string, error: unknown): void {
    this.#recorder.failed(reason);
    this.#logger.error(message, { reason, key, ...describeError(error) });
  }
}

function continueAfter(page: ListPage<KubernetesObject> | undefined): { continue?: string } {
  return page?.continue === undefined ? {} : { continue: page.continue };
}

function reasonOf(error: unknown): string {
  if (error instanceof KubernetesApiError) return error.reason;
  return error instanceof WentBackError ? 'WentBack' : 'Unexpected';
}

/** That a server is away is no fault in the code: no stack. */
function describeInterruption(error: unknown): Readonly<Record<string, unknown>> {
  const { stack, ...words } = describeError(error);
  return error instanceof KubernetesApiError ? words : { ...words, stack };
}

function isExpired(error: unknown): boolean {
  return error instanceof KubernetesApiError && error.status === 410;
}

/** Only what says nothing against the resource version lets the watch go on: no answer, 429, 5xx. */
function needsList(error: unknown): boolean {
  if (!(error instanceof KubernetesApiError)) return error instanceof WentBackError;
  // The same event would come again.
  if (error.reason === 'Malformed' || error.reason === 'TooLarge') return true;
  return error.status >= 400 && error.status < 500 && error.status !== 429;
}
