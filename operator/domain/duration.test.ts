import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatDuration, parseDuration } from './duration.ts';

describe('a length of time', () => {
  test.each([
    ['6h', 21_600_000],
    ['1h30m', 5_400_000],
    ['45s', 45_000],
    ['500ms', 500],
    ['1h2m3s4ms', 3_723_004],
    ['0s', 0],
    ['90m', 5_400_000],
    ['30m1h', 5_400_000],
  ])('%s is read as %d ms', (text, value) => {
    expect(parseDuration(text)).toEqual({ ok: true, value });
  });

  test.each(['', '6', 'h', '6 h', '-6h', '+6h', '1.5h', '1d', '6H', '6h ', '1h-30m', '6us', 'PT6H'])(
    '%j is refused with the remedy',
    (text) => {
      expect(parseDuration(text)).toEqual({
        ok: false,
        message: `"${text}" is not a length of time; write it like 6h, 1h30m or 45s`,
      });
    },
  );

  test('one that milliseconds can no longer count is refused', () => {
    expect(parseDuration('99999999999h')).toEqual({
      ok: false,
      message: '"99999999999h" is too long; write less than 100000h',
    });
  });

  test.each([
    [0, '0s'],
    [500, '500ms'],
    [1_000, '1s'],
    [5_400_000, '1h30m'],
    [3_723_004, '1h2m3s4ms'],
    [86_400_000, '24h'],
    [999.6, '1s'],
  ])('%d ms is written as %s', (duration, text) => {
    expect(formatDuration(duration)).toBe(text);
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('%d ms is never written', (duration) => {
    expect(() => formatDuration(duration)).toThrow(RangeError);
  });

  test('what is written is read as the same, for every whole number of milliseconds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000 * 3_600_000 }), (duration) => {
        expect(parseDuration(formatDuration(duration))).toEqual({ ok: true, value: duration });
      }),
    );
  });

  test('whatever the text, reading it gives a whole number of 0 or more, or a sentence with the text in it', () => {
    const likely = fc.stringMatching(/^[0-9hms. -]{0,12}$/);
    fc.assert(
      fc.property(fc.oneof(fc.string(), likely), (text) => {
        const parsed = parseDuration(text);
        if (parsed.ok) expect(Number.isSafeInteger(parsed.value) && parsed.value >= 0).toBe(true);
        else expect(parsed.message).toContain(`"${text}"`);
      }),
    );
  });
});
