import type { Clock, DurationMs, Random } from '../ports/clock.ts';
import { KubernetesApiError } from '../ports/kubernetes-api.ts';
import type { Logger } from '../ports/logger.ts';
import type { ControllerMetrics, ControllerRecorder, ReconcileOutcome } from '../telemetry/controller-metrics.ts';
import { describeError } from './describe-error.ts';
import { turnTaker } from './event-loop.ts';
import { LeadershipLostError } from './leadership/leadership-lost.ts';
import { WorkQueue } from './work-queue.ts';
import type { RetryBackoff } from './work-queue.ts';

export interface ReconcileResult {
  /** Reconcile again after this time, if nothing asks for it earlier. Absent: only when something changes. */
  readonly requeueAfterMs?: DurationMs;
}

/** Brings one object, named by its key (`namespace/name`, or `name`), to what is wanted of it. */
export interface Reconciler {
  /** Label of metrics and logs. */
  readonly name: string;
  /**
   * `abort` fires at the time-out, and when the process ends and the grace is over. What it throws is logged, and retried
   * with back-off; a `KubernetesApiError` 409 is retried without a word, one with `retryAfterMs` no earlier than that.
   */
  reconcile(key: string, abort: AbortSignal): Promise<ReconcileResult>;
}

/** Resolves once a cache that the reconciler reads has seen its first full list. */
export type WaitForSync = (abort: AbortSignal) => Promise<unknown>;

export interface ControllerOptions {
  readonly reconciler: Reconciler;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: ControllerMetrics;
  /** Keys that are reconciled at once. Default 1. */
  readonly concurrency?: number;
  /** Caches to wait for before the first reconcile. */
  readonly waitForSync?: readonly WaitForSync[];
  /** Default: none. */
  readonly reconcileTimeoutMs?: DurationMs;
  /** What reconciles in flight get to finish in when the process is to end. Default 10 s; none where leadership was lost. */
  readonly shutdownGraceMs?: DurationMs;
  /** Default: 100 ms to 5 min. */
  readonly backoff?: RetryBackoff;
}

class ReconcileTimedOutError extends Error {
  override readonly name = 'ReconcileTimedOutError';
}

const DEFAULT_GRACE_MS: DurationMs = 10_000;
/** What a reconcile whose signal has fired gets to let go in. */
const LET_GO_MS: DurationMs = 1_000;

/** The loop around a {@link Reconciler}: a queue of keys, workers, retries. */
export class Controller {
  readonly name: string;
  readonly queue: WorkQueue;
  readonly #options: ControllerOptions;
  readonly #concurrency: number;
  readonly #recorder: ControllerRecorder;
  readonly #logger: Logger;
  readonly #inFlight = new Map<string, AbortController>();
  readonly #takeTurns = turnTaker();

  constructor(options: ControllerOptions) {
    const { reconciler, clock, random, metrics, backoff, concurrency = 1 } = options;
    if (!Number.isInteger(concurrency) || concurrency < 1) {
      throw new RangeError(
        `concurrency of controller ${reconciler.name} is ${concurrency}: give a whole number from 1 on`,
      );
    }
    this.name = reconciler.name;
    this.queue = new WorkQueue({
      name: this.name,
      clock,
      random,
      metrics: metrics.queues,
      ...(backoff && { backoff }),
    });
    this.#options = options;
    this.#concurrency = concurrency;
    this.#recorder = metrics.recorder(this.name, concurrency);
    this.#logger = options.logger.child({ controller: this.name });
  }

  /** Asks for a reconcile of the object. Cheap, and may be called before `run`. */
  enqueue(key: string): void {
    this.queue.add(key);
  }

  enqueueAfter(key: string, delayMs: DurationMs): void {
    this.queue.addAfter(key, delayMs);
  }

  /**
   * Waits for the caches, reconciles until `abort` fires, lets what is in flight finish within the grace, and returns.
   * Rejects only if a cache can't be waited for. Runs once.
   */
  async run(abort: AbortSignal): Promise<void> {
    try {
      await Promise.all((this.#options.waitForSync ?? []).map((wait) => wait(abort)));
      this.#logger.info('controller started', { workers: this.#concurrency, queued: this.queue.depth });
      const workers = Promise.all(Array.from({ length: this.#concurrency }, () => this.#work(abort)));
      await this.#untilStopped(workers, abort);
    } catch (error) {
      if (!abort.aborted) throw error;
    } finally {
      this.queue.shutDown();
    }
    this.#logger.info('controller stopped', { unfinished: [...this.#inFlight.keys()] });
  }

  async #untilStopped(workers: Promise<unknown>, abort: AbortSignal): Promise<void> {
    const stopped = new AbortController();
    const allDone = workers.finally(() => {
      stopped.abort();
    });
    const atMost = (ms: DurationMs): Promise<unknown> =>
      Promise.race([allDone, this.#options.clock.sleep(ms, stopped.signal).catch(() => undefined)]);

    await new Promise((resolve) => {
      if (abort.aborted) resolve(undefined);
      else abort.addEventListener('abort', resolve, { once: true });
    });
    const deposed = abort.reason instanceof LeadershipLostError;
    if (!deposed) await atMost(this.#options.shutdownGraceMs ?? DEFAULT_GRACE_MS);
    for (const controller of this.#inFlight.values()) controller.abort(abort.reason);
    await atMost(LET_GO_MS);
    stopped.abort();
  }

  /** Nothing that a reconciler does ends this loop. */
  async #work(abort: AbortSignal): Promise<void> {
    for (let key = await this.queue.get(abort); key !== undefined; key = await this.queue.get(abort)) {
      try {
        if (!abort.aborted) await this.#reconcile(key);
      } catch {
        // Only a logger that throws comes here; the key is in the queue again by then.
      } finally {
        this.queue.done(key);
      }
      await this.#takeTurns();
    }
  }

  async #reconcile(key: string): Promise<void> {
    const { clock, reconciler } = this.#options;
    const running = new AbortController();
    const startedAt = clock.now();
    let outcome: ReconcileOutcome = 'Error';
    this.#inFlight.set(key, running);
    this.#recorder.started();
    const cancelTimeout = this.#setTimeout(key, running);
    try {
      const { requeueAfterMs } = await reconciler.reconcile(key, running.signal);
      outcome = this.#succeeded(key, requeueAfterMs);
    } catch (error) {
      outcome = outcomeOf(error, running.signal);
      this.#failed(key, error, outcome);
    } finally {
      cancelTimeout();
      this.#inFlight.delete(key);
      this.#recorder.finished(outcome, clock.now() - startedAt);
    }
  }

  #succeeded(key: string, requeueAfterMs: DurationMs | undefined): ReconcileOutcome {
    if (requeueAfterMs !== undefined && !(Number.isFinite(requeueAfterMs) && requeueAfterMs >= 0)) {
      throw new RangeError(`requeueAfterMs is ${requeueAfterMs}: give a time from 0 on, or leave it out`);
    }
    this.queue.forget(key);
    if (requeueAfterMs === undefined) return 'Success';
    this.queue.addAfter(key, requeueAfterMs);
    return 'RequeueAfter';
  }

  #failed(key: string, error: unknown, outcome: ReconcileOutcome): void {
    const atLeastMs = error instanceof KubernetesApiError ? error.retryAfterMs : undefined;
    const retryInMs = Math.round(this.queue.addRateLimited(key, atLeastMs));
    const fields = { key, result: outcome, retries: this.queue.retries(key), retryInMs };
    if (outcome === 'Conflict' || outcome === 'Aborted') this.#logger.debug('reconcile to be repeated', fields);
    else this.#logger.error('reconcile failed', { ...fields, ...describeError(error) });
  }

  /** At the time-out the signal fires. The key stays with its worker until the reconcile lets go: it never runs twice at once. */
  #setTimeout(key: string, running: AbortController): () => void {
    const { clock, reconcileTimeoutMs } = this.#options;
    if (reconcileTimeoutMs === undefined) return () => undefined;
    const cancel = new AbortController();
    clock.sleep(reconcileTimeoutMs, cancel.signal).then(
      () => {
        this.#logger.warn('reconcile exceeds its time-out', { key, timeoutMs: reconcileTimeoutMs });
        running.abort(new ReconcileTimedOutError(`reconcile of ${key} took longer than ${reconcileTimeoutMs} ms`));
      },
      () => undefined,
    );
    return () => {
      cancel.abort();
    };
  }
}

function outcomeOf(error: unknown, abort: AbortSignal): ReconcileOutcome {
  if (abort.aborted) return abort.reason instanceof ReconcileTimedOutError ? 'TimedOut' : 'Aborted';
  return error instanceof KubernetesApiError && error.status === 409 && error.reason === 'Conflict'
    ? 'Conflict'
    : 'Error';
}
