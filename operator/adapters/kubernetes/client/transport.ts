import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { DurationMs } from '../../../domain/units.ts';
import type { Clock, Random } from '../../../ports/clock.ts';
import { KubernetesApiError } from '../../../ports/kubernetes-api.ts';
import type { Logger } from '../../../ports/logger.ts';
import type { KubernetesClientMetrics, KubernetesRequestLabels } from '../../../telemetry/kubernetes-client-metrics.ts';
import { refusal, unanswered } from './api-errors.ts';
import type { Connection } from './connection.ts';
import { bodyOf, exchange, ResponseTooLargeError } from './exchange.ts';
import { InFlightLimit } from './in-flight-limit.ts';
import { ServerWarnings } from './warning-header.ts';

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With the query. */
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
  /** What is asked, for errors and logs: `creating jobs.batch research/llama`. */
  readonly doing: string;
  readonly labels: KubernetesRequestLabels;
  readonly timeoutMs?: DurationMs;
  /** Times that it may be sent again. Default 3. */
  readonly retries?: number;
}

export interface TransportOptions {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: KubernetesClientMetrics;
  readonly maxInFlight: number;
  readonly requestTimeoutMs: DurationMs;
  readonly maxResponseBytes: number;
  readonly userAgent: string;
}

const DEFAULT_RETRIES = 3;
const WAIT_UNASKED_MS: DurationMs = 1_000;
/** A longer Retry-After is the caller's to wait for: it has other work meanwhile. */
const LONGEST_OWN_WAIT_MS: DurationMs = 5_000;
/** The server is busy or going down; it may have begun. */
const BUSY = new Set([500, 503, 504]);
/** The kept connection had been closed by the server when the request went out. */
const CLOSED_CONNECTION = new Set<unknown>(['ECONNRESET', 'EPIPE']);

/**
 * HTTP to one API server: keep-alive, few requests at once, time-outs, errors with their reasons.
 *
 * What is sent again: anything after 429, because the server says that it did nothing, and once after 401, with credentials
 * read anew; only reads after 5xx with Retry-After, and where the connection was reset. A write whose answer was lost is never
 * repeated here: only its author knows whether it may be.
 */
export class Transport {
  readonly #options: TransportOptions;
  readonly #limit: InFlightLimit;
  readonly #warnings: ServerWarnings;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#limit = new InFlightLimit(options.maxInFlight);
    this.#warnings = new ServerWarnings(options.logger);
    options.metrics.observe(() => ({ inFlight: this.#limit.inFlight, waiting: this.#limit.waiting }));
  }

  /** The parsed body of a 2xx. Throws {@link KubernetesApiError}, or `abort.reason`. */
  async send(request: ApiRequest, abort: AbortSignal): Promise<unknown> {
    const retries = request.retries ?? DEFAULT_RETRIES;
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.#limit.run(() => this.#sendOnce(request, abort), abort);
      } catch (error) {
        if (!(error instanceof KubernetesApiError) || attempt >= retries || abort.aborted) throw error;
        const waitMs = this.#waitToRetry(request, error, attempt);
        if (waitMs === undefined) throw error;
        this.#options.metrics.retried(request.labels, error.status);
        if (waitMs > 0) await this.#options.clock.sleep(waitMs, abort);
      }
    }
  }

  /** The stream of a 2xx, once its headers are there. It counts for no limit, and is never asked for again. */
  async open(request: ApiRequest, abort: AbortSignal): Promise<IncomingMessage> {
    return this.#exchange(request, abort, async (response) => {
      if (isSuccess(response)) return response;
      throw this.#refused(request, response, await bodyOf(response, this.#options.maxResponseBytes));
    });
  }

  async #sendOnce(request: ApiRequest, abort: AbortSignal): Promise<unknown> {
    return this.#exchange(request, abort, async (response) => {
      const body = await bodyOf(response, this.#options.maxResponseBytes);
      if (!isSuccess(response)) throw this.#refused(request, response, body);
      try {
        return JSON.parse(body.toString('utf8')) as unknown;
      } catch (error) {
        throw unanswered(request.doing, 'Malformed', error);
      }
    });
  }

  async #exchange<R>(
    request: ApiRequest,
    abort: AbortSignal,
    read: (response: IncomingMessage) => Promise<R>,
  ): Promise<R> {
    const { clock, connection, metrics, requestTimeoutMs } = this.#options;
    const { agent, headers } = await connection.access();
    const { method, path, body } = request;
    const outgoing = { server: connection.server, agent, method, path, body, headers: this.#headers(request, headers) };
    const limits = { clock, abort, timeoutMs: request.timeoutMs ?? requestTimeoutMs };
    const startedAt = clock.now();
    let status = 0;
    try {
      return await exchange(outgoing, limits, (response) => {
        status = response.statusCode ?? 0;
        this.#takeWarnings(request, response.headers);
        return read(response);
      });
    } catch (error) {
      if (error instanceof KubernetesApiError) throw error;
      abort.throwIfAborted();
      throw unanswered(request.doing, error instanceof ResponseTooLargeError ? 'TooLarge' : 'Unreachable', error);
    } finally {
      metrics.answered(request.labels, status, clock.now() - startedAt);
    }
  }

  #headers(request: ApiRequest, credentials: Readonly<Record<string, string>>): Record<string, string> {
    const headers: Record<string, string> = {
      ...credentials,
      Accept: 'application/json',
      'User-Agent': this.#options.userAgent,
    };
    if (request.contentType !== undefined) headers['Content-Type'] = request.contentType;
    return headers;
  }

  #takeWarnings(request: ApiRequest, headers: IncomingHttpHeaders): void {
    if (headers.warning !== undefined) this.#warnings.take(headers.warning, request.doing);
  }

  #refused(request: ApiRequest, response: IncomingMessage, body: Buffer): KubernetesApiError {
    const { statusCode: status = 0, headers } = response;
    if (status === 401) this.#options.connection.refused();
    return refusal(request.doing, { status, headers, body: body.toString('utf8') }, this.#options.clock.now());
  }

  /** Undefined: not to be sent again. */
  #waitToRetry(request: ApiRequest, error: KubernetesApiError, attempt: number): DurationMs | undefined {
    if (error.status === 401) return attempt === 0 ? 0 : undefined;
    if (error.status === 429) return this.#ownWait(error.retryAfterMs ?? WAIT_UNASKED_MS);
    if (request.method !== 'GET') return undefined;
    if (BUSY.has(error.status) && error.retryAfterMs !== undefined) return this.#ownWait(error.retryAfterMs);
    if (error.reason === 'Unreachable' && CLOSED_CONNECTION.has(codeOf(error.cause))) {
      return attempt === 0 ? 0 : this.#ownWait(WAIT_UNASKED_MS);
    }
    return undefined;
  }

  /** Lengthened by up to a fifth, so that those who were sent away don't come back at once. */
  #ownWait(askedMs: DurationMs): DurationMs | undefined {
    return askedMs > LONGEST_OWN_WAIT_MS ? undefined : askedMs * (1 + this.#options.random() / 5);
  }
}

function isSuccess({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode >= 200 && statusCode < 300;
}

/** Of an error of Node, e.g. `ECONNRESET`. */
function codeOf(error: unknown): unknown {
  return (error as { code?: unknown } | null | undefined)?.code;
}
