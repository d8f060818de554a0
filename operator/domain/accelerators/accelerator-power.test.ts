import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ACCELERATORS } from './accelerator-power-data.ts';
import {
  ASSUMED_TDP,
  EXPECTED_UTILISATION,
  HOST_SHARE_OF_TDP,
  hostPowerOf,
  partsOf,
  powerAtActivity,
  powerAtTdp,
  powerOf,
} from './accelerator-power.ts';
import { watts } from '../units.ts';

describe('the power of an accelerator', () => {
  test('follows from its TDP, with its share of the host', () => {
    // 700 W x (0.115 idle + 0.48 host), and x 0.8 of the range between idle and TDP on top when busy.
    expect(powerOf('NVIDIA-H100-80GB-HBM3')).toEqual({ busy: 912, idle: 417, basis: 'Table' });
    expect(powerOf('Tesla-T4')).toEqual({ busy: 91, idle: 42, basis: 'Table' });
  });

  test('stays near what was measured on whole nodes', () => {
    const { busy, idle } = powerOf('NVIDIA-H100-80GB-HBM3');
    const full = idle + (busy - idle) / EXPECTED_UTILISATION;
    expect((8 * full) / 8_400).toBeCloseTo(1, 1); // 8 x H100 in training: 8.4 kW at most (Latif et al. 2025)
    expect(powerOf('NVIDIA-A100-SXM4-80GB').idle / 237).toBeCloseTo(1, 1); // idle 8 x A100 nodes (Luccioni et al. 2023)
  });

  test.each([
    ['NVIDIA-A100-SXM4-40GB', 'A100-SXM4-40GB'],
    ['Tesla-V100-SXM2-16GB', 'tesla v100-sxm2-16gb'],
    ['AMD_Instinct_MI300X_OAM', 'AMD_Instinct_MI300X'],
    ['AMD_Instinct_MI300X_OAM', 'AMD-Instinct-MI300X-VF'],
    ['NVIDIA-GeForce-RTX-3090', 'GeForce-RTX-3090'],
  ])('of %s is found by %s too', (product, variant) => {
    expect(powerOf(variant)).toEqual(powerOf(product));
    expect(powerOf(variant).basis).toBe('Table');
  });

  test('of a V100 is not swapped between the SXM2 module and the PCIe card', () => {
    expect(powerOf('Tesla-V100-SXM2-16GB')).toEqual({ ...powerAtTdp(watts(300)), basis: 'Table' });
    expect(powerOf('Tesla-V100-PCIE-16GB')).toEqual({ ...powerAtTdp(watts(250)), basis: 'Table' });
  });

  test('of an instance of a GPU is its share of the compute slices, and assumed', () => {
    expect(powerOf('NVIDIA-A100-SXM4-40GB-MIG-1g.5gb')).toEqual({ ...powerAtTdp(watts(400 / 7)), basis: 'Assumed' });
    expect(powerOf('NVIDIA-H100-80GB-HBM3-MIG-3g.40gb')).toEqual({ ...powerAtTdp(watts(300)), basis: 'Assumed' });
    expect(powerOf('NVIDIA-A30-MIG-2g.12gb.me')).toEqual({ ...powerAtTdp(watts(165 / 2)), basis: 'Assumed' });
  });

  test('of a GPU that is shared in time is that of the whole, and assumed', () => {
    expect(powerOf('Tesla-T4-SHARED')).toEqual({ ...powerAtTdp(watts(70)), basis: 'Assumed' });
    expect(powerOf('NVIDIA-A100-SXM4-40GB-MIG-1g.5gb-SHARED')).toEqual(powerOf('NVIDIA-A100-SXM4-40GB-MIG-1g.5gb'));
  });

  test.each(['NVIDIA-X999', '', 'NVIDIA-A10-24Q', 'H100', '-SHARED'])(
    'of an unknown product is assumed: "%s"',
    (product) => {
      expect(powerOf(product)).toEqual({ ...powerAtTdp(ASSUMED_TDP), basis: 'Assumed' });
    },
  );

  test('is more when busy than when idle, and more than nothing, whatever the product', () => {
    const products = fc.oneof(fc.constantFrom(...ACCELERATORS.map(([product]) => product)), fc.string());
    fc.assert(
      fc.property(products, fc.constantFrom('', '-MIG-1g.5gb', '-MIG-7g.80gb', '-SHARED'), (product, suffix) => {
        const { busy, idle } = powerOf(product + suffix);
        expect(idle).toBeGreaterThan(0);
        expect(busy).toBeGreaterThan(idle);
      }),
    );
  });

  test('has one meaning for every name in the table', () => {
    for (const [product, tdpWatts] of ACCELERATORS) {
      expect(powerOf(product)).toEqual({ ...powerAtTdp(watts(tdpWatts)), basis: 'Table' });
    }
  });

  test('has the share of the host in it', () => {
    for (const [product, tdpWatts] of ACCELERATORS) {
      expect(Math.abs(hostPowerOf(powerOf(product)) - HOST_SHARE_OF_TDP * tdpWatts)).toBeLessThan(0.5);
    }
  });

  test('follows its activity from idle to all that it may draw', () => {
    const power = powerOf('NVIDIA-H100-80GB-HBM3');
    expect(powerAtActivity(power, 0)).toBe(power.idle);
    expect(powerAtActivity(power, EXPECTED_UTILISATION)).toBeCloseTo(power.busy);
    expect(powerAtActivity(power, 1)).toBeCloseTo(700 * (1 + HOST_SHARE_OF_TDP), -1);
    expect(powerAtActivity(power, 7)).toBe(powerAtActivity(power, 1));
  });
});

describe('the name of a product', () => {
  test.each([
    ['NVIDIA-H100-80GB-HBM3', '', { share: 1, isInstance: false, isShared: false }],
    ['NVIDIA-H100-80GB-HBM3-MIG-3g.40gb', '', { share: 3 / 7, isInstance: true, isShared: false }],
    ['NVIDIA-H100-80GB-HBM3-MIG-1g.10gb-SHARED', '3g.40gb', { share: 1 / 7, isInstance: true, isShared: true }],
    ['NVIDIA-A30', '2g.12gb', { share: 1 / 2, isInstance: true, isShared: false }],
    ['NVIDIA-A100-SXM4-40GB', '1g.5gb+me', { share: 1 / 7, isInstance: true, isShared: false }],
    ['Tesla-T4-SHARED', 'nonsense', { share: 1, isInstance: false, isShared: true }],
  ])('%s tells, with the profile "%s", what part of a GPU it is', (product, profile, parts) => {
    expect(partsOf(product, profile)).toEqual(parts);
  });
});
