import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { atHour, hours, MIDNIGHT, series } from '../../../test/builders/planning.ts';
import { integralOf } from '../../domain/samples.ts';
import { HOUR_MS } from '../../domain/units.ts';
import { intensityOnGrid } from '../grid/intensity-on-grid.ts';
import { timeGrid } from '../grid/time-grid.ts';
import {
  costsOf,
  firstWithin,
  isFreeFrom,
  leastOf,
  startsOf,
  withCopying,
  type Run,
  type StartCosts,
} from './starts.ts';

const PER_GRAM_HOUR = { factor: 1, perDelayMs: 0 };

/** Over hours of these figures, from midnight on or from a moment after it. */
function runOver(figures: readonly (number | undefined)[], rest: Partial<Run> = {}): Run {
  const grid = timeGrid(rest.notBefore ?? MIDNIGHT, atHour(figures.length), HOUR_MS);
  return {
    grid,
    intensity: intensityOnGrid({ series: series(figures), rung: 'LiveForecast' }, grid),
    nextFull: undefined,
    length: hours(2),
    staging: 0,
    notBefore: MIDNIGHT,
    notAfter: atHour(figures.length),
    ...rest,
  };
}

function costs(run: Run, weighing: { factor: number; perDelayMs: number } = PER_GRAM_HOUR): StartCosts {
  const bySlot = new Float64Array(run.grid.slots);
  return costsOf(startsOf(run), { integral: run.intensity?.integral, ...weighing }, bySlot);
}

/** Each start that there is, and what it costs. */
function all({ starts, atOnce, bySlot }: StartCosts): readonly (readonly [number, number])[] {
  const { from, until, run } = starts;
  const later = Array.from({ length: until - from }, (_, k) => {
    return [((run.grid.edges[from + k] ?? NaN) - MIDNIGHT) / HOUR_MS, bySlot[from + k] ?? NaN] as const;
  });
  return [[(run.notBefore - MIDNIGHT) / HOUR_MS, atOnce] as const, ...later].filter(([, cost]) => !Number.isNaN(cost));
}

describe('the starts of a run', () => {
  test('are at once and at every edge from which it ends in time', () => {
    expect(all(costs(runOver([5, 1, 2, 9])))).toEqual([
      [0, 6],
      [1, 3],
      [2, 11],
    ]);
    expect(all(costs(runOver([5, 1, 2, 9], { notAfter: atHour(3.9) })))).toHaveLength(2);
    expect(all(costs(runOver([5, 1, 2, 9], { notAfter: atHour(1.9) })))).toEqual([]);
  });

  test('are in the middle of a slot only where that is now', () => {
    expect(all(costs(runOver([4, 1, 2, 8], { notBefore: atHour(0.5), length: hours(1) })))).toEqual([
      [0.5, 2.5],
      [1, 1],
      [2, 2],
      [3, 8],
    ]);
  });

  test('are none where an hour on the way is full or not known', () => {
    const nextFull = Int32Array.of(2, 2, 2, 6, 6, 6);
    expect(all(costs(runOver([1, 1, 1, 1, 1], { nextFull }))).map(([start]) => start)).toEqual([0, 3]);
    expect(all(costs(runOver([1, 1, undefined, 1, 1]))).map(([start]) => start)).toEqual([0, 3]);
    const starts = startsOf(runOver([1, 1, undefined, 1, 1]));
    expect([1, 2, 3].map((slot) => isFreeFrom(starts, slot))).toEqual([false, false, true]);
  });

  test('cost what their delay is worth', () => {
    const weighing = { factor: 0, perDelayMs: 1 };
    expect(all(costs(runOver([7, 7, 7], { length: hours(1) }), weighing))).toEqual([
      [0, 0],
      [1, HOUR_MS],
      [2, 2 * HOUR_MS],
    ]);
  });

  test('cost nothing while devices are awaited, and what copying takes at the end of that', () => {
    const staged = costs(runOver([8, 4, 2, 1, 1], { length: hours(3), staging: hours(2) }));
    expect(all(staged)).toEqual([
      [0, 2],
      [1, 1],
      [2, 1],
    ]);
    const integral = staged.starts.run.intensity?.integral;
    expect(all(withCopying(staged, { integral, factor: 10, perDelayMs: 0 }, hours(1)))).toEqual([
      [0, 2 + 40],
      [1, 1 + 20],
      [2, 1 + 10],
    ]);
  });

  test('cost the integral of the intensity over the work, wherever it begins and however long it is', () => {
    const figures = fc.array(fc.integer({ min: 1, max: 600 }), { minLength: 4, maxLength: 12 });
    const minutes = (max: number): fc.Arbitrary<number> => fc.integer({ min: 0, max });
    fc.assert(
      fc.property(figures, minutes(59), minutes(300), minutes(90), (known, past, work, staging) => {
        const times = { length: (work + staging + 1) * 60_000, staging: staging * 60_000 };
        const run = runOver(known, { ...times, notBefore: MIDNIGHT + past * 60_000 });
        for (const [start, cost] of all(costs(run))) {
          const window = { startsAt: atHour(start) + run.staging, endsAt: atHour(start) + run.length };
          const { integral } = integralOf(series(known).samples, window, (sample) => sample.gramsPerKilowattHour);
          expect(cost).toBeCloseTo(integral / HOUR_MS, 6);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('of all starts', () => {
  test('the first of the cheapest is taken, at once if that is as cheap', () => {
    expect(leastOf(costs(runOver([3, 1, 1, 1], { length: hours(1) })))).toEqual({ startsAt: atHour(1), cost: 1 });
    expect(leastOf(costs(runOver([1, 1, 1], { length: hours(1) })))?.startsAt).toBe(MIDNIGHT);
    expect(leastOf(costs(runOver([1], { length: hours(2) })))).toBeUndefined();
  });

  test('the cheapest by one measure is sought among those that another allows', () => {
    const run = runOver([9, 2, 3, 1], { length: hours(1) });
    const money = costs(runOver([1, 5, 2, 8], { length: hours(1) }));
    expect(leastOf(money, { costs: costs(run), limit: 3 })).toEqual({ startsAt: atHour(2), cost: 2 });
  });

  test('the first within a limit is found', () => {
    const some = costs(runOver([9, 3, 1, 2], { length: hours(1) }));
    expect(firstWithin(some, 3)).toBe(atHour(1));
    expect(firstWithin(some, 9)).toBe(MIDNIGHT);
    expect(firstWithin(some, 0.5)).toBeUndefined();
  });
});
