import type { IntensitySample, IntensitySeries, Signal } from '../../../domain/intensity.ts';
import type { Interval } from '../../../domain/interval.ts';
import { cutTo, heldUntilNext } from '../../../domain/samples.ts';
import { gramsPerKilowattHour, HOUR_MS, MINUTE_MS, type EpochMs } from '../../../domain/units.ts';
import type { CarbonQuery, CarbonSource } from '../../../ports/carbon.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { HttpClient, ReplyShape } from '../../../ports/http.ts';
import { SourceError } from '../../../ports/source-error.ts';
import { NATIONAL, REGIONAL, type IntensityRow } from './reply.ts';
import { REGIONS } from './regions.ts';

export interface UkCarbonIntensityOptions {
  readonly http: HttpClient;
  readonly clock: Clock;
  /** `https://api.carbonintensity.org.uk`. */
  readonly baseUrl: string;
  /** Region ids by zone, besides `GB-1` to `GB-17` or instead of them. */
  readonly regions: Readonly<Record<string, number>>;
}

const NATIONAL_ZONE = 'GB';
/** Longer questions are refused. */
const LONGEST_QUESTION_MS = 14 * 24 * HOUR_MS;

/**
 * The Carbon Intensity API of NESO, https://carbon-intensity.github.io/api-definitions/: Great Britain as a whole and its
 * regions, in half-hours up to two days ahead. It needs no key. The grams are CO2 of generation, imports included:
 * `Operational`, and not to be compared with life cycles. It doesn't say when a forecast was made, so `issuedAt` is when
 * it was asked for.
 */
export class UkCarbonIntensitySource implements CarbonSource {
  readonly name = 'uk-carbon-intensity';
  readonly rung = 'LiveForecast';
  readonly #options: UkCarbonIntensityOptions;
  readonly #regions: ReadonlyMap<string, number>;

  constructor(options: UkCarbonIntensityOptions) {
    this.#options = options;
    this.#regions = new Map(Object.entries({ ...REGIONS, ...options.regions }));
  }

  async forecast<S extends Signal>(query: CarbonQuery<S>, abort: AbortSignal): Promise<IntensitySeries<S>> {
    abort.throwIfAborted();
    const region = this.#regionOf(query);
    const rows = await (region === undefined
      ? this.#national(query.interval, abort)
      : this.#regional(region, query.interval, abort));
    const now = this.#options.clock.now();
    const samples = samplesOf(rows, (row) => measured(row, now) ?? expected(row));
    return this.#series(query, 'Forecast', samples);
  }

  /** Of Great Britain as a whole: what came of a region is not told. */
  async history<S extends Signal>(query: CarbonQuery<S>, abort: AbortSignal): Promise<IntensitySeries<S>> {
    abort.throwIfAborted();
    const region = this.#regionOf(query);
    if (region !== undefined) throw noHistory(query.zone, region);
    const { startsAt, endsAt } = query.interval;
    // Of a longer past the last days: they say most about the next.
    const asked = { startsAt: Math.max(startsAt, endsAt - LONGEST_QUESTION_MS), endsAt };
    const rows = await this.#national(asked, abort);
    const now = this.#options.clock.now();
    const samples = samplesOf(rows, (row) => measured(row, now));
    return this.#series(query, 'History', samples);
  }

  /** `undefined` is Great Britain as a whole. */
  #regionOf({ zone, signal }: CarbonQuery): number | undefined {
    if (signal !== 'Average') throw noSuchSignal(signal);
    const region = this.#regions.get(zone);
    if (region === undefined && zone !== NATIONAL_ZONE) throw unknown(zone);
    return region;
  }

  async #national(interval: Interval, abort: AbortSignal): Promise<readonly IntensityRow[]> {
    const { data } = await this.#ask(`/intensity/${spanOf(interval)}`, NATIONAL, abort);
    return data;
  }

  async #regional(region: number, interval: Interval, abort: AbortSignal): Promise<readonly IntensityRow[]> {
    const { data } = await this.#ask(`/regional/intensity/${spanOf(interval)}/regionid/${region}`, REGIONAL, abort);
    const regions = 'regionid' in data ? [data] : data;
    const asked = regions.find(({ regionid }) => regionid === region);
    if (asked !== undefined) return asked.data;
    const answered = regions.map(({ regionid }) => regionid).join(', ') || 'none';
    throw new SourceError(
      'Malformed',
      `uk-carbon-intensity answers for region ${answered}, region ${region} was asked for`,
    );
  }

  async #ask<T>(path: string, shape: ReplyShape<T>, abort: AbortSignal): Promise<T> {
    const { baseUrl, http } = this.#options;
    const { body } = await http.getJson({ provider: this.name, url: `${baseUrl}${path}`, shape }, abort);
    return body;
  }

  #series<S extends Signal>(
    { zone, signal, interval }: CarbonQuery<S>,
    perspective: 'Forecast' | 'History',
    known: readonly IntensitySample[],
  ): IntensitySeries<S> {
    // A reply may begin with a row that is over, and a question to the minute is a little wider than the interval.
    const samples = cutTo(known, interval);
    if (samples.length === 0) {
      throw new SourceError('NoData', `uk-carbon-intensity has no figure of zone ${zone} for the time asked for`);
    }
    return {
      zone,
      signal,
      scope: 'Operational',
      perspective,
      synthetic: false,
      source: this.name,
      issuedAt: this.#options.clock.now(),
      samples,
    };
  }
}

type Figure = Pick<IntensitySample, 'gramsPerKilowattHour' | 'estimated'>;

/** A row without a figure is a gap. Each ends where it says, and never beyond the beginning of the next. */
function samplesOf(
  rows: readonly IntensityRow[],
  figureOf: (row: IntensityRow) => Figure | undefined,
): IntensitySample[] {
  const placed = rows.map((row) => ({ row, startsAt: Date.parse(row.from), saysUntil: Date.parse(row.to) }));
  return heldUntilNext(placed, Infinity).flatMap(({ row, startsAt, endsAt: next, saysUntil }) => {
    const figure = figureOf(row);
    const endsAt = Math.min(saysUntil, next);
    return figure === undefined || endsAt <= startsAt ? [] : [{ startsAt, endsAt, ...figure }];
  });
}

/** What came, once the row is over and as soon as it is known. */
function measured({ to, intensity: { actual } }: IntensityRow, now: EpochMs): Figure | undefined {
  if (typeof actual !== 'number' || Date.parse(to) > now) return undefined;
  return { gramsPerKilowattHour: gramsPerKilowattHour(actual), estimated: false };
}

function expected({ intensity: { forecast } }: IntensityRow): Figure | undefined {
  return forecast === null ? undefined : { gramsPerKilowattHour: gramsPerKilowattHour(forecast), estimated: true };
}

/** The whole minutes around an interval, as far as one question may reach: seconds are refused. */
function spanOf({ startsAt, endsAt }: Interval): string {
  const from = Math.floor(startsAt / MINUTE_MS) * MINUTE_MS;
  const to = Math.min(Math.ceil(endsAt / MINUTE_MS) * MINUTE_MS, from + LONGEST_QUESTION_MS);
  return `${minute(from)}/${minute(to)}`;
}

function minute(at: EpochMs): string {
  return `${new Date(at).toISOString().slice(0, 'YYYY-MM-DDThh:mm'.length)}Z`;
}

function unknown(zone: string): SourceError {
  return new SourceError(
    'ZoneUnknown',
    `uk-carbon-intensity does not know zone ${zone}: it has GB, GB-1 to GB-17, and zones that its \`regions\` give a region id`,
  );
}

function noSuchSignal(signal: Signal): SourceError {
  return new SourceError('SignalUnsupported', `uk-carbon-intensity has average intensity only, not signal ${signal}`);
}

function noHistory(zone: string, region: number): SourceError {
  return new SourceError(
    'HistoryUnsupported',
    `uk-carbon-intensity does not tell what came in zone ${zone}: rows of a region (here ${region}) have no actual figure, only those of GB have`,
  );
}
