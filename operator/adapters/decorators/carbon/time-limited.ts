import type { IntensitySeries, Signal } from '../../../domain/intensity.ts';
import type { DurationMs } from '../../../domain/units.ts';
import type { CarbonQuery, CarbonSource } from '../../../ports/carbon.ts';
import type { Clock } from '../../../ports/clock.ts';
import { within } from '../../../runtime/within.ts';

/**
 * A source that has failed when it does not answer in time, so that one which hangs, on a disk that is gone say, keeps
 * neither the next rung nor the first plan waiting. It gives up at once where the source doesn't heed its signal either.
 */
export function timeLimited(source: CarbonSource, limit: { clock: Clock; limitMs: DurationMs }): CarbonSource {
  return {
    name: source.name,
    rung: source.rung,
    forecast: <S extends Signal>(query: CarbonQuery<S>, abort: AbortSignal): Promise<IntensitySeries<S>> =>
      within({ ...limit, abort }, (signal) => source.forecast(query, signal)),
    history: <S extends Signal>(query: CarbonQuery<S>, abort: AbortSignal): Promise<IntensitySeries<S>> =>
      within({ ...limit, abort }, (signal) => source.history(query, signal)),
  };
}
