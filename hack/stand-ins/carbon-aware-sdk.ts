import { HOUR_MS, MINUTE_MS, type DurationMs, type EpochMs } from '../../operator/domain/units.ts';
import { StandIn, stretches, type StandInOptions, type StandInReply, type StandInRequest } from './stand-in.ts';

/** Figures are of a location, g/kWh. */
export interface CarbonAwareSdkStandInOptions extends StandInOptions {
  /** Locations that it knows, each with the region that its data source has for it. */
  readonly locations: Readonly<Record<string, string>>;
  /** Length of its data source's points. Default 5 minutes. */
  readonly pointMs?: DurationMs;
  /** How far its data source forecasts; 0: it has no forecasts. Default one day. */
  readonly horizonMs?: DurationMs;
  /** When forecasts say they were made. Default: when they are asked for. */
  readonly generatedAt?: EpochMs;
  /** The best point comes under two names: by the documents and by the code. Default: by the code. */
  readonly best?: 'optimalDataPoint' | 'optimalDataPoints';
}

interface Point {
  readonly at: EpochMs;
  readonly lengthMs: DurationMs;
  readonly value: number;
}

/** Carbon Aware SDK WebAPI v1.8: `/emissions/forecasts/current` and `/emissions/bylocations`, as its controllers have them. */
export class CarbonAwareSdkStandIn extends StandIn {
  constructor(options: CarbonAwareSdkStandInOptions) {
    super((request) => answer(request, options));
  }
}

function answer({ path, query }: StandInRequest, options: CarbonAwareSdkStandInOptions): StandInReply {
  const locations = query.getAll('location');
  if (locations.length === 0) return invalid('ArgumentException', { location: ['location is not set'] });
  const unknown = locations.find((location) => options.locations[location] === undefined);
  if (unknown !== undefined) return problem(400, 'ArgumentException', `Unknown Location: '${unknown}' not found`);
  if (path === '/emissions/forecasts/current') return forecasts(locations, query, options);
  if (path === '/emissions/bylocations') return emissions(locations, query, options);
  return { status: 404 };
}

function forecasts(
  locations: readonly string[],
  query: URLSearchParams,
  options: CarbonAwareSdkStandInOptions,
): StandInReply {
  const { now, pointMs = 5 * MINUTE_MS, horizonMs = 24 * HOUR_MS, generatedAt = now() } = options;
  if (horizonMs === 0) return problem(501, 'NotImplementedException', 'The method or operation is not implemented.');
  const first = Math.floor(now() / pointMs) * pointMs;
  const last = first + horizonMs;
  // It takes the first row before it looks whether there is one.
  if (locations.some((location) => pointsOf(location, { startsAt: first, endsAt: last }, options).length === 0)) {
    return problem(400, 'InvalidOperationException', 'Sequence contains no elements');
  }
  const startsAt = instantIn(query, 'dataStartAt') ?? first;
  const endsAt = instantIn(query, 'dataEndAt') ?? last;
  const outside = [
    ...(startsAt < first || startsAt > last ? ['dataStartAt'] : []),
    ...(endsAt < first || endsAt > last ? ['dataEndAt'] : []),
  ];
  if (outside.length > 0) {
    const range = `'${written(first)}' through '${written(last)}'`;
    const said = (field: string): string => `${field} must be within time range of the forecasted data, ${range}`;
    return invalid('Invalid EmissionsForecast', Object.fromEntries(outside.map((field) => [field, [said(field)]])));
  }
  const windowMs = Number(query.get('windowSize') ?? 0) * MINUTE_MS;
  const body = locations.map((location) => {
    const points = pointsOf(location, { startsAt: first, endsAt: last }, options)
      .filter(({ at, lengthMs }) => at + lengthMs > startsAt && at <= endsAt)
      .map((point, k, all) => (windowMs === 0 ? point : averageOver(all.slice(k), windowMs)))
      .filter((point) => point !== undefined);
    const rows = points.map(({ at, lengthMs, value }) => ({
      location: options.locations[location],
      timestamp: written(at),
      duration: Math.trunc(lengthMs / MINUTE_MS),
      value,
    }));
    const best = rows.toSorted((a, b) => a.value - b.value).slice(0, 1);
    return {
      generatedAt: written(generatedAt),
      requestedAt: written(now()),
      location,
      dataStartAt: written(startsAt),
      dataEndAt: written(endsAt),
      windowSize: windowMs / MINUTE_MS,
      ...(options.best === 'optimalDataPoint' ? { optimalDataPoint: best[0] ?? null } : { optimalDataPoints: best }),
      forecastData: rows,
    };
  });
  return { body };
}

/** The mean of the window that begins with the first of them; `undefined` where they don't reach so far. */
function averageOver(points: readonly Point[], windowMs: DurationMs): Point | undefined {
  const [first] = points;
  if (first === undefined) return undefined;
  let grams = 0;
  let left = windowMs;
  for (const { lengthMs, value } of points) {
    const used = Math.min(left, lengthMs);
    grams += value * used;
    left -= used;
  }
  return left > 0 ? undefined : { at: first.at, lengthMs: windowMs, value: grams / windowMs };
}

function emissions(
  locations: readonly string[],
  query: URLSearchParams,
  options: CarbonAwareSdkStandInOptions,
): StandInReply {
  const startsAt = instantIn(query, 'time') ?? options.now();
  const endsAt = instantIn(query, 'toTime') ?? startsAt;
  if (startsAt >= endsAt) return invalid('ArgumentException', { time: ['time must be before toTime'] });
  const until = Math.min(endsAt, options.now());
  const body = locations.flatMap((location) =>
    pointsOf(location, { startsAt, endsAt: until }, options).map(({ at, lengthMs, value }) => ({
      location: options.locations[location],
      time: written(at),
      rating: value,
      duration: timeSpanOf(lengthMs),
    })),
  );
  return body.length === 0 ? { status: 204 } : { body };
}

function pointsOf(
  location: string,
  { startsAt, endsAt }: { readonly startsAt: EpochMs; readonly endsAt: EpochMs },
  { figures, pointMs = 5 * MINUTE_MS }: CarbonAwareSdkStandInOptions,
): readonly Point[] {
  return stretches(startsAt, endsAt - 1, pointMs).flatMap((at) => {
    const value = figures(location, at);
    return value === undefined ? [] : [{ at, lengthMs: pointMs, value }];
  });
}

function instantIn(query: URLSearchParams, name: string): EpochMs | undefined {
  const text = query.get(name);
  return text === null ? undefined : Date.parse(text);
}

/** As .NET writes it, to a ten-millionth of a second and with an offset. */
function written(at: EpochMs): string {
  return new Date(at).toISOString().replace(/Z$/, '0000+00:00');
}

function timeSpanOf(lengthMs: DurationMs): string {
  const days = Math.floor(lengthMs / (24 * HOUR_MS));
  return `${days > 0 ? `${String(days)}.` : ''}${new Date(lengthMs % (24 * HOUR_MS)).toISOString().slice(11, 19)}`;
}

function invalid(detail: string, errors: Readonly<Record<string, readonly string[]>>): StandInReply {
  return problem(400, 'ArgumentException', detail, errors);
}

function problem(status: number, title: string, detail: string, errors: object = {}): StandInReply {
  const traceId = '00-1f2e3d4c5b6a79880123456789abcdef-0123456789abcdef-00';
  return {
    status,
    body: { title, status, detail, errors, traceId },
    headers: { 'Content-Type': 'application/problem+json' },
  };
}
