import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { seededRandom, wholeBelow } from '../../../../operator/domain/random.ts';
import { leastGrams } from '../../../../test/properties/least-grams.ts';
import { firstCome, gramsOfSchedule } from './first-come.ts';
import { FULL_SIZE, generateInstance, type GeneratorSize } from './generate.ts';
import { gramsOf, loadOf, type Instance } from './instance.ts';
import { lagrangianBound, type SharedDevices } from './lagrangian-bound.ts';
import { lateByLeastLaxity } from './least-laxity.ts';
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

  test('is never above the best of all schedules, and all but there where each job holds one device', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 2 }), (seed, widest) => {
        const shared = someShared(seed, widest);
        const least = leastByTrying(shared);
        fc.pre(least < Infinity);
        const { cost } = lagrangianBound(shared);
        expect(cost).toBeLessThanOrEqual(least + 1e-6);
        if (widest === 1) expect(cost).toBeGreaterThanOrEqual(0.99 * least);
      }),
      { numRuns: 200 },
    );
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
    expect(lateByLeastLaxity({ devices: 1, jobs: [relaxed, urgent] })).toBe(0);
    expect(lateByLeastLaxity({ devices: 1, jobs: [urgent, urgent] })).toBe(2);
    expect(lateByLeastLaxity({ devices: 2, jobs: [urgent, urgent] })).toBe(0);
    expect(lateByLeastLaxity({ devices: 1, jobs: [{ ...relaxed, devices: 2 }, urgent] })).toBe(1);
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
