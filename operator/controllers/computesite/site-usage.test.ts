import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { aSiteUsage, aSiteUse } from '../../../test/builders/site-use.ts';
import { H100 } from '../../../test/builders/planning.ts';
import type { ComputeSiteStatus } from '../../api/v1alpha1/compute-site.generated.ts';
import { usageStatement, withUsage } from './site-usage.ts';

const pool = { product: H100, resource: 'nvidia.com/gpu', capacity: 16, allocated: 3, maxCapacity: 16 };
const shown = { devices: { capacity: 16, free: 13 }, accelerators: [pool] };

function toldBefore(utilisation: number, watts = 5_000): ComputeSiteStatus {
  return { devices: { ...shown.devices, utilisation }, accelerators: [{ ...pool, utilisation, watts }] };
}

describe('the devices of a site', () => {
  test('are shown as they are where nothing was assessed, whatever was told before', () => {
    expect(withUsage(shown, undefined, toldBefore(40))).toEqual(shown);
  });

  test('have watts and no utilisation where it is not known what they do', () => {
    const { devices, accelerators } = withUsage(shown, aSiteUse({ active: undefined, watts: 1_234 }), {});
    expect(devices).toEqual(shown.devices);
    expect(accelerators).toEqual([{ ...pool, watts: 1_234 }]);
  });

  test('of which nobody was told anything have neither', () => {
    const other = { ...pool, product: 'NVIDIA-L4' };
    expect(withUsage({ ...shown, accelerators: [other] }, aSiteUse(), {}).accelerators).toEqual([other]);
  });

  test('of several products come to the mean by their number', () => {
    const idle = aSiteUsage({ product: 'NVIDIA-L4', capacity: 48, active: 0 });
    expect(withUsage(shown, aSiteUse({ active: 1, others: [idle] }), {}).devices?.utilisation).toBe(25);
  });

  test('count in that mean as far as they are held or free', () => {
    const idle = aSiteUsage({ product: 'NVIDIA-L4', capacity: 48, usable: 16, active: 0 });
    expect(withUsage(shown, aSiteUse({ active: 1, others: [idle] }), {}).devices?.utilisation).toBe(50);
  });

  test('come to no mean where it is known of less than half', () => {
    const unknown = (capacity: number) => aSiteUsage({ product: 'NVIDIA-L4', capacity, active: undefined });
    expect(withUsage(shown, aSiteUse({ others: [unknown(17)] }), {}).devices).not.toHaveProperty('utilisation');
    expect(withUsage(shown, aSiteUse({ others: [unknown(16)] }), {}).devices?.utilisation).toBe(50);
  });

  test('that do nothing are told so, however little that differs', () => {
    const { devices, accelerators } = withUsage(shown, aSiteUse({ active: 0 }), toldBefore(1));
    expect([devices?.utilisation, accelerators?.[0]?.utilisation]).toEqual([0, 0]);
  });

  test('are told within two points and two per cent of what they are, and as before where that holds', () => {
    const percent = fc.integer({ min: 1, max: 100 });
    const power = fc.integer({ min: 100, max: 100_000 });
    fc.assert(
      fc.property(percent, percent, power, power, (was, is, drew, draws) => {
        const before = toldBefore(was, drew);
        const [told] = withUsage(shown, aSiteUse({ active: is / 100, watts: draws }), before).accelerators ?? [];
        expect(told?.utilisation).toBe(Math.abs(is - was) <= 2 ? was : is);
        expect(told?.watts).toBe(Math.abs(draws - drew) <= 0.02 * drew ? drew : draws);
      }),
    );
  });
});

describe('UsageKnown', () => {
  const conditions = [
    { type: 'UsageKnown', status: 'True', reason: 'UsageMeasured', message: '', lastTransitionTime: '' } as const,
  ];

  test('is what the assessment says', () => {
    expect(usageStatement(aSiteUse({ message: 'all measured' }), {})).toEqual({
      status: 'True',
      reason: 'UsageMeasured',
      message: 'all measured',
    });
  });

  test('is not there before there was anything to say', () => {
    expect(usageStatement(undefined, {})).toBeUndefined();
  });

  test('does not go on claiming what nobody looks at any more', () => {
    expect(usageStatement(undefined, { conditions })).toMatchObject({ status: 'Unknown', reason: 'NoData' });
  });
});
