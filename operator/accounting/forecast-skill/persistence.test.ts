import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { atHour, hours, MIDNIGHT } from '../../../test/builders/planning.ts';
import { sampleAt } from '../../domain/samples.ts';
import { hourOf } from './hourly-figures.ts';
import { MAX_DAYS_BACK, persistenceFor, persistenceOver } from './persistence.ts';

const NOW = hourOf(MIDNIGHT);

/** Figures of some hours around now, those that have not come among them. */
const figuresAroundNow = fc
  .array(fc.tuple(fc.integer({ min: NOW - 9 * 24, max: NOW + 48 }), fc.integer({ min: 0, max: 900 })))
  .map((rows) => new Map(rows));

describe('persistence for an hour', () => {
  test('is the same hour of the last day that knows it', () => {
    const came = new Map([
      [NOW - 24, 100],
      [NOW - 48, 200],
    ]);
    expect(persistenceFor(NOW, came, NOW)).toBe(100);
    expect(persistenceFor(NOW + 24, came, NOW)).toBe(100);
    expect(persistenceFor(NOW, new Map([[NOW - 48, 200]]), NOW)).toBe(200);
  });

  test('reaches a week back, and no further', () => {
    expect(persistenceFor(NOW, new Map([[NOW - 7 * 24, 100]]), NOW)).toBe(100);
    expect(persistenceFor(NOW, new Map([[NOW - 8 * 24, 100]]), NOW)).toBeUndefined();
    expect(persistenceFor(NOW, new Map([[NOW - 23, 100]]), NOW)).toBeUndefined();
  });

  test('knows nothing that had not come before, whatever is known by now', () => {
    fc.assert(
      fc.property(figuresAroundNow, fc.integer({ min: 1, max: 72 }), (figures, lead) => {
        const before = NOW - lead;
        const hadCome = new Map([...figures].filter(([hour]) => hour < before));
        expect(persistenceFor(NOW, figures, before)).toBe(persistenceFor(NOW, hadCome, before));
      }),
    );
  });
});

describe('persistence over an interval', () => {
  const cameOf = (...rows: (readonly [number, number])[]) =>
    new Map(rows.map(([hour, figure]) => [NOW + hour, figure]));

  test('has what was measured where it came, and marks what stands for the rest', () => {
    const came = cameOf([-2, 50], [-1, 60], [-24, 100], [-23, 110]);
    const samples = persistenceOver({ startsAt: atHour(-2), endsAt: atHour(2) }, came, NOW);
    expect(samples).toEqual([
      { startsAt: atHour(-2), endsAt: atHour(-1), gramsPerKilowattHour: 50, estimated: false },
      { startsAt: atHour(-1), endsAt: atHour(0), gramsPerKilowattHour: 60, estimated: false },
      { startsAt: atHour(0), endsAt: atHour(1), gramsPerKilowattHour: 100, estimated: true },
      { startsAt: atHour(1), endsAt: atHour(2), gramsPerKilowattHour: 110, estimated: true },
    ]);
  });

  test('leaves a gap where no day knows the hour, never a zero', () => {
    const samples = persistenceOver({ startsAt: MIDNIGHT, endsAt: atHour(3) }, cameOf([-24, 100], [-22, 0]), NOW);
    expect(samples.map(({ startsAt, gramsPerKilowattHour }) => [startsAt, gramsPerKilowattHour])).toEqual([
      [atHour(0), 100],
      [atHour(2), 0],
    ]);
    expect(persistenceOver({ startsAt: MIDNIGHT, endsAt: atHour(3) }, new Map(), NOW)).toEqual([]);
  });

  test('is cut to the interval, in order, without overlap, and the same wherever it is asked for', () => {
    const ends = fc.tuple(fc.integer({ min: -300, max: 5_000 }), fc.integer({ min: 1, max: 3_000 }));
    fc.assert(
      fc.property(figuresAroundNow, ends, (came, [startsIn, minutes]) => {
        const startsAt = MIDNIGHT + startsIn * 60_000;
        const interval = { startsAt, endsAt: startsAt + minutes * 60_000 };
        const samples = persistenceOver(interval, came, NOW);
        let edge = interval.startsAt;
        for (const sample of samples) {
          expect(sample.startsAt).toBeGreaterThanOrEqual(edge);
          expect(sample.endsAt).toBeGreaterThan(sample.startsAt);
          edge = sample.endsAt;
        }
        expect(edge).toBeLessThanOrEqual(Math.max(interval.endsAt, interval.startsAt));
        const wider = persistenceOver({ startsAt: startsAt - hours(5), endsAt: interval.endsAt + hours(5) }, came, NOW);
        for (const at of [interval.startsAt, interval.endsAt - 1]) {
          expect(sampleAt(samples, at)?.gramsPerKilowattHour).toBe(sampleAt(wider, at)?.gramsPerKilowattHour);
        }
      }),
    );
  });

  test('covers every hour ahead of which one of the last seven days knows the figure', () => {
    fc.assert(
      fc.property(figuresAroundNow, (came) => {
        const samples = persistenceOver({ startsAt: MIDNIGHT, endsAt: atHour(96) }, came, NOW);
        for (let hour = 0; hour < 96; hour++) {
          const days = Array.from({ length: MAX_DAYS_BACK }, (_, k) => NOW + hour - (k + 1) * 24);
          const isKnown = days.some((earlier) => earlier < NOW && came.has(earlier));
          expect(sampleAt(samples, atHour(hour)) !== undefined).toBe(isKnown);
        }
      }),
    );
  });
});
