import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MINUTE_MS } from '../../../domain/units.ts';
import { activeNow, columnAfter, lastKnown, meanOver, quietBelow, reachesBack, type Track } from './columns.ts';

const T0 = Date.UTC(2026, 10, 23, 8);
const BELOW = 0.05;

/** `.` did nothing, `#` worked, `?` is unknown; a minute each. */
function track(text: string, overrides: Partial<Track> = {}): Track {
  const active = Array.from(text, (one) => ({ '.': 0, '#': 0.9 })[one] ?? NaN);
  const grid = { startsAt: T0, step: MINUTE_MS, columns: active.length };
  return { grid, now: T0 + active.length * MINUTE_MS + 20_000, active, from: 0, ...overrides };
}

const minutes = (count: number) => count * MINUTE_MS;

describe('what a device does now', () => {
  test.each([
    ['..#', 0.9],
    ['#..', 0],
    ['#.??', 0],
    ['#???', undefined],
    ['???', undefined],
  ])('%s: that of the last column that is known, if it is not long ago', (text, active) => {
    expect(activeNow(track(text))).toBe(active);
  });

  test('is unknown where the last answer is old', () => {
    expect(activeNow(track('###', { now: T0 + minutes(5) + 59_000 }))).toBe(0.9);
    expect(activeNow(track('###', { now: T0 + minutes(6) }))).toBeUndefined();
  });

  test('is not what it did before somebody held it', () => {
    expect(activeNow(track('##?', { from: 2 }))).toBeUndefined();
    expect(lastKnown([1, 1, NaN], track('##?'))).toBe(1);
  });
});

describe('a stretch without work', () => {
  test.each([
    ['#....', 1, 5],
    ['.....', 0, 5],
    ['....#', 5, 5],
    // A gap of two is a scrape that failed, one of three is not known to be anything.
    ['#.??..', 1, 6],
    ['#.???..', 5, 7],
    ['???..', 3, 5],
    ['#??..', 3, 5],
    ['#...??', 1, 4],
    ['#?????.?.?', 6, 9],
  ])('%s goes from column %i to the beginning of %i', (text, since, until) => {
    expect(quietBelow(track(text), BELOW)).toEqual({ since: T0 + minutes(since), until: T0 + minutes(until) });
  });

  test('is unknown where it is not known what the device does', () => {
    expect(quietBelow(track('....???'), BELOW)).toBeUndefined();
  });

  test('does not begin before the device was held', () => {
    expect(quietBelow(track('......', { from: 4 }), BELOW)?.since).toBe(T0 + minutes(4));
    expect(columnAfter(track('......').grid, T0 + minutes(3) + 1)).toBe(4);
    expect(columnAfter(track('......').grid, T0 - minutes(3))).toBe(0);
  });
});

describe('the mean over a while', () => {
  test('is between what it is where all that is unknown was idle, and where it was work', () => {
    expect(meanOver(track('##..'), minutes(4))).toEqual({ least: 0.45, most: 0.45 });
    expect(meanOver(track('##.?'), minutes(4))).toEqual({ least: 0.45, most: 0.7 });
    expect(meanOver(track('##..'), minutes(2))).toEqual({ least: 0, most: 0 });
    expect(meanOver(track('##..', { from: 3 }), minutes(2))).toEqual({ least: 0, most: 0.5 });
    expect(meanOver(track('..'), minutes(4))).toEqual({ least: 0, most: 0.5 });
  });

  test('is of the time up to now, also where the last answer is older', () => {
    expect(meanOver(track('....', { now: T0 + minutes(6) }), minutes(4))).toEqual({ least: 0, most: 0.5 });
  });

  test('needs a device that was held for so long', () => {
    expect(reachesBack(track('....'), minutes(4))).toBe(true);
    expect(reachesBack(track('....'), minutes(5))).toBe(false);
    expect(reachesBack(track('....', { from: 1 }), minutes(4))).toBe(false);
    expect(reachesBack(track('....', { from: 1 }), minutes(3))).toBe(true);
  });

  test('gets no narrower by what is not known', () => {
    const text = fc.string({ unit: fc.constantFrom('.', '#', '?'), minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(text, fc.array(fc.nat(29)), fc.integer({ min: 1, max: 40 }), (all, blanks, time) => {
        const some = Array.from(all, (one, k) => (blanks.includes(k) ? '?' : one)).join('');
        const [before, after] = [meanOver(track(all), minutes(time)), meanOver(track(some), minutes(time))];
        expect(after.least).toBeLessThanOrEqual(before.least + 1e-9);
        expect(after.most).toBeGreaterThanOrEqual(before.most - 1e-9);
      }),
    );
  });
});
