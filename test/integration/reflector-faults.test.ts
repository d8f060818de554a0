import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import type { ListWatch } from '../../operator/ports/kubernetes-api.ts';
import type { Change } from '../../operator/runtime/cache/replica.ts';
import { Reflector } from '../../operator/runtime/cache/reflector.ts';
import type { ReflectorOptions } from '../../operator/runtime/cache/reflector.ts';
import { Store } from '../../operator/runtime/cache/store.ts';
import { ReflectorMetrics } from '../../operator/telemetry/reflector-metrics.ts';
import { eventually } from '../fixtures/eventually.ts';
import { FakeClock } from '../fixtures/fake-clock.ts';
import { MisbehavingApiServer } from '../fixtures/misbehaving-api-server/misbehaving-api-server.ts';
import type { OpenWatch } from '../fixtures/misbehaving-api-server/open-watch.ts';
import { THINGS } from '../fixtures/misbehaving-api-server/things.ts';
import type { Thing } from '../fixtures/misbehaving-api-server/things.ts';
import { RecordingLogger } from '../fixtures/recording-logger.ts';
import { restClient } from '../fixtures/rest-client.ts';

const SECOND = 1_000;

let clock: FakeClock;
let server: MisbehavingApiServer;
const stops: (() => Promise<void>)[] = [];

beforeEach(async () => {
  clock = new FakeClock();
  server = await MisbehavingApiServer.start(() => clock.now());
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  await server.stop();
});

/** A reflector that runs until the test ends. Its jitter is nil: delays are the longest. */
function reflect(options: Partial<ReflectorOptions<Thing, string>> = {}) {
  const { api } = restClient(server.credentials(), { clock });
  const registry = new Registry();
  const logger = new RecordingLogger();
  const store = new Store<string>();
  const changes: Change<string>[] = [];
  const reflector = new Reflector<Thing, string>({
    listWatch: api.listWatch<Thing>(THINGS),
    store,
    project: ({ data }) => data,
    onChange: (change) => changes.push(change),
    clock,
    random: () => 0,
    logger,
    metrics: new ReflectorMetrics(registry),
    ...options,
  });
  const stop = new AbortController();
  let hasEnded = false;
  const ended = reflector.run(stop.signal).finally(() => {
    hasEnded = true;
  });
  stops.push(async () => {
    expect(hasEnded).toBe(false);
    stop.abort(new Error('the test is over'));
    await ended;
    expect(clock.sleeping).toBe(0);
    api.close();
  });
  const metric = async (name: string, labels = ''): Promise<number> => {
    const line = (await registry.metrics()).split('\n').find((text) => text.startsWith(`${name}{${labels}`));
    return Number(line?.split(' ').at(-1) ?? 0);
  };
  return { reflector, store, changes, logger, metric };
}

/** Moves time on in small steps until the condition holds. */
async function intime(what: string, condition: () => boolean, stepMs = 100): Promise<void> {
  await eventually(what, async () => {
    if (!condition()) await clock.advance(stepMs);
    return condition();
  });
}

const holds =
  (store: Store<string>, ...expected: readonly string[]) =>
  () =>
    JSON.stringify([...store.list()].sort()) === JSON.stringify([...expected].sort());

async function synced(reflector: Reflector<Thing, string>): Promise<void> {
  await reflector.whenSynced(new AbortController().signal);
  await server.watch(server.watchesOpened + 1);
}

describe('the reflector', () => {
  test('lists in pages, then follows the watch from there', async () => {
    for (let i = 0; i < 12; i += 1) server.set(`thing-${i}`);
    const { reflector, store } = reflect({ pageSize: 5 });
    await synced(reflector);
    expect(store.size).toBe(12);
    expect(server.requestsOf('list').map(({ query }) => query['limit'])).toEqual(['5', '5', '5']);
    expect(server.requestsOf('watch')[0]?.query).toMatchObject({ resourceVersion: '13', allowWatchBookmarks: 'true' });
    server.set('new', 'new');
    await eventually('it is there', () => store.get('default/new') === 'new');
    server.remove('thing-0');
    await eventually('it is gone', () => !store.has('default/thing-0'));
  });

  test('takes a page of 20 MB', async () => {
    for (let i = 0; i < 200; i += 1) server.set(`thing-${i}`, 'x'.repeat(100_000));
    const { reflector, store } = reflect({ project: ({ metadata }) => metadata.name });
    await synced(reflector);
    expect(store.size).toBe(200);
  });

  test('is not synced before the last page', async () => {
    for (let i = 0; i < 4; i += 1) server.set(`thing-${i}`);
    server.failNext('list', 'none', { status: 500, reason: 'InternalError' });
    const { reflector, store } = reflect({ pageSize: 2 });
    await eventually(
      'the second page was refused',
      () => server.requestsOf('list').length === 2 && clock.sleeping === 1,
    );
    expect(store.size).toBe(2);
    expect(reflector.hasSynced).toBe(false);
    await intime('it is synced', () => reflector.hasSynced);
    expect(store.size).toBe(4);
  });

  test('gives up waiting for it when it is called off', async () => {
    server.failAlways('list', { status: 500, reason: 'InternalError' });
    const { reflector } = reflect();
    const abort = new AbortController();
    const waiting = reflector.whenSynced(abort.signal);
    abort.abort(new Error('shutting down'));
    await expect(waiting).rejects.toThrow('shutting down');
  });
});

describe('a watch that is lost', () => {
  const within = () => server.things.set('b', 'b');
  test.each<[string, (watch: OpenWatch) => Promise<void> | void]>([
    ['because its connection breaks', (watch) => watch.drop()],
    ['within an event', (watch) => watch.dropWithin(within())],
    ['in order, but within an event', (watch) => watch.endWithin(within())],
    ['with a line that is no JSON', (watch) => watch.sendRaw('<html>\n')],
    ['with an error of the server', (watch) => watch.error({ code: 500, reason: 'InternalError' })],
  ])('%s is taken up again, and nothing that happened meanwhile is missed', async (_, lose) => {
    server.set('a', 'a');
    const { reflector, store, changes } = reflect();
    await synced(reflector);
    server.muted = true;
    await lose(await server.watch(1));
    server.set('b', 'b');
    server.set('c', 'c');
    server.remove('a');
    await intime('the store is right', holds(store, 'b', 'c'));
    expect(changes.filter(({ type, key }) => type === 'added' && key === 'default/c')).toHaveLength(1);
  });

  test('goes on where it was, without a list', async () => {
    server.set('a', 'a');
    const { reflector, metric } = reflect();
    await synced(reflector);
    (await server.watch(1)).bookmark(40);
    const bookmarks = 'reflector="things.example.dev",type="BOOKMARK"';
    await eventually(
      'the bookmark came',
      async () => (await metric('sunward_reflector_events_total', bookmarks)) === 1,
    );
    server.dropConnections();
    await intime('it watches again', () => server.watchesOpened === 2);
    expect(server.requestsOf('list')).toHaveLength(1);
    expect(server.requestsOf('watch').map(({ query }) => query['resourceVersion'])).toEqual(['2', '40']);
  });

  test('by silence is found out after 75 s', async () => {
    server.set('a', 'a');
    const { reflector, store, metric } = reflect();
    await synced(reflector);
    server.muted = true;
    server.set('b', 'b');
    const since = clock.now();
    await intime('the change is there', holds(store, 'a', 'b'), SECOND);
    expect(clock.now() - since).toBeGreaterThanOrEqual(75 * SECOND);
    expect(clock.now() - since).toBeLessThan(80 * SECOND);
    expect(await metric('sunward_reflector_errors_total', 'reflector="things.example.dev",reason="Silent"')).toBe(1);
  });

  test('because the server ended it in order is taken up at once', async () => {
    const { reflector, logger } = reflect();
    await synced(reflector);
    await clock.advance(2 * SECOND);
    (await server.watch(1)).end();
    await server.watch(2);
    expect(logger.of('warn')).toEqual([]);
    expect(server.requestsOf('list')).toHaveLength(1);
  });

  test('again and again, the moment it has begun, is not taken up in a tight loop', async () => {
    server.failAlways('watch', { body: '' });
    const { reflector, logger } = reflect();
    await reflector.whenSynced(new AbortController().signal);
    await intime(
      'a minute has passed',
      () => (server.requests.at(-1)?.at ?? 0) - (server.requests[0]?.at ?? 0) >= 60 * SECOND,
    );
    expect(server.requestsOf('watch').length).toBeLessThan(12);
    expect(logger.of('warn').length).toBeGreaterThan(0);
  });
});

describe('a watch that breaks again and again', () => {
  test('is given up for a new list, where the server answers: something may be wrong with where it goes on', async () => {
    server.set('a', 'a');
    const { reflector } = reflect();
    await synced(reflector);
    server.failAlways('watch', { status: 500, reason: 'InternalError' });
    server.dropConnections();
    await intime('it is listed anew', () => server.requestsOf('list').length === 2, SECOND);
    const verbs = server.requests.map(({ verb }) => verb);
    expect(verbs.slice(0, verbs.lastIndexOf('list'))).toEqual(['list', ...Array.from({ length: 6 }, () => 'watch')]);
    server.failAlways('watch', undefined);
    await intime('it watches again', () => server.watchesOpened === 2, SECOND);
    await breakTimes(3);
    expect(server.requestsOf('list')).toHaveLength(2);
  });

  test('is no matter where each told something in between', async () => {
    const { reflector, store } = reflect();
    await synced(reflector);
    await breakTimes(4);
    server.set('a', 'a');
    await eventually('it came', holds(store, 'a'));
    await breakTimes(4);
    expect(server.requestsOf('list')).toHaveLength(1);
  });

  /** The watch fails that often by an answer of the server, and is then taken up. */
  async function breakTimes(times: number): Promise<void> {
    const opened = server.watchesOpened;
    server.failNext('watch', ...Array.from({ length: times }, () => ({ status: 500, reason: 'InternalError' })));
    server.dropConnections();
    await intime('it watches again', () => server.watchesOpened === opened + 1, SECOND);
  }

  test('goes on, where no server answers, however long that takes', async () => {
    server.set('a', 'a');
    const { reflector, store } = reflect();
    await synced(reflector);
    server.failAlways('watch', 'reset');
    server.dropConnections();
    server.set('b', 'b');
    await intime('it has tried often', () => server.requestsOf('watch').length > 20, 5 * SECOND);
    server.failAlways('watch', undefined);
    await intime('the store is right', holds(store, 'a', 'b'), SECOND);
    expect(server.requestsOf('list')).toHaveLength(1);
  });
});

describe('what has expired (410)', () => {
  test.each(['status', 'event'] as const)('is listed anew, told by %s, and what is gone is found', async (how) => {
    server.expiredWatch = how;
    server.set('a', 'a');
    server.set('gone', 'gone');
    const { reflector, store, changes } = reflect();
    await synced(reflector);
    server.muted = true;
    server.remove('gone');
    server.set('b', 'b');
    server.things.compact();
    server.dropConnections();
    await intime('the store is right', holds(store, 'a', 'b'));
    expect(server.requests.slice(0, 4).map(({ verb }) => verb)).toEqual(['list', 'watch', 'watch', 'list']);
    expect(changes.slice(2)).toEqual([
      { type: 'added', key: 'default/b', current: 'b' },
      { type: 'deleted', key: 'default/gone', previous: 'gone' },
    ]);
  });

  test('in the middle of a list makes it begin anew, without pages', async () => {
    for (let i = 0; i < 6; i += 1) server.set(`thing-${i}`);
    let pages = 0;
    const { api } = restClient(server.credentials(), { clock });
    const inner = api.listWatch<Thing>(THINGS);
    const listWatch: ListWatch<Thing> = {
      resource: THINGS,
      list: async (options, abort) => {
        pages += 1;
        if (pages === 2) {
          server.set('late');
          server.things.compact();
        }
        return inner.list(options, abort);
      },
      watch: (options, abort) => inner.watch(options, abort),
    };
    const { reflector, store } = reflect({ pageSize: 2, listWatch });
    await intime('it is synced', () => reflector.hasSynced);
    expect(store.size).toBe(7);
    expect(server.requestsOf('list').map(({ query }) => query['limit'])).toEqual(['2', '2', undefined]);
    api.close();
  });

  test('after a restore from a backup, where versions begin anew, is believed', async () => {
    for (let i = 0; i < 20; i += 1) server.set('a', `a ${i}`);
    const { reflector, store } = reflect();
    await synced(reflector);
    server.things.reset();
    server.things.set('a', 'restored');
    (await server.watch(1)).bookmark(2);
    await intime('the store is right', holds(store, 'restored'));
    server.set('a', 'later');
    await intime('the watch goes on', holds(store, 'later'));
  });
});

describe('a server in trouble', () => {
  test.each([
    ['errors', { status: 500, reason: 'InternalError' }],
    ['refusals to connect', 'reset'],
    ['half answers', 'reset within the answer'],
    ['answers that are no JSON', { body: 'hello' }],
    ['refusals for good', { status: 403, reason: 'Forbidden' }],
  ] as const)('with %s for ten minutes is asked ever less often, and never given up', async (_, fault) => {
    server.set('a', 'a');
    server.failAlways('list', fault);
    const { store, logger, metric } = reflect();
    const first = clock.now();
    await intime(
      'ten minutes have passed',
      () => (server.requests.at(-1)?.at ?? first) - first > 600 * SECOND,
      5 * SECOND,
    );
    expect(logger.of('warn').map(({ fields }) => fields['retryInMs'])).toEqual(
      expect.arrayContaining([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000]),
    );
    expect(server.requests.length).toBeLessThan(30);
    server.failAlways('list', undefined);
    await intime('the store is right', holds(store, 'a'), SECOND);
    expect(await metric('sunward_reflector_lists_total', 'reflector="things.example.dev",result="Success"')).toBe(1);
  });

  test('that says when to come back is not asked before', async () => {
    const busy = (seconds: string) => ({ status: 429, reason: 'TooManyRequests', headers: { 'Retry-After': seconds } });
    server.failNext('list', busy('7'));
    server.failNext('watch', busy('9'));
    const { reflector } = reflect();
    await intime('it watches', () => server.watchesOpened === 1);
    const [failedList, list, ...others] = server.requestsOf('list');
    expect(others).toEqual([]);
    expect((list?.at ?? 0) - (failedList?.at ?? 0)).toBeGreaterThanOrEqual(7 * SECOND);
    const [failedWatch, watch] = server.requestsOf('watch');
    expect((watch?.at ?? 0) - (failedWatch?.at ?? 0)).toBeGreaterThanOrEqual(9 * SECOND);
    expect(reflector.hasSynced).toBe(true);
  });

  test('that wants to be left alone for a day is asked after five minutes', async () => {
    server.failNext('list', { status: 503, reason: 'ServiceUnavailable', headers: { 'Retry-After': '86400' } });
    const { reflector } = reflect();
    await intime('it is synced', () => reflector.hasSynced, SECOND);
    const waited = (server.requestsOf('list')[1]?.at ?? 0) - (server.requestsOf('list')[0]?.at ?? 0);
    expect(waited).toBeGreaterThanOrEqual(300 * SECOND);
    expect(waited).toBeLessThan(310 * SECOND);
  });

  test('that does not answer a list is asked again after a minute', async () => {
    server.failNext('list', 'hang');
    const { reflector } = reflect();
    await intime('it is synced', () => reflector.hasSynced, SECOND);
    expect((server.requestsOf('list')[1]?.at ?? 0) - (server.requestsOf('list')[0]?.at ?? 0)).toBeGreaterThanOrEqual(
      60 * SECOND,
    );
  });
});

describe('events', () => {
  test('that come twice, late or in the wrong order leave the newest in the store', async () => {
    server.set('a', 'a');
    const { reflector, store, changes, metric } = reflect();
    await synced(reflector);
    const watch = await server.watch(1);
    const older = server.things.set('a', 'older');
    const newer = server.things.set('a', 'newer');
    const added = server.things.set('b', 'b');
    const deleted = server.things.remove('b');
    for (const event of [newer, older, newer, deleted, added, deleted]) watch.send(event);
    server.set('last', 'last');
    await eventually('all of them came', () => store.has('default/last'));
    expect(holds(store, 'newer', 'last')()).toBe(true);
    expect(changes.filter(({ key }) => key !== 'default/last').map((change) => change.type)).toEqual([
      'added',
      'updated',
    ]);
    expect(await metric('sunward_reflector_stale_events_total')).toBe(5);
  });

  test('whose handler fails are logged and counted, and the next ones come all the same', async () => {
    const seen: string[] = [];
    const onChange = ({ key }: Change<string>): void => {
      seen.push(key);
      if (key === 'default/bad') throw new Error('the handler is broken');
    };
    const { reflector, store, logger, metric } = reflect({ onChange });
    await synced(reflector);
    server.set('bad', 'bad');
    server.set('good', 'good');
    await eventually('both came', () => seen.length === 2);
    expect(holds(store, 'bad', 'good')()).toBe(true);
    expect(logger.of('error').map(({ fields }) => [fields['reason'], fields['key'], fields['error']])).toEqual([
      ['HandlerFailed', 'default/bad', 'the handler is broken'],
    ]);
    expect(
      await metric('sunward_reflector_errors_total', 'reflector="things.example.dev",reason="HandlerFailed"'),
    ).toBe(1);
    expect(server.watchesOpened).toBe(1);
  });

  test('whose projection fails are logged and counted, and the next ones come all the same', async () => {
    const project = ({ data }: Thing): string => {
      if (data === 'bad') throw new Error('unreadable');
      return data;
    };
    const { reflector, store, logger } = reflect({ project });
    await synced(reflector);
    server.set('a', 'bad');
    server.set('b', 'good');
    await eventually('the other one came', holds(store, 'good'));
    expect(logger.of('error').map(({ fields }) => fields['reason'])).toEqual(['ProjectionFailed']);
  });

  test('of own writes are known before they come', async () => {
    const { reflector, store, changes } = reflect();
    await synced(reflector);
    server.muted = true;
    reflector.observe(server.set('a', 'mine').object);
    expect(store.get('default/a')).toBe('mine');
    server.dropConnections();
    await intime('it watches again', () => server.watchesOpened === 2);
    server.muted = false;
    server.set('b', 'b');
    await eventually('the next one came', () => store.has('default/b'));
    expect(changes.map(({ key }) => key)).toEqual(['default/a', 'default/b']);
  });
});

describe('the age', () => {
  test('is the time since the server was heard, by page, event or bookmark', async () => {
    const { reflector, metric } = reflect();
    await synced(reflector);
    await clock.advance(30 * SECOND);
    expect(await metric('sunward_reflector_age_seconds')).toBe(30);
    (await server.watch(1)).bookmark(50);
    await eventually('the bookmark was heard', () => reflector.ageMs() === 0);
    expect(await metric('sunward_reflector_age_seconds')).toBe(0);
    expect(await metric('sunward_reflector_synced')).toBe(1);
  });

  test('grows from the start where the server was never heard', async () => {
    server.failAlways('list', 'reset');
    const { reflector } = reflect();
    await clock.advance(90 * SECOND);
    expect(reflector.ageMs()).toBe(90 * SECOND);
    expect(reflector.lastHeardAt).toBeUndefined();
  });
});
