import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatTime, parseTime } from './timestamps.ts';

const EIGHT_UTC = Date.UTC(2026, 10, 23, 8);

test.each([
  ['2026-11-23T08:00:00Z', EIGHT_UTC],
  ['2026-11-23T09:00:00+01:00', EIGHT_UTC],
  ['2026-11-23T08:00:00.250Z', EIGHT_UTC + 250],
  ['2026-11-23t08:00:00z', EIGHT_UTC],
])('%s is read', (text, instant) => {
  expect(parseTime(text)).toBe(instant);
});

test.each(['', 'tomorrow', '2026-11-23', '2026-11-23T08:00:00', '2026-11-23T08:00Z', '2026-13-45T08:00:00Z'])(
  '%j is not a time',
  (text) => {
    expect(parseTime(text)).toBeUndefined();
  },
);

test('what is written is read as the same second', () => {
  const second = fc.integer({ min: 0, max: 4_102_444_800 }).map((seconds) => seconds * 1_000);
  fc.assert(
    fc.property(second, (instant) => {
      expect(parseTime(formatTime(instant))).toBe(instant);
    }),
  );
});

test('a time is written without milliseconds', () => {
  expect(formatTime(EIGHT_UTC + 999)).toBe('2026-11-23T08:00:00Z');
});
