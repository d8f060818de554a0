import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { KubernetesObject } from '../../ports/kubernetes-api.ts';
import type { Change } from './replica.ts';
import { Replica, WentBackError } from './replica.ts';
import { Store } from './store.ts';

interface Thing extends KubernetesObject {
  readonly value: string;
}

function thing(name: string, version: number | string, options: { value?: string; uid?: string } = {}): Thing {
  const { value = `${name}@${version}`, uid = `uid-of-${name}` } = options;
  return { metadata: { name, namespace: 'ns', uid, resourceVersion: String(version) }, value };
}

function build(project: (object: Thing) => string | undefined = (object) => object.value) {
  const store = new Store<string>();
  const changes: Change<string>[] = [];
  const failures: string[] = [];
  const replica = new Replica<Thing, string>({
    store,
    project,
    notify: (change) => changes.push(change),
    projectionFailed: (key) => failures.push(key),
  });
  const list = (version: number, ...items: Thing[]): void => {
    replica.beginList();
    replica.takePage(items);
    replica.endList(String(version));
  };
  return { store, changes, failures, replica, list };
}

describe('a list', () => {
  test('fills the store and says where the watch begins', () => {
    const { store, changes, replica, list } = build();
    list(10, thing('a', 3), thing('b', 7));
    expect(store.list()).toEqual(['a@3', 'b@7']);
    expect(replica.resourceVersion).toBe('10');
    expect(changes.map((change) => change.type)).toEqual(['added', 'added']);
  });

  test('a later one finds what is gone, what is new and what has changed, and is silent about the rest', () => {
    const { changes, list } = build();
    list(10, thing('gone', 1), thing('same', 2), thing('changed', 3));
    changes.length = 0;
    list(20, thing('same', 2), thing('changed', 15), thing('new', 16));
    expect(changes).toEqual([
      { type: 'updated', key: 'ns/changed', previous: 'changed@3', current: 'changed@15' },
      { type: 'added', key: 'ns/new', current: 'new@16' },
      { type: 'deleted', key: 'ns/gone', previous: 'gone@1' },
    ]);
  });

  test('one that breaks off takes nothing away', () => {
    const { store, replica, list } = build();
    list(10, thing('a', 1), thing('b', 2));
    replica.beginList();
    replica.takePage([thing('a', 15)]);
    expect(store.list()).toEqual(['a@15', 'b@2']);
  });

  test('is believed where it is older than the store: the server was restored from a backup', () => {
    const { store, replica, list } = build();
    list(100, thing('a', 90), thing('b', 95));
    list(50, thing('a', 40));
    expect(store.list()).toEqual(['a@40']);
    replica.applyEvent('MODIFIED', thing('a', 51));
    expect(store.list()).toEqual(['a@51']);
  });
});

describe('an event', () => {
  test('adds, changes and removes', () => {
    const { changes, replica, list } = build();
    list(10);
    replica.applyEvent('ADDED', thing('a', 11));
    replica.applyEvent('MODIFIED', thing('a', 12));
    replica.applyEvent('DELETED', thing('a', 13));
    expect(changes).toEqual([
      { type: 'added', key: 'ns/a', current: 'a@11' },
      { type: 'updated', key: 'ns/a', previous: 'a@11', current: 'a@12' },
      { type: 'deleted', key: 'ns/a', previous: 'a@12' },
    ]);
    expect(replica.resourceVersion).toBe('13');
  });

  test('that comes twice changes nothing the second time', () => {
    const { changes, replica, list } = build();
    list(10);
    expect(replica.applyEvent('ADDED', thing('a', 11))).toBe(true);
    expect(replica.applyEvent('ADDED', thing('a', 11))).toBe(false);
    expect(replica.applyEvent('DELETED', thing('a', 12))).toBe(true);
    expect(replica.applyEvent('DELETED', thing('a', 12))).toBe(false);
    expect(changes).toHaveLength(2);
  });

  test('that is older never takes the place of what is newer, nor moves the watch back', () => {
    const { store, replica, list } = build();
    list(10, thing('a', 9));
    replica.applyEvent('MODIFIED', thing('a', 20));
    expect(replica.applyEvent('MODIFIED', thing('a', 15))).toBe(false);
    expect(replica.applyEvent('DELETED', thing('a', 16))).toBe(false);
    expect(store.get('ns/a')).toBe('a@20');
    expect(replica.resourceVersion).toBe('20');
  });

  test('that is late is still taken in for another object', () => {
    const { store, replica, list } = build();
    list(10);
    replica.applyEvent('ADDED', thing('a', 20));
    expect(replica.applyEvent('ADDED', thing('b', 15))).toBe(true);
    expect(store.list()).toEqual(['a@20', 'b@15']);
  });

  test('from before a deletion does not bring the object back, also after a bookmark', () => {
    const { store, replica, list } = build();
    list(10, thing('a', 9));
    replica.applyEvent('DELETED', thing('a', 20));
    expect(replica.applyEvent('MODIFIED', thing('a', 15))).toBe(false);
    replica.applyBookmark('30');
    expect(replica.applyEvent('MODIFIED', thing('a', 15))).toBe(false);
    expect(store.size).toBe(0);
  });

  test('of a deletion that comes before the object itself keeps it out', () => {
    const { store, replica, list } = build();
    list(10);
    replica.applyEvent('DELETED', thing('a', 12));
    expect(replica.applyEvent('ADDED', thing('a', 11))).toBe(false);
    expect(store.size).toBe(0);
  });

  test('of an object that leaves the selector removes it at the version of its last change', () => {
    const { store, replica, list } = build();
    list(10, thing('a', 9));
    replica.observe(thing('a', 12));
    expect(replica.applyEvent('DELETED', thing('a', 12))).toBe(true);
    expect(store.size).toBe(0);
  });

  test('of an object that was deleted and made anew is told as both', () => {
    const { changes, replica, list } = build();
    list(10, thing('a', 9, { uid: 'first' }));
    replica.applyEvent('MODIFIED', thing('a', 12, { uid: 'second' }));
    expect(changes.slice(1)).toEqual([
      { type: 'deleted', key: 'ns/a', previous: 'a@9' },
      { type: 'added', key: 'ns/a', current: 'a@12' },
    ]);
  });

  test('is taken as it comes where versions are no numbers', () => {
    const { store, replica, list } = build();
    list(10, thing('a', 'x'));
    expect(replica.applyEvent('MODIFIED', thing('a', 'y'))).toBe(true);
    expect(replica.applyEvent('MODIFIED', thing('a', 'y'))).toBe(false);
    expect(replica.applyEvent('DELETED', thing('a', 'z'))).toBe(true);
    expect(store.size).toBe(0);
  });
});

describe('a bookmark', () => {
  test('moves the watch on', () => {
    const { replica, list } = build();
    list(10);
    replica.applyBookmark('25');
    expect(replica.resourceVersion).toBe('25');
  });

  test('that is older than what was seen means that the server went back', () => {
    const { replica, list } = build();
    list(10);
    replica.applyEvent('ADDED', thing('a', 20));
    expect(() => {
      replica.applyBookmark('19');
    }).toThrow(WentBackError);
  });
});

describe('what a write returned', () => {
  test('is read back at once, and its event later tells nothing new', () => {
    const { store, replica, list } = build();
    list(10);
    replica.observe(thing('a', 12));
    expect(store.get('ns/a')).toBe('a@12');
    expect(replica.applyEvent('ADDED', thing('a', 12))).toBe(false);
  });

  test('does not move the watch on, so that what others did before it is not missed', () => {
    const { store, replica, list } = build();
    list(10);
    replica.observe(thing('a', 12));
    expect(replica.resourceVersion).toBe('10');
    replica.applyEvent('ADDED', thing('b', 11));
    expect(store.get('ns/b')).toBe('b@11');
  });

  test('is dropped where the cache is newer, or the object gone', () => {
    const { store, replica, list } = build();
    list(10, thing('a', 9), thing('b', 9));
    replica.applyEvent('MODIFIED', thing('a', 15));
    replica.applyEvent('DELETED', thing('b', 16));
    replica.observe(thing('a', 12));
    replica.observe(thing('b', 12));
    expect(store.list()).toEqual(['a@15']);
  });

  test('survives a list that was made before it', () => {
    const { store, replica, list } = build();
    list(10, thing('a', 9));
    replica.beginList();
    replica.observe(thing('a', 22));
    replica.observe(thing('new', 23));
    replica.takePage([thing('a', 9)]);
    replica.endList('20');
    expect(store.list()).toEqual(['a@22', 'new@23']);
  });

  test('gives way to a list that was made after it', () => {
    const { store, replica, list } = build();
    list(10, thing('a', 9));
    replica.beginList();
    replica.observe(thing('a', 12));
    replica.observe(thing('deleted-since', 13));
    replica.takePage([thing('a', 15)]);
    replica.endList('20');
    expect(store.list()).toEqual(['a@15']);
  });
});

describe('a projection', () => {
  test('that answers undefined leaves the object out, and takes it out', () => {
    const { store, changes, replica, list } = build(({ value }) => (value.startsWith('no') ? undefined : value));
    list(10, thing('a', 8), thing('b', 9, { value: 'no' }));
    replica.applyEvent('MODIFIED', thing('a', 11, { value: 'not any more' }));
    expect(store.size).toBe(0);
    replica.applyEvent('MODIFIED', thing('a', 12, { value: 'again' }));
    expect(store.list()).toEqual(['again']);
    expect(changes.map((change) => change.type)).toEqual(['added', 'deleted', 'added']);
  });

  test('that throws is reported, and the store keeps what it had', () => {
    const { store, failures, replica, list } = build(({ value }) => {
      if (value === 'bad') throw new Error('unreadable');
      return value;
    });
    list(10, thing('a', 9));
    replica.applyEvent('MODIFIED', thing('a', 11, { value: 'bad' }));
    expect(failures).toEqual(['ns/a']);
    expect(store.get('ns/a')).toBe('a@9');
    replica.applyEvent('MODIFIED', thing('a', 12));
    expect(store.get('ns/a')).toBe('a@12');
  });
});

describe('whatever order events come in', () => {
  interface Step {
    readonly name: string;
    readonly deleted: boolean;
  }
  const history = fc.array(fc.record<Step>({ name: fc.constantFrom('a', 'b', 'c'), deleted: fc.boolean() }), {
    maxLength: 20,
  });

  test('with duplicates or not, the store ends with the last version of each object', () => {
    fc.assert(
      fc.property(history, fc.infiniteStream(fc.nat()), (steps, numbers) => {
        const events = steps.map(({ name, deleted }, index) => ({
          type: deleted ? ('DELETED' as const) : ('MODIFIED' as const),
          object: thing(name, 11 + index),
        }));
        const last = new Map(events.map((event) => [event.object.metadata.name, event]));
        const shuffled = [...events, ...events]
          .map((event) => ({ event, at: numbers.next().value as number }))
          .sort((a, b) => a.at - b.at);
        const { store, replica, list } = build();
        list(10);
        for (const { event } of shuffled) replica.applyEvent(event.type, event.object);
        const expected = [...last.values()].filter((event) => event.type !== 'DELETED');
        expect([...store.list()].sort()).toEqual(expected.map((event) => event.object.value).sort());
      }),
    );
  });
});
