import type { Clock, DurationMs, EpochMs, Random } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import { describeError } from './describe-error.ts';

export interface RefreshLoopOptions {
  /** What is refreshed, for the log. */
  readonly what: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** From the beginning of one turn to that of the next, lengthened by up to a tenth at random, so that many processes don't ask at once. */
  readonly intervalMs: DurationMs;
  /** `everything`: the interval is over; else someone has requested it, and only what is new need be looked at. */
  readonly turn: (everything: boolean, abort: AbortSignal) => Promise<void>;
}

/** Share of the interval. */
const LENGTHENED_BY = 0.1;

/** Looks at something outside the cluster again and again, and at once where it is told that there is something new to look at. */
export class RefreshLoop {
  readonly #options: RefreshLoopOptions;
  #requested = false;
  #wake: (() => void) | undefined;

  constructor(options: RefreshLoopOptions) {
    this.#options = options;
  }

  request(): void {
    this.#requested = true;
    this.#wake?.();
  }

  /** Goes on until `abort` fires, whatever happens. */
  async run(abort: AbortSignal): Promise<void> {
    const { clock, intervalMs, random } = this.#options;
    let refreshAt = -Infinity;
    while (!abort.aborted) {
      this.#requested = false;
      const now = clock.now();
      // Further away than any interval: the clock was set back.
      const everything = now >= refreshAt || refreshAt > now + intervalMs * (1 + LENGTHENED_BY);
      if (everything) refreshAt = now + intervalMs * (1 + LENGTHENED_BY * random());
      await this.#turn(everything, abort);
      await this.#untilRequestOr(refreshAt, abort);
    }
  }

  async #turn(everything: boolean, abort: AbortSignal): Promise<void> {
    const { logger, turn, what } = this.#options;
    try {
      await turn(everything, abort);
    } catch (error) {
      if (!abort.aborted) logger.error('refreshing failed', { what, ...describeError(error) });
    }
  }

  async #untilRequestOr(at: EpochMs, abort: AbortSignal): Promise<void> {
    if (this.#requested || abort.aborted) return;
    const woken = new AbortController();
    this.#wake = () => {
      woken.abort();
    };
    const ends = AbortSignal.any([abort, woken.signal]);
    await this.#options.clock.sleep(Math.max(0, at - this.#options.clock.now()), ends).catch(() => undefined);
    this.#wake = undefined;
  }
}
