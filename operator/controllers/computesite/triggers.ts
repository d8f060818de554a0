import type { Change } from '../../runtime/cache/replica.ts';
import type { StoreReader } from '../../runtime/cache/store.ts';
import { zoneOf } from './judge-site.ts';
import { claimedRegion, type SiteRecord } from './site-record.ts';

/** Says which sites are to be looked at again after a change. */
export interface SiteTriggers {
  /** Handler of the cache of ComputeSites. `true`: something that is planned with has changed, not just a status. */
  siteChanged(change: Change<SiteRecord>): boolean;
  /** Listener of the inventory. */
  regionChanged(region: string): void;
  /** Listener of the outlooks. */
  zoneChanged(zone: string): void;
}

export function siteTriggers(sites: StoreReader<SiteRecord>, enqueue: (name: string) => void): SiteTriggers {
  const enqueueWhere = (applies: (site: SiteRecord) => boolean): void => {
    for (const site of sites.list()) if (applies(site)) enqueue(site.name);
  };
  return {
    siteChanged: (change) => {
      const previous = change.type === 'added' ? undefined : change.previous;
      const current = change.type === 'deleted' ? undefined : change.current;
      enqueue(change.key);
      if (previous?.generation === current?.generation && change.type === 'updated') return false;
      // Who else claims the region may now get it, or lose it.
      const regions = [previous, current].flatMap((site) => (site === undefined ? [] : (claimedRegion(site) ?? [])));
      enqueueWhere((site) => regions.includes(claimedRegion(site) ?? ''));
      return true;
    },
    regionChanged: (region) => {
      enqueueWhere((site) => claimedRegion(site) === region);
    },
    zoneChanged: (zone) => {
      enqueueWhere(({ spec }) => spec.ok && zoneOf(spec.value) === zone);
    },
  };
}
