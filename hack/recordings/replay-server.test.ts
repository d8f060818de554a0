import { afterEach, expect, test } from '@jest/globals';
import { ReplayServer } from './replay-server.ts';
import type { Exchange } from './recording.ts';

const closing: ReplayServer[] = [];
async function playing(...exchanges: readonly Exchange[]): Promise<ReplayServer> {
  const server = await ReplayServer.start({ baseUrl: 'https://api.example.com/v4', exchanges });
  closing.push(server);
  return server;
}
afterEach(async () => {
  await Promise.all(closing.splice(0).map((server) => server.stop()));
});

test('a reply is played back as it came, below the path that the provider has', async () => {
  const server = await playing({
    ...{ path: '/v4/x', query: 'zone=XX', status: 429 },
    headers: { 'content-type': 'application/json', 'retry-after': '17', date: 'Mon, 23 Nov 2026 10:22:00 GMT' },
    json: { error: 'slow down' },
  });
  const reply = await fetch(`${server.baseUrl}/x?zone=XX`);
  expect(reply.status).toBe(429);
  expect(reply.headers.get('retry-after')).toBe('17');
  expect(reply.headers.get('date')).toBe('Mon, 23 Nov 2026 10:22:00 GMT');
  expect(await reply.text()).toBe('{"error":"slow down"}');
  expect(server.unanswered).toEqual([]);
});

test('a text is played back as a text, and nothing as nothing', async () => {
  const server = await playing(
    { path: '/v4/text', query: '', status: 404, headers: {}, text: 'no content found' },
    { path: '/v4/nothing', query: '', status: 204, headers: {} },
  );
  expect(await (await fetch(`${server.baseUrl}/text`)).text()).toBe('no content found');
  expect((await fetch(`${server.baseUrl}/nothing`)).status).toBe(204);
});

test('addresses of the provider in a reply lead to the server', async () => {
  const next = 'https://api.example.com/v4/x?page=2';
  const server = await playing({ path: '/v4/x', query: '', status: 200, headers: {}, json: { next } });
  expect(await (await fetch(`${server.baseUrl}/x`)).json()).toEqual({ next: `${server.baseUrl}/x?page=2` });
});

test('what was not recorded is answered 404, says so, and is remembered', async () => {
  const server = await playing({ path: '/v4/x', query: 'zone=DE', status: 200, headers: {}, json: {} });
  const reply = await fetch(`${server.baseUrl}/x?zone=FR`);
  expect(reply.status).toBe(404);
  expect(await reply.text()).toBe('nothing like GET /v4/x?zone=FR was recorded; record the provider anew');
  await fetch(`${server.baseUrl}/x?zone=DE`, { method: 'POST' });
  expect(server.unanswered).toEqual(['GET /v4/x?zone=FR', 'POST /v4/x?zone=DE']);
});
