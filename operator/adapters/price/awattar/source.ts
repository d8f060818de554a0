import type { PriceSample, PriceSeries } from '../../../domain/electricity-price.ts';
import { cutTo, heldUntilNext } from '../../../domain/samples.ts';
import { HOUR_MS } from '../../../domain/units.ts';
import type { HttpClient } from '../../../ports/http.ts';
import type { PriceQuery, PriceSource } from '../../../ports/price.ts';
import { SourceError } from '../../../ports/source-error.ts';
import { MARKET_DATA, type MarketReply, type MarketRow } from './reply.ts';

const ZONES = ['DE', 'AT'] as const;
type Zone = (typeof ZONES)[number];

export interface AwattarOptions {
  readonly http: HttpClient;
  /** One host a country: `https://api.awattar.de` and `https://api.awattar.at`. */
  readonly baseUrls: Readonly<Record<Zone, string>>;
}

const KILOWATT_HOURS_A_MEGAWATT_HOUR = 1_000;

/**
 * aWATTar, https://www.awattar.de/services/api and https://www.awattar.at/services/api: the day-ahead auction of Germany
 * and Austria by the hour, without taxes and fees. No key. Tomorrow comes early in the afternoon.
 */
export class AwattarSource implements PriceSource {
  readonly name = 'awattar';
  readonly #options: AwattarOptions;

  constructor(options: AwattarOptions) {
    this.#options = options;
  }

  async prices({ zone, interval }: PriceQuery, abort: AbortSignal): Promise<PriceSeries> {
    abort.throwIfAborted();
    if (!isZone(zone)) {
      throw new SourceError('ZoneUnknown', `awattar has prices of zones ${ZONES.join(' and ')} only, not of ${zone}`);
    }
    const { http, baseUrls } = this.#options;
    const { body } = await http.getJson(
      {
        provider: this.name,
        url: `${baseUrls[zone]}/v1/marketdata`,
        // Whole hours: the row of an hour that has begun is wanted as well.
        query: {
          start: String(Math.floor(interval.startsAt / HOUR_MS) * HOUR_MS),
          end: String(Math.ceil(interval.endsAt / HOUR_MS) * HOUR_MS),
        },
        shape: MARKET_DATA,
      },
      abort,
    );
    refuseOtherCountry(zone, body);
    const samples = cutTo(samplesOf(body.data), interval);
    if (samples.length === 0) {
      throw new SourceError(
        'NoData',
        `awattar has no price of zone ${zone} for the time asked for; tomorrow's come early in the afternoon`,
      );
    }
    return { zone, currency: 'EUR', basis: 'Market', source: this.name, samples };
  }
}

function isZone(zone: string): zone is Zone {
  return (ZONES as readonly string[]).includes(zone);
}

/** The rows don't say where they hold, the reply does, by its address. */
function refuseOtherCountry(zone: Zone, { url = '' }: MarketReply): void {
  const country = /^\/([a-z]{2})\//.exec(url)?.[1]?.toUpperCase();
  if (country !== undefined && country !== zone) {
    throw new SourceError(
      'Malformed',
      `awattar answers for zone ${country}, zone ${zone} was asked for; look at its base URL for ${zone}`,
    );
  }
}

function samplesOf(rows: readonly MarketRow[]): PriceSample[] {
  return heldUntilNext(rows.map(rowOf), Infinity).flatMap(({ startsAt, endsAt, until, perMegawattHour }) => {
    if (perMegawattHour === null) return [];
    const perKilowattHour = perMegawattHour / KILOWATT_HOURS_A_MEGAWATT_HOUR;
    return [{ startsAt, endsAt: Math.min(endsAt, until), perKilowattHour, estimated: false }];
  });
}

function rowOf({ start_timestamp: startsAt, end_timestamp: until, marketprice: perMegawattHour }: MarketRow) {
  if (until <= startsAt) {
    throw new SourceError(
      'Malformed',
      `awattar answers with a row that ends before it begins: ${String(startsAt)} to ${String(until)}`,
    );
  }
  return { startsAt, until, perMegawattHour };
}
