import { describe, expect, test } from '@jest/globals';
import { HOUR_MS, MINUTE_MS } from '../../../domain/units.ts';
import { timeSpan } from './time-span.ts';

describe('a TimeSpan of .NET', () => {
  test.each([
    ['00:05:00', 5 * MINUTE_MS],
    ['01:00:00', HOUR_MS],
    ['1.02:00:00', 26 * HOUR_MS],
    ['00:00:00', 0],
    ['00:00:00.5000000', 500],
    ['00:14:59.9999999', 15 * MINUTE_MS],
  ])('%s', (text, expected) => {
    expect(timeSpan(text)).toBe(expected);
  });

  test.each(['', '5', 'PT5M', '-00:05:00', '00:05', '1:02:00:00'])('is none where it says "%s"', (text) => {
    expect(timeSpan(text)).toBeUndefined();
  });
});
