import { formatDuration } from '../../../domain/duration.ts';
import type { EmissionScope, IntensitySample, IntensitySeries, Signal } from '../../../domain/intensity.ts';
import type { Interval } from '../../../domain/interval.ts';
import { cutTo } from '../../../domain/samples.ts';
import { gramsPerKilowattHour, HOUR_MS, type DurationMs } from '../../../domain/units.ts';
import type { CarbonQuery, CarbonSource } from '../../../ports/carbon.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { PrometheusQuery, PrometheusSample, PrometheusSeries } from '../../../ports/prometheus-query.ts';
import { SourceError } from '../../../ports/source-error.ts';
import { parseQueryTemplate, type QueryOf } from './query-template.ts';

export interface PrometheusSourceOptions {
  readonly prometheus: PrometheusQuery;
  readonly clock: Clock;
  /**
   * PromQL whose one series is the intensity in gCO2e/kWh, with `{zone}` within quotes where the zone belongs. Its value at
   * the end of a stretch stands for the stretch, so that `avg_over_time(…[step])` is the mean.
   */
  readonly query: string;
  /** What the figures are: the series doesn't say. */
  readonly signal: Signal;
  readonly scope: EmissionScope;
  /** Length of a stretch. Stretches begin at multiples of it since 1970, hours at the full hour. */
  readonly step: DurationMs;
  /** The exporter's figures are no measurements of the time that they bear: a yearly mean, say. Default false. */
  readonly estimated?: boolean;
}

const DAY_MS = 24 * HOUR_MS;
/** A zone without a figure in so long is not one that anybody exports. */
const KNOWN_WITHIN = 7 * DAY_MS;
const SHOWN_SERIES = 3;

/**
 * Any series of grid intensity in Prometheus, e.g. of https://github.com/thegreenwebfoundation/grid-intensity-go. It knows
 * what came and forecasts nothing; what is to come is then expected to be as the day before.
 */
export class PrometheusSource implements CarbonSource {
  readonly name = 'prometheus';
  readonly rung = 'LiveForecast';
  readonly #options: PrometheusSourceOptions;
  readonly #queryOf: QueryOf;

  /** Throws a RangeError where the query or the step can't be what is meant. */
  constructor(options: PrometheusSourceOptions) {
    const template = parseQueryTemplate(options.query);
    if (!template.ok) throw new RangeError(`the query of carbon source prometheus: ${template.message}`);
    if (!(options.step >= 1))
      throw new RangeError(`the step of carbon source prometheus is ${options.step} ms; it must be 1 ms or more`);
    this.#options = options;
    this.#queryOf = template.value;
  }

  forecast(): Promise<never> {
    return Promise.reject(
      new SourceError(
        'ForecastUnsupported',
        'prometheus has what came and no forecast; for one add a provider that forecasts the zone',
      ),
    );
  }

  async history<S extends Signal>(query: CarbonQuery<S>, abort: AbortSignal): Promise<IntensitySeries<S>> {
    abort.throwIfAborted();
    const { zone, signal, interval } = query;
    this.#expectSignal(signal);
    const samples = cutTo(
      (await this.#figures(query, abort)).map((figure) => this.#sampleOf(zone, figure)),
      interval,
    );
    if (samples.length === 0) throw await this.#nothingOf(zone, abort);
    const { clock, scope } = this.#options;
    return {
      zone,
      signal,
      scope,
      perspective: 'History',
      synthetic: false,
      source: this.name,
      issuedAt: clock.now(),
      samples,
    };
  }

  #expectSignal(signal: Signal): void {
    if (signal === this.#options.signal) return;
    throw new SourceError(
      'SignalUnsupported',
      `the query of prometheus is configured for signal ${this.#options.signal}, not ${signal}`,
    );
  }

  /** At the ends of the stretches that touch the interval and are over: Prometheus would hold the last value into the future. */
  async #figures({ zone, interval }: CarbonQuery, abort: AbortSignal): Promise<readonly PrometheusSample[]> {
    const { clock, step } = this.#options;
    const startsAt = Math.floor(interval.startsAt / step) * step + step;
    const endsAt = Math.min(Math.ceil(interval.endsAt / step), Math.floor(clock.now() / step)) * step;
    if (endsAt < startsAt) return [];
    return (await this.#seriesOf(zone, { startsAt, endsAt, step }, abort))?.samples ?? [];
  }

  async #seriesOf(
    zone: string,
    over: Interval & { readonly step: DurationMs },
    abort: AbortSignal,
  ): Promise<PrometheusSeries | undefined> {
    const [series, ...others] = await this.#options.prometheus.range(this.#queryOf(zone), over, abort);
    if (series === undefined || others.length === 0) return series;
    const shown = [series, ...others].slice(0, SHOWN_SERIES).map(({ labels }) => JSON.stringify(labels));
    const more = others.length >= SHOWN_SERIES ? ', …' : '';
    throw new SourceError(
      'Malformed',
      `the query of prometheus finds ${others.length + 1} series for zone ${zone}: ${shown.join(', ')}${more}; aggregate them in the query, e.g. avg(…), or select one`,
    );
  }

  #sampleOf(zone: string, { at, value }: PrometheusSample): IntensitySample {
    if (value < 0) {
      throw new SourceError(
        'Malformed',
        `the query of prometheus gives ${value} gCO2e/kWh for zone ${zone} at ${new Date(at).toISOString()}; an intensity is 0 or more, look at the query`,
      );
    }
    const { step, estimated = false } = this.#options;
    return { startsAt: at - step, endsAt: at, gramsPerKilowattHour: gramsPerKilowattHour(value), estimated };
  }

  /** An exporter that is down is another fault than a zone that nobody exports. */
  async #nothingOf(zone: string, abort: AbortSignal): Promise<SourceError> {
    const now = this.#options.clock.now();
    const lately = { startsAt: now - KNOWN_WITHIN, endsAt: now, step: HOUR_MS };
    if ((await this.#seriesOf(zone, lately, abort)) !== undefined) {
      const stretch = formatDuration(this.#options.step);
      return new SourceError(
        'NoData',
        `prometheus has no figure of zone ${zone} for any stretch of ${stretch} in the time asked for that is over`,
      );
    }
    return new SourceError(
      'ZoneUnknown',
      `prometheus has no figure of zone ${zone} in the last ${KNOWN_WITHIN / DAY_MS} days, for ${this.#queryOf(zone)}; does the series bear the zone by this name?`,
    );
  }
}
