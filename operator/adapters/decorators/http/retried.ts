import { SECOND_MS, type DurationMs } from '../../../domain/units.ts';
import type { Clock, Random } from '../../../ports/clock.ts';
import type { HttpClient } from '../../../ports/http.ts';
import { SourceError } from '../../../ports/source-error.ts';
import { Backoff } from '../../../runtime/backoff.ts';

export interface RetryOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Attempts in all. Default 3. */
  readonly attempts?: number;
}

const ATTEMPTS = 3;
const FIRST_DELAY_MS: DurationMs = SECOND_MS;
/** A provider that wants to be left alone for longer is not waited for. */
const LONGEST_WAIT_MS: DurationMs = 5 * SECOND_MS;

/** Asks again where that may help: no whole answer, a fault of the provider, or a short wait that it asks for. */
export function retried(http: HttpClient, { clock, random, attempts = ATTEMPTS }: RetryOptions): HttpClient {
  return {
    async getJson(request, abort) {
      const backoff = new Backoff(
        { initialMs: FIRST_DELAY_MS, maxMs: LONGEST_WAIT_MS, resetAfterMs: Infinity },
        clock,
        random,
      );
      for (let attempt = 1; ; attempt++) {
        try {
          return await http.getJson(request, abort);
        } catch (error) {
          abort.throwIfAborted();
          const waitMs = waitBefore(error, backoff);
          if (waitMs === undefined || attempt >= attempts) throw error;
          await clock.sleep(waitMs, abort);
        }
      }
    },
  };
}

/** `undefined`: it would be the same again, or too long. A wait that was asked for is lengthened, so that not all come back at once. */
function waitBefore(error: unknown, backoff: Backoff): DurationMs | undefined {
  if (!(error instanceof SourceError)) return undefined;
  const { code, retryAfterMs } = error;
  const mayHelp = code === 'Unavailable' || (code === 'QuotaExceeded' && retryAfterMs !== undefined);
  if (!mayHelp) return undefined;
  if (retryAfterMs === undefined) return backoff.next();
  return retryAfterMs <= LONGEST_WAIT_MS ? retryAfterMs + backoff.next() : undefined;
}
