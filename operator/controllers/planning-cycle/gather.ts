import type { LengthHistory } from '../../accounting/length-history/length-history.ts';
import type { SlowdownHistory } from '../../accounting/slowdown/slowdown-history.ts';
import type { AcceleratorResource } from '../../domain/accelerators/accelerator-resource.ts';
import { compareText } from '../../domain/compare-text.ts';
import type { Signal } from '../../domain/intensity.ts';
import type { PlannableJob } from '../../domain/job.ts';
import type { Site } from '../../domain/site.ts';
import type { DurationMs, EpochMs } from '../../domain/units.ts';
import type { PlannerTuning, PlanningSnapshot } from '../../planning/snapshot.ts';
import type { Workload } from '../../ports/workloads.ts';
import { objectKey } from '../../runtime/cache/object-key.ts';
import type { StoreReader } from '../../runtime/cache/store.ts';
import type { AvoidanceBackoff } from '../carbonawarejob/attempts/avoidances.ts';
import type { JobRecord } from '../carbonawarejob/job-record.ts';
import { lengthHistoryOf } from '../carbonawarejob/plannable/finished-jobs.ts';
import { isPlanned, planningSurroundings, toPlannable } from '../carbonawarejob/plannable/to-plannable.ts';
import type { Governance } from '../carbonpolicy/governance.ts';
import { carbonNow } from '../computesite/carbon-now.ts';
import type { SiteRecord } from '../computesite/site-record.ts';
import { sitesForPlanning } from '../computesite/to-site.ts';
import type { RegionInventory } from '../inventory/region-inventory.ts';
import type { OutlookReader } from '../outlooks/outlooks.ts';
import type { PriceReader } from '../prices/electricity-prices.ts';
import type { DevicePriceReader } from '../prices/node-prices.ts';

/** The caches that a plan is made from. */
export interface PlanningSources {
  readonly jobs: StoreReader<JobRecord>;
  /** By the key of the job that they carry out. */
  readonly workloads: Pick<StoreReader<Workload>, 'get'>;
  readonly sites: Pick<StoreReader<SiteRecord>, 'list'>;
  readonly inventory: { region(region: string): RegionInventory };
  readonly outlooks: OutlookReader;
  readonly prices: PriceReader;
  readonly nodePrices: DevicePriceReader;
  readonly governance: () => Pick<Governance, 'policyOf' | 'policies'>;
  /** How much longer jobs took at some sites than jobs like them elsewhere. */
  readonly slowdowns: () => SlowdownHistory;
  /** What jobs that are complete tell about the lengths of others. Absent: worked out once more, for who plans but once. */
  readonly lengths?: (jobs: readonly JobRecord[], slowdowns: SlowdownHistory) => LengthHistory;
}

export interface PlanningSettings {
  readonly slot: DurationMs;
  readonly tuning: PlannerTuning;
  readonly resources: readonly AcceleratorResource[];
  readonly avoidanceBackoff: AvoidanceBackoff;
}

/** Asked for at every site, whatever its policies plan by. */
const SHOWN_SIGNAL: Signal = 'Average';

/** Everything that the next plan depends on, at one moment. Reads caches only. */
export function gatherSnapshot(sources: PlanningSources, settings: PlanningSettings, now: EpochMs): PlanningSnapshot {
  const { slot, tuning, resources, avoidanceBackoff } = settings;
  const { lengths = lengthHistoryOf } = sources;
  const { policyOf, policies } = sources.governance();
  const { sites, sitesNotReady } = gatherSites(sources, now);
  const isAskedFor = new Map(
    policies.map(({ signal }) => [signal, sites.every(({ zone }) => hasBeenAskedFor(zone, signal, sources.outlooks))]),
  );
  const records = sources.jobs.list();
  const slowdowns = sources.slowdowns();
  const history = lengths(records, slowdowns);
  const surroundings = planningSurroundings(sites, { now, slot, resources, avoidanceBackoff, history, slowdowns });
  const jobs: PlannableJob[] = [];
  for (const record of records) {
    const policy = policyOf(record.metadata.namespace ?? '');
    const job = toPlannable(record, sources.workloads.get(objectKey(record.metadata)), policy, surroundings);
    // What runs keeps its devices in the books; what waits for the first answer by its signal is planned with that answer.
    if (job !== undefined && (job.phase === 'Running' || isAskedFor.get(job.signal) === true)) jobs.push(job);
  }
  return { now, slot, sites, sitesNotReady, jobs, tuning };
}

/**
 * A site whose zone nobody has been asked about yet is not one without data: it joins as soon as there is an answer. Until then
 * it is told as one that is left out, or the first plan of a job at home there would take another place for home.
 */
function gatherSites(sources: PlanningSources, now: EpochMs): Pick<PlanningSnapshot, 'sites' | 'sitesNotReady'> {
  const { inventory, nodePrices, outlooks, prices } = sources;
  const ready = sitesForPlanning({
    sites: sources.sites.list(),
    inventoryOfRegion: (region) => inventory.region(region),
    isPlanned: (key) => isInTheBooks(key, sources),
    outlooks,
    prices,
    nodePrices,
  });
  const sites: Site[] = [];
  const sitesNotReady = [...ready.refused].map(([site, { message }]) => ({ site, message }));
  for (const site of ready.sites) {
    if (hasBeenAskedFor(site.zone, SHOWN_SIGNAL, outlooks)) sites.push(site);
    // In the words of the site's own condition.
    else sitesNotReady.push({ site: site.name, message: carbonNow(site.zone, outlooks, now).freshness.message });
  }
  return { sites, sitesNotReady: sitesNotReady.sort((a, b) => compareText(a.site, b.site)) };
}

/** What the pods of a planned job hold is in the planner's own books, and not held by others. */
function isInTheBooks(key: string, { jobs, workloads }: PlanningSources): boolean {
  const record = jobs.get(key);
  return record !== undefined && isPlanned(record, workloads.get(key));
}

function hasBeenAskedFor(zone: string, signal: Signal, outlooks: OutlookReader): boolean {
  return outlooks.get(zone, signal) !== undefined || outlooks.problem(zone, signal) !== undefined;
}
