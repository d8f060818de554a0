import type { IntensitySample, IntensitySeries, Signal } from '../../../domain/intensity.ts';
import type { Interval } from '../../../domain/interval.ts';
import { cutTo, heldUntilNext } from '../../../domain/samples.ts';
import {
  gramsPerKilowattHour,
  HOUR_MS,
  MINUTE_MS,
  SECOND_MS,
  type DurationMs,
  type EpochMs,
} from '../../../domain/units.ts';
import type { CarbonQuery, CarbonSource } from '../../../ports/carbon.ts';
import { SourceError } from '../../../ports/source-error.ts';
import { Login, type LoginOptions } from './login.ts';
import { meaningOf } from './refusal.ts';
import { AVERAGE_REGIONS, MARGINAL_REGIONS } from './regions.ts';
import { SIGNAL, UNITS, type Point, type SignalReply, type SignalType } from './reply.ts';

export interface WattTimeOptions extends LoginOptions {
  /** Grid zone to WattTime region, of marginal intensity: before `MARGINAL_REGIONS`. */
  readonly regions: Readonly<Record<string, string>>;
  /** Grid zone to WattTime region, of average intensity, which has regions of its own: before `AVERAGE_REGIONS`. */
  readonly averageRegions?: Readonly<Record<string, string>>;
}

const SIGNAL_TYPES: Readonly<Record<Signal, SignalType>> = { Marginal: 'co2_moer', Average: 'co2_aoer' };

/** One pound is 453.59237 g exactly; a megawatt-hour is 1,000 kWh. */
const GRAMS_PER_KWH_OF_POUNDS_PER_MWH = 0.453_592_37;
const PERIOD_MS: DurationMs = 5 * MINUTE_MS;
const LONGEST_HORIZON_HOURS = 72;
/** The provider takes 32 days a call; its own client asks for 30. */
const LONGEST_HISTORY_MS: DurationMs = 30 * 24 * HOUR_MS;

/**
 * WattTime v3, https://docs.watttime.org: marginal intensity (`co2_moer`), forecast and history, and the history of average
 * intensity (`co2_aoer`), which it publishes within 72 hours and does not forecast.
 *
 * The scope is `Direct`. Marginal intensity relates load to what generators emit, measured or modelled at the plant; average
 * intensity is generation times yearly emission factors of each fuel. Both are pounds of CO2, not CO2e: no fuel supply, no
 * construction, no other gases. https://watttime.org/data-science/data-signals/ has the method of each.
 */
export class WattTimeSource implements CarbonSource {
  readonly name = 'watttime';
  readonly rung = 'LiveForecast';
  readonly #options: WattTimeOptions;
  readonly #login: Login;
  readonly #regions: Readonly<Record<Signal, ReadonlyMap<string, string>>>;

  constructor(options: WattTimeOptions) {
    this.#options = options;
    this.#login = new Login(options);
    this.#regions = {
      Marginal: new Map(Object.entries({ ...MARGINAL_REGIONS, ...options.regions })),
      Average: new Map(Object.entries({ ...AVERAGE_REGIONS, ...options.averageRegions })),
    };
  }

  async forecast<S extends Signal>(query: CarbonQuery<S>, abort: AbortSignal): Promise<IntensitySeries<S>> {
    abort.throwIfAborted();
    if (query.signal !== 'Marginal') throw noForecastOf(query.signal);
    const { clock } = this.#options;
    const parameters = { horizon_hours: String(horizonHours(query.interval.endsAt, clock.now())) };
    const reply = await this.#ask(query, { what: 'forecast', parameters }, abort);
    const { generated_at: generatedAt } = reply.meta;
    const issuedAt = Math.min(generatedAt === undefined ? Infinity : Date.parse(generatedAt), clock.now());
    return this.#series(query, { reply, perspective: 'Forecast', issuedAt });
  }

  /** Of a longer stretch it answers for the last 30 days: one reply, since what different models say is not to be mixed. */
  async history<S extends Signal>(query: CarbonQuery<S>, abort: AbortSignal): Promise<IntensitySeries<S>> {
    abort.throwIfAborted();
    const { clock } = this.#options;
    const endsAt = Math.min(query.interval.endsAt, clock.now());
    const startsAt = Math.max(query.interval.startsAt, endsAt - LONGEST_HISTORY_MS);
    if (startsAt >= endsAt)
      throw new SourceError('NoData', `watttime: what was asked for of zone ${query.zone} is still to come`);
    const parameters = { ...inclusive({ startsAt, endsAt }), include_imputed_marker: 'true' };
    const reply = await this.#ask(query, { what: 'historical', parameters }, abort);
    const interval = { startsAt, endsAt: query.interval.endsAt };
    return this.#series({ ...query, interval }, { reply, perspective: 'History', issuedAt: clock.now() });
  }

  async #ask(
    { zone, signal }: CarbonQuery,
    { what, parameters }: { readonly what: string; readonly parameters: Readonly<Record<string, string>> },
    abort: AbortSignal,
  ): Promise<SignalReply> {
    const { baseUrl, http } = this.#options;
    const place = { zone, region: this.#regionOf(zone, signal) };
    const signalType = SIGNAL_TYPES[signal];
    const body = await this.#withToken(async (token) => {
      const request = {
        provider: this.name,
        url: `${baseUrl}/v3/${what}`,
        query: { region: place.region, signal_type: signalType, ...parameters },
        headers: { Authorization: `Bearer ${token}` },
        shape: SIGNAL,
        meaningOf: meaningOf.bind(undefined, place),
      };
      return (await http.getJson(request, abort)).body;
    }, abort);
    expectAnswer(body, { region: place.region, zone, signal_type: signalType, units: UNITS });
    return body;
  }

  /** A token may end before its time: then one login, and the question once more. */
  async #withToken<T>(ask: (token: string) => Promise<T>, abort: AbortSignal): Promise<T> {
    const token = await this.#login.token(abort);
    try {
      return await ask(token);
    } catch (error) {
      if (!(error instanceof SourceError) || error.code !== 'Unauthorised') throw error;
    }
    this.#login.forget(token);
    return ask(await this.#login.token(abort));
  }

  #regionOf(zone: string, signal: Signal): string {
    const region = this.#regions[signal].get(zone);
    if (region !== undefined) return region;
    const setting = signal === 'Marginal' ? 'regions' : 'averageRegions';
    throw new SourceError(
      'ZoneUnknown',
      `no region of watttime is known for zone ${zone} and signal ${signal}; name it in \`${setting}\` of watttime`,
    );
  }

  #series<S extends Signal>(
    { zone, signal, interval }: CarbonQuery<S>,
    {
      reply: { data, meta },
      ...labels
    }: Pick<IntensitySeries, 'perspective' | 'issuedAt'> & { readonly reply: SignalReply },
  ): IntensitySeries<S> {
    const points = data.flatMap((point) => sampleOf(point, labels.perspective));
    const samples = cutTo(heldUntilNext(points, meta.data_point_period_seconds * SECOND_MS), interval);
    if (samples.length === 0) {
      throw new SourceError('NoData', `watttime has no figure of zone ${zone} (${meta.region}) for the time asked for`);
    }
    return { zone, signal, scope: 'Direct', synthetic: false, source: this.name, ...labels, samples };
  }
}

/** The forecast begins with the period that is under way; 0 hours are that period alone. */
function horizonHours(endsAt: EpochMs, now: EpochMs): number {
  const begun = Math.floor(now / PERIOD_MS) * PERIOD_MS;
  if (endsAt <= begun + PERIOD_MS) return 0;
  return Math.min(Math.ceil((endsAt - begun) / HOUR_MS), LONGEST_HORIZON_HOURS);
}

/** Points that begin between the two, both included; from the full hour on, for the point that `startsAt` lies in. */
function inclusive({ startsAt, endsAt }: Interval): { readonly start: string; readonly end: string } {
  const start = new Date(Math.floor(startsAt / HOUR_MS) * HOUR_MS);
  return { start: start.toISOString(), end: new Date(endsAt).toISOString() };
}

/** A point without a figure is a gap. What is expected was not measured, nor was what nobody says so of. */
function sampleOf(
  { point_time: time, value, imputed_data_used: imputed = true }: Point,
  perspective: IntensitySeries['perspective'],
): Omit<IntensitySample, 'endsAt'>[] {
  if (value === null) return [];
  return [
    {
      startsAt: Date.parse(time),
      gramsPerKilowattHour: gramsPerKilowattHour(value * GRAMS_PER_KWH_OF_POUNDS_PER_MWH),
      estimated: perspective === 'Forecast' || imputed,
    },
  ];
}

function expectAnswer(
  { meta }: SignalReply,
  { zone, ...asked }: { zone: string; region: string; signal_type: SignalType; units: string },
): void {
  for (const field of ['region', 'signal_type', 'units'] as const) {
    if (meta[field] === asked[field]) continue;
    throw new SourceError(
      'Malformed',
      `watttime answers with ${field} ${meta[field]} for zone ${zone}, ${asked[field]} was asked for`,
    );
  }
}

function noForecastOf(signal: Signal): SourceError {
  return new SourceError(
    'SignalUnsupported',
    `watttime forecasts marginal intensity only, not signal ${signal}, of which it has history; for forecasts of average intensity add electricity-maps`,
  );
}
