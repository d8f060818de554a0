import { describe, expect, test } from '@jest/globals';
import { aComputeSite } from '../../../test/builders/cluster.ts';
import { NO_PRICES, staticOutlooks } from '../../../test/builders/outlooks.ts';
import { H100, series } from '../../../test/builders/planning.ts';
import { powerOf } from '../../domain/accelerators/accelerator-power.ts';
import type { RegionInventory } from '../inventory/region-inventory.ts';
import { siteRecordOf } from './site-record.ts';
import { sitesForPlanning, zonesOf } from './to-site.ts';

const outlook = { series: series([100, 200]), rung: 'LiveForecast' } as const;
const EMPTY: RegionInventory = { nodes: 0, nodesAcceptingWork: 0, pools: [], omissions: [] };
const NORTH: RegionInventory = {
  nodes: 1,
  nodesAcceptingWork: 1,
  pools: [{ product: H100, resource: 'nvidia.com/gpu', capacity: 8, held: 5, heldByJob: new Map([['r/ours', 2]]) }],
  omissions: [],
};

function planned(...sites: Parameters<typeof siteRecordOf>[0][]) {
  return sitesForPlanning({
    sites: sites.map(siteRecordOf),
    inventoryOfRegion: (region) => (region === 'north' ? NORTH : EMPTY),
    isPlanned: (job) => job === 'r/ours',
    outlooks: staticOutlooks({ 'SE-SE3': { outlook } }),
    ...NO_PRICES,
  });
}

describe('a site that is Ready', () => {
  test('goes to the planner as its spec, its nodes and the grid say', () => {
    const site = aComputeSite('lulea', {
      power: { idleNodesStayOn: true },
      prices: { currency: 'SEK', electricityPerKWh: '0.4' },
      storage: { bytesPerSecond: '20G' },
      links: [{ to: 'tokyo', bitsPerSecond: '100G', roundTripTime: '250ms', pricePerGiB: '0.2' }],
    });
    expect(planned(site)).toEqual({
      sites: [
        {
          name: 'lulea',
          region: 'north',
          zone: 'SE-SE3',
          pue: 1.1,
          schedulable: true,
          idleNodesStayOn: true,
          currency: 'SEK',
          electricityPricePerKilowattHour: 0.4,
          electricityPrices: [],
          pools: [expect.objectContaining({ product: H100, capacity: 8, heldByOthers: 3 })],
          storageBytesPerSecond: 20e9,
          links: [
            {
              to: 'tokyo',
              bitsPerSecond: 100e9,
              roundTripTime: 250,
              pricePerGibibyte: 0.2,
              storageBytesPerSecond: undefined,
            },
          ],
          outlooks: { Average: outlook },
        },
      ],
      refused: new Map(),
    });
  });

  test('has the power of its devices as its status says that it was measured', () => {
    const accelerators = [
      { product: H100, resource: 'nvidia.com/gpu', ...{ capacity: 8, allocated: 5, maxCapacity: 8 } },
    ];
    const measured = accelerators.map((pool) => ({ ...pool, measuredPower: { busyWatts: 640, idleWatts: 300 } }));
    const powerOfPools = (status: object) =>
      planned({ ...aComputeSite('lulea'), status }).sites[0]?.pools.map(({ power }) => power);
    expect(powerOfPools({ accelerators })).toEqual([powerOf(H100)]);
    expect(powerOfPools({ accelerators: measured })).toEqual([{ busy: 640, idle: 300, basis: 'Measured' }]);
    const other = measured.map((pool) => ({ ...pool, product: 'another' }));
    expect(powerOfPools({ accelerators: other })).toEqual([powerOf(H100)]);
  });

  test('has no outlook where nothing is known of its zone', () => {
    expect(planned(aComputeSite('s', { zone: 'PL' })).sites[0]?.outlooks).toEqual({});
  });

  test('on paper is compared, never chosen', () => {
    const site = aComputeSite('paper', {
      cluster: { inventory: {} },
      accelerators: [{ product: H100, maxCapacity: 4 }],
    });
    expect(planned(site).sites[0]).toMatchObject({ schedulable: false, pools: [{ capacity: 0, maxCapacity: 4 }] });
  });
});

test('the others are left out, with the reason that their condition gives', () => {
  const older = { metadata: { creationTimestamp: '2020-01-01T00:00:00Z' } };
  const { sites, refused } = planned(
    aComputeSite('first', {}, older),
    aComputeSite('second'),
    aComputeSite('empty', { region: 'south' }),
    aComputeSite('odd', { pue: '0.1' }),
  );
  expect(sites.map(({ name }) => name)).toEqual(['first']);
  expect([...refused].map(([name, { reason }]) => [name, reason])).toEqual([
    ['empty', 'NoNodes'],
    ['odd', 'InvalidSpec'],
    ['second', 'RegionTaken'],
  ]);
});

test('the order of the sites is that of their names, whatever the order in which they came', () => {
  const names = (...sites: string[]) =>
    planned(...sites.map((name) => aComputeSite(name, { cluster: { inventory: {} } }))).sites.map(({ name }) => name);
  expect(names('b', 'a', 'c')).toEqual(['a', 'b', 'c']);
});

test('the zones to ask about are those of the sites that have one', () => {
  const { zone: _, ...unknown } = aComputeSite('x').spec;
  const sites = [
    aComputeSite('a'),
    aComputeSite('b'),
    aComputeSite('c', { zone: 'DE' }),
    { ...aComputeSite('x'), spec: unknown },
  ].map(siteRecordOf);
  expect([...zonesOf(sites)]).toEqual(['SE-SE3', 'DE']);
});
