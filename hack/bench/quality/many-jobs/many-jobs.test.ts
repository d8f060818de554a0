import { describe, expect, test } from '@jest/globals';
import { leastGrams } from '../../../../test/properties/least-grams.ts';
import { firstCome, gramsOfSchedule } from './first-come.ts';
import { FULL_SIZE, generateInstance, type GeneratorSize } from './generate.ts';
import { gramsOf, loadOf, type Instance } from './instance.ts';
import { runByLeastLaxity, type SharingJob } from './least-laxity.ts';
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
