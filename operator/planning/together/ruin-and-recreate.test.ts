import { describe, expect, test } from '@jest/globals';
import { aJointProblem, anAssignment, type JointJobAsked } from '../../../test/builders/joint-problem.ts';
import { costOf, type Assignment, type JointProblem } from './problem.ts';
import { ruinAndRecreate } from './ruin-and-recreate.ts';
import { shadowPrices } from './shadow-prices.ts';

function improved(problem: JointProblem, begin: Assignment, rounds = 200): Assignment {
  return ruinAndRecreate(problem, begin, shadowPrices(problem, 50), rounds);
}

const oneSlot = (costs: readonly number[], rest: Partial<JointJobAsked> = {}): JointJobAsked => ({
  ...rest,
  berths: [{ costs }],
});

describe('jobs that are thrown out and put back', () => {
  test('give way where that costs them little and spares another much', () => {
    const problem = aJointProblem([[1, 1]], [oneSlot([1, 2]), oneSlot([1, 50])]);
    const found = improved(
      problem,
      anAssignment([
        [0, 0],
        [1, 1],
      ]),
    );
    expect([...found.start]).toEqual([1, 0]);
  });

  test('make room for a larger one together', () => {
    const problem = aJointProblem(
      [[2, 2]],
      [oneSlot([5, 6]), oneSlot([5, 6]), { devices: 2, berths: [{ costs: [1, 90] }] }],
    );
    const found = improved(
      problem,
      anAssignment([
        [0, 0],
        [1, 0],
        [2, 1],
      ]),
    );
    expect([...found.start]).toEqual([1, 1, 0]);
  });

  test('go to another pool where there is room', () => {
    const job = {
      berths: [
        { pool: 0, costs: [1] },
        { pool: 1, costs: [2] },
      ],
    };
    const problem = aJointProblem(
      [[1], [1]],
      [
        job,
        {
          berths: [
            { pool: 0, costs: [1] },
            { pool: 1, costs: [70] },
          ],
        },
      ],
    );
    const found = improved(
      problem,
      anAssignment([
        [0, 0],
        [3, 0],
      ]),
    );
    expect([...found.berth]).toEqual([1, 2]);
  });

  test('find a place for one that had none, though others pay for it', () => {
    const problem = aJointProblem([[1, 1]], [oneSlot([1, 30]), { berths: [{ costs: [8] }] }]);
    const found = improved(problem, anAssignment([[0, 0], undefined]));
    expect([...found.berth]).toEqual([0, 1]);
    expect([...found.start]).toEqual([1, 0]);
  });

  test('are not moved for the gain of another group', () => {
    const jobs = [oneSlot([1, 2], { group: 0 }), oneSlot([1, 50], { group: 1 })];
    const found = improved(
      aJointProblem([[1, 1]], jobs),
      anAssignment([
        [0, 0],
        [1, 1],
      ]),
    );
    expect([...found.start]).toEqual([0, 1]);
  });

  test('never end up dearer, nor with more than there is, and the same every time', () => {
    const costs = (by: number): number[] => Array.from({ length: 7 }, (_, slot) => 10 + ((slot * 7 + by * 5) % 13));
    const jobs = Array.from({ length: 6 }, (_, job) => ({
      devices: 1 + (job % 2),
      berths: [{ length: 2, costs: costs(job) }],
    }));
    const problem = aJointProblem([Array.from({ length: 8 }, () => 3)], jobs);
    const begin = anAssignment([
      [0, 0],
      [1, 0],
      [2, 2],
      [3, 2],
      [4, 4],
      [5, 4],
    ]);
    const found = improved(problem, begin);
    expect(costOf(problem, found)).toBeLessThan(costOf(problem, begin));
    expect(improved(problem, begin)).toEqual(found);
    for (let slot = 0; slot < 8; slot++) {
      const held = jobs.filter((_, job) => (found.start[job] ?? 9) <= slot && slot < (found.start[job] ?? 9) + 2);
      expect(held.reduce((sum, { devices }) => sum + devices, 0)).toBeLessThanOrEqual(3);
    }
  });
});
