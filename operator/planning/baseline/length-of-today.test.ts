import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { aLink, GIGABIT, GIGABYTE, stagedData } from '../../../test/builders/data.ts';
import {
  aPlannableJob,
  aPool,
  aSite,
  aSnapshot,
  atHour,
  H100,
  hours,
  MIDNIGHT,
} from '../../../test/builders/planning.ts';
import type { BaselineCost, Decision } from '../../domain/decision.ts';
import type { PlannableJob } from '../../domain/job.ts';
import type { LengthBelief } from '../../domain/length/length-belief.ts';
import type { AcceleratorPool } from '../../domain/site.ts';
import { watts } from '../../domain/units.ts';
import { plan } from '../plan.ts';

const POOL = aPool({ pricePerHour: 2 });
/** Nobody told its length: so many hours, as far as is known. */
const takenFor = (n: number): LengthBelief => ({ points: [{ work: hours(n), share: 0 }], mayWait: hours(8) });

const taking = (n: number): Partial<PlannableJob> => {
  return { lengthBelief: takenFor(n), totalWork: hours(n), remainingWork: hours(n), deadline: atHour(60) };
};

/** The job's data are at `store`, an hour of copying away from home. */
function decided(job: Partial<PlannableJob>, { pool = POOL, gigabits = 8 } = {}): Decision {
  const figures = Array.from({ length: 72 }, () => 400);
  const links = [aLink('store', { bitsPerSecond: gigabits * GIGABIT, pricePerGibibyte: 0.001 })];
  const home = aSite('home', figures, { pools: [pool], links, electricityPricePerKilowattHour: 0.5 });
  const store = aSite('store', figures, { pools: [] });
  const data = [stagedData(3_600 * GIGABYTE, { sites: ['store'] })];
  const planned = aPlannableJob({ home: 'home', data, ...job });
  const decision = plan(aSnapshot({ sites: [home, store], jobs: [planned] })).decisions.get(planned.key);
  if (decision === undefined) throw new Error('the job has no decision');
  return decision;
}

function baselineOf(
  job: Partial<PlannableJob>,
  home: { pool?: AcceleratorPool; gigabits?: number } = {},
): BaselineCost {
  const { baseline } = decided(job, home);
  if (baseline === undefined) throw new Error('there is no baseline');
  return baseline;
}

describe('the baseline of a job of unknown length that has data to copy', () => {
  const first = baselineOf({ lengthBelief: takenFor(2) });

  test('counts the copying, plan after plan', () => {
    const known = baselineOf({});
    expect(first).toMatchObject({ finishesAt: atHour(3), energy: known.energy, money: known.money });
    expect(baselineOf({ baseline: first, lengthBelief: takenFor(2) })).toEqual(first);
  });

  test('counts it though the job has copied them by now', () => {
    const current = { site: 'home', product: H100, windows: [{ startsAt: MIDNIGHT, endsAt: atHour(3) }] };
    const data = [stagedData(3_600 * GIGABYTE, { sites: ['store'], stagedAt: ['home'] })];
    const runs = { phase: 'Running', current, data } as const;
    expect(baselineOf({ ...runs, baseline: first, lengthBelief: takenFor(2) })).toEqual(first);
  });

  test('counts it once, however long the work is', () => {
    const anew = baselineOf(taking(6));
    const kept = baselineOf({ ...taking(6), baseline: first });
    expect(kept.finishesAt).toBe(anew.finishesAt);
    expect(kept.energy).toBeCloseTo(anew.energy, 9);
    expect(kept.money).toBeCloseTo(anew.money, 9);
    expect(kept.carbon?.grams).toBeCloseTo(anew.carbon?.grams ?? NaN, 6);
  });

  test('is of the work alone where the copying would take more than all that was told', () => {
    const little = { ...first, energy: 1e-3 as BaselineCost['energy'], money: 1 };
    const { energy, money } = baselineOf({ baseline: little, lengthBelief: takenFor(2) });
    expect(energy).toBe(first.energy);
    expect(money).toBeGreaterThan(0);
  });

  test('costs no less than nothing, and no more than the energy grew, where the link is another than it was', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.8, max: 80, noNaN: true }), fc.integer({ min: 1, max: 9 }), (gigabits, n) => {
        const { energy, money } = baselineOf({ ...taking(n), baseline: first }, { gigabits });
        expect(money / first.money).toBeGreaterThan(0);
        expect(money / first.money).toBeLessThan(3 * Math.max(1, energy / first.energy));
      }),
    );
  });
});

describe('the baseline of a job that has data to copy, where power was measured since,', () => {
  test.each([
    ['told', {}],
    ['unknown', { lengthBelief: takenFor(2) }],
  ])('goes by that while the job works, and not while it copies: its length is %s', (_, job) => {
    const first = baselineOf(job);
    for (const busy of [600, 1400]) {
      const pool = { ...POOL, power: { busy: watts(busy), idle: POOL.power.idle, basis: 'Measured' } } as const;
      const kept = baselineOf({ ...job, baseline: first }, { pool });
      const anew = baselineOf(job, { pool });
      expect(kept.accelerator).toEqual({ product: H100, busy });
      expect(kept.energy).toBeCloseTo(anew.energy, 9);
      expect(kept.carbon?.grams).toBeCloseTo(anew.carbon?.grams ?? NaN, 6);
      expect(kept.money).toBeCloseTo(anew.money, 9);
    }
  });
});
