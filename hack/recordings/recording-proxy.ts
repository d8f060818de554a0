import axios, { AxiosError, type AxiosInstance, type AxiosResponse } from 'axios';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SECOND_MS } from '../../operator/domain/units.ts';
import type { Exchange } from './recording.ts';

export interface RecordingProxyOptions {
  /** Scheme, host and port of the provider. */
  readonly origin: string;
  /** What the recording calls it, also where replies name it. Default: what it is. */
  readonly shownOrigin?: string;
}

/** A provider may take its time; a maintainer would rather know. */
const REPLY_LIMIT_MS = 30 * SECOND_MS;
const KEPT_HEADERS = ['content-type', 'date', 'retry-after'] as const;
/** Those of the connection to the adapter, and what the client to the provider says by itself. */
const OWN_HEADERS = new Set(['host', 'connection', 'accept-encoding', 'content-length']);

/**
 * Stands between an adapter and its provider, on loopback, and keeps what passes: questions without their headers, replies
 * as they came, refusals included. A question that was answered well is not asked twice: the answer is given again.
 */
export class RecordingProxy {
  readonly #server: Server;
  readonly #axios: AxiosInstance;
  readonly #origin: string;
  readonly #shownOrigin: string;
  readonly #exchanges = new Map<string, { readonly exchange: Exchange; readonly body: string }>();
  readonly #failures: string[] = [];
  readonly #stopped = new AbortController();

  private constructor({ origin, shownOrigin = origin }: RecordingProxyOptions) {
    this.#origin = origin;
    this.#shownOrigin = shownOrigin;
    // Like the operator's own client: through HTTPS_PROXY where there is one, and after no redirect, which would carry the key.
    this.#axios = axios.create({
      adapter: 'http',
      maxRedirects: 0,
      timeout: REPLY_LIMIT_MS,
      responseType: 'text',
      transformResponse: [(text: unknown) => text],
      validateStatus: () => true,
    });
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch(() => response.destroy());
    });
  }

  static async start(options: RecordingProxyOptions): Promise<RecordingProxy> {
    const proxy = new RecordingProxy(options);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** To be asked instead of the provider's origin. */
  get origin(): string {
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  /** In the order in which they were first asked. Of a question that was asked again after a refusal, the last answer. */
  get exchanges(): readonly Exchange[] {
    return [...this.#exchanges.values()].map(({ exchange }) => exchange);
  }

  /** Why questions got no answer at all. */
  get failures(): readonly string[] {
    return this.#failures;
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const address = incoming.url ?? '/';
    if (incoming.method !== 'GET') {
      response.writeHead(405).end('only questions are recorded: GET');
      return;
    }
    const known = this.#exchanges.get(address);
    const isGood = known !== undefined && known.exchange.status < 300;
    const kept = isGood ? known : await this.#ask(address, incoming);
    if (typeof kept === 'string') {
      this.#failures.push(kept);
      response.writeHead(502).end(kept);
      return;
    }
    this.#exchanges.set(address, kept);
    const { status, headers } = kept.exchange;
    const body = kept.body.replaceAll(this.#origin, this.origin);
    response.writeHead(status, { ...headers, ...(status !== 204 && { 'content-length': Buffer.byteLength(body) }) });
    response.end(body);
  }

  /** What came, or why nothing did. */
  async #ask(address: string, { headers }: IncomingMessage) {
    const passedOn = Object.entries(headers).filter(([name]) => !OWN_HEADERS.has(name));
    try {
      const reply = await this.#axios.get<string>(`${this.#origin}${address}`, {
        headers: Object.fromEntries(passedOn) as Record<string, string>,
        signal: this.#stopped.signal,
      });
      return { exchange: this.#exchangeOf(address, reply), body: reply.data };
    } catch (error) {
      // Nothing of the request itself: its headers hold the key.
      const reason =
        error instanceof AxiosError ? [error.code, error.message].filter(Boolean).join(' ') : String(error);
      return `no answer from ${this.#origin}: ${reason}`;
    }
  }

  #exchangeOf(address: string, { status, headers, data }: AxiosResponse<string>): Exchange {
    const { pathname: path, search } = new URL(address, this.#origin);
    const kept = KEPT_HEADERS.flatMap((name) => {
      const value: unknown = headers[name];
      return typeof value === 'string' ? [[name, value] as const] : [];
    });
    const body = data.replaceAll(this.#origin, this.#shownOrigin);
    return { path, query: search.slice(1), status, headers: Object.fromEntries(kept), ...contentOf(body) };
  }
}

function contentOf(body: string): Pick<Exchange, 'json' | 'text'> {
  if (body === '') return {};
  try {
    return { json: JSON.parse(body) as unknown };
  } catch {
    return { text: body };
  }
}
