import { describe, expect, jest, test } from '@jest/globals';
import { aJobRecord } from '../../../test/builders/carbon-aware-job.ts';
import { NO_PRICES, staticOutlooks } from '../../../test/builders/outlooks.ts';
import { atHour, H100, hours, MIDNIGHT, pricesPerSlot, series } from '../../../test/builders/planning.ts';
import { LengthHistory } from '../../accounting/length-history/length-history.ts';
import { NOTHING_OBSERVED } from '../../accounting/slowdown/slowdown-history.ts';
import { BUILT_IN_POLICY } from '../../api/v1alpha1/defaults.ts';
import type { EffectivePolicy } from '../../api/v1alpha1/effective-policy.ts';
import { ACCELERATOR_RESOURCES } from '../../domain/accelerators/accelerator-resource.ts';
import { plan } from '../../planning/plan.ts';
import type { PlanningSnapshot } from '../../planning/snapshot.ts';
import { SourceError } from '../../ports/source-error.ts';
import { Store } from '../../runtime/cache/store.ts';
import type { JobRecord } from '../carbonawarejob/job-record.ts';
import { siteRecordOf, type SiteRecord } from '../computesite/site-record.ts';
import type { RegionInventory } from '../inventory/region-inventory.ts';
import type { OutlookReader } from '../outlooks/outlooks.ts';
import type { PriceReader } from '../prices/electricity-prices.ts';
import type { DevicePriceReader } from '../prices/node-prices.ts';
import { gatherSnapshot, type PlanningSources } from './gather.ts';
import { withPromises } from './promises.ts';

const MARGINAL: EffectivePolicy = { ...BUILT_IN_POLICY, name: 'marginal', signal: 'Marginal' };
const REGION: RegionInventory = {
  nodes: 1,
  nodesAcceptingWork: 1,
  pools: [{ product: H100, resource: 'nvidia.com/gpu', capacity: 8, held: 0, heldByJob: new Map() }],
  omissions: [],
};
const KNOWN = staticOutlooks({ DE: { outlook: { series: series([300, 200, 100]), rung: 'LiveForecast' } } });

interface Known {
  readonly policy: EffectivePolicy;
  readonly outlooks: OutlookReader;
  readonly prices: PriceReader;
  readonly nodePrices: DevicePriceReader;
  /** `spec.prices` of the site. */
  readonly own: object;
  /** `measuredPower` of its H100s in its status. */
  readonly measuredPower: object;
  readonly job: JobRecord;
  /** Sites next to the one in Germany. */
  readonly beside: readonly { readonly name: string; readonly spec: object }[];
  readonly lengths: NonNullable<PlanningSources['lengths']>;
}

/** A site in Germany, others beside it, and one job, governed by the policy. */
function gathered({
  policy = BUILT_IN_POLICY,
  outlooks = KNOWN,
  prices = NO_PRICES.prices,
  nodePrices = NO_PRICES.nodePrices,
  own = {},
  measuredPower,
  job = aJobRecord(),
  beside = [],
  lengths,
}: Partial<Known>): PlanningSnapshot {
  const jobs = new Store<JobRecord>();
  jobs.set('research/train', job);
  const sites = new Store<SiteRecord>();
  const spec = { region: 'eu-central-1', zone: 'DE', pue: '1.1', cluster: { local: {} }, prices: own };
  const accelerators = [{ product: H100, resource: 'nvidia.com/gpu', capacity: 8, allocated: 0, measuredPower }];
  const status = measuredPower === undefined ? {} : { accelerators };
  sites.set('berlin', siteRecordOf({ metadata: { name: 'berlin' }, spec, status } as never));
  for (const { name, spec } of beside) sites.set(name, siteRecordOf({ metadata: { name }, spec } as never));
  const sources = {
    jobs,
    workloads: new Store<never>(),
    sites,
    inventory: { region: () => REGION },
    outlooks,
    ...{ prices, nodePrices },
    governance: () => ({ policyOf: () => policy, policies: [BUILT_IN_POLICY, policy] }),
    slowdowns: () => NOTHING_OBSERVED,
    ...(lengths && { lengths }),
  };
  const settings = {
    slot: hours(1),
    tuning: { hysteresisShare: 0, pauseGainShare: 0, indifferenceShare: 0, maxAlternatives: 3 },
    resources: ACCELERATOR_RESOURCES,
    avoidanceBackoff: { base: hours(1), longest: hours(8) },
  };
  return gatherSnapshot(sources, settings, atHour(0));
}

test('sites, jobs and the moment come together in one snapshot', () => {
  const snapshot = gathered({});
  expect(snapshot.now).toBe(MIDNIGHT);
  expect(snapshot.sites).toMatchObject([{ name: 'berlin', zone: 'DE', pools: [{ product: H100, capacity: 8 }] }]);
  expect(snapshot.jobs.map(({ key }) => key)).toEqual(['research/train']);
});

test('a plan expects the energy that devices were measured to draw', () => {
  const energyOf = (known: Partial<Known>): number =>
    plan(gathered(known)).decisions.get('research/train')?.chosen?.expected.energy ?? NaN;
  const byTable = energyOf({});
  expect(byTable).toBeGreaterThan(0);
  expect(energyOf({ measuredPower: { busyWatts: 456, idleWatts: 200 } }) / byTable).toBeCloseTo(456 / 912);
});

test('what finished jobs tell of lengths is asked of whoever remembers it', () => {
  const { spec, ...rest } = aJobRecord();
  if (!spec.ok) throw new Error('the builder makes jobs that can be read');
  const job: JobRecord = { ...rest, spec: { ok: true, value: { ...spec.value, expectedDuration: undefined } } };
  const told = { identity: job.identity, homes: new Set<string>(), work: () => hours(3) };
  const lengths = jest.fn<NonNullable<PlanningSources['lengths']>>(() => new LengthHistory([told]));
  expect(gathered({ job, lengths }).jobs[0]?.lengthBelief?.learntFrom).toEqual({ kinship: 'Template', runs: 1 });
  expect(lengths).toHaveBeenCalledWith([job], NOTHING_OBSERVED);
  expect(gathered({ job }).jobs[0]?.lengthBelief).not.toHaveProperty('learntFrom');
});

describe('a site whose zone nobody has been asked about', () => {
  const FIGURES: Readonly<Record<string, readonly number[]>> = { DE: [300, 200, 100], 'SE-SE3': [30, 20, 10] };
  const knownOf = (...zones: readonly string[]) =>
    staticOutlooks(
      Object.fromEntries(
        zones.map((zone) => [zone, { outlook: { series: series(FIGURES[zone] ?? []), rung: 'LiveForecast' } }]),
      ),
    );
  const BESIDE = [
    { name: 'dublin', spec: { region: 'nowhere', pue: '1.1', cluster: { local: {} } } },
    { name: 'stockholm', spec: { region: 'eu-north-1', zone: 'SE-SE3', pue: '1.1', cluster: { local: {} } } },
  ];
  const berlin = { site: 'berlin', message: 'the intensity of zone DE is being asked for' };

  test('joins with the first answer, and is told as left out until then', () => {
    const before = gathered({ outlooks: staticOutlooks({}) });
    expect(before).toMatchObject({ sites: [], sitesNotReady: [berlin] });
    expect(gathered({ outlooks: knownOf('DE') })).toMatchObject({ sites: [{ name: 'berlin' }], sitesNotReady: [] });
  });

  test('joins with the answer that nothing is known of it as well', () => {
    const error = new SourceError('NoData', 'nobody knows anything of DE');
    const outlooks = staticOutlooks({ DE: { failures: [{ source: 'somebody', error }] } });
    expect(gathered({ outlooks })).toMatchObject({ sites: [{ name: 'berlin' }], sitesNotReady: [] });
  });

  test('stands among those that are not Ready in order of name, and among the alternatives of a plan', () => {
    const snapshot = gathered({ outlooks: knownOf('SE-SE3'), beside: BESIDE });
    expect(snapshot.sites.map(({ name }) => name)).toEqual(['stockholm']);
    const dublin = { site: 'dublin', message: expect.stringContaining('"nowhere" is not known') };
    expect(snapshot.sitesNotReady).toEqual([berlin, dublin]);
    expect(plan(snapshot).decisions.get('research/train')?.alternatives).toContainEqual(
      expect.objectContaining({ ...berlin, reason: 'SiteNotReady' }),
    );
  });

  test('makes no baseline of another place for a job at home there, and its own with the answer', () => {
    const job = aJobRecord({ spec: { placement: { home: 'berlin' } } });
    const seenWith = (...zones: readonly string[]) => gathered({ outlooks: knownOf(...zones), beside: BESIDE, job });
    const first = plan(seenWith('SE-SE3'));
    const later = plan(withPromises(seenWith('DE', 'SE-SE3'), first));
    const [atFirst, then] = [first, later].map(({ decisions }) => decisions.get('research/train'));
    expect({ chosen: atFirst?.chosen?.site, baseline: atFirst?.baseline }).toEqual({ chosen: 'stockholm' });
    expect(then).toMatchObject({ chosen: { site: 'stockholm' }, baseline: { site: 'berlin' } });
  });
});

test('the first policy by another signal hides no site, and its own jobs wait for the first answer', () => {
  const snapshot = gathered({ policy: MARGINAL });
  expect(snapshot.sites).toHaveLength(1);
  expect(snapshot.jobs).toEqual([]);
});

describe('prices', () => {
  const samples = pricesPerSlot([0.1, -0.02, 0.3]);
  const market = { zone: 'DE', currency: 'EUR', basis: 'Market', source: 'energy-charts', samples } as const;
  const prices: PriceReader = {
    get: (zone) => (zone === 'DE' ? { series: market, publishedUntil: atHour(3), failures: [] } : undefined),
  };
  const nodePrices: DevicePriceReader = {
    devicePrice: (region, product) =>
      region === 'eu-central-1' && product === H100 ? { perHour: 2.5, currency: 'EUR' } : undefined,
  };

  test('of the zone and of the nodes reach the plan, in the currency of the site', () => {
    expect(gathered({ prices, nodePrices, own: { currency: 'EUR' } }).sites).toMatchObject([
      {
        currency: 'EUR',
        electricityPricePerKilowattHour: 0,
        electricityPrices: samples,
        pools: [{ product: H100, pricePerHour: 2.5 }],
      },
    ]);
  });

  test('of the spec stand before them', () => {
    const own = {
      currency: 'EUR',
      electricityPerKWh: '0.25',
      accelerators: [{ product: H100, perHour: '1.75' }],
    };
    expect(gathered({ prices, nodePrices, own }).sites).toMatchObject([
      { electricityPricePerKilowattHour: 0.25, electricityPrices: [], pools: [{ pricePerHour: 1.75 }] },
    ]);
  });

  test('in another currency do not, and hide no site', () => {
    expect(gathered({ prices, nodePrices, own: { currency: 'SEK' } }).sites).toMatchObject([
      { currency: 'SEK', electricityPrices: [], pools: [{ pricePerHour: 0 }] },
    ]);
  });
});
