import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { atHour, hours, MIDNIGHT, series } from '../../../test/builders/planning.ts';
import { farthest, shareAfter, survivalFrom } from '../../domain/length/survival.ts';
import { HOUR_MS, MINUTE_MS } from '../../domain/units.ts';
import { intensityOnGrid } from '../grid/intensity-on-grid.ts';
import { timeGrid } from '../grid/time-grid.ts';
import { gainAtMost } from './gain-bound.ts';
import type { UnknownLengthSearch } from './windows.ts';

const WAIT = 3;

function searchOver(figures: readonly number[], shares: readonly number[], minutes = 0): UnknownLengthSearch {
  const survival = survivalFrom(
    { points: shares.map((share, i) => ({ work: hours(i + 1), share })), mayWait: undefined },
    0,
  );
  const grid = timeGrid(MIDNIGHT, atHour(figures.length), HOUR_MS);
  const notBefore = MIDNIGHT + minutes * MINUTE_MS;
  return {
    grid,
    intensity: intensityOnGrid({ series: series(figures), rung: 'LiveForecast' }, grid),
    prices: undefined,
    nextFull: undefined,
    notBefore,
    notAfter: notBefore + farthest(survival) + hours(WAIT),
    mostStates: 500_000,
    work: farthest(survival),
    minimumRun: 0,
    restartOverhead: 0,
    piecesLeft: 9,
    hasRun: false,
    runningSince: undefined,
    rates: { perGramHour: 1, perPriceHour: 0, perHour: 0, perDelayMs: 0 },
    survival,
    speed: 1,
  };
}

const someFigures = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 12, maxLength: 12 });
const someShares = fc
  .array(fc.double({ min: 0.05, max: 1, noNaN: true }), { maxLength: 3 })
  .map((shares) => [...shares.toSorted((a, b) => b - a), 0]);

test('no way to wait saves more than the bound', () => {
  fc.assert(
    fc.property(
      someFigures,
      someShares,
      fc.array(fc.integer({ min: 0, max: WAIT }), { maxLength: 4 }),
      (figures, shares, waits) => {
        const search = searchOver(figures, shares);
        // Each hour of work comes later than the one before it, by no more than the wait in all.
        const waited = [...waits].sort((a, b) => a - b);
        let saved = 0;
        for (let hour = 0; hour < shares.length; hour++) {
          const share = shareAfter(search.survival, hours(hour));
          const later = waited[Math.min(hour, waited.length - 1)] ?? 0;
          saved += share * ((figures[hour] ?? 0) - (figures[hour + later] ?? 0));
        }
        expect(saved).toBeLessThanOrEqual(gainAtMost(search) + 1e-9);
      },
    ),
  );
});

test('nothing is to be gained where all hours are alike', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 59 }), (minutes) => {
      const alike = Array.from({ length: 12 }, () => 7);
      expect(gainAtMost(searchOver(alike, [0.5, 0], minutes))).toBeCloseTo(0, 9);
    }),
  );
});
