import type { EmissionScope, IntensitySample, IntensitySeries, Signal } from '../../../domain/intensity.ts';
import { cutTo, heldUntilNext } from '../../../domain/samples.ts';
import { gramsPerKilowattHour, MINUTE_MS, type DurationMs, type EpochMs } from '../../../domain/units.ts';
import type { CarbonQuery, CarbonSource } from '../../../ports/carbon.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { HttpClient, ReplyShape } from '../../../ports/http.ts';
import { SourceError } from '../../../ports/source-error.ts';
import { meaningOf, type Asked } from './refusal.ts';
import { EMISSIONS, FORECASTS, type EmissionsRow, type ForecastRow, type LocationForecast } from './reply.ts';
import { timeSpan } from './time-span.ts';

export interface CarbonAwareSdkOptions {
  readonly http: HttpClient;
  readonly clock: Clock;
  /** With the route prefix, if it has one: `http://carbon-aware-webapi:8080`. */
  readonly baseUrl: string;
  /** Grid zone to location of the SDK (`GET /locations` lists them), e.g. `SE-SE3` to `swedencentral`. */
  readonly locations: Readonly<Record<string, string>>;
  /** What the figures are. The SDK does not say, it hands on what its data source has: the configuration vouches for it. */
  readonly signal: Signal;
  readonly scope: EmissionScope;
}

/** A stretch with a figure. */
interface Row extends Omit<IntensitySample, 'endsAt'> {
  readonly lengthMs: DurationMs;
}

/**
 * Carbon Aware SDK WebAPI v1.8, https://carbon-aware-sdk.greensoftware.foundation/docs.
 *
 * Forecasts are asked for as a whole and without `windowSize`. With a window the SDK answers with averages over it that
 * overlap; without one the rows are those of its data source, which is the finest there is. And `dataStartAt` or `dataEndAt`
 * outside what the forecast covers are an error there, which is known only from the forecast.
 */
export class CarbonAwareSdkSource implements CarbonSource {
  readonly name = 'carbon-aware-sdk';
  readonly rung = 'LiveForecast';
  readonly #options: CarbonAwareSdkOptions;
  readonly #locations: ReadonlyMap<string, string>;

  constructor(options: CarbonAwareSdkOptions) {
    this.#options = options;
    this.#locations = new Map(Object.entries(options.locations));
  }

  async forecast<S extends Signal>(query: CarbonQuery<S>, abort: AbortSignal): Promise<IntensitySeries<S>> {
    abort.throwIfAborted();
    const asked = { zone: query.zone, location: this.#locationOf(query), what: 'forecast' } as const;
    const request = { path: 'forecasts/current', query: { location: asked.location }, shape: FORECASTS };
    const { generatedAt, forecastData } = forecastFor(asked, await this.#ask(asked, request, abort));
    const issuedAt = Math.min(Date.parse(generatedAt), this.#options.clock.now());
    const rows = apart((forecastData ?? []).flatMap(forecastRow));
    return this.#series(query, { rows, perspective: 'Forecast', issuedAt });
  }

  /** The SDK does not hand on whether a figure was measured, so none is taken for it. */
  async history<S extends Signal>(query: CarbonQuery<S>, abort: AbortSignal): Promise<IntensitySeries<S>> {
    abort.throwIfAborted();
    const asked = { zone: query.zone, location: this.#locationOf(query), what: 'history' } as const;
    const { startsAt } = query.interval;
    const endsAt = Math.min(query.interval.endsAt, this.#options.clock.now());
    if (startsAt >= endsAt) {
      throw new SourceError('NoData', `carbon-aware-sdk: what was asked for of zone ${query.zone} is still to come`);
    }
    const span = { time: new Date(startsAt).toISOString(), toTime: new Date(endsAt).toISOString() };
    const request = { path: 'bylocations', query: { location: asked.location, ...span }, shape: EMISSIONS };
    const reply = await this.#ask(asked, request, abort);
    this.#expectOneLocation(asked, reply);
    const rows = reply.flatMap(emissionsRow);
    return this.#series(query, { rows, perspective: 'History', issuedAt: this.#options.clock.now() });
  }

  #locationOf({ zone, signal }: CarbonQuery): string {
    if (signal !== this.#options.signal) {
      throw new SourceError(
        'SignalUnsupported',
        `carbon-aware-sdk is configured to have signal ${this.#options.signal}, not signal ${signal}`,
      );
    }
    const location = this.#locations.get(zone);
    if (location !== undefined) return location;
    throw new SourceError(
      'ZoneUnknown',
      `no location of carbon-aware-sdk is known for zone ${zone}; name it in its \`locations\``,
    );
  }

  async #ask<T>(
    asked: Asked,
    {
      path,
      query,
      shape,
    }: { readonly path: string; readonly query: Readonly<Record<string, string>>; readonly shape: ReplyShape<T> },
    abort: AbortSignal,
  ): Promise<T> {
    const { baseUrl, http } = this.#options;
    const request = {
      provider: this.name,
      url: `${baseUrl}/emissions/${path}`,
      query,
      shape,
      meaningOf: meaningOf.bind(undefined, asked),
    };
    return (await http.getJson(request, abort)).body;
  }

  /** The rows may name the data source's region, but one alone, and never a location that stands for another zone. */
  #expectOneLocation({ zone, location }: Asked, rows: readonly EmissionsRow[]): void {
    const others = new Set([...this.#locations.values()].filter((other) => !isSame(other, location)));
    const named = new Set(rows.map((row) => row.location ?? location));
    if (named.size <= 1 && [...named].every((one) => !others.has(one))) return;
    const names = [...named].join(' and ');
    throw new SourceError('Malformed', notThat(names, { zone, location }));
  }

  #series<S extends Signal>(
    { zone, signal, interval }: CarbonQuery<S>,
    { rows, ...labels }: Pick<IntensitySeries, 'perspective' | 'issuedAt'> & { readonly rows: readonly Row[] },
  ): IntensitySeries<S> {
    const samples = cutTo(heldForTheirLength(rows), interval);
    if (samples.length === 0) {
      throw new SourceError('NoData', `carbon-aware-sdk has no figure of zone ${zone} for the time asked for`);
    }
    const { scope } = this.#options;
    return { zone, signal, scope, synthetic: false, source: this.name, ...labels, samples };
  }
}

function forecastFor({ zone, location }: Asked, forecasts: readonly LocationForecast[]): LocationForecast {
  const found = forecasts.find((forecast) => isSame(forecast.location, location));
  if (found !== undefined) return found;
  const names = forecasts.map((forecast) => forecast.location).join(' and ');
  throw new SourceError('Malformed', notThat(names === '' ? 'no location' : names, { zone, location }));
}

/** The SDK takes the names of locations in any case. */
function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function notThat(names: string, { zone, location }: Omit<Asked, 'what'>): string {
  return `carbon-aware-sdk answers for location ${names}, location ${location} (zone ${zone}) was asked for`;
}

/** Rows that overlap are averages over a window, which no one asked for: none of them is the figure of its own time. */
function apart(rows: readonly Row[]): readonly Row[] {
  const ordered = [...rows].sort((a, b) => a.startsAt - b.startsAt);
  let edge: EpochMs = -Infinity;
  for (const { startsAt, lengthMs } of ordered) {
    if (startsAt < edge) {
      const at = new Date(startsAt).toISOString();
      throw new SourceError('Malformed', `carbon-aware-sdk answers with averages over a window: rows overlap at ${at}`);
    }
    edge = startsAt + lengthMs;
  }
  return ordered;
}

function heldForTheirLength(rows: readonly Row[]): readonly IntensitySample[] {
  return heldUntilNext(rows, Infinity)
    .map(({ lengthMs, endsAt, ...row }) => ({ ...row, endsAt: Math.min(endsAt, row.startsAt + lengthMs) }))
    .filter(({ startsAt, endsAt }) => startsAt < endsAt);
}

function forecastRow({ timestamp, duration, value }: ForecastRow): Row[] {
  return rowOf({ time: timestamp, lengthMs: duration * MINUTE_MS, value });
}

function emissionsRow({ time, rating, duration }: EmissionsRow): Row[] {
  const lengthMs = timeSpan(duration);
  if (lengthMs !== undefined) return rowOf({ time, lengthMs, value: rating });
  throw new SourceError('Malformed', `carbon-aware-sdk answers with a duration of "${duration}", which is no TimeSpan`);
}

/** A row without a figure is a gap. */
function rowOf(row: { readonly time: string; readonly lengthMs: DurationMs; readonly value: number | null }): Row[] {
  if (row.value === null) return [];
  const { time, lengthMs, value } = row;
  return [{ startsAt: Date.parse(time), lengthMs, gramsPerKilowattHour: gramsPerKilowattHour(value), estimated: true }];
}
