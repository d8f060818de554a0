import { HOUR_MS, MINUTE_MS, SECOND_MS, type DurationMs, type EpochMs } from '../../operator/domain/units.ts';
import { StandIn, stretches, type StandInOptions, type StandInReply, type StandInRequest } from './stand-in.ts';

/** Figures are of a region, pounds of CO2 per MWh. */
export interface WattTimeStandInOptions extends StandInOptions {
  readonly username: string;
  readonly password: string;
  /** Regions of marginal intensity. */
  readonly regions: readonly string[];
  /** Regions of average intensity, which has history alone. Default: none. */
  readonly averageRegions?: readonly string[];
  /** Regions that the account has. Default: all. */
  readonly entitled?: readonly string[];
  /** What a token that has ended is answered with: 401 as documented, or nginx's page as it was seen. Default: 401. */
  readonly expired?: 401 | 403;
  /** How far its clock is ahead of `now` where it writes when a forecast was made. */
  readonly aheadMs?: DurationMs;
  /** Last points of the history that are filled in. */
  readonly imputedPoints?: number;
}

const TOKEN_HOLDS_MS = 30 * MINUTE_MS;
const WINDOW_MS = 5 * MINUTE_MS;
const LOGINS_A_WINDOW = 100;
const REQUESTS_A_WINDOW = 3_000;
const LONGEST_HISTORY_MS = 32 * 24 * HOUR_MS;

const FORBIDDEN: StandInReply = {
  status: 403,
  body: '<html>\r\n<head><title>403 Forbidden</title></head>\r\n<body>\r\n<center><h1>403 Forbidden</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n',
  headers: { 'Content-Type': 'text/html' },
};
const TOO_MANY: StandInReply = { status: 429, body: { error: 'TOO_MANY_REQUESTS', message: 'Rate limit exceeded' } };

/** WattTime: `/login`, `/v3/forecast` and `/v3/historical`, as its OpenAPI document and public recordings have them. */
export class WattTimeStandIn extends StandIn {
  constructor(options: WattTimeStandInOptions) {
    const account = new Account(options);
    super((request) => account.answer(request));
  }
}

class Account {
  readonly #options: WattTimeStandInOptions;
  readonly #endOfToken = new Map<string, EpochMs>();
  readonly #logins: EpochMs[] = [];
  readonly #requests: EpochMs[] = [];

  constructor(options: WattTimeStandInOptions) {
    this.#options = options;
  }

  answer(request: StandInRequest): StandInReply {
    const now = this.#options.now();
    if (isOver(REQUESTS_A_WINDOW, this.#requests, now)) return TOO_MANY;
    if (request.path === '/login') return this.#logIn(request, now);
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if ((this.#endOfToken.get(token) ?? 0) <= now) return this.#refuseToken();
    return this.#data(request);
  }

  #logIn({ headers }: StandInRequest, now: EpochMs): StandInReply {
    if (isOver(LOGINS_A_WINDOW, this.#logins, now)) return TOO_MANY;
    const { username, password } = this.#options;
    const expected = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    if (headers.authorization !== expected) return FORBIDDEN;
    const token = `token-of-the-stand-in.${String(this.#endOfToken.size + 1)}`;
    this.#endOfToken.set(token, now + TOKEN_HOLDS_MS);
    return { body: { token } };
  }

  #refuseToken(): StandInReply {
    if (this.#options.expired === 403) return FORBIDDEN;
    return { status: 401, body: { error: 'UNAUTHORIZED', message: 'Token has expired' } };
  }

  #data({ path, query }: StandInRequest): StandInReply {
    const { regions, averageRegions = [], entitled } = this.#options;
    const region = query.get('region') ?? '';
    const signalType = query.get('signal_type') ?? '';
    const isAverage = signalType === 'co2_aoer';
    if (signalType !== 'co2_moer' && !isAverage) return invalid('signal_type is not available');
    // What is said of a region that does not exist is not recorded; this is what region-from-loc says of a place.
    if (!(isAverage ? averageRegions : regions).includes(region)) {
      const error = 'No coverage available for this region and signal_type';
      return { status: 404, body: { error, region, signal_type: signalType } };
    }
    if (entitled?.includes(region) === false) return NOT_ENTITLED;
    if (path === '/v3/forecast' && !isAverage) return forecast(region, query, this.#options);
    if (path === '/v3/historical') return historical(region, query, this.#options);
    return invalid('signal_type is not available at this endpoint');
  }
}

const NOT_ENTITLED: StandInReply = {
  status: 403,
  body: {
    error: 'Invalid query parameters',
    message:
      'Invalid scope. You do not have sufficient access to this resource. Please note that all users are allowed free access to CAISO_NORTH.',
  },
};

function invalid(message: string): StandInReply {
  return { status: 400, body: { error: 'INVALID_QUERY_PARAMS', message, docs: 'https://docs.watttime.org/' } };
}

function forecast(region: string, query: URLSearchParams, options: WattTimeStandInOptions): StandInReply {
  const { now, aheadMs = 0 } = options;
  const hours = Number(query.get('horizon_hours') ?? '24');
  if (!Number.isInteger(hours) || hours < 0 || hours > 72) return invalid('horizon_hours must be from 0 to 72');
  const periodMs = 5 * MINUTE_MS;
  const first = Math.floor(now() / periodMs) * periodMs;
  const points = pointsOf(region, stretches(first, first + Math.max(hours * HOUR_MS, periodMs) - 1, periodMs), options);
  const generated_at = written(first + aheadMs);
  const meta = { ...metaOf(region, 'co2_moer', periodMs), generated_at_period_seconds: 300, generated_at };
  return { body: { data: points, meta } };
}

function historical(region: string, query: URLSearchParams, options: WattTimeStandInOptions): StandInReply {
  const start = Date.parse(query.get('start') ?? '');
  const end = Date.parse(query.get('end') ?? '');
  if (Number.isNaN(start) || Number.isNaN(end)) return invalid('start and end are required, with a time zone');
  if (end - start > LONGEST_HISTORY_MS) return invalid('queries are limited to 32 days');
  const signalType = query.get('signal_type') ?? '';
  const periodMs = signalType === 'co2_aoer' ? HOUR_MS : 5 * MINUTE_MS;
  const until = Math.min(end, options.now());
  const starts = stretches(start, until, periodMs).filter((at) => at >= start);
  const points = pointsOf(region, starts, options).map((point, k) => ({
    ...point,
    last_updated: written(until),
    ...(query.get('include_imputed_marker') === 'true' && {
      imputed_data_used: k >= starts.length - (options.imputedPoints ?? 0),
    }),
  }));
  return { body: { data: points, meta: metaOf(region, signalType, periodMs) } };
}

function pointsOf(region: string, starts: readonly EpochMs[], { figures }: WattTimeStandInOptions) {
  return starts.flatMap((at) => {
    const value = figures(region, at);
    return value === undefined ? [] : [{ point_time: written(at), value }];
  });
}

function metaOf(region: string, signalType: string, periodMs: DurationMs): object {
  return {
    data_point_period_seconds: periodMs / SECOND_MS,
    region,
    warnings: [],
    signal_type: signalType,
    model: { date: '2026-03-01', type: 'binned_regression' },
    units: 'lbs_co2_per_mwh',
  };
}

/** As it writes instants: with an offset, to the second. */
function written(at: EpochMs): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, '+00:00');
}

/** Counts this one; true where it is one too many in the rolling window. */
function isOver(limit: number, times: EpochMs[], now: EpochMs): boolean {
  while (times[0] !== undefined && times[0] <= now - WINDOW_MS) times.shift();
  times.push(now);
  return times.length > limit;
}
