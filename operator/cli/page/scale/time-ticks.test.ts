import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DAY_MS } from '../words/instants.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../domain/units.ts';
import { timeTicks } from './time-ticks.ts';

const startsAt = Date.parse('2026-11-26T08:00:00Z');
const labels = (length: number, characters: number): readonly string[] => {
  return timeTicks({ startsAt, endsAt: startsAt + length }, characters).map(({ label }) => label);
};

describe('the ticks of an axis of time', () => {
  test('are round and as many as leave room', () => {
    expect(labels(2 * MINUTE_MS, 60)).toEqual(['08:00:00', '08:00:30', '08:01:00', '08:01:30', '08:02:00']);
    expect(labels(6 * HOUR_MS, 60)).toEqual(['08:00', '09:00', '10:00', '11:00', '12:00', '13:00', '14:00']);
    expect(labels(24 * HOUR_MS, 40)).toEqual(['12:00', '18:00', 'Fri 27', '06:00']);
    expect(labels(4 * DAY_MS, 60)).toEqual(['Fri 27', 'Sat 28', 'Sun 29', 'Mon 30']);
    expect(labels(28 * DAY_MS, 60)).toEqual(['30 Nov', '7 Dec', '14 Dec', '21 Dec']);
  });

  test('stand on Mondays where they are weeks apart', () => {
    const ticks = timeTicks({ startsAt, endsAt: startsAt + 40 * DAY_MS }, 60);
    expect(new Set(ticks.map(({ at }) => new Date(at).getUTCDay()))).toEqual(new Set([1]));
  });

  test('never collide, for any span', () => {
    const lengths = fc.oneof(fc.integer({ min: 0, max: 10 * MINUTE_MS }), fc.integer({ min: 0, max: 9_000 * DAY_MS }));
    fc.assert(
      fc.property(lengths, fc.integer({ min: 20, max: 150 }), (length, characters) => {
        const ticks = timeTicks({ startsAt, endsAt: startsAt + length }, characters);
        ticks.forEach(({ at, label }, index) => {
          expect(at % SECOND_MS).toBe(0);
          const next = ticks[index + 1];
          if (next === undefined) return;
          expect(((next.at - at) / length) * characters).toBeGreaterThan(label.length);
        });
      }),
    );
  });
});
