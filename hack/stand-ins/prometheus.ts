import { StandIn, stretches, type StandInReply, type StandInRequest } from './stand-in.ts';

export interface PrometheusStandInOptions {
  /** Value of the one series that every query finds. */
  readonly figures: (instantMs: number) => number;
  /** Of that series, without its name. */
  readonly labels?: Readonly<Record<string, string>>;
  /** What stands before it asks for it. */
  readonly token?: string;
}

/**
 * Prometheus' `/api/v1/query` and `/api/v1/query_range`, for what a real one can't be made to do. It knows no PromQL: what
 * hangs on queries is tested on a real one. It takes times in RFC 3339 and steps in milliseconds alone.
 */
export class PrometheusStandIn extends StandIn {
  constructor(options: PrometheusStandInOptions) {
    super((request) => answer(request, options));
  }
}

const LABELS = { zone: 'SE-SE3', instance: 'exporter' };

function answer(
  { path, query, headers }: StandInRequest,
  { figures, labels = LABELS, token }: PrometheusStandInOptions,
): StandInReply {
  if (token !== undefined && headers.authorization !== `Bearer ${token}`)
    return { status: 401, body: 'Unauthorized\n' };
  const metric = { __name__: 'grid_intensity', ...labels };
  const rowAt = (ms: number) => [ms / 1_000, String(figures(ms))];
  if (path.endsWith('/api/v1/query')) {
    const value = rowAt(instantIn(query, 'time'));
    return { body: { status: 'success', data: { resultType: 'vector', result: [{ metric, value }] } } };
  }
  if (path.endsWith('/api/v1/query_range')) {
    const [start, end] = [instantIn(query, 'start'), instantIn(query, 'end')];
    const step = Number.parseInt(query.get('step') ?? '', 10);
    const values = stretches(0, end - start, step).map((after) => rowAt(start + after));
    return { body: { status: 'success', data: { resultType: 'matrix', result: [{ metric, values }] } } };
  }
  return { status: 404, body: '404 page not found\n' };
}

function instantIn(query: URLSearchParams, name: string): number {
  return Date.parse(query.get(name) ?? '');
}
