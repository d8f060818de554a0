import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { aPool, atHour, H100, hours, MIDNIGHT } from '../../../test/builders/planning.ts';
import { aKilowattJob, aScenario, aSimulatedSite } from '../../../test/builders/simulation.ts';
import { seededRandom, wholeBelow } from '../../domain/random.ts';
import { MINUTE_MS, watts } from '../../domain/units.ts';
import type { SimulatedJob } from '../scenario.ts';
import { simulate } from '../simulate.ts';
import { worldOf, type World } from '../world.ts';
import { leastAlone } from './alone.ts';
import { leastTogether } from './together.ts';

const A100 = 'NVIDIA-A100-SXM4-80GB';
const POWER = { busy: watts(1_000), idle: watts(0), basis: 'Table' } as const;

/** Jobs that pause at will in whole hours, on some devices of a kilowatt. */
interface Shared {
  readonly figures: readonly number[];
  readonly devices: number;
  readonly jobs: readonly { from: number; until: number; count: number; devices: number }[];
}

function worldWith({ figures, devices }: Pick<Shared, 'figures' | 'devices'>): World {
  const sites = [aSimulatedSite('DE', { pools: [aPool({ capacity: devices, power: POWER })] })];
  return worldOf(aScenario({ DE: figures }, { sites }));
}

function boundOf(shared: Shared): number {
  const interruptible = { minimumRun: 0, restartOverhead: 0, maxPauses: 99 };
  const jobs = shared.jobs.map(({ from, until, count, devices }, k) => {
    const work = { totalWork: hours(count), remainingWork: hours(count) };
    const times = { createdAt: atHour(from), deadline: atHour(until) };
    const asked = aKilowattJob({
      key: `a/${String(k)}`,
      ...work,
      ...times,
      devices,
      otherPower: watts(0),
      interruptible,
    });
    return { job: { asked }, until: asked.deadline };
  });
  return leastTogether(worldWith(shared), jobs);
}

function someShared(seed: number, widest: number): Shared {
  const random = seededRandom(seed);
  const figures = Array.from({ length: 5 }, () => 1 + wholeBelow(random, 20));
  const jobs = Array.from({ length: 3 }, () => {
    const from = wholeBelow(random, 2);
    const until = 4 + wholeBelow(random, 2);
    return { from, until, count: 1 + wholeBelow(random, 3), devices: 1 + wholeBelow(random, widest) };
  });
  return { figures, devices: widest + 1, jobs };
}

function leastByTrying({ figures, devices, jobs }: Shared): number {
  const used = new Int32Array(figures.length);
  const place = (k: number, slot: number, left: number): number => {
    const one = jobs[k];
    if (one === undefined) return 0;
    if (left === 0) return place(k + 1, jobs[k + 1]?.from ?? 0, jobs[k + 1]?.count ?? 0);
    if (slot >= one.until) return Infinity;
    const without = place(k, slot + 1, left);
    if ((used[slot] ?? 0) + one.devices > devices) return without;
    used[slot] = (used[slot] ?? 0) + one.devices;
    const within = one.devices * (figures[slot] ?? NaN) + place(k, slot + 1, left - 1);
    used[slot] = (used[slot] ?? 0) - one.devices;
    return Math.min(without, within);
  };
  return place(0, jobs[0]?.from ?? 0, jobs[0]?.count ?? 0);
}

describe('the bound of jobs that share accelerators', () => {
  test('is what each job could have alone, where devices abound', () => {
    const jobs = [{ from: 0, until: 4, count: 2, devices: 2 }];
    expect(boundOf({ figures: [4, 1, 3, 2], devices: 9, jobs })).toBeCloseTo(2 * (1 + 2), 9);
  });

  test('is never above the best of all schedules', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
        const shared = someShared(seed, 2);
        expect(boundOf(shared)).toBeLessThanOrEqual(leastByTrying(shared) + 1e-6);
      }),
    );
  });

  test('is all but the best of all schedules where each job holds one device, which leaves none unused', () => {
    const all = Array.from({ length: 100 }, (_, seed) => someShared(seed, 1));
    const feasible = all.filter((shared) => leastByTrying(shared) < Infinity);
    const sum = (cost: (shared: Shared) => number): number => feasible.reduce((total, one) => total + cost(one), 0);
    expect(feasible.length).toBeGreaterThan(50);
    expect(sum(boundOf) / sum(leastByTrying)).toBeGreaterThan(0.995);
  });

  test('is infinite where a job has less time than it needs', () => {
    expect(boundOf({ figures: [4], devices: 1, jobs: [{ from: 0, until: 2, count: 2, devices: 1 }] })).toBe(Infinity);
  });

  test('counts jobs in one piece, restarts, and jobs that hold nothing', () => {
    const world = worldWith({ figures: [9, 1, 9, 9, 1, 9], devices: 1 });
    const of = (key: string, overrides: Parameters<typeof aKilowattJob>[0]) => {
      const job = { asked: aKilowattJob({ key, devices: 1, otherPower: watts(0), deadline: atHour(6), ...overrides }) };
      return { job, until: job.asked.deadline };
    };
    const restart = { minimumRun: 0, restartOverhead: hours(0.5), maxPauses: 9 };
    const jobs = [
      of('a/whole', { totalWork: hours(1), remainingWork: hours(1) }),
      of('a/pieces', { interruptible: restart }),
      of('a/elsewhere', { devices: 0, otherPower: watts(1_000) }),
    ];
    const alone = jobs.reduce((sum, { job, until }) => sum + leastAlone(world, job, until), 0);
    expect(alone).toBeCloseTo(1 + (1 + 0.5 * 9 + 1) + 10, 6);
    // Only one of the first two has a clean hour for itself.
    expect(leastTogether(world, jobs)).toBeGreaterThan(alone + 2);
    expect(leastTogether(world, jobs)).toBeLessThanOrEqual(1 + 10 + 10);
  });
});

test('no replay of jobs that share accelerators is below the bound of all of them', () => {
  const row = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 24, maxLength: 24 });
  const job = fc.record({
    arrives: fc.integer({ min: 0, max: 4 * 60 }),
    work: fc.integer({ min: 10, max: 4 * 60 }),
    slack: fc.integer({ min: 0, max: 8 * 60 }),
    devices: fc.integer({ min: 0, max: 4 }),
    restart: fc.constantFrom(undefined, 0, 15),
    home: fc.constantFrom('north', 'south'),
  });
  const jobs = fc.array(job, { minLength: 2, maxLength: 6 });
  const sites = [
    aSimulatedSite('north', { pools: [aPool({ capacity: 4 }), aPool({ product: A100, capacity: 2 })] }),
    aSimulatedSite('south', {
      pue: 1.3,
      pools: [aPool({ capacity: 2, maxCapacity: 4, provisioning: 10 * MINUTE_MS })],
    }),
  ];
  fc.assert(
    fc.property(row, row, jobs, (north, south, some) => {
      const world = worldOf({ ...aScenario({ north, south }, { sites }), slot: 15 * MINUTE_MS });
      const asked = some.map(({ arrives, devices, home, restart, slack, work }, k): SimulatedJob => {
        const [createdAt, length] = [MIDNIGHT + arrives * MINUTE_MS, work * MINUTE_MS];
        return {
          asked: aKilowattJob({
            ...{ key: `a/${String(k)}`, createdAt, home, devices, deadline: createdAt + length + slack * MINUTE_MS },
            ...{ totalWork: length, remainingWork: length, otherPower: watts(devices === 0 ? 500 : 0) },
            accelerators: [
              { product: H100, speed: 1 },
              { product: A100, speed: 0.5 },
            ],
            interruptible:
              restart === undefined ? undefined : { minimumRun: 0, restartOverhead: restart * MINUTE_MS, maxPauses: 5 },
          }),
        };
      });
      const { score, jobs: judged } = simulate(world, asked);
      expect(score.boundGrams).toBeLessThanOrEqual(score.grams * (1 + 1e-9));
      const alone = judged.reduce(
        (sum, { boundGrams, finishesAt }) => sum + (finishesAt === undefined ? 0 : boundGrams),
        0,
      );
      expect(score.boundGrams).toBeGreaterThanOrEqual((score.leftOut.unknown === 0 ? alone : 0) * (1 - 1e-9));
    }),
    { numRuns: 30 },
  );
});
