import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { atHour, hours, MIDNIGHT, series } from '../../../test/builders/planning.ts';
import type { Interval } from '../../domain/interval.ts';
import { lengthOf } from '../../domain/interval.ts';
import type { LengthBelief } from '../../domain/length/length-belief.ts';
import { farthest, shareAfter, survivalFrom } from '../../domain/length/survival.ts';
import { HOUR_MS, MINUTE_MS } from '../../domain/units.ts';
import { intensityOnGrid } from '../grid/intensity-on-grid.ts';
import { timeGrid } from '../grid/time-grid.ts';
import { cheapestWindows } from '../search/pausable.ts';
import { windowsUnderUnknownLength, type UnknownLengthSearch } from './windows.ts';

/** Shares that are not done after one hour, two hours and so on. */
function beliefOf(shares: readonly number[]): LengthBelief {
  return { points: shares.map((share, i) => ({ work: hours(i + 1), share })), mayWait: undefined };
}

/** A job that is planned for all that it may take; hours of midnight on. */
function searchOver(
  figures: readonly number[],
  shares: readonly number[],
  overrides: Partial<UnknownLengthSearch> & { readonly wait?: number } = {},
): UnknownLengthSearch {
  const { wait = 3, ...rest } = overrides;
  const survival = survivalFrom(beliefOf(shares), 0);
  const grid = timeGrid(MIDNIGHT, atHour(figures.length), HOUR_MS);
  const work = farthest(survival);
  return {
    grid,
    intensity: intensityOnGrid({ series: series(figures), rung: 'LiveForecast' }, grid),
    prices: undefined,
    nextFull: undefined,
    notBefore: MIDNIGHT,
    notAfter: MIDNIGHT + work + hours(wait),
    mostStates: 500_000,
    work,
    minimumRun: hours(1),
    restartOverhead: 0,
    piecesLeft: 9,
    hasRun: false,
    runningSince: undefined,
    rates: { perGramHour: 1, perPriceHour: 0, perHour: 0, perDelayMs: 0 },
    survival,
    speed: 1,
    ...rest,
  };
}

/** Hour by hour, each by the probability that the job is not done when it begins. */
function expectedCost(figures: readonly number[], search: UnknownLengthSearch, windows: readonly Interval[]): number {
  const { perDelayMs, perGramHour } = search.rates;
  let cost = 0;
  let worked = 0;
  let hour = 0;
  for (const [i, { startsAt, endsAt }] of windows.entries()) {
    const alive = shareAfter(search.survival, hours(worked));
    cost += perDelayMs * alive * (startsAt - atHour(hour));
    let repeated = i === 0 && !search.hasRun ? 0 : search.restartOverhead / HOUR_MS;
    for (hour = (startsAt - MIDNIGHT) / HOUR_MS; hour < (endsAt - MIDNIGHT) / HOUR_MS; hour++) {
      const share = shareAfter(search.survival, hours(worked));
      cost += share * perGramHour * (figures[hour] ?? NaN);
      if (repeated > 0) cost += share * perDelayMs * HOUR_MS;
      if (repeated > 0) repeated -= 1;
      else worked += 1;
    }
  }
  return cost;
}

/** Every way to run and to wait that keeps the rules, by trying them all. */
function leastByTrying(figures: readonly number[], search: UnknownLengthSearch): number {
  const work = Math.round(search.work / HOUR_MS);
  const wait = Math.round((search.notAfter - search.notBefore) / HOUR_MS) - work;
  const overhead = search.restartOverhead / HOUR_MS;
  const minimum = search.minimumRun / HOUR_MS;
  let best = Infinity;
  for (let mask = 1; mask < 1 << (work + wait); mask++) {
    const windows = runsOf(mask, work + wait);
    const held = windows.reduce((sum, window) => sum + lengthOf(window) / HOUR_MS, 0);
    const resumes = windows.length - (search.hasRun ? 0 : 1);
    if (held - resumes * overhead !== work || windows.length > search.piecesLeft) continue;
    const isLongEnough = windows.every((window, i) => {
      const length = lengthOf(window) / HOUR_MS;
      const repeated = i === 0 && !search.hasRun ? 0 : overhead;
      return length > repeated && (length >= minimum || i === windows.length - 1);
    });
    if (isLongEnough) best = Math.min(best, expectedCost(figures, search, windows));
  }
  return best;
}

function runsOf(mask: number, count: number): readonly Interval[] {
  const runs: { startsAt: number; endsAt: number }[] = [];
  for (let hour = 0; hour < count; hour++) {
    if ((mask & (1 << hour)) === 0) continue;
    const last = runs.at(-1);
    if (last?.endsAt === atHour(hour)) last.endsAt = atHour(hour + 1);
    else runs.push({ startsAt: atHour(hour), endsAt: atHour(hour + 1) });
  }
  return runs;
}

function lastOf(windows: readonly Interval[]): number {
  return windows.map(lengthOf).at(-1) ?? 0;
}

const someFigures = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 12, maxLength: 12 });

const someShares = fc
  .array(fc.double({ min: 0.05, max: 1, noNaN: true }), { minLength: 0, maxLength: 4 })
  .map((shares) => [...shares.toSorted((a, b) => b - a), 0]);

const someRules = fc.record({
  wait: fc.integer({ min: 0, max: 5 }),
  minimumRun: fc.integer({ min: 1, max: 3 }).map(hours),
  restartOverhead: fc.integer({ min: 0, max: 2 }).map(hours),
  piecesLeft: fc.integer({ min: 1, max: 4 }),
  hasRun: fc.boolean(),
  rates: fc.constantFrom(0, 0.5 / HOUR_MS).map((perDelayMs) => ({
    ...{ perGramHour: 1, perPriceHour: 0, perHour: 0 },
    perDelayMs,
  })),
});

describe('the windows of a job that may be done at any moment', () => {
  test('cost, as far as one can expect, what the best of all ways to run and wait costs', () => {
    fc.assert(
      fc.property(someFigures, someShares, someRules, (figures, shares, rules) => {
        const search = searchOver(figures, shares, rules);
        const windows = windowsUnderUnknownLength(search);
        const least = leastByTrying(figures, search);
        if (least === Infinity) expect(windows).toBeUndefined();
        else expect(expectedCost(figures, search, windows ?? [])).toBeCloseTo(least, 6);
      }),
      { numRuns: 500 },
    );
  });

  test('are as cheap as those of a job of known length where there is no doubt', () => {
    fc.assert(
      fc.property(someFigures, fc.integer({ min: 1, max: 6 }), someRules, (figures, work, rules) => {
        const shares = Array.from({ length: work }, (_, i) => (i === work - 1 ? 0 : 1));
        const search = searchOver(figures, shares, { ...rules, hasRun: false });
        const known = cheapestWindows(search);
        const windows = windowsUnderUnknownLength(search) ?? [];
        const isWhole = lastOf(windows) >= search.minimumRun || windows.length < 2;
        const least = expectedCost(figures, search, known ?? []);
        // A job of unknown length may be done before its minimum run is.
        if (isWhole) expect(expectedCost(figures, search, windows)).toBeCloseTo(least, 6);
        else expect(expectedCost(figures, search, windows)).toBeLessThanOrEqual(least + 1e-6);
      }),
      { numRuns: 300 },
    );
  });

  test('never wait longer in all than the job may', () => {
    fc.assert(
      fc.property(
        someFigures,
        someShares,
        someRules,
        fc.integer({ min: 1, max: 59 }),
        (figures, shares, rules, late) => {
          const search = { ...searchOver(figures, shares, rules), notBefore: MIDNIGHT + late * MINUTE_MS };
          const windows = windowsUnderUnknownLength(search) ?? [];
          const end = windows.at(-1)?.endsAt ?? search.notBefore;
          expect(end).toBeLessThanOrEqual(search.notAfter + 1);
          expect(windows.length).toBeLessThanOrEqual(search.piecesLeft);
        },
      ),
    );
  });

  test('spend the wait where the job is likely to be there still', () => {
    // Two dear hours to be missed, and a wait that is enough for one of them.
    const figures = [500, 100, 100, 600, 100, 100, 100, 100];
    const sure = searchOver(figures, [1, 1, 1, 0], { wait: 1 });
    expect(windowsUnderUnknownLength(sure)).toEqual([
      { startsAt: atHour(0), endsAt: atHour(3) },
      { startsAt: atHour(4), endsAt: atHour(5) },
    ]);
    const doubtful = searchOver(figures, [0.5, 0.2, 0.1, 0], { wait: 1 });
    expect(windowsUnderUnknownLength(doubtful)?.[0]?.startsAt).toBe(atHour(1));
  });

  test('end with the work that is planned for, though the job may go on', () => {
    const search = searchOver([500, 100, 100, 100, 100, 100], [0.5, 0.2, 0.1, 0]);
    const planned = { ...search, work: hours(1.5), notAfter: atHour(2.5) };
    expect(windowsUnderUnknownLength(planned)).toEqual([{ startsAt: atHour(1), endsAt: atHour(2.5) }]);
  });

  test('keep out of slots that are full', () => {
    const full = Int32Array.from([1, 1, 6, 6, 6, 6]);
    const search = searchOver([300, 100, 200, 400, 400, 400], [0.5, 0], { nextFull: full });
    expect(windowsUnderUnknownLength(search)).toEqual([
      { startsAt: atHour(0), endsAt: atHour(1) },
      { startsAt: atHour(2), endsAt: atHour(3) },
    ]);
    expect(
      windowsUnderUnknownLength(searchOver([1, 1, 1], [0], { nextFull: Int32Array.of(0, 1, 2), wait: 0 })),
    ).toBeUndefined();
  });

  test('go on until the minimum run is over', () => {
    const running = searchOver([900, 900, 100, 100, 100, 100], [1, 0], {
      runningSince: MIDNIGHT - hours(1),
      hasRun: true,
      minimumRun: hours(2),
      piecesLeft: 1,
    });
    expect(windowsUnderUnknownLength(running)).toEqual([
      { startsAt: atHour(0), endsAt: atHour(1) },
      { startsAt: atHour(2), endsAt: atHour(3) },
    ]);
    expect(windowsUnderUnknownLength({ ...running, piecesLeft: 0 })).toEqual([
      { startsAt: atHour(0), endsAt: atHour(2) },
    ]);
  });

  test('begin at once in what is left of a slot', () => {
    const late = { ...searchOver([100, 900, 900, 900], [0.5, 0]), notBefore: MIDNIGHT + 15 * MINUTE_MS };
    expect(windowsUnderUnknownLength(late)?.[0]?.startsAt).toBe(MIDNIGHT + 15 * MINUTE_MS);
  });
});
