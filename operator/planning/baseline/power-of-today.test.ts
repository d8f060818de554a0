import { describe, expect, test } from '@jest/globals';
import { aLink, stagedData, TEBIBYTE } from '../../../test/builders/data.ts';
import { aPlannableJob, aPool, aSite, aSnapshot, H100, hours, MIDNIGHT } from '../../../test/builders/planning.ts';
import { anObservation } from '../../../test/builders/slowdown.ts';
import type { BaselineCost, Decision } from '../../domain/decision.ts';
import type { PlannableJob } from '../../domain/job.ts';
import type { AcceleratorPool } from '../../domain/site.ts';
import { kilowattHours, watts } from '../../domain/units.ts';
import { plan } from '../plan.ts';

const INTENSITY = Array.from({ length: 72 }, () => 400);
const drawing = (busy: number, overrides: Partial<AcceleratorPool> = {}): AcceleratorPool =>
  aPool({ power: { busy: watts(busy), idle: watts(100), basis: 'Table' }, pricePerHour: 2, ...overrides });

function decided(pools: readonly AcceleratorPool[], job: Partial<PlannableJob> = {}): Decision {
  const home = aSite('home', INTENSITY, { pools, electricityPricePerKilowattHour: 0.5, links: [aLink('elsewhere')] });
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
      expect(baseline).toMatchObject({
        site: 'home',
        accelerator: { product: H100, busy },
        finishesAt: KEPT.finishesAt,
      });
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

  test('stays as it is where nobody has told which, where home is without it, and where power differs by rounding alone', () => {
    const { accelerator: _, ...untold } = KEPT;
    expect(decided([drawing(600)], { baseline: untold }).baseline).toEqual(untold);
    expect(decided([drawing(600, { product: 'L4' })], { baseline: KEPT }).baseline).toEqual(KEPT);
    expect(decided([drawing(1000.4)], { baseline: KEPT }).baseline).toEqual(KEPT);
  });

  test('is of the same run, whatever the job is told to take now, devices cost now, or was observed since', () => {
    const longer = { totalWork: hours(6), remainingWork: hours(6), deadline: MIDNIGHT + hours(24) };
    const observedSlowdowns = [anObservation({ site: 'home', share: 1 })];
    for (const since of [longer, { observedSlowdowns }]) {
      expect(decided([drawing(1000)], { baseline: KEPT, ...since }).baseline).toEqual(KEPT);
      const { baseline } = decided([drawing(600)], { baseline: KEPT, ...since });
      expect(baseline).toMatchObject({ energy: expect.closeTo(1.2, 9), money: expect.closeTo(KEPT.money - 0.4, 9) });
    }
    expect(decided([drawing(1000, { pricePerHour: 4 })], { baseline: KEPT }).baseline).toEqual(KEPT);
  });

  test('has its data copied, also once the job has them', () => {
    const setWith = (stagedAt: readonly string[]) => [stagedData(TEBIBYTE, { sites: ['elsewhere'], stagedAt })];
    const kept = baselineOf(decided([drawing(1000)], { data: setWith([]) }));
    expect(kept.energy).toBeGreaterThan(KEPT.energy);
    expect(decided([drawing(1000)], { baseline: kept, data: setWith(['home']) }).baseline).toEqual(kept);
  });

  test('does not wander off with what a status rounds', () => {
    let told = { ...KEPT, energy: kilowattHours(0.01), money: 1 };
    for (const busy of [1000.3, 1000, 999.6, 1000.4])
      told = { ...told, ...decided([drawing(busy)], { baseline: told }).baseline };
    expect(told).toMatchObject({ energy: 0.01, money: 1 });
  });

  describe('of a job of unknown length', () => {
    const UNKNOWN = { points: [{ work: hours(2), share: 0 }], mayWait: hours(8) };

    test('is by that power as well: devices cost what they did, and nothing was saved', () => {
      for (const busy of [600, 1400]) {
        const { baseline, chosen, message } = decided([drawing(busy)], { baseline: KEPT, lengthBelief: UNKNOWN });
        // Two hours on a node for 2 EUR an hour, and 0.50 EUR a kilowatt-hour.
        expect(baseline).toMatchObject({
          energy: expect.closeTo((2 * busy) / 1000, 9),
          carbon: { grams: expect.closeTo((800 * busy) / 1000, 6) },
          money: expect.closeTo(4 + busy / 1000, 9),
          accelerator: { product: H100, busy },
          finishesAt: KEPT.finishesAt,
        });
        expect(baseline?.money).toBeCloseTo(chosen?.expected.money ?? NaN, 9);
        expect(message).not.toMatch(/less|more/);
      }
    });

    test('costs what the plan at home does where its length has changed as well', () => {
      const points = [{ work: hours(6), share: 0 }];
      const longer = { lengthBelief: { ...UNKNOWN, points }, totalWork: hours(6), remainingWork: hours(6) };
      const { baseline, chosen } = decided([drawing(600)], { baseline: KEPT, ...longer });
      expect(baseline).toMatchObject({
        energy: expect.closeTo(3.6, 9),
        carbon: { grams: expect.closeTo(1440, 6) },
        money: expect.closeTo(13.8, 9),
        finishesAt: MIDNIGHT + hours(6),
      });
      expect(baseline?.money).toBeCloseTo(chosen?.expected.money ?? NaN, 9);
    });

    test('stays by that power once its length is told', () => {
      const unknown = baselineOf(decided([drawing(600)], { baseline: KEPT, lengthBelief: UNKNOWN }));
      expect(decided([drawing(600)], { baseline: unknown }).baseline).toEqual(unknown);
    });
  });

  test('of a job without accelerators tells none', () => {
    const { baseline } = decided([drawing(1000)], { devices: 0, otherPower: watts(50) });
    expect(baseline?.energy).toBeCloseTo(0.1, 9);
    expect(baseline).not.toHaveProperty('accelerator');
  });
});
