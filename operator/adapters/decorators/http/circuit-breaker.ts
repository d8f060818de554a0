import { MINUTE_MS, SECOND_MS, type DurationMs, type EpochMs } from '../../../domain/units.ts';
import type { Clock, Random } from '../../../ports/clock.ts';
import type { HttpClient, JsonReply, JsonRequest } from '../../../ports/http.ts';
import { asSourceError, SourceError, type SourceErrorCode } from '../../../ports/source-error.ts';

export interface BreakerOptions {
  readonly provider: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Told of each change. */
  readonly onChange: (isOpen: boolean) => void;
}

/** Faults that speak of the provider, and not of what was asked. */
const COUNTED: readonly SourceErrorCode[] = ['Unavailable', 'Malformed', 'Unauthorised', 'QuotaExceeded'];
const FAILURES_TO_OPEN = 5;
const FIRST_OPEN_MS: DurationMs = 30 * SECOND_MS;
/** A new key, or a provider that is well again, is noticed within so long. */
const LONGEST_OPEN_MS: DurationMs = 10 * MINUTE_MS;

/**
 * Asks a provider that keeps failing only now and then: after five failures in a row, or once it says that it wants to be
 * left alone, everything fails at once for a while, twice as long each time; then one request goes first to see.
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
    if (this.#isOpen) this.#refuseOrProbe();
    const isProbe = this.#isProbing;
    try {
      const reply = await this.#http.getJson(request, abort);
      this.#close();
      return reply;
    } catch (error) {
      if (!abort.aborted) this.#failed(asSourceError(this.#options.provider, error), isProbe);
      throw error;
    } finally {
      if (isProbe) this.#isProbing = false;
    }
  }

  #refuseOrProbe(): void {
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

  #failed(error: SourceError, isProbe: boolean): void {
    if (!COUNTED.includes(error.code)) {
      // It has answered, and what it said was about the question alone.
      this.#close();
      return;
    }
    this.#failures += 1;
    this.#last = error;
    const wantsPeace = error.code === 'QuotaExceeded';
    if (isProbe || wantsPeace || this.#failures >= FAILURES_TO_OPEN) this.#open(error.retryAfterMs);
  }

  #open(retryAfterMs: DurationMs | undefined): void {
    const { clock, onChange, random } = this.#options;
    const longest = Math.min(LONGEST_OPEN_MS, FIRST_OPEN_MS * 2 ** Math.min(this.#openings, 16));
    const openMs = retryAfterMs ?? longest * (1 - random() / 4);
    this.#openings += 1;
    this.#openUntil = Math.max(this.#openUntil, clock.now() + openMs);
    onChange(true);
  }

  #close(): void {
    this.#failures = 0;
    if (!this.#isOpen) return;
    this.#openings = 0;
    this.#openUntil = -Infinity;
    this.#options.onChange(false);
  }
}
