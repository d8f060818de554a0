import type { IntensitySample, IntensitySeries, Signal } from '../../../domain/intensity.ts';
import { cutTo, heldUntilNext } from '../../../domain/samples.ts';
import { gramsPerKilowattHour, HOUR_MS, MINUTE_MS, type DurationMs } from '../../../domain/units.ts';
import type { CarbonQuery, CarbonSource } from '../../../ports/carbon.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { HttpClient, HttpRefusal, ReplyShape } from '../../../ports/http.ts';
import type { Secret } from '../../../ports/secrets.ts';
import { SourceError } from '../../../ports/source-error.ts';
import {
  FORECAST,
  HISTORY,
  type ForecastReply,
  type Granularity,
  type HistoryReply,
  type IntensityRow,
} from './reply.ts';

export interface ElectricityMapsOptions {
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly key: Secret;
  /** With the version, e.g. `https://api.electricitymaps.com/v4`. */
  readonly baseUrl: string;
  /** What the grams count. */
  readonly emissionFactorType: 'lifecycle' | 'direct';
  /** Finer rows need a plan that has them; without it the provider answers hourly, and that is what the rows then count for. */
  readonly granularity: Granularity;
}

/** The horizons that the provider takes, in hours. */
const HORIZONS = [6, 24, 48, 72] as const;
const LENGTHS: Readonly<Record<Granularity, DurationMs>> = {
  '5_minutes': 5 * MINUTE_MS,
  '15_minutes': 15 * MINUTE_MS,
  hourly: HOUR_MS,
};

/**
 * Electricity Maps, https://portal.electricitymaps.com/docs: average intensity, flow-traced, life cycle or direct.
 * Its forecasts bear the time of the request and not that of the model's run, so `issuedAt` is when they were asked for.
 */
export class ElectricityMapsSource implements CarbonSource {
  readonly name = 'electricity-maps';
  readonly rung = 'LiveForecast';
  readonly #options: ElectricityMapsOptions;

  constructor(options: ElectricityMapsOptions) {
    this.#options = options;
  }

  async forecast<S extends Signal>(query: CarbonQuery<S>, abort: AbortSignal): Promise<IntensitySeries<S>> {
    const hours = (query.interval.endsAt - this.#options.clock.now()) / HOUR_MS;
    const horizonHours = String(HORIZONS.find((horizon) => horizon >= hours) ?? HORIZONS.at(-1));
    const reply = await this.#ask(query, { what: 'forecast', shape: FORECAST, parameters: { horizonHours } }, abort);
    return this.#series(query, { reply, rows: reply.forecast, perspective: 'Forecast' });
  }

  async history<S extends Signal>(query: CarbonQuery<S>, abort: AbortSignal): Promise<IntensitySeries<S>> {
    const reply = await this.#ask(query, { what: 'history', shape: HISTORY, parameters: {} }, abort);
    return this.#series(query, { reply, rows: reply.history, perspective: 'History' });
  }

  async #ask<T extends { readonly zone: string }>(
    { zone, signal }: CarbonQuery,
    { what, shape, parameters }: { what: string; shape: ReplyShape<T>; parameters: Readonly<Record<string, string>> },
    abort: AbortSignal,
  ): Promise<T> {
    abort.throwIfAborted();
    const { baseUrl, emissionFactorType, granularity, http, key } = this.#options;
    if (signal !== 'Average') throw noSuchSignal(signal);
    const query = {
      zone,
      emissionFactorType,
      temporalGranularity: granularity,
      // Without it an unknown zone is answered with that of the caller's address (v4, v3).
      disableCallerLookup: 'true',
      shouldUseFallbackCallerLookup: 'false',
      ...parameters,
    };
    const { body } = await http.getJson(
      {
        provider: this.name,
        url: `${baseUrl}/carbon-intensity/${what}`,
        query,
        headers: { 'auth-token': await key.read() },
        shape,
        meaningOf: (refusal) => meaningOf(zone, refusal),
      },
      abort,
    );
    if (body.zone !== zone) {
      throw new SourceError('Malformed', `electricity-maps answers for zone ${body.zone}, zone ${zone} was asked for`);
    }
    return body;
  }

  #series<S extends Signal>(
    { zone, signal, interval }: CarbonQuery<S>,
    {
      reply,
      rows,
      perspective,
    }: {
      readonly reply: Pick<ForecastReply | HistoryReply, 'temporalGranularity' | '_disclaimer'>;
      readonly rows: readonly IntensityRow[];
      readonly perspective: 'Forecast' | 'History';
    },
  ): IntensitySeries<S> {
    const length = LENGTHS[reply.temporalGranularity ?? 'hourly'];
    const samples = cutTo(heldUntilNext(rows.flatMap(sampleOf), length), interval);
    if (samples.length === 0) {
      throw new SourceError('NoData', `electricity-maps has no figure of zone ${zone} for the time asked for`);
    }
    return {
      zone,
      signal,
      scope: this.#options.emissionFactorType === 'direct' ? 'Direct' : 'Lifecycle',
      perspective,
      synthetic: isSandbox(reply._disclaimer) || rows.some(({ estimationMethod: by }) => by === 'SANDBOX_MODE_DATA'),
      source: this.name,
      issuedAt: this.#options.clock.now(),
      samples,
    };
  }
}

/** A row without a figure is a gap. What is expected was not measured, whatever the row says. */
function sampleOf({ datetime, carbonIntensity, isEstimated = true }: IntensityRow): Omit<IntensitySample, 'endsAt'>[] {
  if (carbonIntensity === null) return [];
  return [
    {
      startsAt: Date.parse(datetime),
      gramsPerKilowattHour: gramsPerKilowattHour(carbonIntensity),
      estimated: isEstimated,
    },
  ];
}

function isSandbox(disclaimer = ''): boolean {
  return /SANDBOX MODE/i.test(disclaimer);
}

function noSuchSignal(signal: Signal): SourceError {
  return new SourceError(
    'SignalUnsupported',
    `electricity-maps has average intensity only, not signal ${signal}; for marginal intensity add watttime`,
  );
}

/** 401 stands for a bad key and for a plan that has not this zone or this data. */
function meaningOf(zone: string, { status, body }: HttpRefusal): SourceError | undefined {
  if (status === 401 && /Request unauthorized for/i.test(body)) {
    return new SourceError(
      'NotEntitled',
      `the plan behind the key of electricity-maps has not this for zone ${zone}: ${requestIn(body)}`,
    );
  }
  if ((status === 400 || status === 404) && /zone/i.test(body) && /not exist|unknown|invalid/i.test(body)) {
    return new SourceError('ZoneUnknown', `electricity-maps does not know zone ${zone}`);
  }
  return undefined;
}

function requestIn(body: string): string {
  return /requestType=[\w-]+,dataType=[\w-]+/.exec(body)?.[0] ?? 'not entitled';
}
