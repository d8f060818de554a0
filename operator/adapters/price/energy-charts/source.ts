import type { PriceSample, PriceSeries } from '../../../domain/electricity-price.ts';
import type { Interval } from '../../../domain/interval.ts';
import { cutTo, heldUntilNext, usualSpacing } from '../../../domain/samples.ts';
import { MINUTE_MS, SECOND_MS, type EpochMs } from '../../../domain/units.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { HttpClient } from '../../../ports/http.ts';
import type { PriceQuery, PriceSource } from '../../../ports/price.ts';
import { SourceError } from '../../../ports/source-error.ts';
import { BIDDING_ZONES } from './bidding-zones.ts';
import { marketDayOf } from './market-day.ts';
import { PRICES, type PriceReply } from './reply.ts';

export interface EnergyChartsPriceOptions {
  readonly http: HttpClient;
  readonly clock: Clock;
  /** `https://api.energy-charts.info`. */
  readonly baseUrl: string;
  /** Bidding zones by zone, besides those built in or instead of them. */
  readonly biddingZones: Readonly<Record<string, string>>;
}

/** Where a reply is too short to show it. */
const USUAL_ROW_MS = 15 * MINUTE_MS;
const KILOWATT_HOURS_PER_MEGAWATT_HOUR = 1_000;

/**
 * Day-ahead prices from Energy-Charts of Fraunhofer ISE, https://api.energy-charts.info, in EUR. It needs no key, and takes
 * two questions a minute: it is asked for whole market days at once, in Unix seconds, which need no time zone.
 */
export class EnergyChartsPriceSource implements PriceSource {
  readonly name = 'energy-charts';
  readonly #options: EnergyChartsPriceOptions;
  readonly #biddingZones: ReadonlyMap<string, string>;

  constructor(options: EnergyChartsPriceOptions) {
    this.#options = options;
    this.#biddingZones = new Map(Object.entries({ ...BIDDING_ZONES, ...options.biddingZones }));
  }

  async prices({ zone, interval }: PriceQuery, abort: AbortSignal): Promise<PriceSeries> {
    abort.throwIfAborted();
    const biddingZone = this.#biddingZones.get(zone);
    if (biddingZone === undefined) throw unknown(zone);
    const samples = cutTo(await this.#published(biddingZone, interval, abort), interval);
    if (samples.length === 0) throw this.#notPublished(biddingZone, interval);
    return { zone, currency: 'EUR', basis: 'Market', source: this.name, samples };
  }

  /**
   * Tomorrow's prices come in the early afternoon, and nobody has those of a later day. A question that reaches into a day
   * that is not published is answered with the others, or with 404 as a whole: then today is asked for by itself.
   */
  async #published(biddingZone: string, interval: Interval, abort: AbortSignal): Promise<PriceSample[]> {
    const today = marketDayOf(this.#options.clock.now());
    const tomorrow = marketDayOf(today.endsAt);
    const startsAt = marketDayOf(interval.startsAt).startsAt;
    const endsAt = Math.min(marketDayOf(interval.endsAt - 1).endsAt, tomorrow.endsAt);
    if (startsAt >= endsAt) throw this.#notPublished(biddingZone, interval);
    try {
      return await this.#ask(biddingZone, { startsAt, endsAt }, abort);
    } catch (error) {
      if (!isNoData(error)) throw error;
      const reachesIntoTomorrow = startsAt < today.endsAt && endsAt > today.endsAt;
      if (!reachesIntoTomorrow) throw this.#notPublished(biddingZone, interval, error);
    }
    try {
      return await this.#ask(biddingZone, { startsAt, endsAt: today.endsAt }, abort);
    } catch (error) {
      throw isNoData(error) ? this.#notPublished(biddingZone, interval, error) : error;
    }
  }

  /** Both ends count, so that the last second of a day is the end of the question. */
  async #ask(biddingZone: string, { startsAt, endsAt }: Interval, abort: AbortSignal): Promise<PriceSample[]> {
    const { baseUrl, http } = this.#options;
    const query = {
      bzn: biddingZone,
      start: String(startsAt / SECOND_MS),
      end: String(endsAt / SECOND_MS - 1),
    };
    const request = { provider: this.name, url: `${baseUrl}/price`, query, shape: PRICES };
    const { body } = await http.getJson(request, abort);
    return samplesOf(body);
  }

  #notPublished(biddingZone: string, interval: Interval, cause?: unknown): SourceError {
    const from = new Date(interval.startsAt).toISOString();
    const until = new Date(interval.endsAt).toISOString();
    const why =
      interval.endsAt > this.#options.clock.now()
        ? 'not published yet; prices of a day come early in the afternoon of the day before, in central Europe'
        : 'none is published';
    const message = `energy-charts has no price of bidding zone ${biddingZone} from ${from} to ${until}: ${why}`;
    return new SourceError('NoData', message, { cause });
  }
}

function isNoData(error: unknown): boolean {
  return error instanceof SourceError && error.code === 'NoData';
}

/** A row without a price is a gap, and no row holds beyond it. */
function samplesOf({ unix_seconds: seconds, price: prices }: PriceReply): PriceSample[] {
  if (prices.length !== seconds.length) {
    throw new SourceError(
      'Malformed',
      `energy-charts answers with lists that don't belong together: ${seconds.length} times, ${prices.length} prices`,
    );
  }
  const rows = seconds.map((second, k): { readonly startsAt: EpochMs; readonly price: number | null } => ({
    startsAt: second * SECOND_MS,
    price: prices[k] ?? null,
  }));
  const length = usualSpacing(rows.map(({ startsAt }) => startsAt)) ?? USUAL_ROW_MS;
  return heldUntilNext(rows, length).flatMap(({ startsAt, endsAt, price }) =>
    price === null
      ? []
      : [{ startsAt, endsAt, perKilowattHour: price / KILOWATT_HOURS_PER_MEGAWATT_HOUR, estimated: false }],
  );
}

function unknown(zone: string): SourceError {
  return new SourceError(
    'ZoneUnknown',
    `energy-charts has no bidding zone for zone ${zone}: give it one in its \`biddingZones\`, or add another source of prices`,
  );
}
