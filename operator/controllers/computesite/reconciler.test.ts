import { describe, expect, test } from '@jest/globals';
import { aComputeSite } from '../../../test/builders/cluster.ts';
import { NO_PRICES, staticOutlooks, type KnownOfZone } from '../../../test/builders/outlooks.ts';
import { atHour, H100, hours, MIDNIGHT, series } from '../../../test/builders/planning.ts';
import { aSiteUse } from '../../../test/builders/site-use.ts';
import { FakeClock } from '../../../test/fixtures/fake-clock.ts';
import { InMemoryKubernetesApi } from '../../../test/fixtures/in-memory-kubernetes-api/in-memory-kubernetes-api.ts';
import { interceptedKubernetesApi } from '../../../test/fixtures/intercepted-kubernetes-api.ts';
import type { ComputeSite, ComputeSiteSpec } from '../../api/v1alpha1/compute-site.generated.ts';
import { COMPUTE_SITES } from '../../api/v1alpha1/kinds.ts';
import { MINUTE_MS, SECOND_MS } from '../../domain/units.ts';
import type { EventNote } from '../../ports/events.ts';
import { SourceError } from '../../ports/source-error.ts';
import { Store } from '../../runtime/cache/store.ts';
import type { RegionInventory, RegionPool } from '../inventory/region-inventory.ts';
import type { SiteUse } from '../usage/usage-reader.ts';
import { ComputeSiteReconciler } from './reconciler.ts';
import { siteRecordOf, type SiteRecord } from './site-record.ts';

const abort = new AbortController().signal;

function aRegion(pool: Partial<RegionPool> = {}, rest: Partial<RegionInventory> = {}): RegionInventory {
  const seen = { product: H100, resource: 'nvidia.com/gpu', capacity: 16, held: 3, heldByJob: new Map(), ...pool };
  return { nodes: 2, nodesAcceptingWork: 2, pools: [seen], omissions: [], ...rest };
}

const DAY = Array.from({ length: 24 }, (_, hour) => 100 + hour);

async function aCluster(spec: Partial<ComputeSiteSpec> = {}) {
  const clock = new FakeClock(MIDNIGHT);
  const server = new InMemoryKubernetesApi(() => clock.now());
  let writes = 0;
  const api = interceptedKubernetesApi(server, (call, proceed) => {
    if (call.verb === 'apply') writes += 1;
    return proceed();
  });
  const sites = new Store<SiteRecord>();
  const observe = (site: ComputeSite): void => sites.set(site.metadata.name, siteRecordOf(site));
  const world: {
    region: RegionInventory;
    heardAt: number | undefined;
    zones: Record<string, KnownOfZone>;
    use: SiteUse | undefined;
  } = {
    region: aRegion(),
    heardAt: MIDNIGHT,
    use: undefined,
    zones: { 'SE-SE3': { outlook: { series: series(DAY), rung: 'LiveForecast' } } },
  };
  const notes: EventNote[] = [];
  const reconciler = new ComputeSiteReconciler({
    api,
    clock,
    events: { record: (_, note) => notes.push(note) },
    sites,
    inventory: { region: () => world.region },
    inventoryHeardAt: () => world.heardAt,
    outlooks: staticOutlooks(world.zones),
    ...NO_PRICES,
    usage: { isMeasured: true, site: () => world.use },
    observe,
  });
  const create = async (name: string, own: Partial<ComputeSiteSpec>): Promise<void> => {
    const { apiVersion, kind, spec: given } = aComputeSite(name, own);
    const object = { apiVersion, kind, metadata: { name }, spec: given };
    observe(await server.create<ComputeSite>(COMPUTE_SITES, object, { fieldManager: 'test' }, abort));
  };
  await create('lulea', spec);
  return {
    clock,
    create,
    notes,
    observe,
    reconciler,
    server,
    sites,
    world,
    writes: () => writes,
    async reconcile(name = 'lulea') {
      const { requeueAfterMs } = await reconciler.reconcile(name, abort);
      const { status } = await server.get<ComputeSite>(COMPUTE_SITES, { name }, abort);
      const conditions = new Map(status?.conditions?.map((condition) => [condition.type, condition]));
      return { status, requeueAfterMs, condition: (type: string) => conditions.get(type) };
    },
  };
}

describe('an event', () => {
  const down: KnownOfZone = {
    outlook: { series: series(DAY), rung: 'CachedForecast' },
    failures: [{ source: 'vendor', error: new SourceError('Unavailable', 'no route') }],
  };

  test('tells of another rung of the ladder, down and up again, and of nothing else', async () => {
    const { notes, reconcile, world, clock } = await aCluster();
    await reconcile();
    await reconcile();
    expect(notes).toEqual([]);
    world.zones['SE-SE3'] = down;
    await reconcile();
    await reconcile();
    expect(notes).toMatchObject([{ type: 'Normal', reason: 'CachedForecast' }]);
    expect(notes[0]?.message).toContain('vendor: no route');
    await clock.advance(hours(4));
    await reconcile();
    expect(notes.slice(1)).toMatchObject([{ type: 'Warning', reason: 'CachedForecast' }]);
    world.zones['SE-SE3'] = { outlook: { series: series(DAY, { issuedAt: atHour(4) }), rung: 'LiveForecast' } };
    await reconcile();
    expect(notes.slice(2)).toMatchObject([{ type: 'Normal', reason: 'LiveForecast' }]);
  });
});

describe('the status of a site', () => {
  test('says what it has, how clean its electricity is, and that jobs can be planned there', async () => {
    const cluster = await aCluster();
    const { status } = await cluster.reconcile();
    expect(status).toEqual({
      observedGeneration: 1,
      zone: 'SE-SE3',
      intensity: {
        gramsPerKWh: 100,
        trend: 'Steady',
        signal: 'Average',
        scope: 'Lifecycle',
        source: 'file',
        rung: 'LiveForecast',
        estimated: false,
        at: '2026-06-01T00:00:00Z',
        issuedAt: '2026-06-01T00:00:00Z',
      },
      forecastUntil: '2026-06-02T00:00:00Z',
      forecasts: [
        {
          signal: 'Average',
          scope: 'Lifecycle',
          source: 'file',
          rung: 'LiveForecast',
          issuedAt: '2026-06-01T00:00:00Z',
          start: '2026-06-01T00:00:00Z',
          slot: '1h',
          gramsPerKWh: Array.from({ length: 24 }, (_, k) => 100 + k).join(' '),
        },
      ],
      devices: { capacity: 16, free: 13 },
      accelerators: [{ product: H100, resource: 'nvidia.com/gpu', capacity: 16, allocated: 3, maxCapacity: 16 }],
      nodes: 2,
      conditions: [
        expect.objectContaining({
          type: 'Ready',
          status: 'True',
          reason: 'Ready',
          message: 'region north in grid zone SE-SE3',
          observedGeneration: 1,
        }),
        expect.objectContaining({ type: 'CarbonDataFresh', status: 'True', reason: 'LiveForecast' }),
        expect.objectContaining({ type: 'InventoryFresh', status: 'True', reason: 'InventoryComplete' }),
        expect.objectContaining({ type: 'PricesFresh', status: 'True', reason: 'PricesFlat' }),
      ],
    });
  });

  test('says that the zone was found from the region', async () => {
    const cluster = await aCluster({ region: 'eu-central-1', zone: undefined as never });
    const { status, condition } = await cluster.reconcile();
    expect(status?.zone).toBe('DE');
    expect(condition('Ready')?.message).toBe('region eu-central-1 in grid zone DE, found from the region');
  });

  test('of an unknown region asks for the zone, and still shows what is there', async () => {
    const cluster = await aCluster({ zone: undefined as never });
    const { status, condition } = await cluster.reconcile();
    expect(condition('Ready')).toMatchObject({
      status: 'False',
      reason: 'ZoneUnknown',
      message: 'the grid zone of region "north" is not known: set spec.zone, e.g. SE-SE3 or DE',
    });
    expect(condition('CarbonDataFresh')).toMatchObject({ status: 'Unknown', reason: 'ZoneUnknown' });
    expect(condition('InventoryFresh')).toMatchObject({ status: 'True' });
    expect(status).toMatchObject({ nodes: 2, devices: { capacity: 16 } });
    expect(status).not.toHaveProperty('zone');
    expect(status).not.toHaveProperty('intensity');
  });

  test('whose region is taken counts nothing of it', async () => {
    const cluster = await aCluster();
    await cluster.create('lulea-2', {});
    const { status, condition } = await cluster.reconcile('lulea-2');
    expect(condition('Ready')).toMatchObject({ status: 'False', reason: 'RegionTaken' });
    expect(condition('InventoryFresh')).toMatchObject({ status: 'Unknown', reason: 'RegionTaken' });
    expect(status).toMatchObject({ zone: 'SE-SE3', intensity: { gramsPerKWh: 100 } });
    expect(status).not.toHaveProperty('devices');
  });

  test('without nodes is not Ready, with some that it can provision it is', async () => {
    const cluster = await aCluster();
    cluster.world.region = { nodes: 0, nodesAcceptingWork: 0, pools: [], omissions: [] };
    const { condition } = await cluster.reconcile();
    expect(condition('Ready')).toMatchObject({ status: 'False', reason: 'NoNodes' });
    await cluster.create('scaled-to-zero', { region: 'other', accelerators: [{ product: H100, maxCapacity: 8 }] });
    const scaled = await cluster.reconcile('scaled-to-zero');
    expect(scaled.condition('Ready')).toMatchObject({ status: 'True', reason: 'Ready' });
    expect(scaled.status).toMatchObject({ devices: { capacity: 0, free: 0 }, accelerators: [{ maxCapacity: 8 }] });
  });

  test('on paper says so', async () => {
    const cluster = await aCluster({ cluster: { inventory: {} }, accelerators: [{ product: H100, maxCapacity: 8 }] });
    const { status, condition } = await cluster.reconcile();
    expect(condition('Ready')).toMatchObject({ status: 'True', reason: 'InventoryOnPaper' });
    expect(condition('InventoryFresh')).toMatchObject({ status: 'True', reason: 'InventoryOnPaper' });
    expect(status).toMatchObject({ nodes: 0, accelerators: [{ capacity: 0, maxCapacity: 8 }] });
  });

  test('says in words what could not be counted', async () => {
    const cluster = await aCluster();
    const omission = { cause: 'OnlyResourceSlices', what: 'gpu.nvidia.com', devices: 8, nodes: ['dra-1'] } as const;
    cluster.world.region = aRegion({}, { omissions: [omission] });
    const { condition } = await cluster.reconcile();
    expect(condition('InventoryFresh')).toMatchObject({ status: 'False', reason: 'InventoryPartial' });
    expect(condition('InventoryFresh')?.message).toContain(
      '8 devices on node dra-1 are offered only as ResourceSlices',
    );
    expect(condition('Ready')?.status).toBe('True');
  });

  test('says that the inventory is stale once the API server was silent for two minutes', async () => {
    const cluster = await aCluster();
    await cluster.clock.advance(2 * MINUTE_MS);
    expect((await cluster.reconcile()).condition('InventoryFresh')?.status).toBe('True');
    await cluster.clock.advance(1);
    expect((await cluster.reconcile()).condition('InventoryFresh')).toMatchObject({
      status: 'False',
      reason: 'InventoryStale',
      message: 'the API server was last heard of nodes and pods at 2026-06-01T00:00:00Z',
    });
  });

  test('says what its devices do, and whether all of that is known', async () => {
    const cluster = await aCluster();
    cluster.world.use = aSiteUse({ active: 0.431, watts: 5_600.4 });
    const { status, condition } = await cluster.reconcile();
    expect(status).toMatchObject({
      devices: { capacity: 16, free: 13, utilisation: 43 },
      accelerators: [{ product: H100, capacity: 16, utilisation: 43, watts: 5_600 }],
    });
    expect(condition('UsageKnown')).toMatchObject({ status: 'True', reason: 'UsageMeasured' });
  });

  test('names every field that can not be used', async () => {
    const cluster = await aCluster({ pue: '0.5' });
    const { status, condition } = await cluster.reconcile();
    expect(condition('Ready')).toMatchObject({ status: 'False', reason: 'InvalidSpec' });
    expect(condition('Ready')?.message).toMatch(/^spec\.pue: /);
    expect(Object.keys(status ?? {}).sort()).toEqual(['conditions', 'observedGeneration']);
  });

  test('loses its intensity, and says why, when nothing is known any more', async () => {
    const cluster = await aCluster();
    await cluster.reconcile();
    const error = new SourceError('Unauthorised', 'the key is refused: correct it');
    cluster.world.zones['SE-SE3'] = { failures: [{ source: 'vendor', error }] };
    const { status, condition } = await cluster.reconcile();
    expect(condition('CarbonDataFresh')).toMatchObject({
      status: 'False',
      reason: 'Unauthorised',
      message: error.message,
    });
    expect(status).not.toHaveProperty('intensity');
    expect(status).not.toHaveProperty('forecastUntil');
  });
});

describe('a write', () => {
  test('is made once, and not again while nothing changes', async () => {
    const cluster = await aCluster();
    await cluster.reconcile();
    await cluster.clock.advance(MINUTE_MS);
    await cluster.reconcile();
    expect(cluster.writes()).toBe(1);
  });

  test('of figures that move all the time waits its turn, and is then made', async () => {
    const cluster = await aCluster();
    await cluster.reconcile();
    await cluster.clock.advance(4 * SECOND_MS);
    cluster.world.region = aRegion({ held: 4 });
    expect((await cluster.reconcile()).requeueAfterMs).toBe(6 * SECOND_MS);
    expect(cluster.writes()).toBe(1);
    await cluster.clock.advance(6 * SECOND_MS);
    expect((await cluster.reconcile()).status?.devices).toEqual({ capacity: 16, free: 12 });
    expect(cluster.writes()).toBe(2);
  });

  test('of what its devices do waits its turn as well, and is not made for a jitter', async () => {
    const cluster = await aCluster();
    cluster.world.use = aSiteUse({ active: 0.4, watts: 5_000, message: '16 of 16' });
    await cluster.reconcile();
    await cluster.clock.advance(MINUTE_MS);
    cluster.world.use = aSiteUse({ active: 0.42, watts: 5_100, message: '16 of 16' });
    await cluster.reconcile();
    expect(cluster.writes()).toBe(1);
    cluster.world.use = aSiteUse({ active: 0.43, watts: 5_101 });
    expect((await cluster.reconcile()).status).toMatchObject({ accelerators: [{ utilisation: 43, watts: 5_101 }] });
    expect(cluster.writes()).toBe(2);
    cluster.world.use = aSiteUse({ active: 0.6, message: '15 of 16' });
    expect((await cluster.reconcile()).requeueAfterMs).toBe(10 * SECOND_MS);
    expect(cluster.writes()).toBe(2);
  });

  test('of what is not known any more is made at once', async () => {
    const cluster = await aCluster();
    cluster.world.use = aSiteUse();
    await cluster.reconcile();
    cluster.world.use = aSiteUse({ active: undefined, known: { status: 'False', reason: 'UsagePartial' } });
    const { status, condition } = await cluster.reconcile();
    expect(cluster.writes()).toBe(2);
    expect(condition('UsageKnown')).toMatchObject({ status: 'False', reason: 'UsagePartial' });
    expect(status?.devices).toEqual({ capacity: 16, free: 13 });
    expect(status?.accelerators?.[0]).not.toHaveProperty('utilisation');
  });

  test('of what people act on is made at once', async () => {
    const cluster = await aCluster();
    await cluster.reconcile();
    cluster.world.region = aRegion({ capacity: 8 });
    await cluster.reconcile();
    cluster.world.region = aRegion({ capacity: 8 }, { nodesAcceptingWork: 1 });
    await cluster.reconcile();
    expect(cluster.writes()).toBe(3);
  });

  test('is refused where the site has changed since it was judged', async () => {
    const cluster = await aCluster();
    const patch = { spec: { pue: '1.3' } };
    await cluster.server.mergePatch(COMPUTE_SITES, { name: 'lulea' }, patch, { fieldManager: 'user' }, abort);
    await expect(cluster.reconcile()).rejects.toMatchObject({ status: 409, reason: 'Conflict' });
  });

  test('to a site that was just deleted is no error', async () => {
    const cluster = await aCluster();
    await cluster.server.delete(COMPUTE_SITES, { name: 'lulea' }, { propagationPolicy: 'Background' }, abort);
    await expect(cluster.reconciler.reconcile('lulea', abort)).resolves.toBeDefined();
    cluster.sites.delete('lulea');
    expect(await cluster.reconciler.reconcile('lulea', abort)).toEqual({});
  });
});

describe('a site is looked at again', () => {
  test('when the next slot of the forecast begins', async () => {
    const cluster = await aCluster();
    await cluster.clock.advance(hours(1) - 20 * SECOND_MS);
    const { requeueAfterMs } = await cluster.reconcile();
    expect(requeueAfterMs).toBe(20 * SECOND_MS);
    await cluster.clock.advance(20 * SECOND_MS);
    expect((await cluster.reconcile()).status?.intensity?.gramsPerKWh).toBe(101);
  });

  test('every minute, and never more than once a second', async () => {
    const cluster = await aCluster();
    expect((await cluster.reconcile()).requeueAfterMs).toBe(MINUTE_MS);
    await cluster.clock.advance(hours(1) - 3);
    expect((await cluster.reconcile()).requeueAfterMs).toBe(SECOND_MS);
  });
});
