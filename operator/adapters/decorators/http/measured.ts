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
        metrics.asked(provider, 'OK', clock.now() - startedAt);
        if (reply.serverTime !== undefined) metrics.skewed(provider, reply.serverTime - startedAt);
        return reply;
      } catch (error) {
        if (!abort.aborted) metrics.asked(provider, asSourceError(provider, error).code, clock.now() - startedAt);
        throw error;
      }
    },
  };
}
