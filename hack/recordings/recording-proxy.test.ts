import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { UkCarbonIntensityStandIn } from '../stand-ins/uk-carbon-intensity.ts';
import { RecordingProxy } from './recording-proxy.ts';

const NOW = Date.parse('2026-11-23T10:22:00Z');
const NATIONAL = '/intensity/2026-11-23T10:00Z/2026-11-23T11:00Z';

let standIn: UkCarbonIntensityStandIn;
let proxy: RecordingProxy;
const ask = (path: string, init: RequestInit = {}) => fetch(`${proxy.origin}${path}`, { redirect: 'manual', ...init });

beforeEach(async () => {
  standIn = await new UkCarbonIntensityStandIn({ figures: () => 100, now: () => NOW }).start();
  proxy = await RecordingProxy.start({ origin: standIn.url, shownOrigin: 'https://api.example.com' });
});
afterEach(async () => {
  await proxy.stop();
  await standIn.stop();
});

describe('the recording proxy', () => {
  test('passes a question on with its headers, and keeps none of them', async () => {
    const reply = await ask(`${NATIONAL}?a=1&a=2`, { headers: { 'auth-token': 'a-key-of-mine', accept: 'text/x' } });
    expect(reply.status).toBe(200);
    expect(standIn.requests[0]?.headers).toMatchObject({ 'auth-token': 'a-key-of-mine', accept: 'text/x' });
    expect(standIn.requests[0]?.headers.host).toBe(new URL(standIn.url).host);
    expect(standIn.requests[0]?.query.getAll('a')).toEqual(['1', '2']);
    expect(proxy.exchanges).toEqual([
      {
        path: NATIONAL,
        query: 'a=1&a=2',
        status: 200,
        headers: { 'content-type': 'application/json', date: expect.any(String) },
        json: await reply.json(),
      },
    ]);
    expect(JSON.stringify(proxy.exchanges)).not.toContain('a-key-of-mine');
  });

  test.each([
    [400, { error: { message: 'no' } }, { json: { error: { message: 'no' } } }],
    [401, '"Invalid"', { json: 'Invalid' }],
    [403, '<html>403 Forbidden</html>', { text: '<html>403 Forbidden</html>' }],
    [404, 'no content found', { text: 'no content found' }],
    [301, '', {}],
    [500, '{"cut":', { text: '{"cut":' }],
    [503, '', {}],
  ])('passes on a refusal and keeps it as it is: %d %j', async (status, body, kept) => {
    standIn.failNext({ status, body, headers: { Location: 'https://elsewhere.example.com' } });
    const reply = await ask(NATIONAL);
    expect(reply.status).toBe(status);
    expect(await reply.text()).toBe(typeof body === 'string' ? body : JSON.stringify(body));
    const [exchange] = proxy.exchanges;
    const { json, text } = exchange ?? {};
    expect(exchange?.status).toBe(status);
    expect(exchange?.headers).not.toHaveProperty('location');
    expect({ json, text }).toEqual({ json: undefined, text: undefined, ...kept });
    expect(proxy.failures).toEqual([]);
  });

  test('keeps how long a provider asks to be left alone', async () => {
    standIn.failNext({ status: 429, headers: { 'Retry-After': '17', 'X-Request-Id': '4711' } });
    expect((await ask(NATIONAL)).headers.get('retry-after')).toBe('17');
    const { date: _date, ...headers } = proxy.exchanges[0]?.headers ?? {};
    expect(headers).toEqual({ 'retry-after': '17' });
  });

  test('passes on and keeps that there is no content', async () => {
    standIn.failNext({ status: 204 });
    expect((await ask(NATIONAL)).status).toBe(204);
    expect(proxy.exchanges[0]).toMatchObject({ status: 204 });
  });

  test('asks once what is answered well, and again what is not', async () => {
    standIn.failNext({ status: 429, body: 'slow down' });
    const statuses = [];
    for (let times = 0; times < 3; times++) statuses.push((await ask(NATIONAL)).status);
    expect(statuses).toEqual([429, 200, 200]);
    expect(standIn.requests).toHaveLength(2);
    expect(proxy.exchanges.map(({ status }) => status)).toEqual([200]);
  });

  test('leads the adapter to itself for a next page, and writes the provider’s own address of it down', async () => {
    standIn.failNext({ body: { next: `${standIn.url}/more?page=2` } });
    expect(await (await ask(NATIONAL)).json()).toEqual({ next: `${proxy.origin}/more?page=2` });
    expect(proxy.exchanges[0]?.json).toEqual({ next: 'https://api.example.com/more?page=2' });
  });

  test.each(['reset', 'reset within the reply'] as const)('says that there was no whole answer: %s', async (fault) => {
    standIn.failNext(fault);
    expect((await ask(NATIONAL)).status).toBe(502);
    expect(proxy.exchanges).toEqual([]);
    expect(proxy.failures).toEqual([expect.stringContaining(`no answer from ${standIn.url}: `)]);
  });

  test('does not pass on what is no question', async () => {
    expect((await ask(NATIONAL, { method: 'POST', body: '{}' })).status).toBe(405);
    expect(standIn.requests).toEqual([]);
    expect(proxy.exchanges).toEqual([]);
  });
});
