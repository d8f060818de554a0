import { formatTime } from '../../api/v1alpha1/timestamps.ts';
import type { Answer } from '../answer.ts';
import { outlookData, rounded, windowsData } from '../show/data.ts';
import type { SitesSight } from '../world/look.ts';
import { sitesPage } from './page.ts';
import { sitesSeen, type PoolSeen, type SiteSeen } from './site-seen.ts';

/** Every site: how clean its electricity is and will be, what it has that is free, what that costs, and what is wrong. */
export function sites({ known, now }: SitesSight): Answer {
  const seen = sitesSeen(known, now);
  const notes = [...known.unread, ...known.assumed];
  return {
    data: {
      kind: 'Sites',
      madeAt: formatTime(now),
      sites: seen.map(siteData),
      notes,
    },
    page: sitesPage(seen, { now, notes }),
    exitCode: 0,
  };
}

function siteData(site: SiteSeen) {
  const { carbon, cleanest, electricity, name, onPaper, outlook, pools, refusal, region, troubles, zone } = site;
  return {
    name,
    ...(region !== undefined && { region }),
    ...(zone !== undefined && { zone }),
    onPaper,
    ready: refusal === undefined,
    ...(refusal !== undefined && { notReady: refusal }),
    troubles,
    ...(carbon?.intensity !== undefined && { intensity: carbon.intensity }),
    ...(cleanest !== undefined && {
      cleanest: { ...windowsData([cleanest])[0], gramsPerKWh: rounded(cleanest.gramsPerKilowattHour) },
    }),
    ...(outlook !== undefined && { forecast: outlookData(outlook) }),
    ...(electricity !== undefined && { electricityPrice: { ...electricity, perKWh: Number(electricity.perKWh) } }),
    accelerators: pools.map((pool) => poolData(pool, site)),
  };
}

function poolData(pool: PoolSeen, { currency }: SiteSeen) {
  const { allocated, capacity, maxCapacity, measured, pricePerHour, product, resource } = pool;
  return {
    ...{ accelerator: product, resource, capacity, allocated, free: Math.max(0, capacity - allocated), maxCapacity },
    ...(pricePerHour !== undefined && { pricePerHour: rounded(pricePerHour), currency }),
    ...(measured.utilisation !== undefined && { utilisationPercent: measured.utilisation }),
    ...(measured.watts !== undefined && { watts: measured.watts }),
  };
}
