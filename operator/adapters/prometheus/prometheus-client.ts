import type { Interval } from '../../domain/interval.ts';
import type { DurationMs, EpochMs } from '../../domain/units.ts';
import type { HttpClient, HttpRefusal } from '../../ports/http.ts';
import type { PrometheusQuery, PrometheusSample, PrometheusSeries } from '../../ports/prometheus-query.ts';
import type { Secret } from '../../ports/secrets.ts';
import { SourceError } from '../../ports/source-error.ts';
import { QUERY, type QueryReply, type SampleRow, type SeriesRow } from './reply.ts';

export interface PrometheusClientOptions {
  readonly http: HttpClient;
  /** Of Prometheus or of what speaks its API, with its path prefix where it has one: what `/api/v1/query` is put behind. */
  readonly url: string;
  /** A bearer token. */
  readonly token?: Secret;
}

/** Prometheus refuses a range of more points a series. */
const MAX_POINTS = 11_000;
const SHOWN_QUERY = 200;
/** Of warnings: Thanos writes one for each store that is away. */
const SHOWN_WORDS = 500;

/** PromQL over HTTP, https://prometheus.io/docs/prometheus/latest/querying/api/. */
export class PrometheusClient implements PrometheusQuery {
  readonly #http: HttpClient;
  readonly #url: string;
  readonly #token: Secret | undefined;

  constructor({ http, url, token }: PrometheusClientOptions) {
    this.#http = http;
    this.#url = url.replace(/\/+$/, '');
    this.#token = token;
  }

  async instant(query: string, at: EpochMs, abort: AbortSignal): Promise<readonly PrometheusSeries[]> {
    const body = await this.#ask('query', { query, time: instantText(at) }, abort);
    return seriesOf(query, body, 'vector');
  }

  async range(
    query: string,
    { startsAt, endsAt, step }: Interval & { readonly step: DurationMs },
    abort: AbortSignal,
    onPart: (words: string) => void = () => undefined,
  ): Promise<readonly PrometheusSeries[]> {
    if (!(step >= 1)) {
      throw new SourceError('Malformed', `a range of prometheus wants a step of 1 ms or more, it is ${step} ms`);
    }
    const parts: (readonly PrometheusSeries[])[] = [];
    for (let start = startsAt; ; start += MAX_POINTS * step) {
      const end = Math.min(endsAt, start + (MAX_POINTS - 1) * step);
      const part = { query, start: instantText(start), end: instantText(end), step: `${step}ms` };
      const body = await this.#ask('query_range', part, abort);
      parts.push(seriesOf(query, body, 'matrix'));
      const words = missingOf(body);
      if (words !== undefined) onPart(words);
      if (start + MAX_POINTS * step > endsAt) return joined(parts);
    }
  }

  async #ask(
    what: 'query' | 'query_range',
    parameters: Readonly<Record<string, string>> & { readonly query: string },
    abort: AbortSignal,
  ): Promise<QueryReply> {
    abort.throwIfAborted();
    const token = await this.#token?.read();
    const url = `${this.#url}/api/v1/${what}`;
    const { body } = await this.#http.getJson(
      {
        provider: 'prometheus',
        url,
        query: parameters,
        ...(token === undefined ? {} : { headers: { Authorization: `Bearer ${token}` } }),
        shape: QUERY,
        meaningOf: (refusal) => meaningOf(parameters.query, url, refusal),
      },
      abort,
    );
    return body;
  }
}

/** Not as seconds with decimals: Prometheus cuts them, and of 1.011 s it makes 1,010 ms. The same goes for a step. */
function instantText(at: EpochMs): string {
  return new Date(at).toISOString();
}

function seriesOf(
  query: string,
  { data, errorType = 'no data', error }: QueryReply,
  wanted: 'vector' | 'matrix',
): PrometheusSeries[] {
  if (data === undefined) throw refused('Malformed', query, { errorType, error });
  if (data.resultType !== wanted) {
    throw new SourceError(
      'Malformed',
      `prometheus answers with a ${data.resultType} where a ${wanted} is wanted, for ${shown(query)}; ${REMEDIES[data.resultType]}`,
    );
  }
  return (data.result as readonly SeriesRow[]).flatMap((row) => readSeries(query, row));
}

/**
 * What an answer says that it lacks. Annotations of PromQL, which Prometheus 2 calls warnings too, are about the query and
 * come with every answer: `rate()` of a series that is not called a total is one.
 */
function missingOf({ isPartial, warnings }: QueryReply): string | undefined {
  const missing = (warnings ?? []).filter((warning) => !/^PromQL (info|warning): /.test(warning));
  if (missing.length > 0) return cut(missing.join('; '), SHOWN_WORDS);
  return isPartial === true ? 'isPartial' : undefined;
}

/** What to do about an answer that is of another kind. */
const REMEDIES = {
  scalar: 'put it into vector()',
  string: 'ask for series',
  matrix: 'aggregate the range, with avg_over_time() say',
  vector: 'ask for a range',
} as const;

/** A series without a number in it is none. */
function readSeries(query: string, { metric, value, values, ...others }: SeriesRow): PrometheusSeries[] {
  const { __name__: _name, ...labels } = metric;
  if (others.histogram !== undefined || others.histograms !== undefined) {
    throw new SourceError(
      'Malformed',
      `prometheus answers with a native histogram where numbers are wanted, for ${shown(query)}; take histogram_avg() of it`,
    );
  }
  const samples = (values ?? (value === undefined ? [] : [value])).flatMap(readSample);
  return samples.length === 0 ? [] : [{ labels, samples }];
}

/** `+Inf` is no number in JavaScript either. */
function readSample([at, text]: SampleRow): PrometheusSample[] {
  const value = Number(text);
  return Number.isFinite(value) ? [{ at: Math.round(at * 1_000), value }] : [];
}

/** Parts of one range, in order of time: a series may be in some of them only. */
function joined(parts: readonly (readonly PrometheusSeries[])[]): readonly PrometheusSeries[] {
  const byLabels = new Map<string, { labels: PrometheusSeries['labels']; samples: PrometheusSample[] }>();
  for (const { labels, samples } of parts.flat()) {
    const key = JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
    const known = byLabels.get(key);
    if (known === undefined) byLabels.set(key, { labels, samples: [...samples] });
    else known.samples.push(...samples);
  }
  return [...byLabels.values()];
}

/** The errors that are no fault of the query. */
const COULD_NOT = new Set(['timeout', 'canceled', 'internal', 'unavailable']);
/** What they mean does not hang on the query: a credential, a limit of what stands before Prometheus. */
const AS_IN_HTTP = new Set([401, 403, 429]);

/** Prometheus says itself what is wrong. Where nothing has its API there is another program, or another path. */
function meaningOf(query: string, url: string, refusal: HttpRefusal): SourceError | undefined {
  const { status, body, retryAfterMs } = refusal;
  if (AS_IN_HTTP.has(status)) return undefined;
  const errorType = textIn(body, 'errorType');
  if (errorType !== undefined) {
    const code = status >= 500 || COULD_NOT.has(errorType) ? 'Unavailable' : 'Malformed';
    return refused(code, query, { errorType, error: textIn(body, 'error'), retryAfterMs });
  }
  if (status !== 404) return undefined;
  const message = `nothing at ${url} speaks Prometheus's API (404); look at the address, its path prefix too`;
  return new SourceError('Malformed', message);
}

/** Not by parsing the whole: the body may be cut, for an error repeats the query. */
function textIn(body: string, field: 'errorType' | 'error'): string | undefined {
  if (!/"status"\s*:\s*"error"/.test(body)) return undefined;
  const written = new RegExp(String.raw`"${field}"\s*:\s*"((?:[^"\\]|\\.)*)`).exec(body)?.[1];
  if (written === undefined) return undefined;
  try {
    return JSON.parse(`"${written}"`) as string;
  } catch {
    return written;
  }
}

function refused(
  code: 'Unavailable' | 'Malformed',
  query: string,
  {
    errorType,
    error = '',
    retryAfterMs,
  }: { errorType: string; error?: string | undefined; retryAfterMs?: DurationMs | undefined },
): SourceError {
  const words = error === '' ? errorType : `${errorType}: ${error}`;
  return new SourceError(code, `prometheus does not answer ${shown(query)}: ${words}`, { retryAfterMs });
}

function shown(query: string): string {
  return cut(query, SHOWN_QUERY);
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}
