import { HOUR_MS, MINUTE_MS, SECOND_MS, type DurationMs, type EpochMs } from '../../operator/domain/units.ts';
import {
  StandIn,
  stretches,
  type Figures,
  type StandInOptions,
  type StandInReply,
  type StandInRequest,
} from './stand-in.ts';

/** Figures are asked for by country (`de`), gCO2eq/kWh, and prices by bidding zone (`DE-LU`), EUR/MWh; `undefined` comes as null. */
export interface EnergyChartsOptions extends StandInOptions {
  readonly countries?: readonly string[];
  /** What came, where it is not what was expected. */
  readonly actuals?: Figures;
  /** From here on there is an expectation only. Default: an hour ago. */
  readonly measuredUntil?: () => EpochMs;
  /** From here on there is nothing. Default: the end of today. */
  readonly expectedUntil?: () => EpochMs;
  readonly biddingZones?: readonly string[];
  readonly prices?: Figures;
  /** From here on no price is published. Default: the end of today. */
  readonly publishedUntil?: () => EpochMs;
  /** A question that reaches beyond what is published gets 404 as a whole. Default: it gets what there is. */
  readonly wholeOrNothing?: boolean;
  /** Length of a row. Default a quarter of an hour; Swiss prices are hourly. */
  readonly rowMs?: DurationMs;
  /** More requests than this within the time are answered 429. */
  readonly burst?: { readonly requests: number; readonly withinMs: DurationMs };
}

interface Row {
  readonly at: EpochMs;
  readonly figure: number | null;
}

const QUARTER_MS = 15 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Energy-Charts: `/co2eq` and `/price`, as recorded in 2026. Its days are those of central Europe. */
export class EnergyChartsStandIn extends StandIn {
  constructor(options: EnergyChartsOptions) {
    const admits = admitting(options);
    super((request) => (admits() ? answer(request, options) : tooMany(options)));
  }
}

function answer({ path, query }: StandInRequest, options: EnergyChartsOptions): StandInReply {
  if (path === '/co2eq') return intensity(query, options);
  return path === '/price' ? prices(query, options) : { status: 404, body: { detail: 'Not Found' } };
}

function intensity(query: URLSearchParams, options: EnergyChartsOptions): StandInReply {
  const { figures, now, actuals = figures, countries = ['de'], rowMs = QUARTER_MS } = options;
  const country = query.get('country') ?? 'de';
  if (!countries.includes(country)) return notAvailable(country, 'country', 'countries');
  const today = dayOf(now());
  const tomorrow = dayOf(today.end);
  const { start, end } = spanOf(query, { start: today.start, end: tomorrow.end - 1 });
  const { measuredUntil = () => Math.floor((now() - HOUR_MS) / rowMs) * rowMs, expectedUntil = () => today.end } =
    options;
  const starts = beginnings(start, end, rowMs);
  const came = starts.map((at) => (at < measuredUntil() ? (actuals(country, at) ?? null) : null));
  const expected = starts.map((at) =>
    at >= measuredUntil() && at < expectedUntil() ? (figures(country, at) ?? null) : null,
  );
  return { body: { unix_seconds: starts.map(seconds), co2eq: came, co2eq_forecast: expected, deprecated: false } };
}

function prices(query: URLSearchParams, options: EnergyChartsOptions): StandInReply {
  const { now, biddingZones = ['DE-LU'], rowMs = QUARTER_MS, wholeOrNothing = false } = options;
  const biddingZone = query.get('bzn') ?? 'DE-LU';
  if (!biddingZones.includes(biddingZone)) return notAvailable(biddingZone, 'bidding zone', 'bidding zones');
  const today = dayOf(now());
  const { start, end } = spanOf(query, { start: today.start, end: today.end - 1 });
  const publishedUntil = options.publishedUntil?.() ?? today.end;
  const all = beginnings(start, end, rowMs);
  const rows = all
    .filter((at) => at < publishedUntil)
    .map((at): Row => ({ at, figure: options.prices?.(biddingZone, at) ?? null }));
  if (rows.length === 0 || (wholeOrNothing && rows.length < all.length)) {
    return { status: 404, body: 'no content found' };
  }
  return {
    body: {
      license_info: 'CC BY 4.0 (creativecommons.org/licenses/by/4.0) from Bundesnetzagentur | SMARD.de',
      unix_seconds: rows.map(({ at }) => seconds(at)),
      price: rows.map(({ figure }) => figure),
      unit: 'EUR / MWh',
      deprecated: false,
    },
  };
}

/** Of the rows that begin in the time asked for, both ends included: not the one that is under way at its start. */
function beginnings(start: EpochMs, end: EpochMs, rowMs: DurationMs): readonly EpochMs[] {
  return stretches(start, end, rowMs).filter((at) => at >= start);
}

function notAvailable(code: string, one: string, many: string): StandInReply {
  const body = `'${code}' is not the code for an available ${one}. Please refer to the API doc for information about available ${many}`;
  return { status: 400, body };
}

function admitting({ burst, now }: EnergyChartsOptions): () => boolean {
  const admitted: EpochMs[] = [];
  return () => {
    if (burst === undefined) return true;
    const recent = admitted.filter((at) => at > now() - burst.withinMs).length;
    if (recent < burst.requests) admitted.push(now());
    return recent < burst.requests;
  };
}

function tooMany({ burst }: EnergyChartsOptions): StandInReply {
  const seconds = Math.ceil((burst?.withinMs ?? 0) / SECOND_MS);
  return { status: 429, body: 'Too Many Requests', headers: { 'Retry-After': String(seconds) } };
}

/** What is asked for: Unix seconds, a time with its offset, or a date, which means that whole day. */
function spanOf(query: URLSearchParams, otherwise: { readonly start: EpochMs; readonly end: EpochMs }) {
  const [start, end] = [query.get('start'), query.get('end')];
  return {
    start: start === null ? otherwise.start : isDate(start) ? midnight(start) : instantOf(start),
    end: end === null ? otherwise.end : isDate(end) ? dayOf(midnight(end)).end - 1 : instantOf(end),
  };
}

function isDate(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text);
}

function instantOf(text: string): EpochMs {
  return /^\d+$/.test(text) ? Number(text) * SECOND_MS : Date.parse(text);
}

function seconds(at: EpochMs): number {
  return at / SECOND_MS;
}

/** Of 23, 24 or 25 hours. */
function dayOf(at: EpochMs): { readonly start: EpochMs; readonly end: EpochMs } {
  const start = midnight(dateOf(at));
  return { start, end: midnight(dateOf(start + DAY_MS + 2 * HOUR_MS)) };
}

function dateOf(at: EpochMs): string {
  return new Date(at + offsetAt(at)).toISOString().slice(0, 'YYYY-MM-DD'.length);
}

function midnight(date: string): EpochMs {
  const utc = Date.parse(`${date}T00:00:00Z`);
  return utc - offsetAt(utc - 2 * HOUR_MS);
}

/** Summer time is from the last Sunday of March to that of October, 01:00 UTC (directive 2000/84/EC). */
function offsetAt(at: EpochMs): DurationMs {
  const year = new Date(at).getUTCFullYear();
  return at >= lastSunday(year, 2) && at < lastSunday(year, 9) ? 2 * HOUR_MS : HOUR_MS;
}

function lastSunday(year: number, month: number): EpochMs {
  const lastDay = Date.UTC(year, month + 1, 0, 1);
  return lastDay - new Date(lastDay).getUTCDay() * DAY_MS;
}
