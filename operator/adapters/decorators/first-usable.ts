import type { IntensitySeries, Signal } from '../../domain/intensity.ts';
import type { CarbonAnswer, CarbonLadder, CarbonQuery, CarbonSource, CarbonSourceFailure } from '../../ports/carbon.ts';
import { SourceError } from '../../ports/source-error.ts';

/**
 * The ladder: asks the sources in order and takes the first answer, with the rung that its source stands on.
 * A cache or a persistence rung is a CarbonSource of its own and takes its place in the list.
 */
export function firstUsable(sources: readonly CarbonSource[]): CarbonLadder {
  return {
    async ask<S extends Signal>(query: CarbonQuery<S>, abort: AbortSignal): Promise<CarbonAnswer<S>> {
      const failures: CarbonSourceFailure[] = [];
      for (const source of sources) {
        try {
          const series = withSamples(await source.forecast(query, abort));
          return { outlook: { series, rung: source.rung }, failures };
        } catch (error) {
          abort.throwIfAborted();
          failures.push({ source: source.name, error: asSourceError(source.name, error) });
        }
      }
      return { outlook: undefined, failures };
    },
  };
}

function withSamples<S extends Signal>(series: IntensitySeries<S>): IntensitySeries<S> {
  if (series.samples.length > 0) return series;
  throw new SourceError('NoData', `${series.source} answered without a single sample`);
}

/** A fault in one adapter must not keep the next one from being asked; it stays visible as the cause. */
function asSourceError(source: string, error: unknown): SourceError {
  if (error instanceof SourceError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new SourceError('Unavailable', `asking ${source}: ${reason}`, { cause: error });
}
