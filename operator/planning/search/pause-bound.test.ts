import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { atHour, hours, MIDNIGHT, series } from '../../../test/builders/planning.ts';
import { HOUR_MS } from '../../domain/units.ts';
import { integralOver, onGrid } from '../forecast.ts';
import { timeGrid } from '../grid.ts';
import { leastGramHours } from './pause-bound.ts';
import { cheapestWindows } from './pausable.ts';

function searchOver(figures: readonly number[], { startsAt = MIDNIGHT, full = [] as readonly number[] } = {}) {
  const grid = timeGrid(startsAt, atHour(figures.length), HOUR_MS);
  const nextFull = Int32Array.from({ length: grid.slots }, (_, slot) => {
    const next = full.filter((one) => one >= slot).toSorted((a, b) => a - b)[0];
    return next ?? grid.slots;
  });
  return { grid, intensity: onGrid(series([...figures]), grid), nextFull, notAfter: atHour(figures.length) };
}

describe('the least that work could have', () => {
  test('is in the cleanest hours, wherever they are', () => {
    expect(leastGramHours({ ...searchOver([5, 1, 9, 2]), work: hours(2) })).toBeCloseTo(3);
  });

  test('takes a part of an hour from the next clean one', () => {
    expect(leastGramHours({ ...searchOver([5, 1, 9, 2]), work: hours(1.5) })).toBeCloseTo(2);
  });

  test('leaves out hours that are full', () => {
    expect(leastGramHours({ ...searchOver([5, 1, 9, 2], { full: [1] }), work: hours(2) })).toBeCloseTo(7);
  });

  test('is beyond any price where there are not enough free hours', () => {
    expect(leastGramHours({ ...searchOver([5, 1], { full: [1] }), work: hours(2) })).toBe(Infinity);
  });

  test('is never more than what the cheapest windows have', () => {
    const figures = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 4, maxLength: 24 });
    const full = fc.array(fc.integer({ min: 0, max: 23 }), { maxLength: 6 });
    const minutesIntoTheHour = fc.integer({ min: 0, max: 59 });
    fc.assert(
      fc.property(figures, full, minutesIntoTheHour, fc.integer({ min: 20, max: 900 }), (hourly, taken, late, work) => {
        const search = searchOver(hourly, { startsAt: MIDNIGHT + late * 60_000, full: taken });
        const windows = cheapestWindows({
          ...search,
          work: work * 60_000,
          minimumRun: 0,
          restartOverhead: 0,
          piecesLeft: 5,
          hasRun: false,
          runningSince: undefined,
          perGramHour: 1,
          perDelayMs: 0,
        });
        if (windows === undefined) return;
        const cost = windows.reduce((sum, w) => sum + integralOver(search.intensity, w.startsAt, w.endsAt), 0);
        expect(leastGramHours({ ...search, work: work * 60_000 })).toBeLessThanOrEqual(cost + 1e-9);
      }),
      { numRuns: 500 },
    );
  });
});
