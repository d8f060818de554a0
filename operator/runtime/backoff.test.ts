import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FakeClock } from '../../test/fixtures/fake-clock.ts';
import { Backoff } from './backoff.ts';

const OPTIONS = { initialMs: 500, maxMs: 30_000, resetAfterMs: 120_000 };

function build(random: () => number = () => 0) {
  const clock = new FakeClock();
  return { clock, backoff: new Backoff(OPTIONS, clock, random) };
}

describe('back-off', () => {
  test('doubles up to its limit', () => {
    const { clock, backoff } = build();
    const delays = Array.from({ length: 8 }, () => {
      const delay = backoff.next();
      clock.jump(delay);
      return delay;
    });
    expect(delays).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  test('goes on from where it was when the next failure comes soon', () => {
    const { clock, backoff } = build();
    clock.jump(backoff.next());
    clock.jump(OPTIONS.resetAfterMs - 1);
    expect(backoff.next()).toBe(1_000);
    expect(backoff.failures).toBe(2);
  });

  test('starts anew after long enough without a failure', () => {
    const { clock, backoff } = build();
    clock.jump(backoff.next());
    clock.jump(backoff.next());
    clock.jump(OPTIONS.resetAfterMs);
    expect(backoff.next()).toBe(500);
    expect(backoff.failures).toBe(1);
  });

  test('is shortened by half at most, so that many come back at different times', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (number) => {
        const { backoff } = build(() => number);
        const delay = backoff.next();
        expect(delay).toBeGreaterThan(249);
        expect(delay).toBeLessThanOrEqual(500);
      }),
    );
  });
});
