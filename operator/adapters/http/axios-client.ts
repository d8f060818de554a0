import axios, { AxiosError, type AxiosInstance, type AxiosResponse } from 'axios';
import { Agent as HttpAgent, type ClientRequest } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { SECOND_MS, type DurationMs, type EpochMs } from '../../domain/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { HttpClient, JsonReply, JsonRequest } from '../../ports/http.ts';
import { SourceError } from '../../ports/source-error.ts';
import { refusalOf } from './refusal.ts';
import { ReplyShapes } from './reply-shapes.ts';

/** What every request goes out with beside its own. */
export interface HttpAccess {
  /** They hold credentials, like those of a request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Makes the connections. It belongs to whoever gives it, and is not closed here. */
  readonly agent: HttpAgent;
}

export interface AxiosClientOptions {
  readonly clock: Clock;
  /**
   * The way to a server that lets in those it knows, asked for at each request. With it the environment's proxies don't count:
   * the agent knows the way.
   */
  readonly access?: () => HttpAccess | Promise<HttpAccess>;
  /** Longer replies are refused: three days of 5-minute slots are some 60 KB. Default 8 MiB. */
  readonly maxReplyBytes?: number;
  /** A connection that nobody uses is closed after so long. Default 4 s. */
  readonly keptIdleMs?: DurationMs;
}

const MAX_REPLY_BYTES = 8 * 1024 * 1024;
const NO_CONTENT = 204;
/** Requests come in bursts. Before servers end an idle connection, or something on the way forgets it, it is ended here. */
const KEPT_IDLE_MS: DurationMs = 4 * SECOND_MS;
/** An instant as HTTP writes it: `Sun, 06 Nov 1994 08:49:37 GMT`. `Date.parse` takes much that is none, a bare number too. */
const HTTP_DATE = /^[A-Z][a-z]+, .* GMT$/;

/** The one axios client. It honours `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, keeps connections, and follows no redirect. */
export class AxiosClient implements HttpClient {
  readonly #axios: AxiosInstance;
  readonly #clock: Clock;
  readonly #shapes = new ReplyShapes();
  readonly #agents: readonly [HttpAgent, HttpsAgent];
  readonly #access: AxiosClientOptions['access'];

  constructor({ access, clock, maxReplyBytes = MAX_REPLY_BYTES, keptIdleMs = KEPT_IDLE_MS }: AxiosClientOptions) {
    this.#access = access;
    this.#clock = clock;
    const kept = { keepAlive: true, timeout: keptIdleMs };
    this.#agents = [new HttpAgent(kept), new HttpsAgent(kept)];
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
      responseType: 'arraybuffer',
      transformResponse: [(bytes: unknown) => bytes],
      validateStatus: () => true,
    });
  }

  async getJson<T>(asked: JsonRequest<T>, abort: AbortSignal): Promise<JsonReply<T>> {
    const access = await this.#accessFor(asked, abort);
    const request = access === undefined ? asked : { ...asked, headers: { ...asked.headers, ...access.headers } };
    const { data, headers, status } = await this.#get(request, access?.agent, abort);
    const serverTime = instantOf(headers['date']);
    if (status < 200 || status > 299 || status === NO_CONTENT) {
      const retryAfterMs = retryAfter(headers['retry-after'], serverTime ?? this.#clock.now());
      throw refusalOf(request, { status, body: data.toString('utf8'), retryAfterMs });
    }
    return { body: this.#shapes.read(request, data), serverTime };
  }

  /** Ends the connections that are kept here. */
  close(): void {
    for (const agent of this.#agents) agent.destroy();
  }

  async #accessFor<T>({ provider, url }: JsonRequest<T>, abort: AbortSignal): Promise<HttpAccess | undefined> {
    abort.throwIfAborted();
    try {
      return await this.#access?.();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new SourceError('Unauthorised', `${provider} at ${url} can't be asked: ${reason}`, { cause: error });
    }
  }

  async #get<T>(
    request: JsonRequest<T>,
    agent: HttpAgent | undefined,
    abort: AbortSignal,
  ): Promise<AxiosResponse<Buffer>> {
    abort.throwIfAborted();
    const { provider, url, query, headers } = request;
    const way = agent === undefined ? {} : { httpAgent: agent, httpsAgent: agent, proxy: false as const };
    try {
      return await this.#axios.get<Buffer>(url, { params: query, headers: { ...headers }, signal: abort, ...way });
    } catch (error) {
      abort.throwIfAborted();
      if (wasEndedBefore(error)) return this.#get(request, agent, abort);
      // Nothing of the request itself: its headers hold the key.
      const reason =
        error instanceof AxiosError ? [error.code, error.message].filter(Boolean).join(' ') : String(error);
      throw new SourceError('Unavailable', `${provider} at ${url} gave no whole answer: ${reason}`);
    }
  }
}

/**
 * The connection was kept from an earlier request, and the server has ended it just when this one was sent: it was not served,
 * and is sent again. There are only so many kept connections, and a new one doesn't count among them.
 */
function wasEndedBefore(error: unknown): boolean {
  if (!(error instanceof AxiosError) || error.response !== undefined) return false;
  const { reusedSocket } = (error.request ?? {}) as Partial<ClientRequest>;
  return reusedSocket === true && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
}

/** In seconds, or as an instant by the clock of the server. */
function retryAfter(header: unknown, serverTime: EpochMs): DurationMs | undefined {
  if (typeof header !== 'string') return undefined;
  if (/^\d+$/.test(header)) return Number(header) * SECOND_MS;
  const at = instantOf(header);
  return at === undefined ? undefined : Math.max(0, at - serverTime);
}

function instantOf(header: unknown): EpochMs | undefined {
  const at = typeof header === 'string' && HTTP_DATE.test(header) ? Date.parse(header) : NaN;
  return Number.isNaN(at) ? undefined : at;
}
