import type { PriceSample, PriceSeries } from '../../../domain/electricity-price.ts';
import { cutTo, heldUntilNext } from '../../../domain/samples.ts';
import { HOUR_MS } from '../../../domain/units.ts';
import type { HttpClient, HttpRefusal } from '../../../ports/http.ts';
import type { PriceQuery, PriceSource } from '../../../ports/price.ts';
import type { Secret } from '../../../ports/secrets.ts';
import { SourceError } from '../../../ports/source-error.ts';
import { PRICES, type PriceRow, type PricesReply } from './reply.ts';

export interface ElectricityMapsPriceOptions {
  readonly http: HttpClient;
  readonly key: Secret;
  /** With the version, e.g. `https://api.electricitymaps.com/v4`. */
  readonly baseUrl: string;
}

const KILOWATT_HOURS_A_MEGAWATT_HOUR = 1_000;

/**
 * Day-ahead prices of Electricity Maps, https://portal.electricitymaps.com/docs: by the hour, from the one under way to the
 * same of tomorrow. Hours whose auction is not held yet bear the provider's forecast; they are marked as estimated.
 */
export class ElectricityMapsPriceSource implements PriceSource {
  readonly name = 'electricity-maps';
  readonly #options: ElectricityMapsPriceOptions;

  constructor(options: ElectricityMapsPriceOptions) {
    this.#options = options;
  }

  async prices({ zone, interval }: PriceQuery, abort: AbortSignal): Promise<PriceSeries> {
    abort.throwIfAborted();
    const { baseUrl, http, key } = this.#options;
    const { body } = await http.getJson(
      {
        provider: this.name,
        url: `${baseUrl}/price-day-ahead/combined`,
        // Without the latter two an unknown zone is answered with that of the caller's address (v4, v3).
        query: { zone, disableCallerLookup: 'true', shouldUseFallbackCallerLookup: 'false' },
        headers: { 'auth-token': await key.read() },
        shape: PRICES,
        meaningOf: (refusal) => meaningOf(zone, refusal),
      },
      abort,
    );
    refuseOtherZone(zone, body);
    refuseSandbox(zone, body);
    const samples = cutTo(heldUntilNext(body.data.flatMap(sampleOf), HOUR_MS), interval);
    if (samples.length === 0) {
      throw new SourceError('NoData', `electricity-maps has no price of zone ${zone} for the time asked for`);
    }
    return { zone, currency: currencyOf(zone, body.data), basis: 'Market', source: this.name, samples };
  }
}

function refuseOtherZone(asked: string, reply: PricesReply): void {
  const other = [reply, ...reply.data].find(({ zone }) => zone !== undefined && zone !== asked);
  if (other?.zone === undefined) return;
  throw new SourceError('Malformed', `electricity-maps answers for zone ${other.zone}, zone ${asked} was asked for`);
}

/** A price has no mark that says that it is made up: so it never gets further than this. */
function refuseSandbox(zone: string, { _disclaimer: disclaimer = '', data }: PricesReply): void {
  if (!/SANDBOX MODE/i.test(disclaimer) && !data.some(({ estimationMethod: by }) => by === 'SANDBOX_MODE_DATA')) return;
  throw new SourceError(
    'NoData',
    `electricity-maps answers for zone ${zone} in sandbox mode: its prices are made up, and made-up prices are not used; put a key of a production plan into the Secret`,
  );
}

/** One series has one currency. */
function currencyOf(zone: string, rows: readonly PriceRow[]): string {
  const [unit = '', ...others] = new Set(rows.map((row) => row.unit));
  if (others.length > 0) {
    throw new SourceError(
      'Malformed',
      `electricity-maps answers for zone ${zone} in several units: ${[unit, ...others].join(', ')}`,
    );
  }
  return unit.slice(0, unit.indexOf('/'));
}

/** A row without a price is a gap. */
function sampleOf(row: PriceRow): Omit<PriceSample, 'endsAt'>[] {
  if (row.value === null) return [];
  return [
    {
      startsAt: Date.parse(row.datetime),
      perKilowattHour: row.value / KILOWATT_HOURS_A_MEGAWATT_HOUR,
      estimated: row.isEstimated === true || !isPublished(row),
    },
  ];
}

/** An auction's result bears the name of who published it; what the provider expects bears its own, or none. */
function isPublished({ source }: PriceRow): boolean {
  return typeof source === 'string' && source !== '' && !/electricity[\s_-]?maps?/i.test(source);
}

/** 401 stands for a bad key and for a plan that has not this zone or this data. */
function meaningOf(zone: string, { status, body }: HttpRefusal): SourceError | undefined {
  if (status === 401 && /Request unauthorized for/i.test(body)) {
    return new SourceError(
      'NotEntitled',
      `the plan behind the key of electricity-maps has no day-ahead prices of zone ${zone}`,
    );
  }
  if ((status === 400 || status === 404) && /zone/i.test(body) && /not exist|unknown|invalid/i.test(body)) {
    return new SourceError('ZoneUnknown', `electricity-maps does not know zone ${zone}`);
  }
  return undefined;
}
