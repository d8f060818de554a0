import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { atHour, hours, MIDNIGHT, series } from '../../../test/builders/planning.ts';
import type { Interval } from '../../domain/interval.ts';
import { lengthOf } from '../../domain/interval.ts';
import { HOUR_MS } from '../../domain/units.ts';
import { integralOver, onGrid } from '../forecast.ts';
import { timeGrid } from '../grid.ts';
import { cheapestWindows } from './pausable.ts';
import type { PausableSearch } from './steps.ts';

/** Starts at an edge, so that slot 0 is a whole hour that the search leaves to plans in one piece. */
function searchOver(figures: readonly number[], overrides: Partial<PausableSearch> = {}): PausableSearch {
  const grid = timeGrid(MIDNIGHT - 1, atHour(figures.length), HOUR_MS);
  return {
    grid,
    intensity: onGrid(series([...figures]), grid),
    nextFull: undefined,
    notAfter: atHour(figures.length),
    work: hours(3),
    minimumRun: hours(1),
    restartOverhead: 0,
    piecesLeft: 3,
    hasRun: false,
    runningSince: undefined,
    perGramHour: 1,
    perDelayMs: 0,
    ...overrides,
  };
}

function costOf(search: PausableSearch, windows: readonly Interval[]): number {
  return windows.reduce((sum, { startsAt, endsAt }) => sum + integralOver(search.intensity, startsAt, endsAt), 0);
}

/** Every set of hours that obeys the rules, by trying them all. */
function bruteForce(search: PausableSearch, count: number): number {
  let best = Infinity;
  for (let mask = 1; mask < 1 << count; mask++) {
    const runs = runsOf(mask, count);
    const overhead = search.restartOverhead / HOUR_MS;
    const work = runs.reduce((sum, run, i) => sum + run.length - (i === 0 ? 0 : overhead), 0);
    const minimum = search.minimumRun / HOUR_MS;
    const longEnough = runs.every((run, i) => run.length >= minimum || (i === runs.length - 1 && runs.length === 1));
    if (work !== search.work / HOUR_MS || runs.length > search.piecesLeft || !longEnough) continue;
    const windows = runs.map(({ from, length }) => ({ startsAt: atHour(from), endsAt: atHour(from + length) }));
    best = Math.min(best, costOf(search, windows));
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

describe('the cheapest windows', () => {
  test('are never dearer than the best of all sets of hours', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 5, maxLength: 10 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 0, max: 2 }),
        fc.integer({ min: 1, max: 4 }),
        (figures, work, minimum, overhead, pieces) => {
          const search = searchOver(figures, {
            work: hours(work),
            minimumRun: hours(minimum),
            restartOverhead: hours(overhead),
            piecesLeft: pieces,
          });
          const windows = cheapestWindows(search);
          const best = bruteForce(search, figures.length);
          if (windows === undefined) expect(best).toBe(Infinity);
          else expect(costOf(search, windows)).toBeLessThanOrEqual(best + 1e-9);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('do exactly the work, keep the minimum run, the number of pieces and the deadline', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 6, maxLength: 48 }),
        fc.integer({ min: 20, max: 600 }),
        fc.integer({ min: 0, max: 90 }),
        fc.integer({ min: 0, max: 70 }),
        fc.integer({ min: 1, max: 5 }),
        (figures, workMinutes, minimumMinutes, overheadMinutes, pieces) => {
          const search = searchOver(figures, {
            work: workMinutes * 60_000,
            minimumRun: minimumMinutes * 60_000,
            restartOverhead: overheadMinutes * 60_000,
            piecesLeft: pieces,
          });
          const windows = cheapestWindows(search) ?? [];
          if (windows.length === 0) return;
          const ran = windows.reduce((sum, window) => sum + lengthOf(window), 0);
          expect(ran - (windows.length - 1) * search.restartOverhead).toBeCloseTo(search.work);
          expect(windows.length).toBeLessThanOrEqual(pieces);
          expect(windows.at(-1)?.endsAt).toBeLessThanOrEqual(search.notAfter);
          for (const window of windows.slice(0, -1)) expect(lengthOf(window)).toBeGreaterThanOrEqual(search.minimumRun);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('leave out hours that are full', () => {
    const nextFull = Int32Array.from({ length: 8 }, (_, slot) => (slot <= 3 ? 3 : 8));
    const windows = cheapestWindows(searchOver([9, 9, 1, 9, 9, 9, 9], { work: hours(1), nextFull }));
    expect(windows).toEqual([{ startsAt: atHour(0), endsAt: atHour(1) }]);
  });

  test('stay small in memory over long horizons with short slots', () => {
    const grid = timeGrid(MIDNIGHT, atHour(168), 60_000);
    const figures = Array.from({ length: 168 }, (_, hour) => 300 + 200 * Math.cos((hour / 12) * Math.PI));
    const search = searchOver(figures, { grid, intensity: onGrid(series(figures), grid), work: hours(40) });
    const windows = cheapestWindows(search) ?? [];
    expect(windows.reduce((sum, window) => sum + lengthOf(window), 0)).toBeCloseTo(hours(40));
  });
});
