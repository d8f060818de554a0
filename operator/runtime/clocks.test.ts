import { describe, expect, test } from '@jest/globals';
import { steadyClock, systemClock } from './clocks.ts';

const never = new AbortController().signal;

describe.each([
  ['system', systemClock],
  ['steady', steadyClock],
])('the %s clock', (_name, clock) => {
  test('shows the time of day', () => {
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(1_000);
  });

  test('wakes a sleeper after its time', async () => {
    const startedAt = performance.now();
    await clock.sleep(20, never);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(19);
  });

  test('wakes a sleeper with the reason when it is called off, before or during the sleep', async () => {
    const abort = new AbortController();
    const reason = new Error('the process is to end');
    const sleeping = clock.sleep(60 * 86_400_000, abort.signal);
    abort.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
    await expect(clock.sleep(60_000, abort.signal)).rejects.toBe(reason);
  });
});

test('the steady clock never goes back', () => {
  const readings = Array.from({ length: 1_000 }, () => steadyClock.now());
  expect(readings).toEqual(readings.toSorted((a, b) => a - b));
});
