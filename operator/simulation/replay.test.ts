import { describe, expect, test } from '@jest/globals';
import { aPool, atHour, H100, hours, MIDNIGHT, series } from '../../test/builders/planning.ts';
import { aKilowattJob, aScenario, aSimulatedSite } from '../../test/builders/simulation.ts';
import { watts } from '../domain/units.ts';
import { foreseen, staleSince, unforeseen, within } from './foresight.ts';
import { totalsOf, type JobOutcome } from './outcome.ts';
import { replay, replayEachAlone } from './replay.ts';
import type { Scenario, SimulatedJob } from './scenario.ts';
import { worldOf } from './world.ts';

const PAUSABLE = { minimumRun: 0, restartOverhead: hours(1), maxPauses: 3 };

function outcomeOf(scenario: Scenario, job: SimulatedJob, every?: number): JobOutcome {
  const [outcome] = replay(worldOf(scenario), [job], every === undefined ? {} : { every });
  if (outcome === undefined) throw new Error('no outcome');
  return outcome;
}

function windowsOf({ runs }: JobOutcome): readonly (readonly [number, number])[] {
  return runs.map(({ startsAt, endsAt }) => [(startsAt - MIDNIGHT) / hours(1), (endsAt - MIDNIGHT) / hours(1)]);
}

describe('one job', () => {
  const TWO_CLEAN_SPELLS = [900, 10, 10, 900, 900, 900, 10, 10, 900];
  const inPieces = aKilowattJob({
    ...{ totalWork: hours(3), remainingWork: hours(3), deadline: atHour(9) },
    interruptible: PAUSABLE,
  });

  test('runs in the cleanest hours, and its grams are those that came in them', () => {
    const outcome = outcomeOf(aScenario({ DE: [500, 400, 100, 200, 300] }), {
      asked: aKilowattJob({ deadline: atHour(5) }),
    });
    expect(windowsOf(outcome)).toEqual([[2, 4]]);
    expect(outcome).toMatchObject({ energy: 2, grams: 300, finishesAt: atHour(4), late: false, restarts: 0 });
    expect(outcome.baseline).toMatchObject({ energy: 2, grams: 900, finishesAt: atHour(2), site: 'DE' });
  });

  test('is planned on the forecast and pays for what came', () => {
    const came = aScenario({ DE: [500, 400, 100, 200, 300] });
    const forecast = new Map([['DE', series([500, 100, 100, 900, 900], { zone: 'DE' })]]);
    const outcome = outcomeOf(
      { ...came, foresight: foreseen(forecast) },
      { asked: aKilowattJob({ deadline: atHour(5) }) },
    );
    expect(windowsOf(outcome)).toEqual([[1, 3]]);
    expect(outcome.grams).toBe(500);
  });

  test('changes its mind with a forecast that changes, where it is planned anew', () => {
    const early = foreseen(new Map([['DE', series([500, 500, 100, 100, 500, 500], { zone: 'DE' })]]));
    const late = foreseen(new Map([['DE', series([500, 500, 500, 500, 100, 100], { zone: 'DE' })]]));
    const scenario = aScenario(
      { DE: [500, 500, 500, 500, 100, 100] },
      { foresight: (zone, at, until) => (at < atHour(1) ? early : late)(zone, at, until) },
    );
    const asked = aKilowattJob({ deadline: atHour(6) });
    expect(windowsOf(outcomeOf(scenario, { asked }))).toEqual([[2, 4]]);
    expect(windowsOf(outcomeOf(scenario, { asked }, hours(1)))).toEqual([[4, 6]]);
  });

  test('repeats the restart overhead at each resume, in time and in energy', () => {
    const outcome = outcomeOf(aScenario({ DE: TWO_CLEAN_SPELLS }), { asked: inPieces });
    expect(windowsOf(outcome)).toEqual([
      [1, 3],
      [6, 8],
    ]);
    expect(outcome).toMatchObject({ restarts: 1, moves: 0, energy: 4, grams: 40, finishesAt: atHour(8) });
  });

  test('tells the plans between what it has done, and keeps to its windows', () => {
    const scenario = aScenario({ DE: TWO_CLEAN_SPELLS });
    const job = { asked: inPieces };
    expect(outcomeOf(scenario, job, hours(1))).toEqual(outcomeOf(scenario, job));
  });

  test('that is paused before a move still counts the move when it is planned anew, and is in time', () => {
    const scenario = aScenario({ north: [10, 10, 500, 500, 500, 500], south: [500, 500, 500, 50, 10, 10] });
    const asked = aKilowattJob({
      ...{ totalWork: hours(4), remainingWork: hours(4), deadline: atHour(6), home: 'north' },
      interruptible: { minimumRun: 0, restartOverhead: 0, moveOverhead: hours(1), maxPauses: 2 },
    });
    const outcome = outcomeOf(scenario, { asked }, hours(1));
    expect(windowsOf(outcome)).toEqual([
      [0, 2],
      [3, 6],
    ]);
    expect(outcome).toMatchObject({ moves: 1, grams: 90, finishesAt: atHour(6), late: false });
  });

  test('that takes longer than was told runs on, and is late where that is past its deadline', () => {
    const asked = aKilowattJob({ deadline: atHour(4) });
    const outcome = outcomeOf(aScenario({ DE: [900, 900, 100, 100, 100, 100] }), { asked, work: hours(3) }, hours(1));
    expect(windowsOf(outcome)).toEqual([[2, 5]]);
    expect(outcome).toMatchObject({ late: true, grams: 300 });
    expect(outcome.baseline.grams).toBe(1900);
  });

  test('that nobody can carry never finishes, and is late', () => {
    const asked = aKilowattJob({ devices: 16 });
    const scenario = aScenario({ DE: [1, 1, 1] }, { sites: [aSimulatedSite('DE', { pools: [aPool()] })] });
    expect(outcomeOf(scenario, { asked }, hours(1))).toMatchObject({ runs: [], finishesAt: undefined, late: true });
  });

  test('without any forecast runs on arrival', () => {
    const scenario = aScenario({ DE: [500, 400, 100] }, { foresight: unforeseen });
    const outcome = outcomeOf(scenario, { asked: aKilowattJob({ home: 'DE' }) }, hours(1));
    expect(windowsOf(outcome)).toEqual([[0, 2]]);
    expect(outcome.grams).toBe(outcome.baseline.grams);
  });

  test('knows its grams only where what came is known', () => {
    const scenario = aScenario({ DE: [500, undefined, 100] }, { foresight: unforeseen });
    expect(outcomeOf(scenario, { asked: aKilowattJob() }).grams).toBeNaN();
  });
});

describe('jobs that share a site', () => {
  const onOne = aScenario(
    { DE: [500, 100, 100, 300, 300, 300] },
    {
      sites: [
        aSimulatedSite('DE', {
          pools: [aPool({ capacity: 1, power: { busy: watts(1_000), idle: watts(0), basis: 'Table' } })],
        }),
      ],
    },
  );
  const asked = aKilowattJob({ devices: 1, otherPower: watts(0), deadline: atHour(6) });

  test('never hold more devices than it has', () => {
    const jobs = ['a', 'b'].map((key) => ({ asked: { ...asked, key } }));
    const outcomes = replay(worldOf(onOne), jobs, { every: hours(1) });
    expect(outcomes.map(windowsOf)).toEqual([[[1, 3]], [[3, 5]]]);
    expect(outcomes[0]?.runs[0]?.product).toBe(H100);
    expect(totalsOf(outcomes)).toMatchObject({ jobs: 2, late: 0, unfinished: 0, energy: 4, grams: 800 });
  });

  test('wait for one that takes longer than was told', () => {
    const outcomes = replay(worldOf(onOne), [
      { asked: { ...asked, key: 'a' }, work: hours(3) },
      { asked: { ...asked, key: 'b', createdAt: atHour(2) } },
    ]);
    expect(outcomes.map(windowsOf)).toEqual([[[1, 4]], [[4, 6]]]);
  });

  test('take the room of one that ends early, without waiting for the next plan in turn', () => {
    const outcomes = replay(
      worldOf(onOne),
      [{ asked: { ...asked, key: 'a' }, work: hours(1) }, { asked: { ...asked, key: 'b' } }],
      { every: hours(6) },
    );
    expect(outcomes.map(windowsOf)).toEqual([[[1, 2]], [[2, 4]]]);
  });

  test('wait for devices that come, and hold them meanwhile', () => {
    const pool = aPool({ capacity: 0, maxCapacity: 8, provisioning: hours(1) });
    const scenario = { ...onOne, sites: [aSimulatedSite('DE', { pools: [pool] })] };
    const outcome = outcomeOf(scenario, { asked: { ...asked, deadline: atHour(3) } });
    expect(windowsOf(outcome)).toEqual([[0, 3]]);
    expect(outcome).toMatchObject({ energy: 2, grams: 200, late: false });
  });
});

describe('jobs that have nothing to do with one another', () => {
  const scenario = aScenario({ DE: [500, 400, 100, 200, 300, 50, 50, 50] });
  const jobs = [3, 5, 8].map((deadline) => ({
    asked: aKilowattJob({
      key: `until-${String(deadline)}`,
      deadline: atHour(deadline),
      interruptible: { ...PAUSABLE, restartOverhead: 0 },
    }),
  }));

  test('come to the same when each is planned once', () => {
    expect(replayEachAlone(worldOf(scenario), jobs)).toEqual(replay(worldOf(scenario), jobs));
  });

  test('must not share accelerators, and arrive together', () => {
    const [one] = jobs;
    const world = worldOf(scenario);
    expect(() => replayEachAlone(world, [{ asked: aKilowattJob({ devices: 1 }) }])).toThrow('holds accelerators');
    expect(() =>
      replayEachAlone(world, [...(one ? [one] : []), { asked: aKilowattJob({ createdAt: atHour(1) }) }]),
    ).toThrow('arrives at another moment');
  });
});

describe('what is foreseen', () => {
  test('reaches no further than the horizon', () => {
    const scenario = aScenario({ DE: [500, 400, 300, 100, 100, 100] });
    const asked = aKilowattJob({ deadline: atHour(6) });
    const near = { ...scenario, foresight: within(hours(3), scenario.foresight) };
    expect(windowsOf(outcomeOf(scenario, { asked }))).toEqual([[3, 5]]);
    expect(windowsOf(outcomeOf(near, { asked }))).toEqual([[1, 3]]);
  });

  test('stays what it was when its source falls silent', () => {
    const scenario = aScenario({ DE: [1, 2, 3, 4, 5, 6] });
    const silent = staleSince(atHour(1), within(hours(3), scenario.foresight));
    const { series: known, rung } = silent('DE', atHour(3), atHour(6)) ?? {};
    expect(rung).toBe('CachedForecast');
    expect(known?.samples.map((sample) => sample.gramsPerKilowattHour)).toEqual([4]);
  });
});
