import type { Clock, DurationMs, EpochMs, Random } from '../ports/clock.ts';
import type { WorkQueueMetrics, WorkQueueRecorder, WorkQueueState } from '../telemetry/work-queue-metrics.ts';
import { DelayHeap } from './delay-heap.ts';
import { Fifo } from './fifo.ts';

/** Back-off of a key that failed `n` times in a row: `initial x 2^(n-1)`, at most `max`, shortened by up to half at random. */
export interface RetryBackoff {
  readonly initialMs: DurationMs;
  readonly maxMs: DurationMs;
}

export interface WorkQueueOptions {
  /** Label of the metrics. */
  readonly name: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly metrics: WorkQueueMetrics;
  /** Default: 100 ms to 5 min. */
  readonly backoff?: RetryBackoff;
}

const DEFAULT_BACKOFF: RetryBackoff = { initialMs: 100, maxMs: 300_000 };
/** No sleep is longer, so that a clock that steps is noticed, and no timer overflows. */
const LONGEST_SLEEP_MS: DurationMs = 3_600_000;

/**
 * A queue of keys. A key stands in it at most once; a key that is added while a worker has it runs once more afterwards,
 * never in two workers at once. A worker loops: `get`, work, `done`.
 */
export class WorkQueue {
  readonly name: string;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #backoff: RetryBackoff;
  readonly #recorder: WorkQueueRecorder;
  /** Keys to hand out, in order. */
  readonly #ready = new Fifo<string>();
  /** When each key that is to run was added: those in `#ready`, and those added while a worker has them. */
  readonly #addedAt = new Map<string, EpochMs>();
  /** When each key that a worker has was taken. */
  readonly #startedAt = new Map<string, EpochMs>();
  readonly #delayed = new DelayHeap();
  readonly #failures = new Map<string, number>();
  /** Workers that wait for a key. */
  readonly #takers = new Set<(key: string | undefined) => void>();
  readonly #drainWaiters = new Set<() => void>();
  #timer: { readonly until: EpochMs; readonly cancel: AbortController } | undefined;
  #shutDown = false;

  constructor(options: WorkQueueOptions) {
    this.name = options.name;
    this.#clock = options.clock;
    this.#random = options.random;
    this.#backoff = options.backoff ?? DEFAULT_BACKOFF;
    this.#recorder = options.metrics.recorder(options.name, () => this.state());
  }

  /** Keys that wait for a worker. */
  get depth(): number {
    return this.#ready.size;
  }

  get isShutDown(): boolean {
    return this.#shutDown;
  }

  add(key: string): void {
    if (this.#shutDown || this.#addedAt.has(key)) return;
    this.#addedAt.set(key, this.#clock.now());
    this.#recorder.added();
    if (!this.#startedAt.has(key)) this.#push(key);
  }

  /** Adds the key once `delayMs` have passed. Of two delays of one key the earlier wins; an `add` meanwhile takes none of them away. */
  addAfter(key: string, delayMs: DurationMs): void {
    if (this.#shutDown) return;
    if (!(delayMs > 0)) {
      this.add(key);
      return;
    }
    this.#delayed.add(key, this.#clock.now() + delayMs);
    this.#setTimer();
  }

  /** Adds the key after its back-off, which grows until `forget`, and at least after `atLeastMs`. Returns the delay. */
  addRateLimited(key: string, atLeastMs: DurationMs = 0): DurationMs {
    if (this.#shutDown) return 0;
    const failures = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, failures);
    this.#recorder.retried();
    const longest = Math.min(this.#backoff.maxMs, this.#backoff.initialMs * 2 ** (failures - 1));
    const delayMs = Math.max(atLeastMs, longest * (1 - this.#random() / 2));
    this.addAfter(key, delayMs);
    return delayMs;
  }

  /** The key succeeded: its back-off starts anew. */
  forget(key: string): void {
    this.#failures.delete(key);
  }

  /** How often the key was re-added with back-off since it last succeeded. */
  retries(key: string): number {
    return this.#failures.get(key) ?? 0;
  }

  /**
   * The next key, which is the caller's until it calls `done`. Undefined once `abort` fires,
   * or the queue is shut down and empty.
   */
  get(abort: AbortSignal): Promise<string | undefined> {
    if (abort.aborted) return Promise.resolve(undefined);
    const key = this.#ready.shift();
    if (key !== undefined) return Promise.resolve(this.#take(key));
    if (this.#isDrained()) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const taker = (taken: string | undefined): void => {
        this.#takers.delete(taker);
        abort.removeEventListener('abort', onAbort);
        resolve(taken);
      };
      const onAbort = (): void => {
        taker(undefined);
      };
      abort.addEventListener('abort', onAbort, { once: true });
      this.#takers.add(taker);
    });
  }

  /** The worker has finished with the key. Without this call the key never runs again. */
  done(key: string): void {
    const startedAt = this.#startedAt.get(key);
    if (startedAt === undefined) return;
    this.#startedAt.delete(key);
    this.#recorder.finished(this.#clock.now() - startedAt);
    if (this.#addedAt.has(key)) this.#push(key);
    else this.#announceDrained();
  }

  /** Takes no more keys and drops the delayed ones. What is queued is still handed out; then `get` answers undefined. */
  shutDown(): void {
    this.#shutDown = true;
    this.#delayed.clear();
    this.#timer?.cancel.abort();
    this.#timer = undefined;
    this.#announceDrained();
  }

  /** Resolves once the queue is shut down and every key that was in it is done. */
  drained(): Promise<void> {
    if (this.#isDrained()) return Promise.resolve();
    return new Promise((resolve) => this.#drainWaiters.add(resolve));
  }

  state(): WorkQueueState {
    const now = this.#clock.now();
    let unfinishedMs = 0;
    let longestRunningMs = 0;
    for (const startedAt of this.#startedAt.values()) {
      unfinishedMs += now - startedAt;
      longestRunningMs = Math.max(longestRunningMs, now - startedAt);
    }
    return {
      depth: this.#ready.size,
      delayed: this.#delayed.size,
      retrying: this.#failures.size,
      unfinishedMs,
      longestRunningMs,
    };
  }

  #push(key: string): void {
    const [taker] = this.#takers;
    if (taker === undefined) this.#ready.push(key);
    else taker(this.#take(key));
  }

  #take(key: string): string {
    const now = this.#clock.now();
    this.#recorder.started(now - (this.#addedAt.get(key) ?? now));
    this.#addedAt.delete(key);
    this.#startedAt.set(key, now);
    return key;
  }

  #isDrained(): boolean {
    return this.#shutDown && this.#addedAt.size === 0 && this.#startedAt.size === 0;
  }

  #announceDrained(): void {
    if (!this.#isDrained()) return;
    for (const taker of [...this.#takers]) taker(undefined);
    for (const resolve of this.#drainWaiters) resolve();
    this.#drainWaiters.clear();
  }

  /** One timer for all delayed keys: it sleeps until the first of them, and is set anew when an earlier one comes. */
  #setTimer(): void {
    const first = this.#delayed.peek();
    if (first === undefined || (this.#timer !== undefined && this.#timer.until <= first.readyAt)) return;
    this.#timer?.cancel.abort();
    const sleepMs = Math.min(Math.max(0, first.readyAt - this.#clock.now()), LONGEST_SLEEP_MS);
    const timer = { until: this.#clock.now() + sleepMs, cancel: new AbortController() };
    this.#timer = timer;
    this.#clock.sleep(sleepMs, timer.cancel.signal).then(
      () => {
        this.#addReady();
      },
      () => undefined, // Cancelled: another timer has taken over, or the queue is shut down.
    );
  }

  #addReady(): void {
    this.#timer = undefined;
    const now = this.#clock.now();
    for (let key = this.#delayed.popReady(now); key !== undefined; key = this.#delayed.popReady(now)) this.add(key);
    this.#setTimer();
  }
}
