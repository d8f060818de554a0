import { describe, expect, test } from '@jest/globals';
import { aPlannableJob, aPool, aSite, aSnapshot, H100, hours, MIDNIGHT } from '../../../test/builders/planning.ts';
import type { BaselineCost, Decision } from '../../domain/decision.ts';
import type { PlannableJob } from '../../domain/job.ts';
import type { AcceleratorPool } from '../../domain/site.ts';
import { watts } from '../../domain/units.ts';
import { plan } from '../plan.ts';

const INTENSITY = Array.from({ length: 72 }, () => 400);
const drawing = (busy: number, overrides: Partial<AcceleratorPool> = {}): AcceleratorPool =>
  aPool({ power: { busy: watts(busy), idle: watts(100), basis: 'Table' }, pricePerHour: 2, ...overrides });

function decided(pools: readonly AcceleratorPool[], job: Partial<PlannableJob> = {}): Decision {
  const home = aSite('home', INTENSITY, { pools, electricityPricePerKilowattHour: 0.5 });
  const made = plan(aSnapshot({ sites: [home], jobs: [aPlannableJob({ home: 'home', ...job })] }));
  const decision = made.decisions.get('research/train');
  if (decision === undefined) throw new Error('the job has no decision');
  return decision;
}

const baselineOf = ({ baseline }: Decision): BaselineCost => {
  if (baseline === undefined) throw new Error('there is no baseline');
  return baseline;
};
/** As the first plan has told it. */
const KEPT = baselineOf(decided([drawing(1000)]));

describe('the baseline that was kept', () => {
  test('is by the power that home is now known to have, so that nothing was saved by measuring', () => {
    for (const busy of [600, 1400]) {
      const { baseline, chosen, message } = decided([drawing(busy)], { baseline: KEPT });
      expect(chosen?.expected.energy).toBeCloseTo((2 * busy) / 1000, 9);
      expect(baseline).toMatchObject({ site: 'home', product: H100, finishesAt: KEPT.finishesAt });
      expect(baseline?.energy).toBeCloseTo(chosen?.expected.energy ?? NaN, 9);
      expect(baseline?.carbon?.grams).toBeCloseTo(chosen?.expected.carbon?.grams ?? NaN, 6);
      expect(baseline?.money).toBeCloseTo(chosen?.expected.money ?? NaN, 9);
      expect(message).not.toMatch(/less|more/);
    }
  });

  test('the same for a job that runs', () => {
    const current = { site: 'home', product: H100, windows: [{ startsAt: MIDNIGHT, endsAt: MIDNIGHT + hours(2) }] };
    const { message } = decided([drawing(600)], { baseline: KEPT, current, phase: 'Running' });
    expect(message).not.toMatch(/less|more/);
  });

  test('is of the accelerator that it was made for, whichever home would take now', () => {
    const larger = drawing(300, { product: 'L4', capacity: 64, maxCapacity: 64 });
    expect(baselineOf(decided([larger, drawing(600)], { baseline: KEPT })).energy).toBeCloseTo(1.2, 9);
  });

  test('stays as it is where nobody has told which, where home is without it, and where it differs by rounding alone', () => {
    const { product: _, ...untold } = KEPT;
    expect(decided([drawing(600)], { baseline: untold }).baseline).toEqual(untold);
    expect(decided([drawing(600, { product: 'L4' })], { baseline: KEPT }).baseline).toEqual(KEPT);
    const rounded = { ...KEPT, energy: (KEPT.energy + 0.0004) as BaselineCost['energy'] };
    expect(decided([drawing(1000)], { baseline: rounded }).baseline).toEqual(rounded);
  });
});
