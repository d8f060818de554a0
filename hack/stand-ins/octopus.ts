import { MINUTE_MS, type EpochMs } from '../../operator/domain/units.ts';
import { StandIn, stretches, type StandInOptions, type StandInReply, type StandInRequest } from './stand-in.ts';

/** One rate as the provider writes it, in pence per kWh. */
export interface OctopusRate {
  readonly value_exc_vat: number;
  readonly value_inc_vat: number;
  readonly valid_from: string;
  readonly valid_to: string | null;
  readonly payment_method: string | null;
}

export interface OctopusOptions extends StandInOptions {
  /** E.g. `AGILE-24-10-01`. */
  readonly product: string;
  /** Rates of a fixed tariff, instead of the half-hours that `figures` makes (pence per kWh without tax, by region). */
  readonly fixed?: readonly OctopusRate[];
  /** It gives no more than so many rates at once, whatever is asked for. Default 1,500. */
  readonly maxPageSize?: number;
}

const HALF_HOUR_MS = 30 * MINUTE_MS;
const VAT = 1.05;
const DEFAULT_PAGE_SIZE = 100;
const MAX_PAGE_SIZE = 1_500;

/** Octopus Energy v1: `/v1/products/…/electricity-tariffs/…/standard-unit-rates/`, paged, the newest first. */
export class OctopusStandIn extends StandIn {
  constructor(options: OctopusOptions) {
    super((request) => answer(request, options));
  }
}

function answer(request: StandInRequest, options: OctopusOptions): StandInReply {
  const [, product, tariff = ''] =
    /^\/v1\/products\/([\w-]+)\/electricity-tariffs\/([\w-]+)\/standard-unit-rates\/$/.exec(request.path) ?? [];
  if (product !== options.product)
    return { status: 404, body: { detail: 'No EnergyProduct matches the given query.' } };
  const region = new RegExp(`^E-1R-${product}-([A-HJ-NP])$`).exec(tariff)?.[1];
  if (region === undefined) return { status: 404, body: { detail: 'Not found.' } };
  const from = Date.parse(request.query.get('period_from') ?? '');
  const to = Date.parse(request.query.get('period_to') ?? '');
  if (Number.isNaN(from) || Number.isNaN(to))
    return { status: 400, body: { period_from: ['Enter a valid date/time.'] } };
  const rates = (options.fixed ?? halfHours(region, from, to, options)).filter(
    ({ valid_from: begins, valid_to: ends }) => Date.parse(begins) < to && (ends === null || Date.parse(ends) > from),
  );
  return { body: pageOf(rates, request, options.maxPageSize ?? MAX_PAGE_SIZE) };
}

function halfHours(region: string, from: EpochMs, to: EpochMs, { figures }: OctopusOptions): OctopusRate[] {
  const rates = stretches(from, to, HALF_HOUR_MS).flatMap((at) => {
    const pence = figures(region, at);
    return pence === undefined ? [] : [rateOf(pence, at, at + HALF_HOUR_MS)];
  });
  return rates.reverse();
}

function rateOf(pence: number, from: EpochMs, to: EpochMs): OctopusRate {
  return {
    value_exc_vat: pence,
    value_inc_vat: Number((pence * VAT).toFixed(4)),
    valid_from: inSeconds(from),
    valid_to: inSeconds(to),
    payment_method: null,
  };
}

function inSeconds(instant: EpochMs): string {
  return new Date(instant).toISOString().replace('.000Z', 'Z');
}

function pageOf(rates: readonly OctopusRate[], { path, query, headers }: StandInRequest, maxPageSize: number): object {
  const size = Math.min(Number(query.get('page_size') ?? DEFAULT_PAGE_SIZE), maxPageSize);
  const page = Number(query.get('page') ?? 1);
  const addressOf = (number: number): string => {
    const others = new URLSearchParams(query);
    others.set('page', String(number));
    return `http://${headers.host ?? ''}${path}?${others.toString()}`;
  };
  return {
    count: rates.length,
    next: page * size < rates.length ? addressOf(page + 1) : null,
    previous: page > 1 ? addressOf(page - 1) : null,
    results: rates.slice((page - 1) * size, page * size),
  };
}
