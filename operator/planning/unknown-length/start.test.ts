import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { atHour, hours, MIDNIGHT, series } from '../../../test/builders/planning.ts';
import { farthest, shareAfter, survivalFrom } from '../../domain/length/survival.ts';
import { HOUR_MS, MINUTE_MS } from '../../domain/units.ts';
import { intensityOnGrid } from '../grid/intensity-on-grid.ts';
import { timeGrid } from '../grid/time-grid.ts';
import { cheapestStart } from '../search/contiguous.ts';
import { startUnderUnknownLength, type UnknownLengthStart } from './start.ts';

/** Planned for all that the job may take. */
function searchOver(
  figures: readonly number[],
  shares: readonly number[],
  overrides: Partial<UnknownLengthStart> = {},
): UnknownLengthStart {
  const points = shares.map((share, i) => ({ work: hours(i + 1), share }));
  const survival = survivalFrom({ points, mayWait: undefined }, 0);
  const grid = timeGrid(MIDNIGHT, atHour(figures.length), HOUR_MS);
  const { staging = 0, overhead = 0 } = overrides;
  return {
    grid,
    intensity: intensityOnGrid({ series: series(figures), rung: 'LiveForecast' }, grid),
    prices: undefined,
    nextFull: undefined,
    length: farthest(survival) + staging + overhead,
    notBefore: MIDNIGHT,
    notAfter: atHour(figures.length),
    rates: { perGramHour: 1, perPriceHour: 0, perDelayMs: 0 },
    copying: undefined,
    survival,
    speed: 1,
    staging,
    overhead,
    ...overrides,
  };
}

function costAt(
  figures: readonly number[],
  { survival, staging, overhead }: UnknownLengthStart,
  start: number,
): number {
  const lost = (staging + overhead) / HOUR_MS;
  let cost = 0;
  for (let hour = start; hour < figures.length; hour++) {
    const worked = hour - start - lost;
    const share = worked < -overhead / HOUR_MS ? 0 : worked < 0 ? 1 : shareAfter(survival, hours(worked));
    cost += share * (figures[hour] ?? 0);
  }
  return cost;
}

const someFigures = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 10, maxLength: 10 });
const descending = (shares: readonly number[]): readonly number[] => [...shares.toSorted((a, b) => b - a), 0];
const someShares = fc.array(fc.double({ min: 0.05, max: 1, noNaN: true }), { maxLength: 3 }).map(descending);
/** The same or a twentieth apart: none is only like another. */
const sharesApart = fc
  .array(fc.integer({ min: 1, max: 20 }), { maxLength: 3 })
  .map((twentieths) => descending(twentieths.map((n) => n / 20)));
const someRules = fc.record({
  staging: fc.integer({ min: 0, max: 2 }).map(hours),
  overhead: fc.integer({ min: 0, max: 1 }).map(hours),
});

/** What the start that is found costs, and the least that any costs. */
function foundAndLeast(figures: readonly number[], shares: readonly number[], rules: Partial<UnknownLengthStart>) {
  const search = searchOver(figures, shares, rules);
  const startsAt = startUnderUnknownLength(search) ?? NaN;
  const starts = Array.from({ length: figures.length - search.length / HOUR_MS + 1 }, (_, start) => start);
  return {
    found: costAt(figures, search, (startsAt - MIDNIGHT) / HOUR_MS),
    least: Math.min(...starts.map((start) => costAt(figures, search, start))),
  };
}

describe('the start of a job that nobody knows the length of', () => {
  test('is that of least expected cost', () => {
    fc.assert(
      fc.property(someFigures, sharesApart, someRules, (figures, shares, rules) => {
        const { found, least } = foundAndLeast(figures, shares, rules);
        expect(found).toBeCloseTo(least, 6);
      }),
    );
  });

  test('is as good as that where shares are alike, but for a hundredth of what each hour costs', () => {
    fc.assert(
      fc.property(someFigures, someShares, someRules, (figures, shares, rules) => {
        const { found, least } = foundAndLeast(figures, shares, rules);
        const dearest = Math.max(...figures);
        // Of both runs each hour of doubt may count for so much more, or less, than it should.
        expect(found).toBeLessThanOrEqual(least + 2 * 0.01 * shares.length * dearest + 1e-6);
      }),
    );
  });

  test('is that of a job of known length where there is no doubt', () => {
    fc.assert(
      fc.property(someFigures, fc.integer({ min: 1, max: 5 }), (figures, length) => {
        const shares = Array.from({ length }, (_, i) => (i === length - 1 ? 0 : 1));
        const search = searchOver(figures, shares);
        expect(startUnderUnknownLength(search)).toBe(cheapestStart(search));
      }),
    );
  });

  test('comes before the dear hours that the job is not likely to see', () => {
    const figures = [100, 100, 900, 50, 80, 900];
    expect(startUnderUnknownLength(searchOver(figures, [1, 0]))).toBe(atHour(3));
    expect(startUnderUnknownLength(searchOver([40, 100, 300, 50, 80, 80], [0.2, 0]))).toBe(atHour(0));
    expect(startUnderUnknownLength(searchOver([40, 100, 300, 50, 80, 80], [1, 0]))).toBe(atHour(3));
  });

  test('may be at once, in the middle of a slot', () => {
    const notBefore = MIDNIGHT + 30 * MINUTE_MS;
    expect(startUnderUnknownLength(searchOver([100, 200, 200, 200], [0.5, 0], { notBefore }))).toBe(notBefore);
    expect(startUnderUnknownLength(searchOver([300, 200, 200, 200], [0.5, 0], { notBefore }))).toBe(atHour(1));
  });

  test('is the first of those that are as good', () => {
    const search = searchOver([101, 100, 100, 200], [0.5, 0]);
    expect(startUnderUnknownLength(search)).toBe(atHour(1));
    expect(startUnderUnknownLength(search, (least) => 1.02 * least)).toBe(atHour(0));
  });

  test('is nowhere where what is planned for does not fit', () => {
    expect(startUnderUnknownLength(searchOver([100, 100], [1, 1, 0]))).toBeUndefined();
  });
});
