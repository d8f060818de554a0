import { describe, expect, test } from '@jest/globals';
import { MINUTE_MS } from '../../../domain/units.ts';
import { parseComputeSite } from './compute-site.ts';

const parse = (spec: object) => parseComputeSite({ spec: { region: 'eu-north-1', cluster: { local: {} }, ...spec } });

describe('a ComputeSite', () => {
  test('with a region and a kind is read, with the defaults of the schema', () => {
    expect(parse({})).toEqual({
      ok: true,
      value: {
        region: 'eu-north-1',
        zone: undefined,
        pue: 1.2,
        cluster: 'Local',
        accelerators: [],
        idleNodesStayOn: false,
        prices: { currency: 'EUR', electricityPerKilowattHour: undefined, perAcceleratorHour: new Map() },
        storageBytesPerSecond: undefined,
        links: [],
      },
    });
  });

  test('with every field is read into numbers', () => {
    const reading = parse({
      zone: 'SE-SE3',
      pue: '1.08',
      cluster: { inventory: {} },
      accelerators: [
        { product: 'H100', maxCapacity: 64, provisioningTime: '3m' },
        { product: 'MI300X', resource: 'amd.com/gpu', maxCapacity: 0 },
      ],
      power: { idleNodesStayOn: true },
      prices: { currency: 'SEK', electricityPerKWh: '0.9', accelerators: [{ product: 'H100', perHour: '22.10' }] },
      storage: { bytesPerSecond: '20G' },
      links: [
        { to: 'tokyo', bitsPerSecond: '100G', roundTripTime: '250ms', pricePerGiB: '0.02' },
        { to: 'oslo', bitsPerSecond: '1.5T', roundTripTime: '0s' },
      ],
    });
    expect(reading).toEqual({
      ok: true,
      value: {
        region: 'eu-north-1',
        zone: 'SE-SE3',
        pue: 1.08,
        cluster: 'Inventory',
        accelerators: [
          { product: 'H100', resource: 'nvidia.com/gpu', maxCapacity: 64, provisioningTime: 3 * MINUTE_MS },
          { product: 'MI300X', resource: 'amd.com/gpu', maxCapacity: 0, provisioningTime: 10 * MINUTE_MS },
        ],
        idleNodesStayOn: true,
        prices: { currency: 'SEK', electricityPerKilowattHour: 0.9, perAcceleratorHour: new Map([['H100', 22.1]]) },
        storageBytesPerSecond: 20e9,
        links: [
          { to: 'tokyo', bitsPerSecond: 100e9, roundTripTime: 250, pricePerGibibyte: 0.02 },
          { to: 'oslo', bitsPerSecond: 1.5e12, roundTripTime: 0, pricePerGibibyte: 0 },
        ],
      },
    });
  });

  test.each<[string, object, string, string]>([
    ['no region', { region: null }, 'spec.region', 'is missing; write topology.kubernetes.io/region of its nodes'],
    [
      'no kind of cluster',
      { cluster: {} },
      'spec.cluster',
      'names no kind that is known; add local for nodes of this cluster, or inventory',
    ],
    [
      'a kind from another version',
      { cluster: { multiKueueCluster: { name: 'x' } } },
      'spec.cluster',
      'names no kind that is known; add local for nodes of this cluster, or inventory',
    ],
    [
      'two kinds of cluster',
      { cluster: { local: {}, inventory: {} } },
      'spec.cluster',
      'names two kinds, local and inventory; remove one of them',
    ],
    ['a PUE below 1', { pue: '0.9' }, 'spec.pue', 'must be 1 or more'],
    [
      'a negative size',
      { accelerators: [{ product: 'H100', maxCapacity: -1 }] },
      'spec.accelerators[0].maxCapacity',
      'is not a whole number from 0 to 1000000',
    ],
    [
      'half a device',
      { accelerators: [{ product: 'H100', maxCapacity: 1.5 }] },
      'spec.accelerators[0].maxCapacity',
      'is not a whole number from 0 to 1000000',
    ],
    [
      'a link of no width',
      { links: [{ to: 'tokyo', bitsPerSecond: '0', roundTripTime: '30ms' }] },
      'spec.links[0].bitsPerSecond',
      'must be above 0',
    ],
    [
      'a link without a round trip',
      { links: [{ to: 'tokyo', bitsPerSecond: '1G' }] },
      'spec.links[0].roundTripTime',
      'is missing; write it like 30ms',
    ],
    [
      'a link to nowhere',
      { links: [{ bitsPerSecond: '1G', roundTripTime: '1ms' }] },
      'spec.links[0].to',
      'is missing; write the ComputeSite at the other end',
    ],
    [
      'storage that gives nothing',
      { storage: { bytesPerSecond: '0' } },
      'spec.storage.bytesPerSecond',
      'must be above 0',
    ],
    [
      'a price without its product',
      { prices: { accelerators: [{ perHour: '1' }] } },
      'spec.prices.accelerators[0].product',
      'is missing; write the product that the price is for',
    ],
    [
      'a negative price',
      { prices: { electricityPerKWh: '-0.01' } },
      'spec.prices.electricityPerKWh',
      '"-0.01" is not a decimal number of 0 or more; write it like 0.09 or 100',
    ],
  ])('with %s is refused by field and remedy', (_what, spec, field, message) => {
    const reading = parse(spec);
    expect(!reading.ok && reading.problems.map((problem) => [problem.field, problem.message])).toEqual([
      [field, message],
    ]);
  });
});
