import { describe, expect, test } from '@jest/globals';
import { aPool, atHour, hours } from '../../test/builders/planning.ts';
import { aKilowattJob, aScenario, aSimulatedSite } from '../../test/builders/simulation.ts';
import { unforeseen } from './foresight.ts';
import { simulate } from './simulate.ts';
import { scoreOf } from './score.ts';
import { worldOf } from './world.ts';

describe('a simulation', () => {
  const world = worldOf(aScenario({ DE: [500, 400, 100, 200, 300] }));

  test('holds what came of the plans against run on arrival and against the bound', () => {
    const { jobs, score } = simulate(world, [{ asked: aKilowattJob({ deadline: atHour(5), home: 'DE' }) }]);
    expect(jobs).toMatchObject([{ grams: 300, baseline: { grams: 900 }, boundGrams: 300, couldBeHeld: true }]);
    expect(score).toMatchObject({ jobs: 1, late: 0, meanDelay: hours(2), boundGrams: 300, score: 0 });
    expect(score.savingPercent).toBeCloseTo(66.67, 2);
  });

  test('without a forecast is what run on arrival comes to, and scores 1', () => {
    const blind = worldOf({ ...world.scenario, foresight: unforeseen });
    const { score } = simulate(blind, [{ asked: aKilowattJob({ deadline: atHour(5), home: 'DE' }) }]);
    expect(score).toMatchObject({ grams: 900, savingPercent: 0, score: 1, boundGrams: 300 });
  });

  test('leaves out of its sums who never ends, and whose time nobody knows', () => {
    const sites = [aSimulatedSite('DE', { pools: [aPool({ capacity: 1 })] })];
    const small = worldOf(aScenario({ DE: [500, 400, 100, 200, 300] }, { sites, foresight: unforeseen }));
    const jobs = [
      { asked: aKilowattJob({ key: 'a/done', home: 'DE' }) },
      { asked: aKilowattJob({ key: 'a/too-wide', home: 'DE', devices: 8 }) },
      { asked: aKilowattJob({ key: 'a/too-late', home: 'DE', createdAt: atHour(4) }) },
    ];
    const { score, jobs: judged } = simulate(small, jobs);
    expect(score).toMatchObject({ jobs: 1, grams: 900, leftOut: { unfinished: 1, unknown: 1 } });
    expect(judged.map(({ couldBeHeld }) => couldBeHeld)).toEqual([true, false, true]);
  });

  test('of a late job is bounded by what was possible until it was done', () => {
    const asked = aKilowattJob({ deadline: atHour(2), home: 'DE' });
    const { jobs } = simulate(world, [{ asked, work: hours(4) }]);
    expect(jobs).toMatchObject([{ late: true, couldBeHeld: false, grams: 1200, boundGrams: 1200 }]);
  });

  test('does nothing but the replay under the stopwatch', () => {
    const seen: unknown[] = [];
    const timed = <T>(replayed: () => T): T => {
      const result = replayed();
      seen.push(result);
      return result;
    };
    const options = { eachAlone: true, timed };
    const { jobs } = simulate(world, [{ asked: aKilowattJob({ deadline: atHour(5), home: 'DE' }) }], options);
    expect(jobs).toMatchObject(seen[0] as object[]);
    expect(seen).toEqual([[expect.not.objectContaining({ boundGrams: expect.anything() })]]);
  });
});

test('a score is 0 at the bound, 1 at run on arrival, and none where only harm could be done', () => {
  expect(scoreOf({ plan: 50, baseline: 100, bound: 50 })).toBe(0);
  expect(scoreOf({ plan: 100, baseline: 100, bound: 50 })).toBe(1);
  expect(scoreOf({ plan: 100, baseline: 100, bound: 100 })).toBe(0);
  expect(scoreOf({ plan: 110, baseline: 100, bound: 100 })).toBeNull();
});
