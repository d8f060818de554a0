import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { aJointProblem } from '../../../test/builders/joint-problem.ts';
import { costAt, type JointProblem } from './problem.ts';
import { runningSums, shadowPrices } from './shadow-prices.ts';

/** Cost of the best that all jobs can have together, by trying everything; `Infinity` where not all have room. */
function bestOfAll(problem: JointProblem): number {
  const { berthFrom, devices, first, jobs, length, pool, slots, starts } = problem;
  const free = Int32Array.from(problem.free);
  const cellsOf = (berth: number, start: number): Int32Array => {
    const from = (pool[berth] ?? 0) * slots + start;
    return free.subarray(from, from + (length[berth] ?? 0));
  };
  const place = (job: number): number => {
    if (job === jobs) return 0;
    const width = devices[job] ?? 0;
    let best = Infinity;
    for (let berth = berthFrom[job] ?? 0; berth < (berthFrom[job + 1] ?? 0); berth++) {
      for (let k = 0; k < (starts[berth] ?? 0); k++) {
        const start = (first[berth] ?? 0) + k;
        const cells = cellsOf(berth, start);
        if (cells.some((left) => left < width)) continue;
        cells.forEach((left, i) => (cells[i] = left - width));
        best = Math.min(best, costAt(problem, berth, start) + place(job + 1));
        cells.forEach((left, i) => (cells[i] = left + width));
      }
    }
    return best;
  };
  return place(0);
}

const someProblem = fc
  .array(
    fc.record({
      devices: fc.integer({ min: 1, max: 2 }),
      length: fc.integer({ min: 1, max: 2 }),
      costs: fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 4, maxLength: 4 }),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((jobs) =>
    aJointProblem(
      [[2, 2, 3, 2, 2]],
      jobs.map(({ devices, length, costs }) => ({ devices, berths: [{ length, costs }] })),
    ),
  );

describe('the shadow price of a device', () => {
  test('is nothing where there are enough for everybody', () => {
    const two = [{ berths: [{ costs: [1, 9] }] }, { berths: [{ costs: [1, 9] }] }];
    expect(shadowPrices(aJointProblem([[2, 2]], two), 50)).toEqual({ perCell: Float64Array.of(0, 0), bound: 2 });
  });

  test('is what the one that gives way loses where two want the same', () => {
    const two = [{ berths: [{ costs: [1, 9] }] }, { berths: [{ costs: [1, 4] }] }];
    const { perCell, bound } = shadowPrices(aJointProblem([[1, 1]], two), 200);
    expect(bound).toBeCloseTo(5, 1);
    expect(perCell[0]).toBeGreaterThan(2.5);
    expect(perCell[1]).toBeLessThan(0.5);
  });

  test('comes with a bound that nothing falls below', () => {
    fc.assert(
      fc.property(someProblem, (problem) => {
        expect(shadowPrices(problem, 60).bound).toBeLessThanOrEqual(bestOfAll(problem) + 1e-9);
      }),
      { numRuns: 100 },
    );
  });
});

test('running sums begin anew in each pool', () => {
  const problem = aJointProblem(
    [
      [1, 1],
      [1, 1],
    ],
    [],
  );
  expect([...runningSums(problem, Float64Array.of(1, 2, 3, 4))]).toEqual([0, 1, 3, 0, 3, 7]);
});
