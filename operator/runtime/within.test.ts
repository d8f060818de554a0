import { describe, expect, test } from '@jest/globals';
import { FakeClock } from '../../test/fixtures/fake-clock.ts';
import { TimedOutError, within } from './within.ts';

const never = new AbortController().signal;

describe('work within a time limit', () => {
  test('gives its result, and leaves no timer behind', async () => {
    const clock = new FakeClock();
    await expect(within({ clock, limitMs: 100, abort: never }, () => Promise.resolve('done'))).resolves.toBe('done');
    expect(clock.sleeping).toBe(0);
  });

  test('gives its error', async () => {
    const clock = new FakeClock();
    const work = (): Promise<never> => Promise.reject(new Error('refused'));
    await expect(within({ clock, limitMs: 100, abort: never }, work)).rejects.toThrow('refused');
    expect(clock.sleeping).toBe(0);
  });

  test('ends at the limit, also when it is deaf, and its signal has fired', async () => {
    const clock = new FakeClock();
    let given: AbortSignal | undefined;
    const working = within({ clock, limitMs: 100, abort: never }, (abort) => {
      given = abort;
      return new Promise(() => undefined);
    });
    const ended = expect(working).rejects.toThrow(TimedOutError);
    await clock.advance(99);
    expect(given?.aborted).toBe(false);
    await clock.advance(1);
    await ended;
    expect(given?.aborted).toBe(true);
  });

  test('ends when it is called off, with the reason', async () => {
    const clock = new FakeClock();
    const abort = new AbortController();
    const reason = new Error('the process is to end');
    const working = within({ clock, limitMs: 100, abort: abort.signal }, () => new Promise(() => undefined));
    abort.abort(reason);
    await expect(working).rejects.toBe(reason);
    expect(clock.sleeping).toBe(0);
  });

  test('does not start when it was called off before', async () => {
    let started = false;
    const work = (): Promise<void> => Promise.resolve(void (started = true));
    const aborted = AbortSignal.abort(new Error('over'));
    await expect(within({ clock: new FakeClock(), limitMs: 100, abort: aborted }, work)).rejects.toThrow('over');
    expect(started).toBe(false);
  });
});
