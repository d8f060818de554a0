import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { reportOf, type HealthChecks } from './health.ts';

export interface TelemetryServerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly registry: Registry;
  /** Behind `/readyz`: caches are filled, the API server answers. */
  readonly ready: HealthChecks;
  /** Behind `/healthz`: a process that fails these is to be restarted. */
  readonly alive: HealthChecks;
}

/** Serves `/metrics`, `/healthz` and `/readyz`. */
export class TelemetryServer {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Listens, or rejects with the error of the socket, e.g. EADDRINUSE. */
  static async start(options: TelemetryServerOptions): Promise<TelemetryServer> {
    const server = createServer(answering(options));
    server.listen(options.port, options.host);
    await once(server, 'listening');
    return new TelemetryServer(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}

function answering({ registry, ready, alive }: TelemetryServerOptions): RequestListener {
  return (request, response) => {
    const path = request.url?.split('?')[0];
    if (request.method !== 'GET' && request.method !== 'HEAD') return void response.writeHead(405).end();
    if (path === '/healthz' || path === '/readyz') {
      const { ok, text } = reportOf(path === '/healthz' ? alive : ready);
      return void response.writeHead(ok ? 200 : 503, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
    }
    if (path !== '/metrics') return void response.writeHead(404).end();
    registry.metrics().then(
      (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
      (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.message : String(error)),
    );
  };
}
