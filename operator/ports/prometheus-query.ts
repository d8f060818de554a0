import type { Interval } from '../domain/interval.ts';
import type { DurationMs, EpochMs } from '../domain/units.ts';

export interface PrometheusSample {
  readonly at: EpochMs;
  /** NaN and infinities are left out before they get here. */
  readonly value: number;
}

/** One series: its labels without `__name__`, and its samples in order of time. */
export interface PrometheusSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly PrometheusSample[];
}

/** PromQL over HTTP. Throws `SourceError`; a query that Prometheus can't parse is `Malformed`, with its words. */
export interface PrometheusQuery {
  /** At an instant; one sample a series. */
  instant(query: string, at: EpochMs, abort: AbortSignal): Promise<readonly PrometheusSeries[]>;
  /**
   * From start to end inclusive, every `step`. What is answered in part is no error, and may be without any series:
   * `onPart` is told of it, in Prometheus' words.
   */
  range(
    query: string,
    over: Interval & { readonly step: DurationMs },
    abort: AbortSignal,
    onPart?: (words: string) => void,
  ): Promise<readonly PrometheusSeries[]>;
}
