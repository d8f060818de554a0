import { Agent, request as httpsRequest } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import type { Access } from './kubeconfig.ts';

/** How to reach a cluster where a kubeconfig that isn't ours says it. */
export interface Endpoint {
  /** With a path where the API stands behind one. */
  readonly server: string;
  /** Among them `Authorization`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly agent: Agent;
}

export interface ApiRequest {
  /** Default GET. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  /** Default `application/json`. */
  readonly contentType?: string;
  readonly abort?: AbortSignal | undefined;
}

/** What the API server refused. */
export class ApiRequestError extends Error {
  override readonly name = 'ApiRequestError';
  readonly status: number;
  /** `reason` of the Status object, e.g. `Forbidden`. */
  readonly reason: string;

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}

const REQUEST_TIMEOUT_MS = 30_000;
const TOO_MANY_REQUESTS = 429;
/** As often as client-go does. */
const MOST_RETRIES = 10;

/**
 * A client of one cluster as one user: enough for a control plane to look after itself and for tests to look at it.
 * Deliberately not the operator's own client, which such tests judge.
 */
export class ApiClient {
  readonly #endpoint: Endpoint;

  constructor(access: Access | Endpoint) {
    this.#endpoint = 'agent' in access ? access : endpointOf(access);
  }

  /**
   * Asks again where the server wants it asked later: it has done nothing then. It says so also of a resource that was defined
   * a moment ago, while it makes its storage ready.
   * @param path with query, e.g. `/api/v1/nodes?limit=5`
   * @throws ApiRequestError for any answer but 2xx; the socket's error where no answer came
   */
  async request<T = unknown>(path: string, options: ApiRequest = {}): Promise<T> {
    const method = options.method ?? 'GET';
    for (let retry = 0; ; retry++) {
      const response = await this.#send(path, method, options);
      const content = await text(response);
      const seconds = retry < MOST_RETRIES ? secondsToWait(response) : undefined;
      if (seconds === undefined) return contentOf(`${method} ${path}`, response, content) as T;
      await delay(seconds * 1_000, undefined, options.abort === undefined ? {} : { signal: options.abort });
    }
  }

  close(): void {
    this.#endpoint.agent.destroy();
  }

  #send(path: string, method: string, options: ApiRequest): Promise<IncomingMessage> {
    const body = options.body === undefined ? undefined : JSON.stringify(options.body);
    const { server, agent } = this.#endpoint;
    const own = { accept: 'application/json', 'user-agent': 'sunward-controlplane' };
    const headers: Record<string, string> = { ...own, ...this.#endpoint.headers };
    if (body !== undefined) {
      headers['content-type'] = options.contentType ?? 'application/json';
      // For DELETE, Node would say nothing about the body, and the server take it for the next request.
      headers['content-length'] = String(Buffer.byteLength(body));
    }
    return new Promise((resolve, reject) => {
      const request = httpsRequest(new URL(server.replace(/\/$/, '') + path), {
        method,
        headers,
        agent,
        timeout: REQUEST_TIMEOUT_MS,
        ...(options.abort === undefined ? {} : { signal: options.abort }),
      });
      request.once('response', resolve);
      request.once('error', reject);
      request.once('timeout', () =>
        request.destroy(new Error(`${method} ${path}: no answer in ${REQUEST_TIMEOUT_MS / 1000} s`)),
      );
      request.end(body);
    });
  }
}

function contentOf(what: string, { statusCode = 0, headers }: IncomingMessage, content: string): unknown {
  if (statusCode < 200 || statusCode > 299) throw apiError(what, statusCode, content);
  const isJson = headers['content-type']?.startsWith('application/json') ?? false;
  return isJson ? JSON.parse(content) : content;
}

/** What the answer says to wait before asking again; `undefined` where it says nothing of the kind. */
function secondsToWait({ statusCode, headers }: IncomingMessage): number | undefined {
  const seconds = Number(headers['retry-after'] ?? NaN);
  return statusCode === TOO_MANY_REQUESTS && seconds >= 0 ? seconds : undefined;
}

function endpointOf({ server, authorityCertificate: ca, credentials }: Access): Endpoint {
  if ('token' in credentials) {
    return {
      server,
      headers: { authorization: `Bearer ${credentials.token}` },
      agent: new Agent({ keepAlive: true, ca }),
    };
  }
  const { certificate: cert, privateKey: key } = credentials;
  return { server, headers: {}, agent: new Agent({ keepAlive: true, ca, cert, key }) };
}

function apiError(what: string, status: number, content: string): ApiRequestError {
  let message = content.trim();
  let reason = 'Unknown';
  try {
    const parsed = JSON.parse(content) as { message?: string; reason?: string };
    message = parsed.message ?? message;
    reason = parsed.reason ?? reason;
  } catch {
    // Not a Status object: the text says it.
  }
  return new ApiRequestError(status, reason, `${what}: ${status} ${message}`);
}
