import type { DurationMs } from '../../../domain/units.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { HttpClient } from '../../../ports/http.ts';
import { SourceError } from '../../../ports/source-error.ts';
import { TimedOutError, within } from '../../../runtime/within.ts';

/** A request that has failed where the whole reply does not come in time: slow and hanging providers alike. */
export function timeLimited(http: HttpClient, { clock, limitMs }: { clock: Clock; limitMs: DurationMs }): HttpClient {
  return {
    async getJson(request, abort) {
      try {
        return await within({ clock, limitMs, abort }, (signal) => http.getJson(request, signal));
      } catch (error) {
        if (!(error instanceof TimedOutError)) throw error;
        const { provider, url } = request;
        throw new SourceError('Unavailable', `${provider} at ${url} gave no whole answer within ${limitMs / 1_000} s`);
      }
    },
  };
}
