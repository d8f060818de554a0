import type { SiteRecord } from '../computesite/site-record.ts';
import type { SitePlace } from './job-view.ts';

/** What placing a job at a site needs to know of it; `undefined` where its spec can't be read. */
export function sitePlaceOf({ spec, status }: SiteRecord): SitePlace | undefined {
  if (!spec.ok) return undefined;
  const there = new Map((status.accelerators ?? []).map(({ product, capacity }) => [product, capacity]));
  const { accelerators, idleNodesStayOn, region } = spec.value;
  const toCome = accelerators.filter(({ product, maxCapacity }) => maxCapacity > (there.get(product) ?? 0));
  return {
    region,
    idleNodesSleep: !idleNodesStayOn,
    provisioning: new Map(accelerators.map(({ product, provisioningTime }) => [product, provisioningTime])),
    toCome: new Set(toCome.map(({ product }) => product)),
  };
}
