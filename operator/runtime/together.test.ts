import { expect, test } from '@jest/globals';
import { together, type Part } from './together.ts';

const untilStopped: Part = (abort) =>
  new Promise((_, reject) => {
    abort.addEventListener('abort', () => {
      reject(abort.reason as Error);
    });
  });

test('the fault of one part stops the others, and is told only when they have ended', async () => {
  const ended: string[] = [];
  const slow: Part = async (abort) => {
    await untilStopped(abort).catch(() => undefined);
    await Promise.resolve();
    ended.push('slow');
  };
  const faulty: Part = () => Promise.reject(new Error('no disk'));
  await expect(together([slow, faulty, untilStopped], new AbortController().signal)).rejects.toThrow('no disk');
  expect(ended).toEqual(['slow']);
});

test('a part that throws before its first wait is no different', async () => {
  const faulty: Part = () => {
    throw new Error('no disk');
  };
  await expect(together([untilStopped, faulty], new AbortController().signal)).rejects.toThrow('no disk');
});

test('what parts throw when they are told to stop is no fault', async () => {
  const stop = new AbortController();
  const done = together([untilStopped, untilStopped], stop.signal);
  stop.abort(new Error('SIGTERM'));
  await expect(done).resolves.toBeUndefined();
});

test('the reason of the signal reaches the parts', async () => {
  const stop = new AbortController();
  const reason = new Error('lease lost');
  let seen: unknown;
  const part: Part = async (abort) => {
    await untilStopped(abort).catch((error: unknown) => {
      seen = error;
    });
  };
  const done = together([part], stop.signal);
  stop.abort(reason);
  await done;
  expect(seen).toBe(reason);
});
