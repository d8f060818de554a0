import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { seededRandom, wholeBelow } from '../../../../operator/domain/random.ts';
import { leastGrams } from '../../../../test/properties/least-grams.ts';
import { firstCome, gramsOfSchedule } from './first-come.ts';
import { FULL_SIZE, generateInstance, type GeneratorSize } from './generate.ts';
import { gramsOf, loadOf, type Instance } from './instance.ts';
import { lagrangianBound, type SharedDevices, type SharingJob } from './lagrangian-bound.ts';
import { runByLeastLaxity } from './least-laxity.ts';
import { solve } from './solver.ts';
import { timeIndexedModel } from './time-indexed-model.ts';
import { toSnapshot } from './to-snapshot.ts';

const SMALL: GeneratorSize = { jobs: 5, sites: 2, slots: 9, load: 0.4 };
const never = new AbortController().signal;

describe('a generated instance', () => {
  test('is that of its seed', () => {
    expect(generateInstance(7)).toEqual(generateInstance(7));
    expect(generateInstance(7)).not.toEqual(generateInstance(8));
  });

  test.each([1, 2, 3])('has more work than the clean hours hold, seed %d', (seed) => {
    const instance = generateInstance(seed);
    expect(instance.jobs).toHaveLength(FULL_SIZE.jobs);
    expect(loadOf(instance)).toBeGreaterThanOrEqual(0.85);
    expect(firstCome(instance).late).toBeGreaterThan(0);
  });

  test('is solved by HiGHS to what trying everything finds', async () => {
    for (const seed of [1, 2, 3]) {
      const instance = generateInstance(seed, SMALL);
      const model = timeIndexedModel(instance);
      const { chosen, dualBound, relaxation } = await solve({ model, seconds: 20 }, never);
      const places = chosen.flatMap((column) => model.columns[column] ?? []);
      const grams = gramsOfSchedule(
        instance,
        places.toSorted((a, b) => a.job - b.job),
      );
      expect(grams).toBeCloseTo(leastGrams(toSnapshot(instance)), 3);
      expect(dualBound).toBeCloseTo(grams, 0);
      expect(relaxation).toBeLessThanOrEqual(grams + 1e-6);
    }
  });

  test('has no schedule with more devices than there are', () => {
    const instance: Instance = {
      slots: 3,
      sites: [{ name: 'home', devices: 1, wattsPerDevice: 1_000, gramsPerKilowattHour: [5, 1, 2, 9, 9, 9] }],
      jobs: [job('a', 3), job('b', 3)],
    };
    expect(firstCome(instance)).toEqual({ grams: 3 + 18, late: 1 });
    const [home] = instance.sites;
    expect(home && gramsOf(job('a', 3), home, 0)).toBe(6);
    expect(() =>
      gramsOfSchedule(instance, [
        { site: 0, start: 0 },
        { site: 0, start: 1 },
      ]),
    ).toThrow('overbooked in slot 1');
    expect(() => gramsOfSchedule(instance, [{ site: 0, start: 0 }])).toThrow('b has no place');
  });
});

function job(name: string, deadline: number) {
  return { name, devices: 1, length: 2, deadline, otherWatts: 0, sites: [0] };
}

describe('the Lagrangian bound', () => {
  test('is what each job could have alone, where devices abound', () => {
    const shared = {
      figures: Float64Array.of(4, 1, 3, 2),
      devices: 9,
      jobs: [{ from: 0, until: 4, count: 2, devices: 2 }],
    };
    expect(lagrangianBound(shared).cost).toBeCloseTo(2 * (1 + 2), 9);
  });

  test('is never above the best of all schedules', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
        const shared = someShared(seed, 2);
        expect(lagrangianBound(shared).cost).toBeLessThanOrEqual(leastByTrying(shared) + 1e-6);
      }),
      { numRuns: 200 },
    );
  });

  test('is all but the best of all schedules where each job holds one device, which leaves none unused', () => {
    const all = Array.from({ length: 200 }, (_, seed) => someShared(seed, 1));
    const feasible = all.filter((shared) => leastByTrying(shared) < Infinity);
    const sum = (cost: (shared: SharedDevices) => number): number =>
      feasible.reduce((total, one) => total + cost(one), 0);
    expect(feasible.length).toBeGreaterThan(100);
    expect(sum((one) => lagrangianBound(one).cost) / sum(leastByTrying)).toBeGreaterThan(0.995);
  });

  test('is infinite where a job has fewer slots than it needs', () => {
    const shared = {
      figures: Float64Array.of(4, NaN),
      devices: 1,
      jobs: [{ from: 0, until: 2, count: 2, devices: 1 }],
    };
    expect(lagrangianBound(shared).cost).toBe(Infinity);
  });
});

describe('least laxity first', () => {
  test('is late only where more is asked for than there is', () => {
    const urgent = { from: 0, until: 2, count: 2, devices: 1 };
    const relaxed = { from: 0, until: 4, count: 2, devices: 1 };
    const run = (devices: number, ...jobs: readonly SharingJob[]) => runByLeastLaxity({ devices, jobs });
    expect(run(1, relaxed, urgent)).toEqual({ late: 0, leastToSpare: 0 });
    expect(run(2, relaxed, relaxed)).toEqual({ late: 0, leastToSpare: 2 });
    expect(run(1, urgent, urgent)).toEqual({ late: 2, leastToSpare: -2 });
    expect(run(1, { ...relaxed, devices: 2 }, urgent)).toEqual({ late: 0, leastToSpare: 0 });
  });
});

function someShared(seed: number, widest: number): SharedDevices {
  const random = seededRandom(seed);
  const figures = Float64Array.from({ length: 5 }, () => 1 + wholeBelow(random, 20));
  const jobs = Array.from({ length: 3 }, () => {
    const from = wholeBelow(random, 2);
    return {
      from,
      until: 4 + wholeBelow(random, 2),
      count: 1 + wholeBelow(random, 3),
      devices: 1 + wholeBelow(random, widest),
    };
  });
  return { figures, devices: widest + 1, jobs };
}

function leastByTrying({ figures, devices, jobs }: SharedDevices): number {
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
