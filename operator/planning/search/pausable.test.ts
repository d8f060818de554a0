import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { atHour, hours, MIDNIGHT, pricesPerSlot, series } from '../../../test/builders/planning.ts';
import type { Interval } from '../../domain/interval.ts';
import { lengthOf } from '../../domain/interval.ts';
import { HOUR_MS } from '../../domain/units.ts';
import { electricityOnGrid } from '../grid/electricity-on-grid.ts';
import { intensityOnGrid } from '../grid/intensity-on-grid.ts';
import { timeGrid } from '../grid/time-grid.ts';
import { cheapestWindows } from './pausable.ts';
import type { PausableSearch } from './steps.ts';

interface Figures {
  readonly carbon?: readonly number[];
  readonly prices?: readonly (number | undefined)[];
}

/** Where nobody has told a price. */
const FLAT_PRICE = 2;

/** From midnight, which is an edge, or from a moment after it. */
function searchOver({ carbon, prices }: Figures, overrides: Partial<PausableSearch> = {}): PausableSearch {
  const length = (carbon ?? prices ?? []).length;
  const grid = timeGrid(overrides.notBefore ?? MIDNIGHT, atHour(length), HOUR_MS);
  const electricity = { electricityPricePerKilowattHour: FLAT_PRICE, electricityPrices: pricesPerSlot(prices ?? []) };
  return {
    grid,
    intensity: carbon && intensityOnGrid({ series: series(carbon), rung: 'LiveForecast' }, grid),
    prices: prices && electricityOnGrid(electricity, grid).varying,
    nextFull: undefined,
    notBefore: MIDNIGHT,
    notAfter: atHour(length),
    mostStates: 500_000,
    work: hours(3),
    minimumRun: hours(1),
    restartOverhead: 0,
    piecesLeft: 3,
    hasRun: false,
    runningSince: undefined,
    rates: { perGramHour: 1, perPriceHour: 1, perHour: 0, perDelayMs: 0 },
    ...overrides,
  };
}

/** Hour by hour; what repeats lost work is no gain where the hour has a negative cost. */
function costOf({ carbon, prices }: Figures, search: PausableSearch, windows: readonly Interval[]): number {
  const { perDelayMs, perGramHour, perHour, perPriceHour } = search.rates;
  let cost = perDelayMs * ((windows.at(-1)?.endsAt ?? NaN) - MIDNIGHT);
  for (const [i, { startsAt, endsAt }] of windows.entries()) {
    const repeatedUntil = i === 0 && !search.hasRun ? startsAt : startsAt + search.restartOverhead;
    for (let instant = startsAt; instant < endsAt; instant += HOUR_MS) {
      const hour = (instant - MIDNIGHT) / HOUR_MS;
      const price = prices === undefined ? 0 : (prices[hour] ?? FLAT_PRICE);
      const ofHour = perHour + perGramHour * (carbon?.[hour] ?? 0) + perPriceHour * price;
      cost += instant < repeatedUntil ? Math.max(0, ofHour) : ofHour;
    }
  }
  return cost;
}

/** Every set of hours that obeys the rules, by trying them all. */
function bruteForce(figures: Figures, search: PausableSearch, count: number): number {
  let best = Infinity;
  for (let mask = 1; mask < 1 << count; mask++) {
    const runs = runsOf(mask, count);
    const overhead = search.restartOverhead / HOUR_MS;
    const work = runs.reduce((sum, run, i) => sum + run.length - (i === 0 ? 0 : overhead), 0);
    const minimum = search.minimumRun / HOUR_MS;
    const isOnly = runs.length === 1;
    const longEnough = runs.every((run, i) => (run.length >= minimum || isOnly) && (i === 0 || run.length > overhead));
    if (work !== search.work / HOUR_MS || runs.length > search.piecesLeft || !longEnough) continue;
    const windows = runs.map(({ from, length }) => ({ startsAt: atHour(from), endsAt: atHour(from + length) }));
    best = Math.min(best, costOf(figures, search, windows));
  }
  return best;
}

function runsOf(mask: number, count: number): { from: number; length: number }[] {
  const runs: { from: number; length: number }[] = [];
  for (let hour = 0; hour < count; hour++) {
    if ((mask & (1 << hour)) === 0) continue;
    const last = runs.at(-1);
    if (last !== undefined && last.from + last.length === hour) last.length += 1;
    else runs.push({ from: hour, length: 1 });
  }
  return runs;
}

const somePrices = fc.array(fc.option(fc.integer({ min: -6, max: 9 }), { nil: undefined, freq: 4 }), {
  minLength: 5,
  maxLength: 10,
});

const someRules = fc.record({
  work: fc.integer({ min: 1, max: 5 }).map(hours),
  minimumRun: fc.integer({ min: 1, max: 3 }).map(hours),
  restartOverhead: fc.integer({ min: 0, max: 2 }).map(hours),
  piecesLeft: fc.integer({ min: 1, max: 4 }),
});

describe('the cheapest windows', () => {
  test.each<[string, fc.Arbitrary<Figures>]>([
    ['by carbon', somePrices.map((figures) => ({ carbon: figures.map((one) => Math.abs(one ?? 0)) }))],
    ['by a price that varies, is negative at times, and has gaps', somePrices.map((prices) => ({ prices }))],
    [
      'by both',
      somePrices.map((prices) => ({ prices, carbon: prices.map((_, hour) => ((hour * 7 + prices.length) % 5) * 2) })),
    ],
  ])('are never dearer than the best of all sets of hours, %s', (_, someFigures) => {
    const someRates = fc.record({
      perGramHour: fc.integer({ min: 1, max: 3 }),
      perPriceHour: fc.integer({ min: 1, max: 3 }),
      perHour: fc.integer({ min: 0, max: 3 }),
      perDelayMs: fc.constantFrom(0, 0.5 / HOUR_MS),
    });
    fc.assert(
      fc.property(someFigures, someRules, someRates, (figures, rules, rates) => {
        const search = searchOver(figures, { ...rules, rates });
        const windows = cheapestWindows(search);
        const best = bruteForce(figures, search, (figures.carbon ?? figures.prices ?? []).length);
        if (windows === undefined) expect(best).toBe(Infinity);
        else expect(costOf(figures, search, windows)).toBeLessThanOrEqual(best + 1e-9);
      }),
      { numRuns: 300 },
    );
  });

  test('never pause for no time at all, nor to be paid for power that repeats lost work', () => {
    fc.assert(
      fc.property(somePrices, someRules, (prices, rules) => {
        const windows = cheapestWindows(searchOver({ prices }, rules)) ?? [];
        for (const [i, window] of windows.entries()) {
          expect(window.startsAt).toBeGreaterThan(windows[i - 1]?.endsAt ?? -Infinity);
        }
      }),
      { numRuns: 300 },
    );
    const paid = searchOver({ prices: Array.from({ length: 9 }, () => -1) }, { restartOverhead: hours(1) });
    expect(cheapestWindows(paid)).toEqual([{ startsAt: atHour(0), endsAt: atHour(3) }]);
  });

  test('take the price where carbon does not count, and where it is the same', () => {
    const prices = [9, 1, 9, 9, -2, 3, 9];
    const expected = [
      { startsAt: atHour(1), endsAt: atHour(2) },
      { startsAt: atHour(4), endsAt: atHour(6) },
    ];
    expect(cheapestWindows(searchOver({ prices }))).toEqual(expected);
    expect(cheapestWindows(searchOver({ prices, carbon: prices.map(() => 100) }))).toEqual(expected);
  });

  test('count what a restart costs whenever it is', () => {
    const rates = { perGramHour: 0, perPriceHour: 1, perHour: 5, perDelayMs: 0 };
    const search = searchOver({ prices: [1, 4, 1, 9, 9, 9] }, { work: hours(2), restartOverhead: hours(1), rates });
    expect(cheapestWindows(search)).toEqual([{ startsAt: atHour(0), endsAt: atHour(2) }]);
  });

  test('do exactly the work, keep the minimum run, the number of pieces and the deadline', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 6, maxLength: 48 }),
        fc.integer({ min: 20, max: 600 }),
        fc.integer({ min: 0, max: 90 }),
        fc.integer({ min: 0, max: 70 }),
        fc.integer({ min: 1, max: 5 }),
        fc.tuple(fc.integer({ min: 0, max: 59 }), fc.integer({ min: 0, max: 59 })),
        (figures, workMinutes, minimumMinutes, overheadMinutes, pieces, [late, early]) => {
          const search = searchOver(
            { carbon: figures },
            {
              notBefore: MIDNIGHT + late * 60_000,
              notAfter: atHour(figures.length) - early * 60_000,
              work: workMinutes * 60_000,
              minimumRun: minimumMinutes * 60_000,
              restartOverhead: overheadMinutes * 60_000,
              piecesLeft: pieces,
            },
          );
          const windows = cheapestWindows(search) ?? [];
          if (windows.length === 0) return;
          const ran = windows.reduce((sum, window) => sum + lengthOf(window), 0);
          expect(ran - (windows.length - 1) * search.restartOverhead).toBeCloseTo(search.work);
          expect(windows.length).toBeLessThanOrEqual(pieces);
          expect(windows[0]?.startsAt).toBeGreaterThanOrEqual(search.notBefore);
          expect(windows.at(-1)?.endsAt).toBeLessThanOrEqual(search.notAfter);
          for (const window of windows.slice(0, -1)) expect(lengthOf(window)).toBeGreaterThanOrEqual(search.minimumRun);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('begin at once where that is cleanest, also where a restart costs a part of an hour', () => {
    const search = searchOver({ carbon: [1, 1, 9, 9, 1, 1] }, { work: hours(3.5), restartOverhead: hours(0.5) });
    expect(cheapestWindows(search)).toEqual([
      { startsAt: atHour(0), endsAt: atHour(2) },
      { startsAt: atHour(4), endsAt: atHour(6) },
    ]);
  });

  test('leave out hours that are full', () => {
    const nextFull = Int32Array.from({ length: 7 }, (_, slot) => (slot <= 2 ? 2 : 7));
    const windows = cheapestWindows(searchOver({ carbon: [9, 9, 1, 9, 8, 9, 9] }, { work: hours(1), nextFull }));
    expect(windows).toEqual([{ startsAt: atHour(4), endsAt: atHour(5) }]);
  });

  test('stay small in memory over long horizons with short slots', () => {
    const grid = timeGrid(MIDNIGHT, atHour(168), 60_000);
    const figures = Array.from({ length: 168 }, (_, hour) => 300 + 200 * Math.cos((hour / 12) * Math.PI));
    const search = searchOver(
      { carbon: figures },
      { grid, intensity: intensityOnGrid({ series: series(figures), rung: 'LiveForecast' }, grid), work: hours(40) },
    );
    const windows = cheapestWindows(search) ?? [];
    expect(windows.reduce((sum, window) => sum + lengthOf(window), 0)).toBeCloseTo(hours(40));
  });
});
