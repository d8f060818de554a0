import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { atHour, hours, MIDNIGHT, pricesPerSlot, series } from '../../../test/builders/planning.ts';
import { HOUR_MS } from '../../domain/units.ts';
import { electricityOnGrid, priceHoursOver } from '../grid/electricity-on-grid.ts';
import { gramHoursOver, intensityOnGrid } from '../grid/intensity-on-grid.ts';
import { timeGrid } from '../grid/time-grid.ts';
import { leastCost } from './pause-bound.ts';
import { cheapestWindows } from './pausable.ts';

const RATES = { perGramHour: 1, perPriceHour: 2, perHour: 0, perDelayMs: 0 };

interface Surroundings {
  readonly prices?: readonly (number | undefined)[];
  readonly startsAt?: number;
  readonly full?: readonly number[];
}

function searchOver(figures: readonly number[], { prices, startsAt = MIDNIGHT, full = [] }: Surroundings = {}) {
  const grid = timeGrid(startsAt, atHour(figures.length), HOUR_MS);
  const nextFull = Int32Array.from({ length: grid.slots }, (_, slot) => {
    const next = full.filter((one) => one >= slot).toSorted((a, b) => a - b)[0];
    return next ?? grid.slots;
  });
  const electricityPrices = pricesPerSlot(prices ?? []);
  const electricity = electricityOnGrid({ electricityPrices, electricityPricePerKilowattHour: 1 }, grid);
  return {
    grid,
    intensity: intensityOnGrid({ series: series(figures), rung: 'LiveForecast' }, grid),
    electricity,
    prices: electricity.varying,
    nextFull,
    notBefore: startsAt,
    notAfter: atHour(figures.length),
    rates: RATES,
  };
}

function leastFor(search: ReturnType<typeof searchOver>, work: number): number {
  return leastCost({ ...search, work }, search);
}

describe('the least that work could have', () => {
  test('is in the cleanest hours, wherever they are', () => {
    expect(leastFor(searchOver([5, 1, 9, 2]), hours(2))).toBeCloseTo(3);
  });

  test('takes a part of an hour from the next clean one', () => {
    expect(leastFor(searchOver([5, 1, 9, 2]), hours(1.5))).toBeCloseTo(2);
  });

  test('leaves out hours that are full', () => {
    expect(leastFor(searchOver([5, 1, 9, 2], { full: [1] }), hours(2))).toBeCloseTo(7);
  });

  test('is in the hours where grams and money together are least', () => {
    expect(leastFor(searchOver([5, 1, 9, 2], { prices: [-4, 3, -2, undefined] }), hours(2))).toBeCloseTo(1);
  });

  test('is beyond any price where there are not enough free hours', () => {
    expect(leastFor(searchOver([5, 1], { full: [1] }), hours(2))).toBe(Infinity);
  });

  test('is never more than what the cheapest windows have', () => {
    const hourly = fc.array(
      fc.record({ figure: fc.integer({ min: 0, max: 500 }), price: fc.integer({ min: -90, max: 90 }) }),
      {
        minLength: 4,
        maxLength: 24,
      },
    );
    const full = fc.array(fc.integer({ min: 0, max: 23 }), { maxLength: 6 });
    const minutesIntoTheHour = fc.integer({ min: 0, max: 59 });
    const overhead = fc.integer({ min: 0, max: 2 });
    fc.assert(
      fc.property(
        hourly,
        full,
        minutesIntoTheHour,
        fc.integer({ min: 20, max: 900 }),
        overhead,
        (day, taken, late, work, lost) => {
          const figures = day.map(({ figure }) => figure);
          const prices = day.map(({ price }) => price);
          const search = searchOver(figures, { prices, startsAt: MIDNIGHT + late * 60_000, full: taken });
          const windows = cheapestWindows({
            ...search,
            work: work * 60_000,
            minimumRun: 0,
            restartOverhead: hours(lost),
            piecesLeft: 5,
            hasRun: false,
            runningSince: undefined,
            mostStates: 500_000,
          });
          if (windows === undefined) return;
          const cost = windows
            // What repeats lost work counts for no less than nothing: here, for nothing.
            .map(({ startsAt, endsAt }, i) => ({ startsAt: i === 0 ? startsAt : startsAt + hours(lost), endsAt }))
            .reduce(
              (sum, { startsAt, endsAt }) =>
                sum +
                gramHoursOver(search.intensity, startsAt, endsAt) +
                2 * priceHoursOver(search.electricity, { startsAt, endsAt }),
              0,
            );
          expect(leastFor(search, work * 60_000)).toBeLessThanOrEqual(cost + 1e-6);
        },
      ),
      { numRuns: 500 },
    );
  });
});
