import { SECOND_MS, type DurationMs, type EpochMs } from '../../../domain/units.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { HttpClient } from '../../../ports/http.ts';
import { asSourceError } from '../../../ports/source-error.ts';
import type { ProviderMetrics } from '../../../telemetry/provider-metrics.ts';

/** Counts and times every request that goes out, and holds the provider's clock against ours. */
export function measured(http: HttpClient, { clock, metrics }: { clock: Clock; metrics: ProviderMetrics }): HttpClient {
  return {
    async getJson(request, abort) {
      const startedAt = clock.now();
      const { provider } = request;
      try {
        const reply = await http.getJson(request, abort);
        const endedAt = clock.now();
        metrics.asked(provider, 'OK', endedAt - startedAt);
        if (reply.serverTime !== undefined) metrics.skewed(provider, aheadOf({ startedAt, endedAt }, reply.serverTime));
        return reply;
      } catch (error) {
        if (!abort.aborted) metrics.asked(provider, asSourceError(provider, error).code, clock.now() - startedAt);
        throw error;
      }
    },
  };
}

/**
 * The provider told the time, to the second, at some moment between the question and the answer: what that explains is no
 * difference of clocks, however slow the answer was.
 */
function aheadOf(asked: { startedAt: EpochMs; endedAt: EpochMs }, serverTime: EpochMs): DurationMs {
  if (serverTime > asked.endedAt) return serverTime - asked.endedAt;
  return Math.min(0, serverTime + SECOND_MS - asked.startedAt);
}
