import type { Clock, DurationMs, EpochMs, Random } from '../../ports/clock.ts';
import type { KubernetesApi } from '../../ports/kubernetes-api.ts';
import type { Logger } from '../../ports/logger.ts';
import type { LeaderMetrics, LeaderRecorder } from '../../telemetry/leader-metrics.ts';
import { describeError } from '../describe-error.ts';
import { LeadershipLostError } from './leadership-lost.ts';
import { LeaseLock } from './lease-lock.ts';
import type { LockState } from './lease-lock.ts';
import { within } from '../within.ts';

export interface LeaseTiming {
  /** Others may take the lease this long after its last change. Default 15 s. */
  readonly leaseDurationMs: DurationMs;
  /** Who could not renew for this long stops leading. Default 10 s. */
  readonly renewDeadlineMs: DurationMs;
  /** Time between attempts. Default 2 s. */
  readonly retryPeriodMs: DurationMs;
}

export interface LeaderElectionOptions {
  readonly api: KubernetesApi;
  readonly lease: { readonly namespace: string; readonly name: string };
  /** Names this process and no other, ever: a pod's name and something random. */
  readonly identity: string;
  /** A clock that never steps ({@link steadyClock}): its drift against others' counts, its time of day does not. */
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: LeaderMetrics;
  readonly timing?: Partial<LeaseTiming>;
  /**
   * What only the leader does. `abort` fires when the process is to end, and when the lease could not be renewed in time (with a
   * {@link LeadershipLostError}): then it must stop within `leaseDurationMs - renewDeadlineMs`. The lease is renewed until it
   * returns.
   */
  readonly lead: (abort: AbortSignal) => Promise<void>;
}

const DEFAULT_TIMING: LeaseTiming = { leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 2_000 };
/** Waits between attempts are lengthened by up to this share at random, so that contenders don't come together. */
const JITTER_SHARE = 0.2;
/** A leader whose renewal failed tries again after this share of the retry period: its deadline is near. */
const RETRY_SHARE = 0.25;
const RELEASE_LIMIT_MS: DurationMs = 5_000;

/**
 * Waits for the lease, then leads. Resolves when `lead` has returned and the lease is released, or when `abort` fires while
 * waiting. Rejects with what `lead` throws, and with {@link LeadershipLostError} when the lease is lost: the process should then
 * exit non-zero and be started anew, because what it holds in memory and in flight belongs to a reign that is over.
 */
export async function runAsLeader(options: LeaderElectionOptions, abort: AbortSignal): Promise<void> {
  await new LeaderElection(options).run(abort);
}

class LeaderElection {
  readonly #options: LeaderElectionOptions;
  readonly #timing: LeaseTiming;
  readonly #lock: LeaseLock;
  readonly #logger: Logger;
  readonly #recorder: LeaderRecorder;
  /** When the last successful write was asked for: no other contender saw the record change before that. */
  #heldSince: EpochMs = 0;

  constructor(options: LeaderElectionOptions) {
    const { api, lease, identity, clock } = options;
    this.#options = options;
    this.#timing = checked({ ...DEFAULT_TIMING, ...options.timing });
    this.#lock = new LeaseLock({ api, lease, identity, clock, leaseDurationMs: this.#timing.leaseDurationMs });
    const leaseName = `${lease.namespace}/${lease.name}`;
    this.#logger = options.logger.child({ lease: leaseName, identity });
    this.#recorder = options.metrics.recorder(leaseName);
  }

  async run(abort: AbortSignal): Promise<void> {
    try {
      await this.#acquire(abort);
    } catch (error) {
      if (!abort.aborted) throw error;
      if (this.#lock.mayBeHeld) await this.#release();
      return;
    }
    this.#logger.info('leading', { transitions: this.#lock.transitions });
    this.#recorder.leads(true);
    try {
      await this.#lead(abort);
    } finally {
      this.#recorder.leads(false);
    }
  }

  async #acquire(abort: AbortSignal): Promise<void> {
    let holder: string | undefined;
    while ((await this.#attempt(this.#timing.renewDeadlineMs / 2, abort)) !== 'Held') {
      if (this.#lock.holder !== holder) this.#logger.info('waiting for the lease', { holder: this.#lock.holder });
      holder = this.#lock.holder;
      await this.#options.clock.sleep(this.#jittered(this.#timing.retryPeriodMs), abort);
    }
  }

  async #lead(abort: AbortSignal): Promise<void> {
    const leading = new AbortController();
    const renewing = new AbortController();
    const onAbort = (): void => {
      leading.abort(abort.reason);
    };
    abort.addEventListener('abort', onAbort, { once: true });
    if (abort.aborted) onAbort();
    const led = Promise.resolve().then(() => this.#options.lead(leading.signal));
    const lost = this.#renew(renewing.signal);
    try {
      const outcome = await Promise.race([led.then(() => undefined), lost]);
      if (outcome !== undefined) await this.#stepDown(outcome, led, leading);
    } finally {
      abort.removeEventListener('abort', onAbort);
      renewing.abort();
      const stillHeld = (await lost) === undefined;
      if (stillHeld) await this.#release();
    }
  }

  /** Another may lead from now on: nothing is released, and `led` gets only the time until then. */
  async #stepDown(lost: LeadershipLostError, led: Promise<void>, leading: AbortController): Promise<never> {
    const { clock } = this.#options;
    leading.abort(lost);
    this.#recorder.leads(false);
    this.#logger.error('leadership lost', { holder: this.#lock.holder, ...describeError(lost) });
    const limitMs = this.#timing.leaseDurationMs - this.#timing.renewDeadlineMs;
    await within({ clock, limitMs, abort: new AbortController().signal }, () => led).catch((error: unknown) => {
      if (error !== lost) this.#logger.warn('what the leader did ended with an error', describeError(error));
    });
    throw lost;
  }

  /** Renews until `abort` fires (then undefined), or the lease is lost. Every wait in it ends at the deadline. */
  async #renew(abort: AbortSignal): Promise<LeadershipLostError | undefined> {
    const { clock } = this.#options;
    const { renewDeadlineMs, retryPeriodMs } = this.#timing;
    let renewedAt = clock.now();
    let waitMs = retryPeriodMs;
    for (;;) {
      try {
        await clock.sleep(Math.max(0, Math.min(waitMs, this.#remainingMs())), abort);
        if (this.#remainingMs() <= 0) return new LeadershipLostError(`lease not renewed within ${renewDeadlineMs} ms`);
        const state = await this.#attempt(Math.min(this.#remainingMs(), renewDeadlineMs / 2), abort);
        if (state === 'HeldByOther') return new LeadershipLostError(`lease taken by ${this.#lock.holder}`);
        waitMs = state === 'Held' ? retryPeriodMs : retryPeriodMs * RETRY_SHARE;
        if (state !== 'Held') continue;
        this.#recorder.renewed(Math.max(0, clock.now() - renewedAt - retryPeriodMs));
        renewedAt = clock.now();
      } catch (error) {
        if (abort.aborted) return undefined;
        return new LeadershipLostError('renewing the lease failed', { cause: error });
      }
    }
  }

  #remainingMs(): DurationMs {
    return this.#heldSince + this.#timing.renewDeadlineMs - this.#options.clock.now();
  }

  /** One attempt; where the API server can't be asked it is logged and is as good as a race lost. */
  async #attempt(limitMs: DurationMs, abort: AbortSignal): Promise<LockState> {
    const { clock } = this.#options;
    const askedAt = clock.now();
    try {
      const state = await within({ clock, limitMs, abort }, (signal) => this.#lock.tryHold(signal));
      this.#recorder.attempted(state);
      this.#recorder.sawTransitions(this.#lock.transitions);
      if (state === 'Held') this.#heldSince = askedAt;
      return state;
    } catch (error) {
      if (abort.aborted) throw error;
      this.#recorder.attempted('Error');
      this.#logger.warn('asking for the lease failed', describeError(error));
      return 'LostRace';
    }
  }

  async #release(): Promise<void> {
    const { clock } = this.#options;
    try {
      const limit = { clock, limitMs: RELEASE_LIMIT_MS, abort: new AbortController().signal };
      await within(limit, (signal) => this.#lock.release(signal));
      this.#logger.info('lease released');
    } catch (error) {
      this.#logger.warn('releasing the lease failed: the next leader waits until it expires', describeError(error));
    }
  }

  #jittered(ms: DurationMs): DurationMs {
    return ms * (1 + JITTER_SHARE * this.#options.random());
  }
}

function checked(timing: LeaseTiming): LeaseTiming {
  const { leaseDurationMs, renewDeadlineMs, retryPeriodMs } = timing;
  if (!(leaseDurationMs > renewDeadlineMs)) {
    throw new RangeError(`leaseDurationMs ${leaseDurationMs} must exceed renewDeadlineMs ${renewDeadlineMs}`);
  }
  if (!(renewDeadlineMs > retryPeriodMs * (1 + JITTER_SHARE))) {
    throw new RangeError(
      `renewDeadlineMs ${renewDeadlineMs} must exceed retryPeriodMs ${retryPeriodMs} by more than a fifth`,
    );
  }
  if (!(retryPeriodMs > 0)) throw new RangeError(`retryPeriodMs ${retryPeriodMs} must be above 0`);
  return timing;
}
