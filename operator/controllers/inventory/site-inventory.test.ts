import { describe, expect, test } from '@jest/globals';
import { aComputeSite } from '../../../test/builders/cluster.ts';
import { H100 } from '../../../test/builders/planning.ts';
import type { ComputeSiteSpec } from '../../api/v1alpha1/compute-site.generated.ts';
import { parseComputeSite } from '../../api/v1alpha1/parse/compute-site.ts';
import { powerOf } from '../../domain/accelerators/accelerator-power.ts';
import { MINUTE_MS } from '../../domain/units.ts';
import type { RegionInventory, RegionPool } from './region-inventory.ts';
import { inventoryOf } from './site-inventory.ts';

const A100 = 'NVIDIA-A100-SXM4-80GB';

function specOf(spec: Partial<ComputeSiteSpec> = {}) {
  const reading = parseComputeSite(aComputeSite('s', spec));
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.value;
}

function aRegion(pool: Partial<RegionPool> = {}, rest: Partial<RegionInventory> = {}): RegionInventory {
  const seen = { product: H100, resource: 'nvidia.com/gpu', capacity: 16, held: 0, heldByJob: new Map(), ...pool };
  return { nodes: 2, nodesAcceptingWork: 2, pools: [seen], omissions: [], ...rest };
}

const EMPTY: RegionInventory = { nodes: 0, nodesAcceptingWork: 0, pools: [], omissions: [] };
/** Nobody's pods are planned, and the H100 has the price that its spec may say. */
const JUDGED = { isPlanned: (): boolean => false, priceOf: (product: string): number => (product === H100 ? 2.1 : 0) };

describe('the inventory of a site', () => {
  test('has what its nodes show, at the price of its spec and the power of the table', () => {
    const spec = specOf({ prices: { accelerators: [{ product: H100, perHour: '2.10' }] } });
    expect(inventoryOf(spec, aRegion(), JUDGED)).toEqual({
      pools: [
        {
          product: H100,
          resource: 'nvidia.com/gpu',
          capacity: 16,
          heldByOthers: 0,
          maxCapacity: 16,
          provisioning: 0,
          power: powerOf(H100),
          pricePerHour: 2.1,
        },
      ],
      allocated: new Map([[H100, 0]]),
      nodes: 2,
      allNodes: 2,
      partial: undefined,
    });
  });

  test('can grow to what the spec says', () => {
    const spec = specOf({ accelerators: [{ product: H100, maxCapacity: 64, provisioningTime: '5m' }] });
    const [pool] = inventoryOf(spec, aRegion(), JUDGED).pools;
    expect(pool).toMatchObject({ capacity: 16, maxCapacity: 64, provisioning: 5 * MINUTE_MS });
  });

  test('never is less than its nodes, whatever the spec says', () => {
    const spec = specOf({ accelerators: [{ product: H100, maxCapacity: 4 }] });
    expect(inventoryOf(spec, aRegion(), JUDGED).pools[0]).toMatchObject({ capacity: 16, maxCapacity: 16 });
  });

  test('that is scaled to zero can still have what it can provision', () => {
    const spec = specOf({ accelerators: [{ product: A100, maxCapacity: 8 }] });
    expect(inventoryOf(spec, EMPTY, JUDGED).pools).toMatchObject([
      { product: A100, resource: 'nvidia.com/gpu', capacity: 0, maxCapacity: 8, provisioning: 10 * MINUTE_MS },
    ]);
  });

  test('takes the resource from the nodes, where the spec says another', () => {
    const spec = specOf({ accelerators: [{ product: H100, maxCapacity: 64 }] });
    expect(inventoryOf(spec, aRegion({ resource: 'amd.com/gpu' }), JUDGED).pools[0]?.resource).toBe('amd.com/gpu');
  });

  test('counts as held by others what no planned job holds', () => {
    const heldByJob = new Map([
      ['research/train', 4],
      ['research/gone', 2],
    ]);
    const inventory = inventoryOf(specOf(), aRegion({ held: 9, heldByJob }), {
      ...JUDGED,
      isPlanned: (job) => job === 'research/train',
    });
    expect(inventory.pools[0]?.heldByOthers).toBe(5);
    expect(inventory.allocated.get(H100)).toBe(9);
  });

  test('on paper has what its spec lists and nothing of the nodes of a region of that name', () => {
    const spec = specOf({ cluster: { inventory: {} }, accelerators: [{ product: A100, maxCapacity: 32 }] });
    const inventory = inventoryOf(spec, aRegion({ held: 3 }), JUDGED);
    expect(inventory.pools).toMatchObject([{ product: A100, capacity: 0, maxCapacity: 32, heldByOthers: 0 }]);
    expect(inventory).toMatchObject({ nodes: 0, allocated: new Map() });
  });
});

describe('a partial inventory', () => {
  test('says which devices are not counted, why, and what to do', () => {
    const region = aRegion(
      {},
      {
        omissions: [
          { cause: 'NoProductLabel', what: 'nvidia.com/gpu', devices: 8, nodes: ['gpu-1'] },
          { cause: 'OnlyResourceSlices', what: 'gpu.nvidia.com', devices: 40, nodes: ['a', 'b', 'c', 'd', 'e'] },
        ],
      },
    );
    expect(inventoryOf(specOf(), region, JUDGED).partial).toBe(
      '8 devices on node gpu-1 (nvidia.com/gpu) are not counted, because the label with their product is missing: ' +
        "let the vendor's node labeller set it; " +
        '40 devices on nodes a, b, c and 2 more are offered only as ResourceSlices of gpu.nvidia.com, which are not ' +
        'counted yet: let the device plugin offer them to have jobs placed there',
    );
  });

  test('says so where a product comes as two resources', () => {
    const omission = { cause: 'ProductOfOtherResource', what: 'nvidia.com/mig', devices: 7, nodes: ['a'] } as const;
    expect(inventoryOf(specOf(), aRegion({}, { omissions: [omission] }), JUDGED).partial).toMatch(
      /^7 devices on node a \(nvidia.com\/mig\) are not counted, because another resource of the site has the same product/,
    );
  });
});
