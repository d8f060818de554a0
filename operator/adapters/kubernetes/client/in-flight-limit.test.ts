import { describe, expect, test } from '@jest/globals';
import { settle } from '../../../../test/fixtures/fake-clock.ts';
import { InFlightLimit } from './in-flight-limit.ts';

const never = new AbortController().signal;

function task() {
  let finish = (): void => undefined;
  let hasStarted = false;
  const run = (): Promise<void> => {
    hasStarted = true;
    return new Promise((resolve) => {
      finish = resolve;
    });
  };
  return {
    run,
    finish: () => {
      finish();
    },
    hasStarted: () => hasStarted,
  };
}

describe('a limit of requests in flight', () => {
  test('lets the next one go when one has ended, in the order in which they came', async () => {
    const limit = new InFlightLimit(2);
    const tasks = [task(), task(), task(), task()] as const;
    for (const { run } of tasks) void limit.run(run, never);
    await settle();
    expect(tasks.map(({ hasStarted }) => hasStarted())).toEqual([true, true, false, false]);
    expect(limit.waiting).toBe(2);
    tasks[1].finish();
    await settle();
    expect(tasks.map(({ hasStarted }) => hasStarted())).toEqual([true, true, true, false]);
    expect(limit.inFlight).toBe(2);
  });

  test('gives a place back when a task fails', async () => {
    const limit = new InFlightLimit(1);
    await expect(limit.run(() => Promise.reject(new Error('no')), never)).rejects.toThrow('no');
    expect(await limit.run(() => Promise.resolve('yes'), never)).toBe('yes');
    expect(limit.inFlight).toBe(0);
  });

  test('lets go of one that waits and is called off, and keeps no place for it', async () => {
    const limit = new InFlightLimit(1);
    const first = task();
    const done = limit.run(first.run, never);
    const abort = new AbortController();
    const waiting = limit.run(() => Promise.resolve(), abort.signal);
    abort.abort(new Error('called off'));
    await expect(waiting).rejects.toThrow('called off');
    expect(limit.waiting).toBe(0);
    first.finish();
    await done;
    expect(limit.inFlight).toBe(0);
  });

  test('refuses one that was called off before, where it would have to wait', async () => {
    const limit = new InFlightLimit(1);
    const first = task();
    void limit.run(first.run, never);
    await expect(limit.run(() => Promise.resolve(), AbortSignal.abort(new Error('late')))).rejects.toThrow('late');
    first.finish();
  });

  test.each([0, -1, 1.5, NaN])('of %p is refused', (value) => {
    expect(() => new InFlightLimit(value)).toThrow('give a whole number from 1 on');
  });
});
