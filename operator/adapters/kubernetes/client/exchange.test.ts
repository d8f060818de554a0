import http, { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../../../../test/fixtures/eventually.ts';
import { FakeClock } from '../../../../test/fixtures/fake-clock.ts';
import { bodyOf, exchange, ResponseTooLargeError } from './exchange.ts';

const never = new AbortController().signal;
const MAX_BYTES = 1_000;

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function build(listener: RequestListener) {
  const clock = new FakeClock();
  const server = createServer(listener);
  let open = 0;
  server.on('connection', (socket) => {
    open += 1;
    socket.on('close', () => (open -= 1));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const agent = new http.Agent({ keepAlive: true });
  const outgoing = { server: url, agent, method: 'GET', path: '/', headers: {}, body: undefined };
  const limits = { clock, timeoutMs: 5_000, abort: never };
  const ask = (abort = never) =>
    exchange(outgoing, { ...limits, abort }, (response) => bodyOf(response, MAX_BYTES)).then(String);
  return { clock, ask, open: () => open };
}

describe('an exchange', () => {
  test('gives the body, keeps the connection, and leaves no timer', async () => {
    const { clock, ask, open } = await build((_, response) => response.end('x'.repeat(MAX_BYTES)));
    expect(await ask()).toHaveLength(MAX_BYTES);
    expect(await ask()).toHaveLength(MAX_BYTES);
    expect(open()).toBe(1);
    expect(clock.sleeping).toBe(0);
  });

  test('whose answer is too long is broken off', async () => {
    const { ask, open } = await build((_, response) => {
      response.write('x'.repeat(MAX_BYTES));
      response.write('y');
    });
    await expect(ask()).rejects.toThrow(ResponseTooLargeError);
    await eventually('the connection is closed', () => open() === 0);
  });

  test('whose answer does not end in time is broken off', async () => {
    const { clock, ask, open } = await build((_, response) => response.write('half'));
    const asked = expect(ask()).rejects.toThrow('no answer within 5000 ms');
    await eventually('the request has come', () => open() === 1);
    await clock.advance(5_000);
    await asked;
    await eventually('the connection is closed', () => open() === 0);
  });

  test('that is called off in the middle of the answer ends with the reason', async () => {
    const abort = new AbortController();
    const { ask, open } = await build((_, response) => {
      response.write('half');
      abort.abort(new Error('shutting down'));
    });
    await expect(ask(abort.signal)).rejects.toThrow('shutting down');
    await eventually('the connection is closed', () => open() === 0);
  });

  test('whose answer breaks off fails', async () => {
    const { ask } = await build((_, response) => {
      response.writeHead(200, { 'Content-Length': '10' });
      response.write('half', () => response.destroy());
    });
    await expect(ask()).rejects.toThrow();
  });
});
