import { HOUR_MS } from '../../operator/domain/units.ts';
import { StandIn, stretches, type StandInOptions, type StandInReply, type StandInRequest } from './stand-in.ts';

export interface ElectricityMapsOptions extends StandInOptions {
  readonly key: string;
  readonly zones: readonly string[];
  /** Made-up figures, marked as such. */
  readonly sandbox?: boolean;
  /** Zones that the plan behind the key has. Default: all. */
  readonly entitled?: readonly string[];
  /** Length of a row. Default one hour, the only one that plans without finer rows get, whatever they ask for. */
  readonly rowMs?: number;
  /** Rows of a forecast after that of now. Default: as many as the horizon that is asked for has hours. */
  readonly rowsAhead?: number;
  /** Last figures of the history that are not measured yet. */
  readonly estimatedRows?: number;
}

const CALLERS_ZONE = 'DK-DK2';

/**
 * Electricity Maps v4 and v3: `/carbon-intensity/{forecast,history}` and `/price-day-ahead/combined`, as recorded in
 * August 2026. Prices come from `prices`, EUR/MWh.
 */
export class ElectricityMapsStandIn extends StandIn {
  constructor(options: ElectricityMapsOptions & { readonly prices?: StandInOptions['figures'] }) {
    super((request) => answer(request, options));
  }
}

function answer(
  { path, query, headers }: StandInRequest,
  options: ElectricityMapsOptions & { readonly prices?: StandInOptions['figures'] },
): StandInReply {
  if (headers['auth-token'] !== options.key) return { status: 401, body: { error: 'Invalid auth-token' } };
  const [, signal = '', temporality = ''] = /^\/v[34]\/([\w-]+)\/([\w-]+)$/.exec(path) ?? [];
  const asked = query.get('zone') ?? '';
  const isKnown = options.zones.includes(asked);
  const looksUpCaller =
    query.get('disableCallerLookup') !== 'true' && query.get('shouldUseFallbackCallerLookup') !== 'false';
  if (!isKnown && !looksUpCaller) return { status: 404, body: { error: `Zone '${asked}' does not exist.` } };
  const zone = isKnown ? asked : CALLERS_ZONE;
  if (options.entitled?.includes(zone) === false) return notEntitled(zone, signal, temporality);
  if (signal === 'carbon-intensity' && temporality === 'forecast') return forecast(zone, query, options);
  if (signal === 'carbon-intensity' && temporality === 'history') return history(zone, options);
  if (signal === 'price-day-ahead' && temporality === 'combined') return prices(zone, options);
  return { status: 404, body: { error: 'Not Found' } };
}

function notEntitled(zone: string, signal: string, temporality: string): StandInReply {
  return {
    status: 401,
    body: {
      error: `Request unauthorized for zoneKey=${zone},requestType=${temporality},dataType=${signal}.`,
      message: 'You do not have access to this specific endpoint for this specific zone.',
    },
  };
}

function forecast(zone: string, query: URLSearchParams, options: ElectricityMapsOptions): StandInReply {
  const { figures, now, rowMs = HOUR_MS, rowsAhead } = options;
  const horizon = query.get('horizonHours') ?? '24';
  if (!['6', '24', '48', '72'].includes(horizon)) {
    return { status: 400, body: { error: 'Invalid horizonHours: expected one of 6, 24, 48, 72' } };
  }
  // However long a row is.
  const until = now() + (rowsAhead ?? Number(horizon)) * rowMs;
  const rows = stretches(now(), until, rowMs).flatMap((at) => {
    const figure = figures(zone, at);
    return figure === undefined ? [] : [{ carbonIntensity: figure, datetime: new Date(at).toISOString() }];
  });
  if (rows.length === 0) return noRecentData(zone);
  const updatedAt = new Date(now()).toISOString();
  return { body: { zone, forecast: rows, updatedAt, temporalGranularity: 'hourly', ...disclaimer(options) } };
}

function history(zone: string, options: ElectricityMapsOptions): StandInReply {
  const { figures, now, rowMs = HOUR_MS, estimatedRows = 1, sandbox = false } = options;
  const starts = stretches(now() - 23 * rowMs, now(), rowMs);
  const rows = starts.flatMap((at, k) => {
    const figure = figures(zone, at);
    const isEstimated = sandbox || k >= starts.length - estimatedRows;
    const estimationMethod = sandbox ? 'SANDBOX_MODE_DATA' : isEstimated ? 'TIME_SLICER_AVERAGE' : null;
    const datetime = new Date(at).toISOString();
    const labels = { updatedAt: datetime, createdAt: datetime, emissionFactorType: 'lifecycle', flowTraced: true };
    return figure === undefined
      ? []
      : [
          {
            zone,
            carbonIntensity: figure,
            datetime,
            ...labels,
            isEstimated,
            estimationMethod,
            temporalGranularity: 'hourly',
          },
        ];
  });
  if (rows.length === 0) return noRecentData(zone);
  return { body: { zone, history: rows, temporalGranularity: 'hourly', ...disclaimer(options) } };
}

function prices(
  zone: string,
  options: ElectricityMapsOptions & { readonly prices?: StandInOptions['figures'] },
): StandInReply {
  const { now, rowMs = HOUR_MS } = options;
  const rows = stretches(now(), now() + 24 * rowMs, rowMs).flatMap((at) => {
    const value = options.prices?.(zone, at);
    const datetime = new Date(at).toISOString();
    const labels = { createdAt: datetime, updatedAt: datetime, unit: 'EUR/MWh', source: 'nordpool.com' };
    return value === undefined ? [] : [{ zone, datetime, value, ...labels }];
  });
  if (rows.length === 0) return noRecentData(zone);
  return { body: { zone, data: rows, temporalGranularity: 'hourly', ...disclaimer(options) } };
}

function noRecentData(zone: string): StandInReply {
  return { status: 404, body: { error: `No recent data for zone "${zone}"` } };
}

function disclaimer({ sandbox = false }: ElectricityMapsOptions): object {
  return sandbox ? { _disclaimer: 'SANDBOX MODE: this data is synthetic.' } : {};
}
