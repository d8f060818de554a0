import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { nearestTo } from './nearest.ts';
import type { Exchange, Recording } from './recording.ts';

/** Answers on loopback what the provider answered when it was recorded, and to nothing else: then with 404 and what was asked. */
export class ReplayServer {
  readonly #server: Server;
  readonly #recording: Pick<Recording, 'baseUrl' | 'exchanges'>;
  readonly #unanswered: string[] = [];

  private constructor(recording: Pick<Recording, 'baseUrl' | 'exchanges'>) {
    this.#recording = recording;
    this.#server = createServer((request, response) => {
      this.#handle(request, response);
    });
  }

  static async start(recording: Pick<Recording, 'baseUrl' | 'exchanges'>): Promise<ReplayServer> {
    const server = new ReplayServer(recording);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  /** In place of the provider's, with the same path. */
  get baseUrl(): string {
    return `${this.#origin}${new URL(this.#recording.baseUrl).pathname.replace(/\/+$/, '')}`;
  }

  /** Questions that nothing like it was recorded of. */
  get unanswered(): readonly string[] {
    return this.#unanswered;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  get #origin(): string {
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  #handle({ method = '', url = '/' }: IncomingMessage, response: ServerResponse): void {
    const { pathname, search } = new URL(url, 'http://replay');
    const exchange = method === 'GET' ? nearestTo(pathname, search.slice(1), this.#recording.exchanges) : undefined;
    if (exchange !== undefined) {
      this.#replay(exchange, response);
      return;
    }
    const question = `${method} ${pathname}${search}`;
    this.#unanswered.push(question);
    response
      .writeHead(404, { 'content-type': 'text/plain' })
      .end(`nothing like ${question} was recorded; record the provider anew`);
  }

  /** Addresses in the body lead here: a next page is part of the recording too. */
  #replay({ status, headers, json, text = '' }: Exchange, response: ServerResponse): void {
    const { origin } = new URL(this.#recording.baseUrl);
    const body = (json === undefined ? text : JSON.stringify(json)).replaceAll(origin, this.#origin);
    const length = status === 204 ? {} : { 'content-length': Buffer.byteLength(body) };
    response.writeHead(status, { ...headers, ...length }).end(body);
  }
}
