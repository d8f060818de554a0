import { Agent, createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { AxiosClient } from '../../../operator/adapters/http/axios-client.ts';
import type { HttpClient } from '../../../operator/ports/http.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { FakeClock } from '../../fixtures/fake-clock.ts';
import { httpClientContract } from './contract.ts';

const never = new AbortController().signal;

httpClientContract('axios', ({ now, maxReplyBytes }) => {
  const http = new AxiosClient({ clock: new FakeClock(now), maxReplyBytes });
  return {
    http,
    close: () => {
      http.close();
    },
  };
});

httpClientContract('axios with a way of its own', ({ now, maxReplyBytes }) => {
  const agent = new Agent({ keepAlive: true });
  const access = () => ({ headers: { 'x-of-the-way': 'yes' }, agent });
  const http = new AxiosClient({ clock: new FakeClock(now), maxReplyBytes, access });
  return {
    http,
    close: () => {
      http.close();
      agent.destroy();
    },
  };
});

/** A server that knows its connections, and does on each what the test says with the nth request on it. */
class Connections {
  readonly sockets: Socket[] = [];
  /** For each request, the number of its connection. */
  readonly requests: number[] = [];
  readonly paths: string[] = [];
  onRequest: (socket: Socket, nth: number) => 'answer' | 'ignore' = () => 'answer';
  readonly #server: Server;

  constructor() {
    const counts = new Map<Socket, number>();
    this.#server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
      const nth = (counts.get(request.socket) ?? 0) + 1;
      counts.set(request.socket, nth);
      this.requests.push(this.sockets.indexOf(request.socket));
      this.paths.push(request.url ?? '');
      if (this.onRequest(request.socket, nth) === 'answer') response.end('{}');
    });
    this.#server.on('connection', (socket) => this.sockets.push(socket));
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  get server(): Server {
    return this.#server;
  }

  get open(): number {
    return this.sockets.filter(({ destroyed }) => !destroyed).length;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

const asking = (http: HttpClient, url: string, headers: Record<string, string> = {}) =>
  http.getJson({ provider: 'vendor', url, headers, shape: { type: 'object' } }, never);

describe('connections of the axios client', () => {
  let server: Connections;
  let idle: Connections;
  let clients: AxiosClient[];
  const client = (keptIdleMs?: number): AxiosClient => {
    const one = new AxiosClient({ clock: new FakeClock(), ...(keptIdleMs !== undefined && { keptIdleMs }) });
    clients.push(one);
    return one;
  };
  beforeEach(async () => {
    clients = [];
    [server, idle] = await Promise.all([new Connections().start(), new Connections().start()]);
  });
  afterEach(async () => {
    for (const one of clients) one.close();
    await Promise.all([server.stop(), idle.stop()]);
  });

  test('are kept for the requests that follow', async () => {
    const http = client();
    for (let k = 0; k < 5; k++) await asking(http, server.url);
    expect(server.requests).toEqual([0, 0, 0, 0, 0]);
  });

  test('that the server has ended in between fail no request', async () => {
    const http = client();
    for (let k = 0; k < 5; k++) {
      await asking(http, server.url);
      server.sockets.at(-1)?.destroy();
    }
    expect(server.requests).toEqual([0, 1, 2, 3, 4]);
  });

  test('that the server ends just when the next request is sent fail none: it goes out again on another', async () => {
    const http = client();
    server.onRequest = (socket, nth) => {
      if (nth === 1) return 'answer';
      socket.resetAndDestroy();
      return 'ignore';
    };
    // Some connections are kept, and all of them end like that.
    await Promise.all(Array.from({ length: 4 }, () => asking(http, server.url)));
    await asking(http, server.url);
    expect(server.requests.at(-1)).toBe(4);
    expect(server.open).toBe(1);
  });

  test('that end on the first request fail it: it may have been served', async () => {
    const http = client();
    server.onRequest = (socket) => {
      socket.resetAndDestroy();
      return 'ignore';
    };
    await expect(asking(http, server.url)).rejects.toMatchObject({ code: 'Unavailable' });
    expect(server.requests).toEqual([0]);
  });

  test('that nobody uses are ended, before something on the way forgets them', async () => {
    const http = client(20);
    await asking(http, server.url);
    await eventually('the connection has ended', () => server.open === 0);
    await asking(http, server.url);
    expect(server.requests).toEqual([0, 1]);
  });

  test('on which a reply takes longer than that are in use', async () => {
    const http = client(20);
    let answer: (() => void) | undefined;
    server.server.removeAllListeners('request');
    server.server.on('request', (_, response) => (answer = () => void response.end('{}')));
    const asked = asking(http, server.url);
    await eventually('the server is asked', () => answer !== undefined);
    // Connections of the same age that nobody uses have been ended by now.
    await asking(http, idle.url);
    await eventually('the idle connection has ended', () => idle.open === 0);
    answer?.();
    await expect(asked).resolves.toMatchObject({ body: {} });
  });

  test('are ended where the caller goes away within a reply', async () => {
    const http = client();
    let isHalfWay = false;
    server.server.removeAllListeners('request');
    server.server.on('request', (_, response) => response.write('{', () => (isHalfWay = true)));
    const caller = new AbortController();
    const asked = http.getJson({ provider: 'vendor', url: server.url, shape: { type: 'object' } }, caller.signal);
    await eventually('the first half is sent', () => isHalfWay);
    const reason = new Error('shutting down');
    caller.abort(reason);
    await expect(asked).rejects.toBe(reason);
    await eventually('the connection has ended', () => server.open === 0);
  });

  test('are ended when the client is closed', async () => {
    const http = client();
    await asking(http, server.url);
    expect(server.open).toBe(1);
    http.close();
    await eventually('the connection has ended', () => server.open === 0);
  });
});

describe('the axios client with a proxy in the environment', () => {
  const KEY = 'of-the-test-4711';
  let proxy: Connections;
  let server: Connections;
  let http: AxiosClient;
  const before = { ...process.env };
  beforeEach(async () => {
    [proxy, server] = await Promise.all([new Connections().start(), new Connections().start()]);
    http = new AxiosClient({ clock: new FakeClock() });
    process.env['HTTP_PROXY'] = proxy.url;
    process.env['HTTPS_PROXY'] = proxy.url;
  });
  afterEach(async () => {
    for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY']) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
    http.close();
    await Promise.all([proxy.stop(), server.stop()]);
  });

  test('asks it for what is plain', async () => {
    await asking(http, 'http://prometheus.monitoring:9090/api');
    expect(proxy.paths).toEqual(['http://prometheus.monitoring:9090/api']);
  });

  test('goes past it where NO_PROXY says so', async () => {
    process.env['NO_PROXY'] = '127.0.0.1,.monitoring';
    await asking(http, `${server.url}/direct`);
    expect([server.paths, proxy.paths]).toEqual([['/direct'], []]);
  });

  test('goes through it for what is encrypted, and tells it no key', async () => {
    const heads: string[] = [];
    proxy.server.on('connect', (request, socket) => {
      heads.push(`${request.method ?? ''} ${request.url ?? ''} ${JSON.stringify(request.rawHeaders)}`);
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
    });
    const asked = asking(http, 'https://vendor.example/v1', { 'auth-token': KEY });
    await expect(asked).rejects.toMatchObject({ name: 'SourceError' });
    expect(heads).toHaveLength(1);
    expect(heads[0]).toMatch(/^CONNECT vendor\.example:443 /);
    expect(heads[0]).not.toContain(KEY);
    expect(proxy.paths).toEqual([]);
  });
});

describe('the axios client with a way of its own', () => {
  const KEY = 'of-the-test-4711';
  let server: Connections;
  let agent: Agent;
  let heads: Record<string, unknown>[];
  const before = process.env['HTTP_PROXY'];
  beforeEach(async () => {
    server = await new Connections().start();
    heads = [];
    server.server.prependListener('request', (request: IncomingMessage) => heads.push(request.headers));
    agent = new Agent({ keepAlive: true });
  });
  afterEach(async () => {
    if (before === undefined) delete process.env['HTTP_PROXY'];
    else process.env['HTTP_PROXY'] = before;
    agent.destroy();
    await server.stop();
  });

  test('asks for it at each request, and sends its headers with those of the request', async () => {
    const keys = ['first', 'second'];
    const access = () => ({ headers: { Authorization: `Bearer ${keys.shift() ?? ''}` }, agent });
    const http = new AxiosClient({ clock: new FakeClock(), access });
    await asking(http, server.url, { 'x-own': '1' });
    await asking(http, server.url);
    expect(heads).toMatchObject([{ authorization: 'Bearer first', 'x-own': '1' }, { authorization: 'Bearer second' }]);
    expect(server.requests).toEqual([0, 0]);
  });

  test('goes past the proxies of the environment, which don’t know the way', async () => {
    process.env['HTTP_PROXY'] = 'http://127.0.0.1:1';
    const http = new AxiosClient({ clock: new FakeClock(), access: () => ({ headers: {}, agent }) });
    await asking(http, `${server.url}/direct`);
    expect(server.paths).toEqual(['/direct']);
  });

  test('tells no key of it', async () => {
    server.server.removeAllListeners('request');
    server.server.on('request', ({ headers }, response) => {
      response.writeHead(403).end(JSON.stringify({ message: `no account has ${headers.authorization ?? ''}` }));
    });
    const access = () => ({ headers: { Authorization: `Bearer ${KEY}` }, agent });
    const http = new AxiosClient({ clock: new FakeClock(), access });
    const error = await asking(http, server.url).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'Unauthorised' });
    expect(String(error)).toContain('no account has');
    expect(String(error)).not.toContain(KEY);
  });

  test('says so where the way can’t be had', async () => {
    const access = () => Promise.reject(new Error('the token is gone'));
    const http = new AxiosClient({ clock: new FakeClock(), access });
    await expect(asking(http, server.url)).rejects.toMatchObject({
      name: 'SourceError',
      code: 'Unauthorised',
      message: `vendor at ${server.url} can't be asked: the token is gone`,
    });
    expect(server.paths).toEqual([]);
  });
});
