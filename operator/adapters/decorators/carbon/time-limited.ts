import type { IntensitySeries, Signal } from '../../../domain/intensity.ts';
import type { DurationMs } from '../../../domain/units.ts';
import type { CarbonQuery, CarbonSource } from '../../../ports/carbon.ts';
import type { Clock } from '../../../ports/clock.ts';
import { SourceError } from '../../../ports/source-error.ts';
import { TimedOutError, within } from '../../../runtime/within.ts';

/**
 * A source that has failed when it does not answer in time, so that one which hangs, on a disk that is gone say, keeps
 * neither the next rung nor the first plan waiting. It gives up at once where the source doesn't heed its signal either.
 */
export function timeLimited(source: CarbonSource, limit: { clock: Clock; limitMs: DurationMs }): CarbonSource {
  const inTime = async <T>(abort: AbortSignal, ask: (abort: AbortSignal) => Promise<T>): Promise<T> => {
    try {
      return await within({ ...limit, abort }, ask);
    } catch (error) {
      if (!(error instanceof TimedOutError)) throw error;
      throw new SourceError('Unavailable', `${source.name} gave no answer within ${limit.limitMs / 1_000} s`);
    }
  };
  return {
    name: source.name,
    rung: source.rung,
    forecast: <S extends Signal>(query: CarbonQuery<S>, abort: AbortSignal): Promise<IntensitySeries<S>> =>
      inTime(abort, (signal) => source.forecast(query, signal)),
    history: <S extends Signal>(query: CarbonQuery<S>, abort: AbortSignal): Promise<IntensitySeries<S>> =>
      inTime(abort, (signal) => source.history(query, signal)),
  };
}
