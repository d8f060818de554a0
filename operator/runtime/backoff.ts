import type { Clock, DurationMs, EpochMs, Random } from '../ports/clock.ts';

export interface BackoffOptions {
  readonly initialMs: DurationMs;
  readonly maxMs: DurationMs;
  /** After this long without a failure the next one counts as the first. */
  readonly resetAfterMs: DurationMs;
}

/**
 * Delays of one loop that retries: `initial x 2^(n-1)` at the n-th failure, at most `max`, shortened by up to half at random,
 * so that many processes don't come back at once. It is time that resets it, not success: a server that accepts and drops
 * every connection is not to be asked in a tight loop.
 */
export class Backoff {
  readonly #options: BackoffOptions;
  readonly #clock: Clock;
  readonly #random: Random;
  #failures = 0;
  /** When the last delay was over. */
  #resumedAt: EpochMs = 0;

  constructor(options: BackoffOptions, clock: Clock, random: Random) {
    this.#options = options;
    this.#clock = clock;
    this.#random = random;
  }

  /** Counts a failure and gives the time to wait. */
  next(): DurationMs {
    const { initialMs, maxMs, resetAfterMs } = this.#options;
    const now = this.#clock.now();
    this.#failures = now - this.#resumedAt >= resetAfterMs ? 1 : this.#failures + 1;
    const longest = Math.min(maxMs, initialMs * 2 ** (this.#failures - 1));
    const delayMs = longest * (1 - this.#random() / 2);
    this.#resumedAt = now + delayMs;
    return delayMs;
  }

  /** Failures in a row, without a pause of `resetAfterMs`. */
  get failures(): number {
    return this.#failures;
  }
}
