import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../../../../test/fixtures/eventually.ts';
import { FakeClock } from '../../../../test/fixtures/fake-clock.ts';
import { MisbehavingApiServer } from '../../../../test/fixtures/misbehaving-api-server/misbehaving-api-server.ts';
import { THINGS } from '../../../../test/fixtures/misbehaving-api-server/things.ts';
import type { Thing } from '../../../../test/fixtures/misbehaving-api-server/things.ts';
import { restClient } from '../../../../test/fixtures/rest-client.ts';
import type { CredentialSource } from './connection.ts';
import type { RestClientOptions } from './rest-client.ts';

const never = new AbortController().signal;
const A = { namespace: 'default', name: 'a' };
const OPTIONS = { fieldManager: 'sunward' };
const thing = (name: string): Thing => ({ metadata: { namespace: 'default', name }, data: 'ü' });

let clock: FakeClock;
let server: MisbehavingApiServer;
const closers: (() => void)[] = [];

beforeEach(async () => {
  clock = new FakeClock();
  server = await MisbehavingApiServer.start(() => clock.now());
});
afterEach(async () => {
  for (const close of closers.splice(0)) close();
  await server.stop();
});

function client(options: Partial<RestClientOptions> = {}, credentials: CredentialSource = server.credentials()) {
  const built = restClient(credentials, { clock, ...options });
  closers.push(() => {
    built.api.close();
  });
  return built;
}

/** Lets time pass until the promise is settled: whoever sleeps meanwhile is woken. */
async function inTime<T>(promise: Promise<T>): Promise<T> {
  let settled = false;
  const done = (): void => {
    settled = true;
  };
  promise.then(done, done);
  await eventually('the request is over', async () => {
    if (!settled && clock.sleeping > 0) await clock.advance(100);
    return settled;
  });
  return promise;
}

describe('a request', () => {
  test('carries credentials, and names who asks', async () => {
    server.set('a');
    await client().api.get(THINGS, A, never);
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: 'Bearer of-the-test',
      'user-agent': 'sunward',
      accept: 'application/json',
    });
  });

  test('goes over a connection that is kept', async () => {
    server.set('a');
    const { api } = client();
    await api.get(THINGS, A, never);
    await api.delete(THINGS, A, { propagationPolicy: 'Background' }, never);
    await api.create(THINGS, thing('b'), OPTIONS, never);
    expect(new Set(server.requests.map(({ connection }) => connection)).size).toBe(1);
  });

  test.each([
    ['create', 'POST', 'application/json', { fieldManager: 'sunward' }],
    ['replace', 'PUT', 'application/json', { fieldManager: 'sunward' }],
    ['apply', 'PATCH', 'application/apply-patch+yaml', { fieldManager: 'sunward', force: 'true' }],
  ] as const)('%s is a %s of %s', async (verb, method, type, query) => {
    server.set('b');
    await client().api[verb](THINGS, thing('b'), { ...OPTIONS, force: true }, never);
    const [request] = server.requests;
    expect(request).toMatchObject({ method, headers: { 'content-type': type }, query });
    expect(JSON.parse(request?.body ?? '')).toEqual(thing('b'));
  });

  test('of a patch says which kind it is', async () => {
    server.set('a');
    const { api } = client();
    await api.mergePatch(THINGS, A, { data: 'm' }, { ...OPTIONS, subresource: 'status', dryRun: true }, never);
    await api.jsonPatch(THINGS, A, [{ op: 'test', path: '/data', value: 'm' }], OPTIONS, never);
    expect(server.requests.map(({ path, headers }) => [path, headers['content-type']])).toEqual([
      ['/apis/example.dev/v1/namespaces/default/things/a/status', 'application/merge-patch+json'],
      ['/apis/example.dev/v1/namespaces/default/things/a', 'application/json-patch+json'],
    ]);
    expect(server.requests[0]?.query).toEqual({ fieldManager: 'sunward', dryRun: 'All' });
  });

  test('goes to the path behind which the API stands', async () => {
    const { server: url, read } = server.credentials();
    const { api } = client({}, { server: new URL('/k8s/c-1/', url), read });
    await expect(api.get(THINGS, A, never)).rejects.toMatchObject({ status: 404 });
    expect(server.requests[0]?.path).toBe('/k8s/c-1/apis/example.dev/v1/namespaces/default/things/a');
  });

  test('waits where too many are under way, and is called off while it waits', async () => {
    server.failAlways('get', 'hang');
    const { api } = client({ maxInFlight: 2 });
    const abort = new AbortController();
    const all = Array.from({ length: 5 }, () => api.get(THINGS, A, abort.signal));
    await eventually('two requests have come', () => server.requests.length === 2);
    abort.abort(new Error('shutting down'));
    const results = await Promise.allSettled(all);
    expect(results.map((result) => result.status === 'rejected' && (result.reason as Error).message)).toEqual(
      Array.from({ length: 5 }, () => 'shutting down'),
    );
    expect(server.requests).toHaveLength(2);
  });

  test('that is called off ends with the reason, and its connection is closed', async () => {
    server.failAlways('get', 'hang');
    const abort = new AbortController();
    const request = client().api.get(THINGS, A, abort.signal);
    await eventually('the request has come', () => server.requests.length === 1);
    abort.abort(new Error('shutting down'));
    await expect(request).rejects.toThrow('shutting down');
    await expect(client().api.get(THINGS, A, abort.signal)).rejects.toThrow('shutting down');
  });
});

describe('an answer', () => {
  test('that refuses is an error with reason and status, told from where it came', async () => {
    await expect(client().api.get(THINGS, A, never)).rejects.toMatchObject({
      name: 'KubernetesApiError',
      status: 404,
      reason: 'NotFound',
      message: 'getting things.example.dev default/a: NotFound as the test wants it (HTTP 404)',
    });
  });

  test('with a warning is logged', async () => {
    server.extraHeaders['Warning'] = '299 - "unknown field \\"spec.typo\\""';
    const { api, logger } = client();
    await api.create(THINGS, thing('a'), OPTIONS, never);
    expect(logger.of('warn').map(({ fields }) => fields)).toEqual([
      { warning: 'unknown field "spec.typo"', request: 'creating things.example.dev default/a' },
    ]);
  });

  test.each([
    ['that is no JSON', { body: 'hello' }, 'Malformed'],
    ['that breaks off', 'reset within the answer', 'Unreachable'],
  ] as const)('%s is an error', async (_, fault, reason) => {
    server.failAlways('write', fault);
    const created = client().api.create(THINGS, thing('a'), OPTIONS, never);
    await expect(created).rejects.toMatchObject({ status: 0, reason });
  });

  test('that does not come in time is an error', async () => {
    server.failAlways('write', 'hang');
    const { api } = client({ requestTimeoutMs: 3_000 });
    const created = inTime(api.create(THINGS, thing('a'), OPTIONS, never));
    await expect(created).rejects.toMatchObject({
      reason: 'Unreachable',
      message: 'creating things.example.dev default/a: no answer within 3000 ms',
    });
  });

  test('that can not come, since nobody listens, is an error', async () => {
    const { server: url, read } = server.credentials();
    const other = await MisbehavingApiServer.start();
    const { port } = other.credentials().server;
    await other.stop();
    const { api } = client({}, { server: new URL(`http://${url.hostname}:${port}`), read });
    await expect(api.get(THINGS, A, never)).rejects.toMatchObject({ status: 0, reason: 'Unreachable' });
  });

  test('is counted', async () => {
    const { api, registry } = client();
    await api.create(THINGS, thing('a'), OPTIONS, never);
    await expect(api.get(THINGS, { namespace: 'default', name: 'b' }, never)).rejects.toThrow();
    const text = await registry.metrics();
    expect(text).toContain(
      'sunward_kubernetes_requests_total{verb="create",resource="things.example.dev",code="201"} 1',
    );
    expect(text).toContain('sunward_kubernetes_requests_total{verb="get",resource="things.example.dev",code="404"} 1');
  });
});

describe('what is sent again', () => {
  const busy = (status: number, retryAfter?: string) => ({
    status,
    reason: 'Busy',
    headers: retryAfter === undefined ? {} : { 'Retry-After': retryAfter },
  });

  test('is a write that was sent away with 429, after the time that the server asks for', async () => {
    server.failNext('write', busy(429, '2'), busy(429, '3'));
    const startedAt = clock.now();
    const created = client().api.create(THINGS, thing('a'), OPTIONS, never);
    for (const wait of [2_000, 3_000]) {
      // A request under way sleeps as well, up to its time limit: only the wait for the server is shorter.
      await eventually('the client waits', () => clock.soonest <= wait);
      await clock.advance(wait);
    }
    await created;
    expect(server.requests.map(({ at }) => at - startedAt)).toEqual([0, 2_000, 5_000]);
  });

  test('is a read that met a busy server', async () => {
    server.set('a');
    server.failNext('get', busy(503, '1'));
    await inTime(client().api.get(THINGS, A, never));
    expect(server.requests).toHaveLength(2);
  });

  test('is a read whose kept connection had been closed', async () => {
    server.set('a');
    server.failNext('get', 'reset');
    await inTime(client().api.get(THINGS, A, never));
    expect(server.requests).toHaveLength(2);
  });

  test('is anything, once, with new credentials, after 401', async () => {
    const tokens = ['old', 'new'];
    const read = () => Promise.resolve({ headers: { Authorization: tokens.shift() ?? 'none' }, tls: {} });
    server.failNext('write', busy(401));
    await client({}, { server: server.credentials().server, read }).api.create(THINGS, thing('a'), OPTIONS, never);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['old', 'new']);
  });

  test('is nothing more than four times in all', async () => {
    server.failAlways('write', busy(429, '1'));
    const { api, registry } = client();
    await expect(inTime(api.create(THINGS, thing('a'), OPTIONS, never))).rejects.toMatchObject({ status: 429 });
    expect(server.requests).toHaveLength(4);
    expect(await registry.metrics()).toContain(
      'sunward_kubernetes_retries_total{verb="create",resource="things.example.dev",code="429"} 3',
    );
  });

  test('is not what the server wants to see much later: the caller is told', async () => {
    server.failNext('write', busy(429, '60'));
    const created = client().api.create(THINGS, thing('a'), OPTIONS, never);
    await expect(created).rejects.toMatchObject({ status: 429, retryAfterMs: 60_000 });
  });

  test.each([
    ['is not a write that may have been done: connection reset', 'reset'],
    ['is not a write that may have been done: 503', busy(503, '1')],
    ['is not a write that may have been done: 500', busy(500, '1')],
    ['is not what was refused for good', busy(403)],
  ] as const)('%s', async (_, fault) => {
    server.failNext('write', fault);
    await expect(client().api.create(THINGS, thing('a'), OPTIONS, never)).rejects.toThrow();
    expect(server.requests).toHaveLength(1);
  });

  test('gives its place to others while it waits', async () => {
    server.set('a');
    server.failNext('write', busy(429, '2'));
    const { api } = client({ maxInFlight: 1 });
    const created = api.create(THINGS, thing('b'), OPTIONS, never);
    await eventually('the write was sent away', () => server.requestsOf('write').length === 1);
    expect(await api.get(THINGS, A, never)).toMatchObject({ metadata: { name: 'a' } });
    await inTime(created);
  });

  test('is called off while it waits', async () => {
    server.failNext('write', busy(429, '2'));
    const abort = new AbortController();
    const created = client().api.create(THINGS, thing('b'), OPTIONS, abort.signal);
    await eventually('it waits', () => server.requests.length === 1 && clock.sleeping === 1);
    abort.abort(new Error('shutting down'));
    await expect(created).rejects.toThrow('shutting down');
    expect(clock.sleeping).toBe(0);
  });
});
