import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { H100 } from '../../../test/builders/planning.ts';
import { aSiteUsage, aSiteUse } from '../../../test/builders/site-use.ts';
import { powerOf } from '../../domain/accelerators/accelerator-power.ts';
import { watts } from '../../domain/units.ts';
import type { ComputeSiteStatus } from '../../api/v1alpha1/compute-site.generated.ts';
import type { SiteUse } from '../usage/usage-reader.ts';
import { plannedPower, withMeasuredPower } from './measured-power.ts';

const pool = { product: H100, resource: 'nvidia.com/gpu', capacity: 16, allocated: 3, maxCapacity: 16 };
const found = (busy: number | undefined, idle?: number) => ({
  ...aSiteUse(),
  products: [
    aSiteUsage({
      measured: {
        busy: busy === undefined ? undefined : watts(busy),
        idle: idle === undefined ? undefined : watts(idle),
      },
    }),
  ],
});
const told = (busyWatts: number, idleWatts?: number) => ({
  accelerators: [{ ...pool, measuredPower: { busyWatts, ...(idleWatts !== undefined && { idleWatts }) } }],
});
const shown = (use: SiteUse | undefined, before: ComputeSiteStatus, { product = H100, isMeasured = true } = {}) =>
  withMeasuredPower([{ ...pool, product }], { isMeasured, use }, before)[0];
const shownOf = (use: SiteUse | undefined, before: ComputeSiteStatus) => shown(use, before)?.measuredPower;

describe('the measured power of a device in a status', () => {
  test('is what was measured, in whole watts, and absent where nothing was', () => {
    expect(shownOf(found(700.4, 390.5), {})).toEqual({ busyWatts: 700, idleWatts: 391 });
    expect(shownOf(found(700), {})).toEqual({ busyWatts: 700 });
    expect(shown(found(undefined), {})).toEqual(pool);
    expect(shown(found(700), {}, { product: 'NVIDIA-L4' })).not.toHaveProperty('measuredPower');
  });

  test('stays within five per cent of what is measured, and as it was where that holds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000 }), fc.double({ min: 0.5, max: 2_000, noNaN: true }), (was, is) => {
        const now = shownOf(found(is), told(was))?.busyWatts ?? 0;
        expect(Math.abs(now - is)).toBeLessThanOrEqual(0.05 * Math.max(now, is) + 0.5);
        if (Math.abs(Math.round(is) - was) <= 0.05 * was) expect(now).toBe(was);
      }),
    );
  });

  test('outlives an outage, a restart and a site that is scaled to zero', () => {
    for (const use of [undefined, found(undefined), { ...found(undefined), products: [] }]) {
      expect(shownOf(use, told(700, 400))).toEqual({ busyWatts: 700, idleWatts: 400 });
    }
    expect(shownOf(found(undefined, 350), told(700, 400))).toEqual({ busyWatts: 700, idleWatts: 350 });
  });

  test('is forgotten once nothing measures it any more, also where the site has no nodes', () => {
    for (const use of [found(undefined), undefined]) {
      expect(shown(use, told(700, 400), { isMeasured: false })).not.toHaveProperty('measuredPower');
    }
  });
});

describe('the power that jobs are planned with', () => {
  const ofTable = powerOf(H100);

  test('is that of the product where nothing was measured', () => {
    expect(plannedPower(ofTable, undefined)).toEqual(ofTable);
    expect(plannedPower(ofTable, {})).toEqual(ofTable);
  });

  test('is what was measured where both are known', () => {
    expect(plannedPower(ofTable, { busyWatts: 700, idleWatts: 300 })).toEqual({
      ...{ busy: 700, idle: 300, basis: 'Measured' },
    });
  });

  test('has for what is not known the proportion, or the figure, of the product', () => {
    expect(plannedPower(ofTable, { busyWatts: 456 })).toEqual({ busy: 456, idle: 209, basis: 'Measured' });
    expect(plannedPower(ofTable, { idleWatts: 300 })).toEqual({ ...ofTable, idle: 300 });
  });

  test('of a device that idles is never above that of one that works', () => {
    const figure = fc.option(fc.integer({ min: 1, max: 2_000 }), { nil: undefined });
    fc.assert(
      fc.property(figure, figure, fc.constantFrom(H100, 'Tesla-T4', 'unheard of'), (busy, idle, product) => {
        const measured = {
          ...(busy !== undefined && { busyWatts: busy }),
          ...(idle !== undefined && { idleWatts: idle }),
        };
        const power = plannedPower(powerOf(product), measured);
        expect(power.idle).toBeLessThanOrEqual(power.busy);
        if (busy !== undefined) expect(power).toMatchObject({ busy, basis: 'Measured' });
      }),
    );
  });
});
