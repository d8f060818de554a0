import { expect, test } from '@jest/globals';
import { aJobRecord } from '../../../test/builders/carbon-aware-job.ts';
import { NO_PRICES, staticOutlooks } from '../../../test/builders/outlooks.ts';
import { atHour, H100, hours, MIDNIGHT, series } from '../../../test/builders/planning.ts';
import { BUILT_IN_POLICY } from '../../api/v1alpha1/defaults.ts';
import type { EffectivePolicy } from '../../api/v1alpha1/effective-policy.ts';
import { ACCELERATOR_RESOURCES } from '../../domain/accelerators/accelerator-resource.ts';
import type { PlanningSnapshot } from '../../planning/snapshot.ts';
import { Store } from '../../runtime/cache/store.ts';
import type { JobRecord } from '../carbonawarejob/job-record.ts';
import { siteRecordOf, type SiteRecord } from '../computesite/site-record.ts';
import type { RegionInventory } from '../inventory/region-inventory.ts';
import type { OutlookReader } from '../outlooks/outlooks.ts';
import { gatherSnapshot } from './gather.ts';

const MARGINAL: EffectivePolicy = { ...BUILT_IN_POLICY, name: 'marginal', signal: 'Marginal' };
const REGION: RegionInventory = {
  nodes: 1,
  nodesAcceptingWork: 1,
  pools: [{ product: H100, resource: 'nvidia.com/gpu', capacity: 8, held: 0, heldByJob: new Map() }],
  omissions: [],
};
const KNOWN = staticOutlooks({ DE: { outlook: { series: series([300, 200, 100]), rung: 'LiveForecast' } } });

/** One site in Germany and one job, governed by the policy. */
function gathered({ policy, outlooks }: { policy: EffectivePolicy; outlooks: OutlookReader }): PlanningSnapshot {
  const jobs = new Store<JobRecord>();
  jobs.set('research/train', aJobRecord());
  const sites = new Store<SiteRecord>();
  const spec = { region: 'eu-central-1', zone: 'DE', pue: '1.1', cluster: { local: {} } };
  sites.set('berlin', siteRecordOf({ metadata: { name: 'berlin' }, spec } as never));
  const sources = {
    jobs,
    workloads: new Store<never>(),
    sites,
    inventory: { region: () => REGION },
    outlooks,
    ...NO_PRICES,
    governance: () => ({ policyOf: () => policy, policies: [BUILT_IN_POLICY, policy] }),
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
  const snapshot = gathered({ policy: BUILT_IN_POLICY, outlooks: KNOWN });
  expect(snapshot.now).toBe(MIDNIGHT);
  expect(snapshot.sites).toMatchObject([{ name: 'berlin', zone: 'DE', pools: [{ product: H100, capacity: 8 }] }]);
  expect(snapshot.jobs.map(({ key }) => key)).toEqual(['research/train']);
});

test('a site whose zone nobody has been asked about joins with the first answer', () => {
  expect(gathered({ policy: BUILT_IN_POLICY, outlooks: staticOutlooks({}) }).sites).toEqual([]);
});

test('the first policy by another signal hides no site, and its own jobs wait for the first answer', () => {
  const snapshot = gathered({ policy: MARGINAL, outlooks: KNOWN });
  expect(snapshot.sites).toHaveLength(1);
  expect(snapshot.jobs).toEqual([]);
});
