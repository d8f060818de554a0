import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Store } from './store.ts';

interface Pod {
  readonly name: string;
  readonly jobs: readonly string[];
}

const byJob = () => new Store<Pod, 'job'>({ indexes: { job: (pod) => pod.jobs } });

describe('the store', () => {
  test('gives back what was set, until it is deleted', () => {
    const store = new Store<string>();
    store.set('a/x', 'first');
    store.set('a/x', 'second');
    expect(store.get('a/x')).toBe('second');
    expect(store.has('a/x')).toBe(true);
    expect(store.size).toBe(1);
    store.delete('a/x');
    expect(store.get('a/x')).toBeUndefined();
    expect(store.size).toBe(0);
  });

  test('a list stays as it was while the store goes on', () => {
    const store = new Store<string>();
    store.set('a', 'first');
    const before = store.list();
    store.set('b', 'second');
    expect(before).toEqual(['first']);
    expect(store.list()).toEqual(['first', 'second']);
  });

  test('a list is made anew only after a change', () => {
    const store = new Store<string>();
    store.set('a', 'first');
    expect(store.list()).toBe(store.list());
  });

  test('finds by index, also what stands under several values', () => {
    const store = byJob();
    store.set('p1', { name: 'p1', jobs: ['a', 'b'] });
    store.set('p2', { name: 'p2', jobs: ['b'] });
    expect(store.byIndex('job', 'a').map((pod) => pod.name)).toEqual(['p1']);
    expect(store.byIndex('job', 'b').map((pod) => pod.name)).toEqual(['p1', 'p2']);
    expect(store.byIndex('job', 'c')).toEqual([]);
  });

  test('an object that changes leaves the index values that it no longer has', () => {
    const store = byJob();
    store.set('p1', { name: 'p1', jobs: ['a'] });
    store.set('p1', { name: 'p1', jobs: ['b'] });
    expect(store.byIndex('job', 'a')).toEqual([]);
    expect(store.byIndex('job', 'b')).toHaveLength(1);
  });

  test('an index function that throws leaves store and indexes as they were', () => {
    const store = new Store<Pod, 'job' | 'name'>({
      indexes: {
        job: (pod) => pod.jobs,
        name: (pod) => {
          if (pod.name === 'bad') throw new Error('no name');
          return [pod.name];
        },
      },
    });
    store.set('p1', { name: 'good', jobs: ['a'] });
    expect(() => {
      store.set('p1', { name: 'bad', jobs: ['b'] });
    }).toThrow('no name');
    expect(store.get('p1')?.name).toBe('good');
    expect(store.byIndex('job', 'a')).toHaveLength(1);
    expect(store.byIndex('job', 'b')).toEqual([]);
  });

  test('whatever is done to it, each index holds what a look at all values finds', () => {
    const key = fc.constantFrom('p1', 'p2', 'p3');
    const jobs = fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 });
    const step = fc.oneof(fc.record({ set: key, jobs }), fc.record({ remove: key }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const store = byJob();
        for (const step of steps) {
          if ('set' in step) store.set(step.set, { name: step.set, jobs: step.jobs });
          else store.delete(step.remove);
          for (const job of ['a', 'b', 'c']) {
            const found = store.byIndex('job', job).map((pod) => pod.name);
            const expected = store.list().filter((pod) => pod.jobs.includes(job));
            expect([...found].sort()).toEqual(expected.map((pod) => pod.name).sort());
          }
        }
      }),
    );
  });
});
