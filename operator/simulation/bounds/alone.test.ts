import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { aPool, atHour, H100, hours, MIDNIGHT } from '../../../test/builders/planning.ts';
import { aKilowattJob, aScenario, aSimulatedSite } from '../../../test/builders/simulation.ts';
import type { PlannableJob } from '../../domain/job.ts';
import { HOUR_MS, MINUTE_MS, watts, type DurationMs } from '../../domain/units.ts';
import { replay } from '../replay.ts';
import { meterOf } from '../meter.ts';
import { worldOf } from '../world.ts';
import { earliestEnd, leastAlone } from './alone.ts';

type Figures = Parameters<typeof aScenario>[0];

const A100 = 'NVIDIA-A100-SXM4-80GB';

function jobOf({ work, deadline, ...rest }: Partial<PlannableJob> & { work: DurationMs; deadline: number }) {
  return aKilowattJob({ ...rest, totalWork: work, remainingWork: work, deadline });
}

function leastOf(figures: Figures, asked: PlannableJob, overrides: Parameters<typeof aScenario>[1] = {}): number {
  return leastAlone(worldOf(aScenario(figures, overrides)), { asked }, asked.deadline);
}

const pausable = (restartOverhead: DurationMs, moveOverhead: DurationMs = 0) => ({
  ...{ minimumRun: 0, restartOverhead, moveOverhead, maxPauses: 50 },
});

const figure = fc.integer({ min: 1, max: 500 });
const rowOf = (length: number) => fc.array(figure, { minLength: length, maxLength: length });

describe('the least that one job can emit', () => {
  test('in one piece is found among all starts', () => {
    const minutes = (most: number) => fc.integer({ min: 1, max: most });
    fc.assert(
      fc.property(rowOf(12), minutes(120), minutes(240), minutes(300), (row, arrives, length, wait) => {
        const createdAt = MIDNIGHT + arrives * MINUTE_MS;
        const work = length * MINUTE_MS;
        const scenario = aScenario({ DE: row });
        const meter = meterOf(scenario.came.get('DE')!);
        let least = Infinity;
        for (let startsAt = createdAt; startsAt <= createdAt + wait * MINUTE_MS; startsAt += MINUTE_MS) {
          least = Math.min(least, meter.gramHours({ startsAt, endsAt: startsAt + work }));
        }
        const asked = jobOf({ createdAt, work, deadline: createdAt + work + wait * MINUTE_MS });
        expect(leastOf({ DE: row }, asked)).toBeCloseTo(least, 6);
      }),
    );
  });

  test('is in its cheapest moments, where pausing costs nothing', () => {
    const asked = jobOf({
      ...{ createdAt: atHour(0.5), work: hours(2), deadline: atHour(4.5), interruptible: pausable(0) },
    });
    expect(leastOf({ DE: [300, 100, 200, 50, 400] }, asked)).toBe(50 + 100);
  });

  test('is at the best place of each moment, where moving costs nothing', () => {
    const asked = jobOf({ work: hours(3), deadline: atHour(4), interruptible: pausable(0) });
    expect(leastOf({ north: [10, 90, 40, 60], south: [70, 30, 80, 20] }, asked)).toBe(10 + 30 + 20);
  });

  test('pays for restarts and for moves', () => {
    const figures = { north: [10, 90, 10, 90, 90], south: [90, 90, 90, 90, 5] };
    const in2 = (interruptible: PlannableJob['interruptible']) =>
      leastOf({ north: figures.north }, jobOf({ work: hours(2), deadline: atHour(5), interruptible }));
    expect(in2(pausable(0))).toBe(20);
    expect(in2(pausable(hours(0.5)))).toBe(20 + 45);
    expect(in2(pausable(hours(3)))).toBe(100);
    const between = (move: DurationMs) =>
      leastOf(figures, jobOf({ work: hours(2), deadline: atHour(5), interruptible: pausable(0, move) }));
    expect(between(0)).toBe(15);
    expect(between(hours(0.25))).toBe(10 + 5 + 2.5);
  });

  test('knows that a faster accelerator may be the dirtier one', () => {
    const pools = [
      aPool({ product: H100, power: { busy: watts(1_000), idle: watts(0), basis: 'Table' } }),
      aPool({ product: A100, power: { busy: watts(400), idle: watts(0), basis: 'Table' } }),
    ];
    const asked = jobOf({
      ...{ work: hours(3), deadline: atHour(4), devices: 1, otherPower: watts(0), interruptible: pausable(0) },
      accelerators: [
        { product: H100, speed: 1 },
        { product: A100, speed: 0.5 },
      ],
    });
    const least = (deadline: number) =>
      leastOf(
        { DE: [100, 100, 100, 100, 100, 100] },
        { ...asked, deadline },
        { sites: [aSimulatedSite('DE', { pools })] },
      );
    // 80 g an hour of work on the A100; what it is too slow for costs 120 g on the H100 instead of it.
    expect(least(atHour(6))).toBeCloseTo(3 * 80, 6);
    expect(least(atHour(4))).toBeCloseTo(2 * 80 + 120, 6);
    expect(least(atHour(2))).toBe(Infinity);
    expect(earliestEnd(worldOf(aScenario({ DE: [1] }, { sites: [aSimulatedSite('DE', { pools })] })), { asked })).toBe(
      atHour(3),
    );
  });

  test('is nowhere that the job may not go', () => {
    const asked = jobOf({ work: hours(1), deadline: atHour(1) });
    const only = { ...asked.placementRules, jobAllows: ['north'] };
    const not = { ...asked.placementRules, jobDenies: ['south'] };
    for (const placementRules of [only, not]) {
      expect(leastOf({ north: [90], south: [10] }, { ...asked, placementRules })).toBe(90);
    }
    const onPaper = [aSimulatedSite('north'), aSimulatedSite('south', { schedulable: false })];
    expect(leastOf({ north: [90], south: [10] }, asked, { sites: onPaper })).toBe(90);
  });

  test('is unknown where too little time is', () => {
    const asked = jobOf({ work: hours(2), deadline: atHour(3) });
    expect(leastOf({ DE: [1, undefined, 1] }, asked)).toBe(Infinity);
    expect(leastOf({ DE: [1, undefined, 1] }, { ...asked, interruptible: pausable(0) })).toBe(2);
    expect(leastOf({ DE: [1, undefined, 1] }, { ...asked, interruptible: pausable(hours(1)) })).toBe(Infinity);
    expect(leastOf({ DE: [1] }, { ...asked, interruptible: pausable(hours(1)) })).toBe(Infinity);
  });
});

/** Jobs and worlds of all kinds, none of them on a grid. */
const anything = fc.record({
  north: rowOf(20),
  south: rowOf(20),
  pue: fc.constantFrom(1, 1.3),
  speed: fc.constantFrom(1, 1, 0.45),
  arrives: fc.integer({ min: 0, max: 5 * 60 }),
  work: fc.integer({ min: 7, max: 5 * 60 }),
  slack: fc.integer({ min: 0, max: 8 * 60 }),
  restart: fc.constantFrom(undefined, 0, 5, 17, 60, 150),
  move: fc.constantFrom(0, 13, 60),
  minimumRun: fc.constantFrom(0, 30),
  every: fc.constantFrom(undefined, hours(1)),
});

type Anything = typeof anything extends fc.Arbitrary<infer T> ? T : never;

function worldAndJob({ north, south, pue, speed, ...job }: Omit<Anything, 'every'>) {
  const pools = [aPool(), aPool({ product: A100 })];
  const sites = [aSimulatedSite('north', { pue, pools }), aSimulatedSite('south', { pools: [aPool()] })];
  const [createdAt, work] = [MIDNIGHT + job.arrives * MINUTE_MS, job.work * MINUTE_MS];
  const asked = jobOf({
    ...{ createdAt, work, deadline: createdAt + work + job.slack * MINUTE_MS, home: 'north', devices: 2 },
    accelerators: [
      { product: H100, speed: 1 },
      { product: A100, speed },
    ],
    interruptible:
      job.restart === undefined
        ? undefined
        : {
            ...{ minimumRun: job.minimumRun * MINUTE_MS, restartOverhead: job.restart * MINUTE_MS, maxPauses: 9 },
            moveOverhead: job.move * MINUTE_MS,
          },
  });
  return { world: worldOf({ ...aScenario({ north, south }, { sites }), slot: 15 * MINUTE_MS }), asked };
}

describe('the bound', () => {
  test('is never above what a plan came to, nor above run on arrival', () => {
    fc.assert(
      fc.property(anything, ({ every, ...rest }) => {
        const { world, asked } = worldAndJob(rest);
        const [outcome] = replay(world, [{ asked }], every === undefined ? {} : { every });
        if (outcome === undefined || Number.isNaN(outcome.grams)) return;
        const bound = leastAlone(world, { asked }, Math.max(asked.deadline, outcome.finishesAt ?? 0));
        expect(bound).toBeLessThanOrEqual(outcome.grams * (1 + 1e-9));
        expect(bound).toBeLessThanOrEqual(outcome.baseline.grams * (1 + 1e-9));
        expect(bound).toBeGreaterThan(0);
      }),
      { numRuns: 30 },
    );
  });

  test('grows with the intensity, and never with the time that there is', () => {
    fc.assert(
      fc.property(anything, fc.integer({ min: 2, max: 7 }), (rest, factor) => {
        const { world, asked } = worldAndJob(rest);
        const times = (row: readonly number[]) => row.map((one) => one * factor);
        const dearer = worldAndJob({ ...rest, north: times(rest.north), south: times(rest.south) });
        const bound = leastAlone(world, { asked }, asked.deadline);
        expect(leastAlone(dearer.world, { asked }, asked.deadline)).toBeCloseTo(factor * bound, 4);
        expect(leastAlone(world, { asked }, asked.deadline + HOUR_MS)).toBeLessThanOrEqual(bound * (1 + 1e-9));
      }),
      { numRuns: 20 },
    );
  });
});
