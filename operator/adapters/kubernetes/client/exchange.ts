import http from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import https from 'node:https';
import type { DurationMs } from '../../../domain/units.ts';
import type { Clock } from '../../../ports/clock.ts';

export class ResponseTooLargeError extends Error {
  override readonly name = 'ResponseTooLargeError';
}

export interface OutgoingRequest {
  readonly server: URL;
  readonly agent: http.Agent;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** Given as a reason because Node would make an error with a stack for every request that goes well. */
const ANSWERED = 'answered in time';

/** How long an exchange may take, and what may end it before. */
export interface ExchangeLimits {
  readonly clock: Clock;
  readonly timeoutMs: DurationMs;
  readonly abort: AbortSignal;
}

/**
 * Sends a request and gives what `read` makes of the response, all within the time-out. Rejects with whatever went wrong, and
 * with `abort.reason` once `abort` has fired; the connection is closed in both cases.
 */
export async function exchange<R>(
  request: OutgoingRequest,
  limits: ExchangeLimits,
  read: (response: IncomingMessage) => Promise<R>,
): Promise<R> {
  const { clock, timeoutMs, abort } = limits;
  abort.throwIfAborted();
  const outgoing = start(request);
  let endedBy: unknown;
  const end = (reason: unknown): void => {
    endedBy ??= reason;
    outgoing.destroy();
  };
  const onAbort = (): void => {
    end(abort.reason);
  };
  const timer = new AbortController();
  clock.sleep(timeoutMs, timer.signal).then(
    () => {
      end(new Error(`no answer within ${timeoutMs} ms`));
    },
    () => undefined, // Answered in time.
  );
  abort.addEventListener('abort', onAbort, { once: true });
  try {
    return await read(await responseTo(outgoing, request.body));
  } catch (error) {
    outgoing.destroy();
    throw endedBy ?? error;
  } finally {
    timer.abort(ANSWERED);
    abort.removeEventListener('abort', onAbort);
  }
}

/** The whole body. Rejects with {@link ResponseTooLargeError}, or where the connection ends before the body does. */
export function bodyOf(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    let ended = false;
    response.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > maxBytes) reject(new ResponseTooLargeError(`the answer is longer than ${maxBytes} bytes`));
      else chunks.push(chunk);
    });
    response.on('end', () => {
      ended = true;
      const [first] = chunks;
      resolve(chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks, length));
    });
    response.on('error', reject);
    response.on('close', () => {
      // Every response is closed in the end: an error for each would be made for nothing.
      if (!ended) reject(new Error('the connection was closed in the middle of the answer'));
    });
  });
}

function start({ server, agent, method, path, headers, body }: OutgoingRequest): ClientRequest {
  const secure = server.protocol === 'https:';
  const options = {
    agent,
    method,
    // An IPv6 address stands in brackets in a URL only.
    host: server.hostname.replace(/^\[|\]$/g, ''),
    port: server.port === '' ? (secure ? 443 : 80) : server.port,
    path: server.pathname === '/' ? path : `${server.pathname.replace(/\/$/, '')}${path}`,
    // Said here because Node leaves it out for DELETE, whose body the server would then take for the next request.
    headers: body === undefined ? headers : { ...headers, 'Content-Length': String(Buffer.byteLength(body)) },
  };
  return secure ? https.request(options) : http.request(options);
}

function responseTo(outgoing: ClientRequest, body: string | undefined): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    let answered = false;
    outgoing.on('response', (response) => {
      answered = true;
      resolve(response);
    });
    // Stays for good: the connection may break while the response is read, and that is the response's error.
    outgoing.on('error', reject);
    outgoing.on('close', () => {
      if (!answered) reject(new Error('the connection was closed before the answer'));
    });
    outgoing.end(body);
  });
}
