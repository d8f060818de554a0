import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { atHour, hours, MIDNIGHT } from '../../../test/builders/planning.ts';
import { sampleAt } from '../../domain/samples.ts';
import { hourOf } from './hourly-figures.ts';
import { MAX_DAYS_BACK, persistenceFrom, persistenceOver } from './persistence.ts';

const NOW = hourOf(MIDNIGHT);

/** Figures of some hours around now, those that have not come among them. */
const figuresAroundNow = fc
  .array(fc.tuple(fc.integer({ min: NOW - 9 * 24, max: NOW + 48 }), fc.integer({ min: 0, max: 900 })))
  .map((rows) => new Map(rows));

/** So many whole days until now, each of one figure. */
function daysOf(...days: readonly number[]): Map<number, number> {
  return new Map(days.flatMap((figure, day) => hoursOfDay(day - days.length).map((hour) => [hour, figure] as const)));
}

const hoursOfDay = (day: number) => Array.from({ length: 24 }, (_, k) => NOW + day * 24 + k);

describe('persistence for an hour', () => {
  test('is what came at that hour of day, where only one day is known', () => {
    const came = new Map(hoursOfDay(-1).map((hour, k) => [hour, 100 + k]));
    const persisting = persistenceFrom(came, NOW);
    expect([0, 5, 23, 24, 29].map((k) => persisting(NOW + k))).toEqual([100, 105, 123, 100, 105]);
  });

  test('is the mean of the week where the last day was like the others', () => {
    const came = new Map([...daysOf(100, 300, 100, 300, 200)]);
    for (const hour of [NOW, NOW + 30]) expect(persistenceFrom(came, NOW)(hour)).toBeCloseTo(200);
  });

  test('keeps half of what the last day was beyond the week after a day, and a quarter after two', () => {
    const persisting = persistenceFrom(daysOf(100, 100, 100, 100, 100, 100, 170), NOW);
    // The mean of the week is 110, the last day 60 beyond it.
    expect([NOW - 1 + 24, NOW - 1 + 48, NOW - 1 + 72].map((hour) => persisting(hour))).toEqual([
      expect.closeTo(140),
      expect.closeTo(125),
      expect.closeTo(117.5),
    ]);
  });

  test('takes the last day that is known for the last day, however long that is ago', () => {
    const came = new Map([...daysOf(100, 100, 100, 200)].map(([hour, figure]) => [hour - 48, figure]));
    // The mean is 125, two days ago it was 75 beyond that.
    expect(persistenceFrom(came, NOW)(NOW - 1)).toBeCloseTo(125 + 75 / 4);
  });

  test('does not take a night that is not known for a clean one', () => {
    const day = (hour: number): number => (hour % 24 < 12 ? 400 : 100);
    const came = new Map([...hoursOfDay(-2), ...hoursOfDay(-1)].map((hour) => [hour, day(hour)]));
    for (const hour of hoursOfDay(-1).slice(0, 12)) came.delete(hour);
    for (const hour of hoursOfDay(0)) expect(persistenceFrom(came, NOW)(hour)).toBeCloseTo(day(hour));
  });

  test('reaches a week back, and no further', () => {
    expect(persistenceFrom(new Map([[NOW - 7 * 24, 100]]), NOW)(NOW)).toBe(100);
    expect(persistenceFrom(new Map([[NOW - 8 * 24, 100]]), NOW)(NOW)).toBeUndefined();
    expect(persistenceFrom(new Map([[NOW - 23, 100]]), NOW)(NOW)).toBeUndefined();
  });

  test('is never less than nothing', () => {
    fc.assert(
      fc.property(figuresAroundNow, fc.integer({ min: 0, max: 96 }), (figures, lead) => {
        expect(persistenceFrom(figures, NOW)(NOW + lead) ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('knows nothing that had not come before, whatever is known by now', () => {
    fc.assert(
      fc.property(figuresAroundNow, fc.integer({ min: 1, max: 72 }), (figures, lead) => {
        const before = NOW - lead;
        const hadCome = new Map([...figures].filter(([hour]) => hour < before));
        expect(persistenceFrom(figures, before)(NOW)).toBe(persistenceFrom(hadCome, before)(NOW));
      }),
    );
  });

  test('moves with its figures: twice as much came, twice as much persists', () => {
    fc.assert(
      fc.property(figuresAroundNow, fc.integer({ min: 0, max: 96 }), (figures, lead) => {
        const twice = new Map([...figures].map(([hour, figure]) => [hour, 2 * figure]));
        const [once, doubled] = [figures, twice].map((came) => persistenceFrom(came, NOW)(NOW + lead));
        if (once === undefined) expect(doubled).toBeUndefined();
        else expect(doubled).toBeCloseTo(2 * once, 6);
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

  test('covers every hour ahead whose hour of day one of the last seven days knows', () => {
    fc.assert(
      fc.property(figuresAroundNow, (came) => {
        const samples = persistenceOver({ startsAt: MIDNIGHT, endsAt: atHour(96) }, came, NOW);
        for (let hour = 0; hour < 96; hour++) {
          const days = Array.from({ length: MAX_DAYS_BACK }, (_, k) => NOW + (hour % 24) - (k + 1) * 24);
          const isKnown = days.some((earlier) => came.has(earlier));
          expect(sampleAt(samples, atHour(hour)) !== undefined).toBe(isKnown);
        }
      }),
    );
  });
});
