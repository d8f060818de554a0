import axios, { AxiosError, type AxiosInstance, type AxiosResponse } from 'axios';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { DurationMs } from '../../domain/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { HttpClient, JsonReply, JsonRequest } from '../../ports/http.ts';
import { SourceError } from '../../ports/source-error.ts';
import { refusalOf } from './refusal.ts';
import { ReplyShapes } from './reply-shapes.ts';

export interface AxiosClientOptions {
  readonly clock: Clock;
  /** Longer replies are refused: three days of 5-minute slots are some 60 KB. Default 8 MiB. */
  readonly maxReplyBytes?: number;
}

const MAX_REPLY_BYTES = 8 * 1024 * 1024;
const NO_CONTENT = 204;

/** The one axios client. It honours `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, keeps connections, and follows no redirect. */
export class AxiosClient implements HttpClient {
  readonly #axios: AxiosInstance;
  readonly #clock: Clock;
  readonly #shapes = new ReplyShapes();
  readonly #agents = [new HttpAgent({ keepAlive: true }), new HttpsAgent({ keepAlive: true })] as const;

  constructor({ clock, maxReplyBytes = MAX_REPLY_BYTES }: AxiosClientOptions) {
    this.#clock = clock;
    const [httpAgent, httpsAgent] = this.#agents;
    this.#axios = axios.create({
      adapter: 'http',
      httpAgent,
      httpsAgent,
      headers: { Accept: 'application/json', 'User-Agent': 'sunward' },
      maxContentLength: maxReplyBytes,
      maxRedirects: 0,
      // A list repeats the parameter, as every provider here wants it.
      paramsSerializer: { indexes: null },
      responseType: 'text',
      transformResponse: [(text: unknown) => text],
      validateStatus: () => true,
    });
  }

  async getJson<T>(request: JsonRequest<T>, abort: AbortSignal): Promise<JsonReply<T>> {
    const { data, headers, status } = await this.#get(request, abort);
    if (status < 200 || status > 299 || status === NO_CONTENT) {
      throw refusalOf(request, { status, body: data, retryAfterMs: this.#retryAfter(headers['retry-after']) });
    }
    const body = this.#shapes.read(request, data);
    return { body, serverTime: instantOf(headers['date']) };
  }

  /** Ends the connections that are kept. */
  close(): void {
    for (const agent of this.#agents) agent.destroy();
  }

  async #get<T>({ provider, url, query, headers }: JsonRequest<T>, abort: AbortSignal): Promise<AxiosResponse<string>> {
    abort.throwIfAborted();
    try {
      return await this.#axios.get<string>(url, { params: query, headers: { ...headers }, signal: abort });
    } catch (error) {
      abort.throwIfAborted();
      // Nothing of the request itself: its headers hold the key.
      const reason =
        error instanceof AxiosError ? [error.code, error.message].filter(Boolean).join(' ') : String(error);
      throw new SourceError('Unavailable', `${provider} at ${url} gave no whole answer: ${reason}`);
    }
  }

  #retryAfter(header: unknown): DurationMs | undefined {
    if (typeof header !== 'string') return undefined;
    if (/^\d+$/.test(header.trim())) return Number(header) * 1_000;
    const at = instantOf(header);
    return at === undefined ? undefined : Math.max(0, at - this.#clock.now());
  }
}

function instantOf(header: unknown): number | undefined {
  const at = typeof header === 'string' ? Date.parse(header) : NaN;
  return Number.isNaN(at) ? undefined : at;
}
