import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  clockOf,
  hourAt,
  pressedLength,
  pressedTime,
  timeAt,
  withClock,
  WRITTEN_DAY,
  type DemoDay,
} from './demo-day.ts';
import { HOUR_MS } from '../../../operator/domain/units.ts';

const day: DemoDay = { midnight: Date.parse('2026-11-22T10:00:00Z'), hour: 6_000 };

describe('the pressed day', () => {
  test('begins at its midnight, and an hour of it takes as long as it says', () => {
    expect(timeAt(day, 0)).toBe(day.midnight);
    expect(timeAt(day, 12.5)).toBe(day.midnight + 75_000);
    expect(hourAt(day, timeAt(day, 12.5))).toBe(12.5);
  });

  test('keeps the order and the proportions of written times', () => {
    expect(pressedTime(day, WRITTEN_DAY + 17 * HOUR_MS)).toBe(timeAt(day, 17));
    expect(pressedLength(day, HOUR_MS / 2)).toBe(3_000);
  });

  test('shows the time of day of any instant in it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 47 }), fc.integer({ min: 0, max: 59 }), (hour, minute) => {
        const shown = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
        expect(clockOf(day, timeAt(day, hour + minute / 60))).toBe(shown);
      }),
    );
  });

  test('never shows a time before its midnight', () => {
    expect(clockOf(day, day.midnight - 1)).toBe('00:00');
  });

  test('puts its own times in place of those in a sentence, with and without milliseconds', () => {
    expect(withClock(day, 'waits until 2026-11-22T10:01:00Z, then until 2026-11-22T10:01:30.500Z')).toBe(
      'waits until 10:00, then until 15:05',
    );
  });
});
