import { describe, expect, test } from '@jest/globals';
import { settle } from '../../test/fixtures/fake-clock.ts';
import { inTurn } from './in-turn.ts';

/** Work that the test ends item by item. */
function work() {
  const begun: string[] = [];
  const ends = new Map<string, { done: () => void; fail: (error: Error) => void }>();
  const run = (item: string): Promise<void> => {
    begun.push(item);
    return new Promise((done, fail) => {
      ends.set(item, { done, fail });
    });
  };
  const done = async (item: string): Promise<void> => {
    ends.get(item)?.done();
    await settle();
  };
  const fail = async (item: string, error: Error): Promise<void> => {
    ends.get(item)?.fail(error);
    await settle();
  };
  return { begun, run, done, fail };
}

/** `under way`, `done`, or what it rejected with. */
function stateOf(running: Promise<void>): () => unknown {
  let state: unknown = 'under way';
  running.then(
    () => (state = 'done'),
    (error: unknown) => (state = error),
  );
  return () => state;
}

describe('work in turn', () => {
  test('is begun in order, a bounded number at once, and is done when all are', async () => {
    const { begun, run, done } = work();
    const state = stateOf(inTurn(['a', 'b', 'c', 'd'], 2, run));
    expect(begun).toEqual(['a', 'b']);
    await done('b');
    expect(begun).toEqual(['a', 'b', 'c']);
    await done('c');
    await done('a');
    expect([begun, state()]).toEqual([['a', 'b', 'c', 'd'], 'under way']);
    await done('d');
    expect(state()).toBe('done');
  });

  test('is done at once where there is nothing to do', async () => {
    await expect(inTurn([], 4, () => Promise.reject(new Error('never')))).resolves.toBeUndefined();
  });

  test('needs no more than what there is', async () => {
    const { begun, run, done } = work();
    const state = stateOf(inTurn(new Set(['a']), 8, run));
    expect(begun).toEqual(['a']);
    await done('a');
    expect(state()).toBe('done');
  });

  test('begins nothing more after a rejection, and rejects with it once what is under way has ended', async () => {
    const { begun, run, done, fail } = work();
    const state = stateOf(inTurn(['a', 'b', 'c', 'd', 'e'], 3, run));
    const error = new Error('of b');
    await fail('b', error);
    expect(state()).toBe('under way');
    await done('a');
    expect(state()).toBe('under way');
    await fail('c', new Error('of c'));
    expect(state()).toBe(error);
    expect(begun).toEqual(['a', 'b', 'c']);
  });

  test('takes what is thrown at once for a rejection', async () => {
    const begun: string[] = [];
    const error = new TypeError('x is not a function');
    const broken = (item: string): Promise<void> => {
      begun.push(item);
      throw error;
    };
    await expect(inTurn(['a', 'b', 'c'], 2, broken)).rejects.toBe(error);
    expect(begun).toEqual(['a']);
  });
});
