import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HOUR_MS } from '../../../domain/units.ts';
import { marketDayOf } from './market-day.ts';

describe('the market day of an instant', () => {
  test.each([
    ['a winter day', '2026-11-23T10:00:00Z', '2026-11-22T23:00:00Z', '2026-11-23T23:00:00Z'],
    ['a summer day', '2026-07-01T22:00:00Z', '2026-07-01T22:00:00Z', '2026-07-02T22:00:00Z'],
    [
      'the day on which summer time begins, before',
      '2026-03-28T23:00:00Z',
      '2026-03-28T23:00:00Z',
      '2026-03-29T22:00:00Z',
    ],
    ['and after it has', '2026-03-29T21:59:59.999Z', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'],
    ['the day on which it ends, before', '2026-10-24T22:00:00Z', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'],
    ['and after it has', '2026-10-25T22:59:59.999Z', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'],
  ])('%s', (_, instant, startsAt, endsAt) => {
    expect(marketDayOf(Date.parse(instant))).toEqual({ startsAt: Date.parse(startsAt), endsAt: Date.parse(endsAt) });
  });

  test('contains it, and the next day begins where it ends', () => {
    const instants = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2040, 0) });
    fc.assert(
      fc.property(instants, (instant) => {
        const { startsAt, endsAt } = marketDayOf(instant);
        expect(startsAt).toBeLessThanOrEqual(instant);
        expect(endsAt).toBeGreaterThan(instant);
        expect([23, 24, 25]).toContain((endsAt - startsAt) / HOUR_MS);
        expect(marketDayOf(endsAt).startsAt).toBe(endsAt);
        expect(marketDayOf(startsAt - 1).endsAt).toBe(startsAt);
      }),
    );
  });
});
