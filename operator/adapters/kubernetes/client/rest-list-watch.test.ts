import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../../../../test/fixtures/eventually.ts';
import { FakeClock } from '../../../../test/fixtures/fake-clock.ts';
import { MisbehavingApiServer } from '../../../../test/fixtures/misbehaving-api-server/misbehaving-api-server.ts';
import { THINGS } from '../../../../test/fixtures/misbehaving-api-server/things.ts';
import type { Thing } from '../../../../test/fixtures/misbehaving-api-server/things.ts';
import { restClient } from '../../../../test/fixtures/rest-client.ts';
import type { ListScope, WatchEvent } from '../../../ports/kubernetes-api.ts';
import type { RestClient } from './rest-client.ts';

const never = new AbortController().signal;

let clock: FakeClock;
let server: MisbehavingApiServer;
let api: RestClient;

beforeEach(async () => {
  clock = new FakeClock();
  server = await MisbehavingApiServer.start(() => clock.now());
  ({ api } = restClient(server.credentials(), { clock, watchSilenceMs: 75_000 }));
});
afterEach(async () => {
  api.close();
  await server.stop();
});

const things = (scope?: ListScope) => api.listWatch<Thing>(THINGS, scope);

/** Reads a watch in the background. */
function watching(abort: AbortSignal = never) {
  const events: WatchEvent<Thing>[] = [];
  const read = async (): Promise<void> => {
    for await (const event of things().watch({ resourceVersion: '1', timeoutSeconds: 300 }, abort)) events.push(event);
  };
  const ended = read();
  ended.catch(() => undefined); // Looked at by the test.
  return { events, ended };
}

describe('a list', () => {
  test('comes page by page, all of them as of the same version', async () => {
    for (const name of ['a', 'b', 'c']) server.set(name);
    const first = await things().list({ limit: 2 }, never);
    server.set('d');
    const second = await things().list({ limit: 2, continue: first.continue ?? '' }, never);
    expect([first, second].map(({ items }) => items.map(({ metadata }) => metadata.name))).toEqual([['a', 'b'], ['c']]);
    expect(second.resourceVersion).toBe(first.resourceVersion);
    expect(second.continue).toBeUndefined();
  });

  test('without a limit comes in one page', async () => {
    for (let i = 0; i < 1_000; i += 1) server.set(`thing-${i}`);
    expect((await things().list({ limit: 0 }, never)).items).toHaveLength(1_000);
    expect(server.requests[0]?.query).toEqual({});
  });

  test('is of one scope', async () => {
    const scope = { namespace: 'ns', labelSelector: 'a=b,c', fieldSelector: 'metadata.name=x' };
    await things(scope).list({ limit: 5 }, never);
    expect(server.requests[0]).toMatchObject({
      path: '/apis/example.dev/v1/namespaces/ns/things',
      query: { limit: '5', labelSelector: 'a=b,c', fieldSelector: 'metadata.name=x' },
    });
  });

  test('is not repeated here: who lists decides that', async () => {
    server.failNext('list', { status: 429, reason: 'TooManyRequests', headers: { 'Retry-After': '1' } });
    const list = things().list({ limit: 5 }, never);
    await expect(list).rejects.toMatchObject({ status: 429, retryAfterMs: 1_000 });
    expect(server.requests).toHaveLength(1);
  });

  test('that is none is an error', async () => {
    server.failNext('list', { body: '{"kind":"ThingList"}' });
    await expect(things().list({ limit: 5 }, never)).rejects.toMatchObject({ reason: 'Malformed' });
  });
});

describe('a watch', () => {
  test('asks for bookmarks and says from where on', async () => {
    const { ended } = watching();
    (await server.watch(1)).end();
    await ended;
    expect(server.requests[0]?.query).toEqual({
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: '1',
      timeoutSeconds: '300',
    });
  });

  test('gives what happens, in order, and ends when the server ends it', async () => {
    const { events, ended } = watching();
    const watch = await server.watch(1);
    server.set('a', 'first');
    server.set('a', 'second');
    server.remove('a');
    watch.bookmark(9);
    watch.end();
    await ended;
    expect(events.map((event) => (event.type === 'BOOKMARK' ? event : [event.type, event.object.data]))).toEqual([
      ['ADDED', 'first'],
      ['MODIFIED', 'second'],
      ['DELETED', 'second'],
      { type: 'BOOKMARK', resourceVersion: '9' },
    ]);
  });

  test('gives an event whose characters and line came in pieces', async () => {
    const { events } = watching();
    const watch = await server.watch(1);
    const bytes = Buffer.from(`${JSON.stringify(server.things.set('a', 'Grüße, 世界 🌞'))}\n`);
    for (const byte of bytes) {
      watch.sendRaw(Buffer.from([byte]));
      if (byte > 0x7f) await new Promise(setImmediate);
    }
    await eventually('the event is there', () => events.length === 1);
    expect(events).toMatchObject([{ type: 'ADDED', object: { data: 'Grüße, 世界 🌞' } }]);
  });

  test('gives events of megabytes', async () => {
    const { events } = watching();
    await server.watch(1);
    const data = 'x'.repeat(5_000_000);
    server.set('a', data);
    await eventually('the event is there', () => events.length === 1);
    expect(events[0]).toMatchObject({ object: { data } });
  });

  test('passes over types of events that it does not know', async () => {
    const { events, ended } = watching();
    const watch = await server.watch(1);
    watch.sendRaw('{"type":"SOMETHING-NEW","object":{}}\n');
    server.set('a');
    watch.end();
    await ended;
    expect(events).toHaveLength(1);
  });

  test.each([
    [
      'that is refused',
      () => {
        server.failNext('watch', { status: 410, reason: 'Expired' });
      },
      { status: 410, reason: 'Expired' },
    ],
    [
      'that gets no answer',
      () => {
        server.failNext('watch', 'reset');
      },
      { status: 0, reason: 'Unreachable' },
    ],
  ])('%s is an error', async (_, misbehave, error) => {
    misbehave();
    await expect(watching().ended).rejects.toMatchObject(error);
  });

  test('that carries an ERROR event is that error', async () => {
    const { ended } = watching();
    (await server.watch(1)).error({ code: 410, reason: 'Expired' });
    await expect(ended).rejects.toMatchObject({ status: 410, reason: 'Expired' });
  });

  test('whose connection breaks is an error, and what came before it counts', async () => {
    const { events, ended } = watching();
    const watch = await server.watch(1);
    server.set('a');
    await eventually('the event is there', () => events.length === 1);
    watch.drop();
    await expect(ended).rejects.toMatchObject({ status: 0, reason: 'Unreachable' });
  });

  test('whose connection breaks within an event is truncated', async () => {
    const { events, ended } = watching();
    const watch = await server.watch(1);
    await watch.dropWithin(server.things.set('a', 'half'));
    await expect(ended).rejects.toMatchObject({ status: 0, reason: 'Truncated' });
    expect(events).toEqual([]);
  });

  test('that ends in order, but within an event, is truncated', async () => {
    const { events, ended } = watching();
    const watch = await server.watch(1);
    watch.endWithin(server.things.set('a', 'half'));
    await expect(ended).rejects.toMatchObject({ status: 0, reason: 'Truncated' });
    expect(events).toEqual([]);
  });

  test.each(['no json\n', '{"type":"ADDED"}\n', '{"type":"BOOKMARK","object":{"metadata":{}}}\n'])(
    'with the line %j is malformed',
    async (line) => {
      const { ended } = watching();
      (await server.watch(1)).sendRaw(line);
      await expect(ended).rejects.toMatchObject({ status: 0, reason: 'Malformed' });
    },
  );

  test('on which nothing comes for 75 s, not even a bookmark, is taken for dead', async () => {
    const { ended } = watching();
    const watch = await server.watch(1);
    await eventually('the guard sleeps', () => clock.sleeping === 1);
    await clock.advance(75_000);
    await expect(ended).rejects.toMatchObject({ status: 0, reason: 'Silent' });
    await watch.closed;
  });

  test('on which something comes now and then lives on', async () => {
    const { events, ended } = watching();
    const watch = await server.watch(1);
    for (let minute = 1; minute <= 5; minute += 1) {
      await eventually('the guard sleeps', () => clock.sleeping === 1);
      await clock.advance(60_000);
      watch.bookmark(minute);
      await eventually('the bookmark is there', () => events.length === minute);
    }
    watch.end();
    await ended;
  });

  test('that is called off ends with the reason and closes its connection', async () => {
    const abort = new AbortController();
    const { ended } = watching(abort.signal);
    const watch = await server.watch(1);
    abort.abort(new Error('shutting down'));
    await expect(ended).rejects.toThrow('shutting down');
    await watch.closed;
    expect(clock.sleeping).toBe(0);
  });

  test('whose reader has enough closes its connection', async () => {
    server.set('a');
    for await (const event of things().watch({ resourceVersion: '0', timeoutSeconds: 300 }, never)) {
      expect(event.type).toBe('ADDED');
      break;
    }
    await (
      await server.watch(1)
    ).closed;
    expect(clock.sleeping).toBe(0);
  });

  test('counts for no limit: requests go on beside it', async () => {
    const { api: narrow } = restClient(server.credentials(), { clock, maxInFlight: 1 });
    const stop = new AbortController();
    const read = async () => {
      for await (const _ of narrow
        .listWatch<Thing>(THINGS)
        .watch({ resourceVersion: '1', timeoutSeconds: 300 }, stop.signal));
    };
    const ended = read();
    await server.watch(1);
    server.set('a');
    expect(await narrow.get(THINGS, { namespace: 'default', name: 'a' }, never)).toBeDefined();
    stop.abort(new Error('enough'));
    await expect(ended).rejects.toThrow('enough');
    narrow.close();
  });
});
