import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../controlplane/process/ports.ts';
import type { EpochMs } from '../../operator/domain/units.ts';

/** What a stand-in is asked. */
export interface StandInRequest {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
}

/** A reply: an object is sent as JSON, a text or a buffer as it is. */
export interface StandInReply {
  readonly status?: number;
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What it does instead of its work. */
export type StandInFault =
  /** This instead of the reply. */
  | StandInReply
  /** The reply as it would be, changed. */
  | ((reply: StandInReply) => StandInReply)
  /** The connection is closed before the reply, or half-way through it. */
  | 'reset'
  | 'reset within the reply'
  /** The reply's first half, with a length that fits: JSON that is cut. */
  | 'truncated'
  | 'hang'
  /** The reply after so long. */
  | { readonly slowMs: number };

/** Figure of a zone at an instant, in the provider's unit; `undefined`: none. */
export type Figures = (zone: string, instant: EpochMs) => number | undefined;

/** What every stand-in is made with. */
export interface StandInOptions {
  readonly figures: Figures;
  readonly now: () => EpochMs;
}

/** A provider's API on loopback: it speaks the recorded contract until it is told to misbehave. */
export class StandIn {
  readonly requests: StandInRequest[] = [];
  readonly #answer: (request: StandInRequest) => StandInReply;
  readonly #next: StandInFault[] = [];
  #always: ((request: StandInRequest, ordinal: number) => StandInFault | undefined) | undefined;
  #hanging = 0;
  #server: Server | undefined;
  #port = 0;

  protected constructor(answer: (request: StandInRequest) => StandInReply) {
    this.#answer = answer;
  }

  /** `http://127.0.0.1:PORT`. It stays the same when the stand-in is stopped and started again. */
  get url(): string {
    return `http://127.0.0.1:${String(this.#port)}`;
  }

  /** Requests that it leaves without an answer now. */
  get hanging(): number {
    return this.#hanging;
  }

  /** On this port of 127.0.0.1; without one on that of the last time, the first time on a free one that it can come back to. */
  async start(port = this.#port): Promise<this> {
    const own = port === 0 ? await freePort() : port;
    const server = createServer((request, response) => {
      this.#handle(request, response).catch(() => response.destroy());
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(own, '127.0.0.1', resolve);
    });
    this.#server = server;
    this.#port = (server.address() as AddressInfo).port;
    return this;
  }

  /** As if it were killed: connections break. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  /** The next requests get these faults, one each. */
  failNext(...faults: readonly StandInFault[]): void {
    this.#next.push(...faults);
  }

  /** Every request gets the fault until told otherwise. */
  failAlways(fault: StandInFault | undefined): void {
    this.#always = fault === undefined ? undefined : () => fault;
  }

  /** Asked at every request, with its number from 1 on, until told otherwise; `undefined` is no fault. */
  failBy(choose: (request: StandInRequest, ordinal: number) => StandInFault | undefined): void {
    this.#always = choose;
  }

  async #handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://stand-in');
    const request = { path: pathname, query: searchParams, headers: incoming.headers };
    this.requests.push(request);
    const fault = this.#next.shift() ?? this.#always?.(request, this.requests.length);
    if (fault === 'hang') {
      this.#hanging += 1;
      response.once('close', () => (this.#hanging -= 1));
      return;
    }
    if (fault === 'reset') {
      response.destroy();
      return;
    }
    if (typeof fault === 'object' && 'slowMs' in fault) await delay(fault.slowMs);
    send(
      response,
      replyUnder(fault, () => this.#answer(request)),
      fault,
    );
  }
}

function replyUnder(fault: StandInFault | undefined, work: () => StandInReply): StandInReply {
  if (typeof fault === 'function') return fault(work());
  const isReply = typeof fault === 'object' && !('slowMs' in fault);
  return isReply ? fault : work();
}

function send(response: ServerResponse, { status = 200, body, headers }: StandInReply, fault?: StandInFault): void {
  const isJson = typeof body === 'object' && !Buffer.isBuffer(body);
  const whole = Buffer.isBuffer(body)
    ? body
    : Buffer.from(typeof body === 'string' ? body : isJson ? JSON.stringify(body) : '');
  const half = whole.subarray(0, Math.floor(whole.length / 2));
  const type = isJson ? { 'Content-Type': 'application/json' } : {};
  const length = { 'Content-Length': String(fault === 'truncated' ? half.length : whole.length) };
  response.writeHead(status, { ...type, ...(status === 204 ? {} : length), ...headers });
  if (fault === 'reset within the reply') {
    response.write(half, () => response.destroy());
    return;
  }
  response.end(fault === 'truncated' ? half : whole);
}

/** Starts of consecutive stretches from the one that holds `from` to the one that holds `until`, inclusive. */
export function stretches(from: EpochMs, until: EpochMs, length: number): readonly EpochMs[] {
  const first = Math.floor(from / length) * length;
  const count = Math.floor((until - first) / length) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, k) => first + k * length);
}
