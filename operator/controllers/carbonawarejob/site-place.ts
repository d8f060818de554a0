import type { SiteRecord } from '../computesite/site-record.ts';
import type { SitePlace } from './job-view.ts';

/** What placing a job at a site needs to know of it; `undefined` where its spec can't be read. */
export function sitePlaceOf({ spec, status }: SiteRecord): SitePlace | undefined {
  if (!spec.ok) return undefined;
  const there = new Map((status.accelerators ?? []).map(({ product, capacity }) => [product, capacity]));
  const toCome = spec.value.accelerators.filter(({ product, maxCapacity }) => maxCapacity > (there.get(product) ?? 0));
  return {
    region: spec.value.region,
    idleNodesSleep: !spec.value.idleNodesStayOn,
    provisioning: new Map(toCome.map(({ product, provisioningTime }) => [product, provisioningTime])),
  };
}
