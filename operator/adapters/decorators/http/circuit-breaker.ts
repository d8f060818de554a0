import { HOUR_MS, MINUTE_MS, SECOND_MS, type DurationMs, type EpochMs } from '../../../domain/units.ts';
import type { Clock, Random } from '../../../ports/clock.ts';
import type { HttpClient, JsonReply, JsonRequest } from '../../../ports/http.ts';
import { asSourceError, SourceError, type SourceErrorCode } from '../../../ports/source-error.ts';

export interface BreakerOptions {
  readonly provider: string;
  readonly clock: Clock;
  readonly random: Random;
  /** How long the provider is left alone the first time, shortened by up to a quarter at random. Default 30 s. */
  readonly firstPauseMs?: DurationMs;
  /** Twice as long after each next failure, up to this. Default 10 min. */
  readonly longestPauseMs?: DurationMs;
  /** Told of each change. */
  readonly onChange: (isOpen: boolean) => void;
}

/** Faults that speak of the provider, and not of what was asked. */
const COUNTED: readonly SourceErrorCode[] = ['Unavailable', 'Malformed', 'Unauthorised', 'QuotaExceeded'];
/** The provider was not asked: it says nothing of it. */
const UNASKED: readonly SourceErrorCode[] = ['BudgetSpent'];
const FAILURES_TO_OPEN = 5;
const FIRST_PAUSE_MS: DurationMs = 30 * SECOND_MS;
/** A new key, or a provider that is well again, is noticed within so long. */
const LONGEST_PAUSE_MS: DurationMs = 10 * MINUTE_MS;
/** A provider may ask for more, until its quota begins anew, but what it asks for by mistake must end as well. */
const LONGEST_ASKED_PAUSE_MS: DurationMs = 24 * HOUR_MS;

/**
 * Asks a provider that keeps failing only now and then: after five failures in a row, or once it says that it wants to be
 * left alone, everything fails at once for a while, twice as long each time; then one request goes first to see. While it
 * is open, only that one decides: what was under way before says nothing of how it is now.
 */
export class CircuitBreaker implements HttpClient {
  readonly #http: HttpClient;
  readonly #options: BreakerOptions;
  #failures = 0;
  /** How often it has opened without a success in between. */
  #openings = 0;
  #openUntil: EpochMs = -Infinity;
  #isProbing = false;
  #last: SourceError | undefined;

  constructor(http: HttpClient, options: BreakerOptions) {
    this.#http = http;
    this.#options = options;
  }

  get #isOpen(): boolean {
    return this.#openings > 0;
  }

  async getJson<T>(request: JsonRequest<T>, abort: AbortSignal): Promise<JsonReply<T>> {
    const isProbe = this.#isOpen;
    if (isProbe) this.#beginProbe();
    try {
      const reply = await this.#http.getJson(request, abort);
      this.#answered(isProbe);
      return reply;
    } catch (error) {
      if (!abort.aborted) this.#failed(asSourceError(this.#options.provider, error), isProbe);
      throw error;
    } finally {
      if (isProbe) this.#isProbing = false;
    }
  }

  #beginProbe(): void {
    const { clock, provider } = this.#options;
    if (this.#isProbing || clock.now() < this.#openUntil) {
      const why = this.#last === undefined ? '' : `; the last: ${this.#last.message}`;
      throw new SourceError(
        'CircuitOpen',
        `${provider} has failed again and again, and is left alone for a while${why}`,
      );
    }
    this.#isProbing = true;
  }

  #answered(isProbe: boolean): void {
    if (this.#isOpen && !isProbe) return;
    this.#failures = 0;
    if (!this.#isOpen) return;
    this.#openings = 0;
    this.#openUntil = -Infinity;
    this.#options.onChange(false);
  }

  #failed(error: SourceError, isProbe: boolean): void {
    if (UNASKED.includes(error.code)) return;
    if (!COUNTED.includes(error.code)) {
      // It has answered, and what it said was about the question alone.
      this.#answered(isProbe);
      return;
    }
    this.#last = error;
    if (this.#isOpen && !isProbe) {
      if (error.retryAfterMs !== undefined) this.#pause(error.retryAfterMs);
      return;
    }
    this.#failures += 1;
    const wantsPeace = error.code === 'QuotaExceeded';
    if (isProbe || wantsPeace || this.#failures >= FAILURES_TO_OPEN) this.#open(error.retryAfterMs);
  }

  #open(askedMs: DurationMs | undefined): void {
    const { onChange, random } = this.#options;
    const { firstPauseMs = FIRST_PAUSE_MS, longestPauseMs = LONGEST_PAUSE_MS } = this.#options;
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(this.#openings, 16)) * (1 - random() / 4);
    const wasOpen = this.#isOpen;
    // One that asked for a short pause and refuses again after it is believed only when it asks for a longer one.
    this.#pause(wasOpen ? Math.max(askedMs ?? 0, pauseMs) : (askedMs ?? pauseMs));
    this.#openings += 1;
    if (!wasOpen) onChange(true);
  }

  #pause(lengthMs: DurationMs): void {
    const until = this.#options.clock.now() + Math.min(lengthMs, LONGEST_ASKED_PAUSE_MS);
    this.#openUntil = Math.max(this.#openUntil, until);
  }
}
