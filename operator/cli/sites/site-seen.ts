import { SITE_CONDITIONS, findCondition } from '../../api/v1alpha1/conditions.ts';
import type { ComputeSiteStatusAccelerator } from '../../api/v1alpha1/compute-site.generated.ts';
import { carbonNow, type CarbonNow } from '../../controllers/computesite/carbon-now.ts';
import { zoneOf } from '../../controllers/computesite/judge-site.ts';
import { priceNow, type PriceNow } from '../../controllers/computesite/site-prices.ts';
import type { SiteRecord } from '../../controllers/computesite/site-record.ts';
import { sitesForPlanning, type SitesForPlanning } from '../../controllers/computesite/to-site.ts';
import { compareText } from '../../domain/compare-text.ts';
import type { AcceleratorPool, Outlook } from '../../domain/site.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { SitesKnown } from '../world/sites-known.ts';
import { toldBy, toldNotReady, type Told } from '../world/told.ts';
import { cleanestStretch, type CleanStretch } from './cleanest-stretch.ts';

/** Accelerators of one product of a site. */
export interface PoolSeen extends Pick<AcceleratorPool, 'product' | 'resource' | 'capacity' | 'maxCapacity'> {
  readonly allocated: number;
  /** `undefined` where it is not known. */
  readonly pricePerHour: number | undefined;
  /** As the operator has measured it; absent where it has not. */
  readonly measured: Pick<ComputeSiteStatusAccelerator, 'utilisation' | 'watts'>;
}

/** A site as it is shown. */
export interface SiteSeen {
  readonly name: string;
  /** Absent where the spec can't be read. */
  readonly region?: string;
  readonly zone?: string;
  readonly currency: string;
  readonly onPaper: boolean;
  /** Why nothing can be planned there. */
  readonly refusal?: Told;
  /** What else its status complains of. */
  readonly troubles: readonly Told[];
  readonly carbon?: CarbonNow;
  readonly outlook?: Outlook<'Average'>;
  readonly cleanest?: CleanStretch;
  readonly electricity?: PriceNow['electricityPrice'];
  /** In order of product; empty where nothing can be planned there. */
  readonly pools: readonly PoolSeen[];
}

/** In order of name; judged by the same functions as in the status of the sites. */
export function sitesSeen(known: SitesKnown, now: EpochMs): readonly SiteSeen[] {
  const { outlooks, published, records } = known;
  const planned = sitesForPlanning({
    ...{ sites: records, outlooks, prices: published.prices, nodePrices: published.nodePrices },
    inventoryOfRegion: (region) => published.inventory.region(region),
    // Whoever holds a device, it is not free.
    isPlanned: () => false,
  });
  const around = { known, planned, told: toldNotReady(records), now };
  return [...records].sort((a, b) => compareText(a.name, b.name)).map((record) => siteSeen(record, around));
}

interface Around {
  readonly known: SitesKnown;
  readonly planned: SitesForPlanning;
  readonly told: ReturnType<typeof toldNotReady>;
  readonly now: EpochMs;
}

function siteSeen(record: SiteRecord, { known: { outlooks, published }, planned, told, now }: Around): SiteSeen {
  const { name } = record;
  const spec = record.spec.ok ? record.spec.value : undefined;
  const zone = spec && zoneOf(spec);
  const found = planned.refused.get(name);
  const refusal = found && (told.get(name) ?? found);
  const outlook = zone === undefined ? undefined : outlooks.get(zone, 'Average');
  const cleanest = outlook && cleanestStretch(outlook.series.samples, now);
  const electricity = spec && priceNow(spec, published.prices.get(zone ?? ''), now).electricityPrice;
  return {
    name,
    ...(spec !== undefined && { region: spec.region }),
    ...(zone !== undefined && { zone, carbon: carbonNow(zone, outlooks, now) }),
    currency: spec?.prices.currency ?? '',
    onPaper: spec?.cluster === 'Inventory',
    ...(refusal !== undefined && { refusal }),
    troubles: troublesOf(record, refusal !== undefined),
    ...(outlook !== undefined && { outlook }),
    ...(cleanest !== undefined && { cleanest }),
    ...(electricity !== undefined && { electricity }),
    pools: poolsOf(record, planned),
  };
}

/** What the operator has written, apart from the readiness that is judged here. */
function troublesOf({ status }: SiteRecord, isRefused: boolean): readonly Told[] {
  return SITE_CONDITIONS.flatMap((type) => {
    const condition = findCondition(status.conditions, type);
    if (condition === undefined || condition.status === 'True' || (type === 'Ready' && isRefused)) return [];
    return [toldBy(condition)];
  });
}

function poolsOf({ name, status }: SiteRecord, { sites }: SitesForPlanning): readonly PoolSeen[] {
  const site = sites.find((one) => one.name === name);
  return (site?.pools ?? []).map(({ capacity, heldByOthers, maxCapacity, pricePerHour, product, resource }) => {
    const told = status.accelerators?.find((one) => one.product === product);
    return {
      ...{ product, resource, capacity, maxCapacity, allocated: heldByOthers },
      pricePerHour: pricePerHour > 0 ? pricePerHour : undefined,
      measured: {
        ...(told?.utilisation !== undefined && { utilisation: told.utilisation }),
        ...(told?.watts !== undefined && { watts: told.watts }),
      },
    };
  });
}
