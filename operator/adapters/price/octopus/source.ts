import type { PriceSeries } from '../../../domain/electricity-price.ts';
import type { Interval } from '../../../domain/interval.ts';
import { cutTo } from '../../../domain/samples.ts';
import { SECOND_MS } from '../../../domain/units.ts';
import type { HttpClient, HttpRefusal, JsonRequest } from '../../../ports/http.ts';
import type { PriceQuery, PriceSource } from '../../../ports/price.ts';
import { SourceError } from '../../../ports/source-error.ts';
import { samplesOf } from './rates.ts';
import { RATES, type Rate, type RatesReply } from './reply.ts';

/** Grid supply point groups of Great Britain; I and O are none. */
export type OctopusRegion = 'A' | 'B' | 'C' | 'D' | 'E' | 'F' | 'G' | 'H' | 'J' | 'K' | 'L' | 'M' | 'N' | 'P';

export interface OctopusOptions {
  readonly http: HttpClient;
  /** E.g. `https://api.octopus.energy`. */
  readonly baseUrl: string;
  /** Code of the product, e.g. `AGILE-24-10-01`. */
  readonly product: string;
  readonly region: OctopusRegion;
  /** Whether value added tax is a cost: it isn't for who can reclaim it. */
  readonly includeVat: boolean;
}

/** The most that the provider gives at once: a month of half-hours. */
const PAGE_SIZE = 1_500;
const MAX_PAGES = 20;

/**
 * Unit rates of a tariff of Octopus Energy in Great Britain, https://developer.octopus.energy/rest/guides/endpoints:
 * those of one register, without the standing charge. No key. Rates of tomorrow come in the afternoon.
 */
export class OctopusSource implements PriceSource {
  readonly name = 'octopus';
  readonly #options: OctopusOptions;
  readonly #tariff: string;

  constructor(options: OctopusOptions) {
    this.#options = options;
    this.#tariff = `E-1R-${options.product}-${options.region}`;
  }

  async prices({ zone, interval }: PriceQuery, abort: AbortSignal): Promise<PriceSeries> {
    abort.throwIfAborted();
    if (!isInGreatBritain(zone)) {
      throw new SourceError('ZoneUnknown', `octopus has prices of Great Britain (zone GB) only, not of zone ${zone}`);
    }
    const rates = await this.#ratesOf(interval, abort);
    const samples = cutTo(samplesOf(rates, this.#options.includeVat), interval);
    if (samples.length === 0) {
      const others = rates.length === 0 ? '' : ', none that is paid by direct debit';
      throw new SourceError(
        'NoData',
        `octopus has no rate of tariff ${this.#tariff} for the time asked for${others}; rates of tomorrow come in the afternoon`,
      );
    }
    return { zone, currency: 'GBP', basis: 'Tariff', source: this.name, samples };
  }

  async #ratesOf({ startsAt, endsAt }: Interval, abort: AbortSignal): Promise<Rate[]> {
    const { baseUrl, http, product } = this.#options;
    const rates: Rate[] = [];
    let page: Pick<JsonRequest<RatesReply>, 'url' | 'query'> = {
      url: `${baseUrl}/v1/products/${encodeURIComponent(product)}/electricity-tariffs/${encodeURIComponent(this.#tariff)}/standard-unit-rates/`,
      query: {
        period_from: wholeSecond(Math.floor(startsAt / SECOND_MS)),
        period_to: wholeSecond(Math.ceil(endsAt / SECOND_MS)),
        page_size: String(PAGE_SIZE),
      },
    };
    for (let pages = 0; pages < MAX_PAGES; pages++) {
      const request = { provider: this.name, ...page, shape: RATES, meaningOf: this.#meaningOf };
      const { body } = await http.getJson(request, abort);
      rates.push(...body.results);
      if (body.next === null) return rates;
      page = pageAt(body.next, baseUrl);
    }
    throw new SourceError('Malformed', `octopus answers in more than ${String(MAX_PAGES)} pages; ask for less time`);
  }

  /** 404 stands for a product or a region that it has not, and for nothing else. */
  readonly #meaningOf = ({ status, body }: HttpRefusal): SourceError | undefined => {
    if (status !== 404 || !/matches the given query|not found/i.test(body)) return undefined;
    return new SourceError(
      'ZoneUnknown',
      `octopus has no tariff ${this.#tariff}; look at its product and region in the configuration`,
    );
  };
}

/** Northern Ireland has a market of its own, with Ireland. */
function isInGreatBritain(zone: string): boolean {
  return zone === 'GB' || (zone.startsWith('GB-') && zone !== 'GB-NIR');
}

function wholeSecond(seconds: number): string {
  return new Date(seconds * SECOND_MS).toISOString().replace('.000Z', 'Z');
}

/** The provider names the next page by its whole address, which may be anywhere: it is asked for at the provider's only. */
function pageAt(next: string, baseUrl: string): { url: string; query: Record<string, string[]> } {
  const address = URL.parse(next);
  const { origin } = new URL(baseUrl);
  if (address?.origin !== origin) {
    throw new SourceError('Malformed', `octopus has its next page at ${next}, which is not at ${origin}`);
  }
  const { pathname, searchParams } = address;
  const query = Object.fromEntries([...searchParams.keys()].map((name) => [name, searchParams.getAll(name)]));
  return { url: `${origin}${pathname}`, query };
}
