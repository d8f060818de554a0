import type { Problem } from '../../api/v1alpha1/parse/field-reader.ts';
import { FieldReader } from '../../api/v1alpha1/parse/field-reader.ts';
import { openAttempt } from '../../controllers/carbonawarejob/attempts/attempts.ts';
import type { JobRecord } from '../../controllers/carbonawarejob/job-record.ts';
import { runningSince } from '../../controllers/carbonawarejob/job-record.ts';
import { holderOf, zoneOf } from '../../controllers/computesite/judge-site.ts';
import { readPrices } from '../../controllers/computesite/published/electricity-prices.ts';
import { readForecasts } from '../../controllers/computesite/published/forecasts.ts';
import { claimedRegion, type SiteRecord } from '../../controllers/computesite/site-record.ts';
import type { RegionInventory, RegionPool } from '../../controllers/inventory/region-inventory.ts';
import type { KnownPrices, PriceReader } from '../../controllers/prices/electricity-prices.ts';
import type { DevicePriceReader } from '../../controllers/prices/node-prices.ts';
import { parseDecimal } from '../../domain/quantity.ts';
import type { Outlooks } from '../../domain/site.ts';
import { objectKey } from '../../runtime/cache/object-key.ts';

/** What the operator has written into the status of sites, as the readers that plans are made from. */
export interface PublishedKnowledge {
  readonly outlooks: ReadonlyMap<string, Outlooks>;
  readonly prices: PriceReader;
  readonly nodePrices: DevicePriceReader;
  readonly inventory: { region(region: string): RegionInventory };
  /** Sites in whose status something can't be read, each with what. */
  readonly problems: readonly { readonly site: string; readonly problem: Problem }[];
}

/** @param jobs those whose pods may be among what a site has allocated */
export function publishedKnowledge(sites: readonly SiteRecord[], jobs: readonly JobRecord[]): PublishedKnowledge {
  const outlooks = new Map<string, Outlooks>();
  const prices = new Map<string, KnownPrices>();
  const found: { site: string; problem: Problem }[] = [];
  for (const record of sites) {
    const zone = record.spec.ok ? zoneOf(record.spec.value) : undefined;
    if (zone === undefined) continue;
    const problems: Problem[] = [];
    const status = new FieldReader('status', record.status, problems);
    outlooks.set(zone, { ...readForecasts(zone, status.field('forecasts')), ...outlooks.get(zone) });
    const known = pricesOf(zone, status);
    if (known !== undefined) prices.set(zone, known);
    found.push(...problems.map((problem) => ({ site: record.name, problem })));
  }
  return {
    outlooks,
    prices: { get: (zone) => prices.get(zone) },
    nodePrices: { devicePrice: (region, product) => devicePriceIn(siteOf(sites, region), product) },
    inventory: { region: (region) => inventoryIn(siteOf(sites, region), jobs) },
    problems: found,
  };
}

/** The one that has a region, of several that claim it: of the others the operator counts nothing. */
function siteOf(sites: readonly SiteRecord[], region: string): SiteRecord | undefined {
  return sites.find((site) => claimedRegion(site) === region && holderOf(site, sites) === undefined);
}

function pricesOf(zone: string, status: FieldReader): KnownPrices | undefined {
  const samples = readPrices(status.field('electricityPrices'));
  if (samples.length === 0) return undefined;
  const currency = status.field('electricityPrice').field('currency').text() ?? '';
  const source = status.field('electricityPrice').field('source').text() ?? 'status';
  const series = { zone, currency, source, basis: 'Market', samples } as const;
  return { series, publishedUntil: samples.at(-1)?.endsAt, failures: [] };
}

function devicePriceIn(site: SiteRecord | undefined, product: string) {
  const told = site?.status.accelerators?.find((pool) => pool.product === product)?.pricePerHour;
  const perHour = told === undefined ? undefined : parseDecimal(told);
  if (site?.spec.ok !== true || perHour?.ok !== true) return undefined;
  return { perHour: perHour.value, currency: site.spec.value.prices.currency };
}

/** The operator has not looked at it. */
export function isSilent({ status: { accelerators, conditions } }: SiteRecord): boolean {
  return accelerators === undefined && conditions === undefined;
}

/** What the operator counted. Of a site that it has not looked at, what its spec lists is taken to be there and free. */
function inventoryIn(site: SiteRecord | undefined, jobs: readonly JobRecord[]): RegionInventory {
  if (site?.spec.ok !== true) return { nodes: 0, nodesAcceptingWork: 0, pools: [], omissions: [] };
  const { accelerators, nodes } = site.status;
  if (isSilent(site)) {
    const pools = site.spec.value.accelerators.map(({ product, resource, maxCapacity }) => ({
      ...{ product, resource, capacity: maxCapacity, held: 0 },
      heldByJob: new Map(),
    }));
    return { nodes: 1, nodesAcceptingWork: 1, pools, omissions: [] };
  }
  const pools = (accelerators ?? []).map(({ product, resource, capacity, allocated }): RegionPool => ({
    ...{ product, resource, capacity, held: allocated },
    heldByJob: heldByJobs(site.name, product, jobs),
  }));
  return { nodes: nodes ?? 0, nodesAcceptingWork: nodes ?? 0, pools, omissions: [] };
}

/** Pods are not everybody's to see; what runs by the jobs' own status holds what it asks for. */
function heldByJobs(site: string, product: string, jobs: readonly JobRecord[]): ReadonlyMap<string, number> {
  const held = new Map<string, number>();
  for (const record of jobs) {
    const open = openAttempt(record.attempts);
    const runsHere = open?.site === site && open.product === product && runningSince(record) !== undefined;
    if (runsHere) held.set(objectKey(record.metadata), record.demand.devices);
  }
  return held;
}
