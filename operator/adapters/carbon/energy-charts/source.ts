import type { IntensitySample, IntensitySeries, Signal } from '../../../domain/intensity.ts';
import type { Interval } from '../../../domain/interval.ts';
import { cutTo, heldUntilNext, usualSpacing } from '../../../domain/samples.ts';
import { gramsPerKilowattHour, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../domain/units.ts';
import type { CarbonQuery, CarbonSource } from '../../../ports/carbon.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { HttpClient, HttpRefusal } from '../../../ports/http.ts';
import { SourceError } from '../../../ports/source-error.ts';
import { countryOf } from './countries.ts';
import { INTENSITY, type IntensityReply } from './reply.ts';

export interface EnergyChartsOptions {
  readonly http: HttpClient;
  readonly clock: Clock;
  /** `https://api.energy-charts.info`. */
  readonly baseUrl: string;
}

/** Where a reply is too short to show it. */
const USUAL_ROW_MS = 15 * MINUTE_MS;

/**
 * Energy-Charts of Fraunhofer ISE, https://api.energy-charts.info: average intensity of whole European countries for the
 * rest of today, and for tomorrow once it is computed. It needs no key, and it answers bursts with 429.
 *
 * The figures are CO2 equivalents, and taken for those of life cycles: the API doesn't say, and for a grid of little but
 * nuclear and solar power (France, October 2026: 47 to 65 g) the stacks alone would make a fraction of them.
 * It doesn't say either when a forecast was made, so `issuedAt` is when it was asked for.
 */
export class EnergyChartsSource implements CarbonSource {
  readonly name = 'energy-charts';
  readonly rung = 'LiveForecast';
  readonly #options: EnergyChartsOptions;

  constructor(options: EnergyChartsOptions) {
    this.#options = options;
  }

  /** Asked without a time: that is how forecasts are known to be served. */
  async forecast<S extends Signal>(query: CarbonQuery<S>, abort: AbortSignal): Promise<IntensitySeries<S>> {
    const rows = await this.#ask(query, {}, abort);
    return this.#series(query, 'Forecast', rows);
  }

  async history<S extends Signal>(query: CarbonQuery<S>, abort: AbortSignal): Promise<IntensitySeries<S>> {
    const rows = await this.#ask(query, hoursAround(query.interval), abort);
    const measured = rows.filter(({ estimated }) => !estimated);
    return this.#series(query, 'History', measured);
  }

  async #ask(
    { zone, signal }: CarbonQuery,
    times: Readonly<Record<string, string>>,
    abort: AbortSignal,
  ): Promise<IntensitySample[]> {
    abort.throwIfAborted();
    if (signal !== 'Average') throw noSuchSignal(signal);
    const country = countryOf(zone);
    if (country === undefined) throw unknown(zone);
    const { baseUrl, http } = this.#options;
    const { body } = await http.getJson(
      {
        provider: this.name,
        url: `${baseUrl}/co2eq`,
        query: { country, ...times },
        shape: INTENSITY,
        meaningOf: (refusal) => meaningOf(zone, refusal),
      },
      abort,
    );
    return samplesOf(body);
  }

  #series<S extends Signal>(
    { zone, signal, interval }: CarbonQuery<S>,
    perspective: 'Forecast' | 'History',
    known: readonly IntensitySample[],
  ): IntensitySeries<S> {
    const samples = cutTo(known, interval);
    if (samples.length === 0) {
      throw new SourceError('NoData', `energy-charts has no figure of zone ${zone} for the time asked for`);
    }
    return {
      zone,
      signal,
      scope: 'Lifecycle',
      perspective,
      synthetic: false,
      source: this.name,
      issuedAt: this.#options.clock.now(),
      samples,
    };
  }
}

/** What came goes before what was expected. A row with neither is a gap. */
function samplesOf({ unix_seconds: seconds, co2eq, co2eq_forecast: expected }: IntensityReply): IntensitySample[] {
  if (co2eq.length !== seconds.length || expected.length !== seconds.length) {
    throw new SourceError(
      'Malformed',
      `energy-charts answers with lists that don't belong together: ${seconds.length} times, ${co2eq.length} of co2eq, ${expected.length} of co2eq_forecast`,
    );
  }
  const rows = seconds.map((second, k) => {
    const measured = co2eq[k] ?? null;
    return { startsAt: second * SECOND_MS, grams: measured ?? expected[k] ?? null, estimated: measured === null };
  });
  const length = usualSpacing(rows.map(({ startsAt }) => startsAt)) ?? USUAL_ROW_MS;
  return heldUntilNext(rows, length).flatMap(({ grams, ...row }) =>
    grams === null ? [] : [{ ...row, gramsPerKilowattHour: gramsPerKilowattHour(grams) }],
  );
}

/** Whole hours, so that the row comes too that begins before the interval, and enough of them to show their length. */
function hoursAround({ startsAt, endsAt }: Interval): { readonly start: string; readonly end: string } {
  const start = Math.floor(startsAt / HOUR_MS) * HOUR_MS;
  const end = Math.ceil(endsAt / HOUR_MS) * HOUR_MS;
  return { start: String(start / SECOND_MS), end: String(end / SECOND_MS) };
}

function unknown(zone: string): SourceError {
  return new SourceError(
    'ZoneUnknown',
    `energy-charts does not know zone ${zone}: it has European countries as a whole, such as DE; for a part of one add another source`,
  );
}

function noSuchSignal(signal: Signal): SourceError {
  return new SourceError('SignalUnsupported', `energy-charts has average intensity only, not signal ${signal}`);
}

/** `'xx' is not the code for an available country` comes with 400. */
function meaningOf(zone: string, { status, body }: HttpRefusal): SourceError | undefined {
  return status === 400 && /available country/i.test(body) ? unknown(zone) : undefined;
}
