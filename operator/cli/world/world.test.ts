import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { aComputeSite } from '../../../test/builders/cluster.ts';
import { staticOutlooks } from '../../../test/builders/outlooks.ts';
import { aPool, atHour, H100, MIDNIGHT, series } from '../../../test/builders/planning.ts';
import type { ComputeSite } from '../../api/v1alpha1/compute-site.generated.ts';
import { parseConfig } from '../../config/parse-config.ts';
import { carbonNow } from '../../controllers/computesite/carbon-now.ts';
import { judgeSite } from '../../controllers/computesite/judge-site.ts';
import { publishedPrices } from '../../controllers/computesite/published/electricity-prices.ts';
import { publishedForecasts } from '../../controllers/computesite/published/forecasts.ts';
import { priceNow, pricesThatCount } from '../../controllers/computesite/site-prices.ts';
import { siteRecordOf } from '../../controllers/computesite/site-record.ts';
import { siteStatus } from '../../controllers/computesite/site-status.ts';
import { sitesForPlanning, type SiteSurroundings } from '../../controllers/computesite/to-site.ts';
import { inventoryOf } from '../../controllers/inventory/site-inventory.ts';
import type { RegionInventory } from '../../controllers/inventory/region-inventory.ts';
import type { ComputeSiteSpecParsed } from '../../api/v1alpha1/parse/compute-site.ts';
import { systemClock } from '../../runtime/clocks.ts';
import type { Resources } from './resources.ts';
import { withApplied, worldOf } from './world.ts';
import { aCarbonAwareJob } from '../../../test/builders/carbon-aware-job.ts';

const CONFIG = parseConfig('', 'a test');
const NOW = MIDNIGHT;

function resources(overrides: Partial<Resources> = {}): Resources {
  return {
    ...{ sites: [], policies: [], namespaces: [], jobs: [], workloads: [] },
    ...{ namespace: 'research', notes: [] },
    ...overrides,
  };
}

function seen(found: Resources) {
  const options = { config: CONFIG, clock: { ...systemClock, now: () => NOW }, intensityFile: undefined };
  return worldOf(found, options, new AbortController().signal);
}

/** What the operator knows of a site. */
interface Known {
  readonly region: RegionInventory;
  readonly figures: readonly (number | undefined)[];
  readonly prices: readonly number[];
  readonly devicePrice: number;
}

function surroundingsOf(site: ComputeSite, { region, figures, prices, devicePrice }: Known): SiteSurroundings {
  const samples = prices.map((perKilowattHour, k) => {
    return { startsAt: atHour(k), endsAt: atHour(k + 1), perKilowattHour, estimated: false };
  });
  const priceSeries = { zone: 'SE-SE3', currency: 'EUR', basis: 'Market', source: 'market', samples } as const;
  const outlook = { series: series(figures, { zone: 'SE-SE3' }), rung: 'LiveForecast' } as const;
  return {
    sites: [siteRecordOf(site)],
    inventoryOfRegion: () => region,
    isPlanned: () => true,
    outlooks: staticOutlooks({ 'SE-SE3': { outlook } }),
    prices: { get: () => ({ series: priceSeries, publishedUntil: undefined, failures: [] }) },
    nodePrices: { devicePrice: () => ({ perHour: devicePrice, currency: 'EUR' }) },
  };
}

/** The site with the status that the operator writes for what it knows. */
function published(site: ComputeSite, surroundings: SiteSurroundings): ComputeSite {
  const record = siteRecordOf(site);
  const spec = (record.spec as { readonly value: ComputeSiteSpecParsed }).value;
  const { nodePrices, outlooks, prices, inventoryOfRegion } = surroundings;
  const judged = {
    isPlanned: () => true,
    priceOf: (product: string) => nodePrices.devicePrice('', product)?.perHour ?? 0,
  };
  const status = siteStatus({
    ...{ now: NOW, record, judgement: judgeSite(record, [record]), inventoryStaleSince: undefined },
    inventory: inventoryOf(spec, inventoryOfRegion(spec.region), judged),
    carbon: carbonNow('SE-SE3', outlooks, NOW),
    price: priceNow(spec, prices.get('SE-SE3'), NOW),
    isMeasured: true,
    use: undefined,
    published: {
      forecasts: publishedForecasts('SE-SE3', outlooks, NOW),
      electricityPrices: publishedPrices(pricesThatCount(spec, prices.get('SE-SE3')), NOW),
    },
  });
  return { ...site, status };
}

function measuredBefore(busyWatts: number | undefined): Pick<ComputeSite, 'status'> {
  if (busyWatts === undefined) return {};
  const pool = { product: H100, resource: 'nvidia.com/gpu', capacity: 1, allocated: 0, maxCapacity: 1 };
  return { status: { accelerators: [{ ...pool, measuredPower: { busyWatts } }] } };
}

describe('a site as it is read back from its status', () => {
  test('is the site that the operator plans with', async () => {
    const figure = fc.option(
      fc.integer({ min: 1, max: 9_000 }).map((tenths) => tenths / 10),
      { nil: undefined },
    );
    const figures = fc.array(figure, { minLength: 2, maxLength: 60 }).map((some) => [100, 100.5, ...some, 90, 91.5]);
    const pool = fc.record({ capacity: fc.integer({ min: 0, max: 64 }), held: fc.integer({ min: 0, max: 64 }) });
    const prices = fc.array(
      fc.integer({ min: -500, max: 5_000 }).map((k) => k / 10_000),
      { minLength: 3, maxLength: 40 },
    );
    const devicePrice = fc.integer({ min: 0, max: 500 }).map((cents) => cents / 100);
    const busyWatts = fc.option(fc.integer({ min: 1, max: 2_000 }), { nil: undefined });
    const known = fc.record({ pool, devicePrice, busyWatts });
    await fc.assert(
      fc.asyncProperty(figures, prices, known, async (some, priced, { pool: { capacity, held }, ...told }) => {
        const region = {
          ...{ nodes: 4, nodesAcceptingWork: 4, omissions: [] },
          pools: [{ ...aPool(), capacity, held: Math.min(held, capacity), heldByJob: new Map<string, number>() }].map(
            ({ product, resource, ...rest }) => ({ product, resource, ...rest }),
          ),
        };
        const spec = { accelerators: [{ product: H100, maxCapacity: 80 }] };
        const site = { ...aComputeSite('stockholm', spec), ...measuredBefore(told.busyWatts) };
        const surroundings = surroundingsOf(site, {
          ...{ region, figures: some, prices: priced, devicePrice: told.devicePrice },
        });
        const world = await seen(resources({ sites: [published(site, surroundings)] }));
        expect(world.notes).toEqual([]);
        expect(world.snapshot.sites).toEqual(sitesForPlanning(surroundings).sites);
      }),
      {
        numRuns: 50,
        // Every other hour is missing.
        examples: [
          [
            [100, 100.5, undefined, 0.1, undefined, 0.1, undefined, 0.1, undefined, undefined, 90, 91.5],
            [0, 0, 0],
            { pool: { capacity: 0, held: 0 }, devicePrice: 0, busyWatts: undefined },
          ],
        ],
      },
    );
  });
});

describe('a site that nobody has looked at', () => {
  const site = aComputeSite('stockholm', { accelerators: [{ product: H100, maxCapacity: 16 }] });

  test('has what its spec lists, there and free, and the typical day of its zone', async () => {
    const { notes, snapshot } = await seen(resources({ sites: [site] }));
    expect(snapshot.sites[0]).toMatchObject({
      pools: [{ product: H100, capacity: 16, heldByOthers: 0 }],
      outlooks: { Average: { rung: 'TypicalDay' } },
    });
    expect(notes).toEqual([
      'of stockholm no status says what is there: what spec.accelerators lists is taken to be there and free',
    ]);
  });

  test('whose status can’t be read in part says in which', async () => {
    const [forecast] = publishedForecasts(
      'SE-SE3',
      staticOutlooks({ 'SE-SE3': { outlook: { series: series([1, 2, 3]), rung: 'LiveForecast' } } }),
      NOW,
    );
    if (forecast === undefined) throw new Error('nothing was published');
    const spoilt = { ...site, status: { forecasts: [{ ...forecast, gramsPerKWh: '1 two 3' }], conditions: [] } };
    const { notes } = await seen(resources({ sites: [spoilt] }));
    expect(notes).toEqual([
      'site stockholm: status.forecasts[0].gramsPerKWh: has "two" in place 2; write a number there, or - where it is unknown',
    ]);
  });

  test('is planned with no forecast of last week', async () => {
    const outlook = { series: series([1, 2, 3]), rung: 'LiveForecast' } as const;
    const forecasts = [...publishedForecasts('SE-SE3', staticOutlooks({ 'SE-SE3': { outlook } }), NOW)];
    const old = { ...site, status: { forecasts } };
    const later = { config: CONFIG, clock: { ...systemClock, now: () => atHour(4) }, intensityFile: undefined };
    const { snapshot } = await worldOf(resources({ sites: [old] }), later, new AbortController().signal);
    expect(snapshot.sites[0]?.outlooks.Average?.rung).toBe('TypicalDay');
  });
});

describe('a region that two sites claim', () => {
  const pool = { product: H100, resource: 'nvidia.com/gpu', capacity: 8, allocated: 2, maxCapacity: 8 };
  const status = { nodes: 1, accelerators: [{ ...pool, pricePerHour: '2.10' }] };
  const older = aComputeSite('b-first', {}, { status });
  const younger = aComputeSite('a-second', {}, { metadata: { creationTimestamp: '2026-06-02T00:00:00Z' } });

  test('is read in the status of the older one, wherever it stands', async () => {
    for (const sites of [
      [younger, older],
      [older, younger],
    ]) {
      const { snapshot } = await seen(resources({ sites }));
      expect(snapshot.sites).toMatchObject([
        { name: 'b-first', pools: [{ capacity: 8, heldByOthers: 2, pricePerHour: 2.1 }] },
      ]);
      expect(snapshot.sitesNotReady).toMatchObject([{ site: 'a-second' }]);
    }
  });

  test('is that of the only one with such a spec that can be read', async () => {
    const broken = { ...older, metadata: { ...older.metadata, name: 'c' }, spec: { ...older.spec, pue: 'low' } };
    const { snapshot } = await seen(resources({ sites: [broken, { ...younger, status }] }));
    expect(snapshot.sites.map(({ name }) => name)).toEqual(['a-second']);
  });
});

test('a site that the operator finds not Ready is left out of a plan in its words', async () => {
  const message = 'none of the 2 nodes of region north accepts work: uncordon them';
  const ready = { type: 'Ready', status: 'False', reason: 'NoNodes', message } as const;
  const conditions = [{ ...ready, observedGeneration: 1, lastTransitionTime: '2026-06-01T00:00:00Z' }];
  const site = aComputeSite('stockholm', {}, { status: { nodes: 0, conditions } });
  const { snapshot } = await seen(resources({ sites: [site] }));
  expect(snapshot.sitesNotReady).toEqual([{ site: 'stockholm', message }]);
});

describe('jobs that are applied', () => {
  const job = aCarbonAwareJob({ metadata: { name: 'train', namespace: 'research' } });

  test('come now where they are new, and in the namespace where the user is', () => {
    const { namespace: _, ...metadata } = job.metadata;
    const { jobs } = withApplied(resources(), [{ ...job, metadata }], atHour(3));
    expect(jobs).toMatchObject([
      { metadata: { name: 'train', namespace: 'research', creationTimestamp: '2026-06-01T03:00:00Z' } },
    ]);
  });

  test('keep what they have done where they are there', () => {
    const before = { ...job, status: { phase: 'Paused' as const } };
    const { jobs } = withApplied(resources({ jobs: [before] }), [job], atHour(3));
    expect(jobs).toHaveLength(1);
    expect(jobs[0]?.status).toEqual({ phase: 'Paused' });
    expect(jobs[0]?.metadata.creationTimestamp).toBe(before.metadata.creationTimestamp);
  });

  test('with something wrong are refused, all of it at once', () => {
    const wrong = { ...job, spec: { ...job.spec, expectedDuration: '6 hours', objective: 'Green' as never } };
    expect(() => withApplied(resources(), [wrong], NOW)).toThrow(
      'research/train: spec.expectedDuration: "6 hours" is not a length of time; write it like 6h, 1h30m or 45s; spec.objective',
    );
  });

  test('of one name are refused', () => {
    expect(() => withApplied(resources(), [job, job], NOW)).toThrow('research/train: there are two jobs of that name');
  });
});
