import type { AcceleratorPool, Outlooks, Site } from '../../domain/site.ts';
import type { RegionInventory } from '../inventory/region-inventory.ts';
import { inventoryOf, type IsPlanned, type SiteInventory } from '../inventory/site-inventory.ts';
import type { OutlookReader } from '../outlooks/outlooks.ts';
import type { DevicePriceReader } from '../prices/node-prices.ts';
import type { PriceReader } from '../prices/electricity-prices.ts';
import { devicePricesOf, pricesThatCount } from './site-prices.ts';
import { plannedPower } from './measured-power.ts';
import { linksOf } from './site-links.ts';
import { judgeSite, lacksCapacity, zoneOf, type SiteRefusal, type SiteStanding } from './judge-site.ts';
import type { SiteRecord } from './site-record.ts';

/** A site as the planner sees it. */
function toSite(
  { record, spec, zone }: SiteStanding,
  inventory: SiteInventory,
  { outlooks, prices, sites }: SiteSurroundings,
): Site {
  return {
    name: record.name,
    region: spec.region,
    zone,
    pue: spec.pue,
    schedulable: spec.cluster === 'Local',
    idleNodesStayOn: spec.idleNodesStayOn,
    currency: spec.prices.currency,
    electricityPricePerKilowattHour: spec.prices.electricityPerKilowattHour ?? 0,
    electricityPrices: pricesThatCount(spec, prices.get(zone))?.samples ?? [],
    pools: inventory.pools.map((pool) => ({ ...pool, power: plannedPower(pool.power, measuredOf(record, pool)) })),
    storageBytesPerSecond: spec.storageBytesPerSecond,
    links: linksOf(record.name, sites),
    outlooks: outlooksOf(zone, outlooks),
  };
}

/** By the status, so that whoever plans with what is published has the same figures. */
function measuredOf({ status }: SiteRecord, { product }: AcceleratorPool) {
  return status.accelerators?.find((told) => told.product === product)?.measuredPower;
}

export interface SitesForPlanning {
  /** In order of name. */
  readonly sites: readonly Site[];
  /** By name of the site: why it is not among them. */
  readonly refused: ReadonlyMap<string, SiteRefusal>;
}

/** What the judgement of all sites rests on. */
export interface SiteSurroundings {
  readonly sites: readonly SiteRecord[];
  readonly inventoryOfRegion: (region: string) => RegionInventory;
  readonly isPlanned: IsPlanned;
  readonly outlooks: OutlookReader;
  readonly prices: PriceReader;
  readonly nodePrices: DevicePriceReader;
}

/** The sites that are Ready, and why the others are not: the same judgement as in their conditions. */
export function sitesForPlanning(surroundings: SiteSurroundings): SitesForPlanning {
  const { inventoryOfRegion, isPlanned, nodePrices } = surroundings;
  const sites: Site[] = [];
  const refused = new Map<string, SiteRefusal>();
  for (const record of [...surroundings.sites].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const judgement = judgeSite(record, surroundings.sites);
    if (!judgement.ok) {
      refused.set(record.name, judgement.refusal);
      continue;
    }
    const { standing } = judgement;
    const { spec } = standing;
    const priceOf = devicePricesOf(spec, nodePrices);
    const inventory = inventoryOf(spec, inventoryOfRegion(spec.region), { isPlanned, priceOf });
    const lack = lacksCapacity(standing, inventory);
    if (lack === undefined) sites.push(toSite(standing, inventory, surroundings));
    else refused.set(record.name, { ...lack, zone: standing.zone });
  }
  return { sites, refused };
}

/** Grid zones of the sites that have one, for asking what is expected of them. */
export function zonesOf(sites: readonly SiteRecord[]): ReadonlySet<string> {
  return new Set(
    sites.flatMap(({ spec }) => {
      const zone = spec.ok ? zoneOf(spec.value) : undefined;
      return zone === undefined ? [] : [zone];
    }),
  );
}

function outlooksOf(zone: string, outlooks: OutlookReader): Outlooks {
  const average = outlooks.get(zone, 'Average');
  const marginal = outlooks.get(zone, 'Marginal');
  return { ...(average !== undefined && { Average: average }), ...(marginal !== undefined && { Marginal: marginal }) };
}
