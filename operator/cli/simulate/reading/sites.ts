import type { ComputeSite } from '../../../api/v1alpha1/compute-site.generated.ts';
import { API_VERSION, COMPUTE_SITES } from '../../../api/v1alpha1/kinds.ts';
import { type FieldReader } from '../../../api/v1alpha1/parse/field-reader.ts';
import { siteRecordOf, type SiteRecord } from '../../../controllers/computesite/site-record.ts';
import { sitesForPlanning } from '../../../controllers/computesite/to-site.ts';
import type { Signal } from '../../../domain/intensity.ts';
import type { SimulatedSite } from '../../../simulation/scenario.ts';
import { UsageError } from '../../answer.ts';
import { readManifests } from '../../world/manifests.ts';
import { publishedKnowledge } from '../../world/published.ts';
import { shaped } from '../../world/shape.ts';
import { SITE_STATUS } from '../../world/shapes.ts';
import { toldNotReady } from '../../world/told.ts';
import { refuseOthers } from './fields.ts';

/** Sites as jobs are replayed at them. Throws {@link UsageError} with every site that can't be used. */
export function sitesOf(manifests: readonly ComputeSite[], origin: string): readonly SimulatedSite[] {
  if (manifests.length === 0) throw new UsageError(`${origin} has no ComputeSite: write one at least`);
  const records = manifests.map(siteRecordOf).map(free);
  const twice = records.map(({ name }) => name).find((name, k, all) => all.indexOf(name) !== k);
  if (twice !== undefined) throw new UsageError(`${origin}: there are two sites ${twice}; give each its own name`);
  const { inventory, nodePrices } = publishedKnowledge(records, []);
  const { sites, refused } = sitesForPlanning({
    ...{ sites: records, nodePrices, isPlanned: () => false },
    inventoryOfRegion: (region) => inventory.region(region),
    outlooks: NOTHING_EXPECTED,
    prices: { get: () => undefined },
  });
  const told = toldNotReady(records);
  const refusals = [...refused].map(([name, { message }]) => `  site ${name}: ${told.get(name)?.message ?? message}`);
  if (refusals.length > 0) throw new UsageError([`${origin} can't be used:`, ...refusals].join('\n'));
  return sites.map(({ outlooks: _, ...site }) => site);
}

/** What pods hold at the moment of a snapshot says nothing of the time that is replayed. */
function free(record: SiteRecord): SiteRecord {
  const { accelerators } = record.status;
  if (accelerators === undefined) return record;
  return {
    ...record,
    status: { ...record.status, accelerators: accelerators.map((pool) => ({ ...pool, allocated: 0 })) },
  };
}

/** Of sites that are read here nothing is expected yet: what is foreseen depends on the time of planning. */
const NOTHING_EXPECTED = { get: () => undefined, failures: (_: string, __: Signal) => [], problem: () => undefined };

/** Manifests in a file of their own. */
export function siteManifestsIn(text: string, origin: string): readonly ComputeSite[] {
  return readManifests(text, origin).sites;
}

/** Members of a list: each a manifest, or its name and its spec, which is then of a site with nodes unless it says otherwise. */
export function inlineManifests(list: FieldReader): readonly ComputeSite[] {
  return list.items().flatMap((item) => {
    refuseOthers(item, ['apiVersion', 'kind', 'metadata', 'name', 'spec', 'status']);
    const name = item.field('metadata').field('name').text() ?? item.field('name').required('give the site one').text();
    const spec = item.field('spec').required('write where the site is, as in a ComputeSite');
    if (name === undefined || spec.isAbsent) return [];
    const isOfSomeKind = spec.keys().includes('cluster');
    const cluster = isOfSomeKind ? {} : { cluster: { local: {} } };
    const manifest = { apiVersion: API_VERSION, kind: COMPUTE_SITES.kind, metadata: { name } };
    const status = shaped(SITE_STATUS, item.field('status'));
    // What the other fields hold is judged when it is read as a manifest.
    return [
      {
        ...manifest,
        spec: { ...cluster, ...(spec.value as object) },
        ...(status !== undefined && { status }),
      } as never,
    ];
  });
}
