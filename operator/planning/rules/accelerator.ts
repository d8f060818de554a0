import type { PlannableJob } from '../../domain/job.ts';
import type { AcceleratorPool, Site } from '../../domain/site.ts';
import type { Refusal, SiteRule } from './rule.ts';

/** The site has, or can provision, enough of an accelerator that the job can use. */
export const siteHasAccelerator: SiteRule = (job, site) =>
  job.devices === 0 || hasUsablePool(job, site) ? undefined : noAccelerator(job, site);

/** Asked for every job and site of a plan: a loop allocates nothing. */
function hasUsablePool(job: PlannableJob, { pools }: Site): boolean {
  for (const pool of pools) if (isUsable(job, pool)) return true;
  return false;
}

function noAccelerator(job: PlannableJob, site: Site): Refusal {
  const usable = site.pools.filter((pool) => speedOn(job, pool) !== undefined);
  if (usable.length === 0) {
    return { reason: 'NoSuchAccelerator', message: `${site.name} has no ${wanted(job)}` };
  }
  const most = Math.max(...usable.map((pool) => pool.maxCapacity));
  return {
    reason: 'NoSuchAccelerator',
    message: `${site.name} can have ${String(most)} of ${wanted(job)}, the job needs ${String(job.devices)}`,
  };
}

/** Speed of the job on a pool; `undefined` where the job can't use it. */
export function speedOn(job: PlannableJob, pool: AcceleratorPool): number | undefined {
  if (pool.resource !== job.resource) return undefined;
  const { templateProducts } = job.placementRules;
  if (templateProducts !== undefined && !templateProducts.includes(pool.product)) return undefined;
  if (job.accelerators.length === 0) return 1;
  for (const { product, speed } of job.accelerators) if (product === pool.product) return speed;
  return undefined;
}

/** The pools of a site that the job can use and that can ever be large enough. */
export function usablePools(job: PlannableJob, site: Site): readonly AcceleratorPool[] {
  return site.pools.filter((pool) => isUsable(job, pool));
}

export function isUsable(job: PlannableJob, pool: AcceleratorPool): boolean {
  return pool.maxCapacity >= job.devices && speedOn(job, pool) !== undefined;
}

/** The pair just failed the job, e.g. its pods stayed unschedulable there. */
export function recentlyFailed(job: PlannableJob, site: Site, product: string | undefined): Refusal | undefined {
  const failure = job.avoid.find((avoidance) => avoidance.site === site.name && avoidance.product === product);
  return failure === undefined ? undefined : { reason: 'RecentlyUnschedulable', message: failure.message };
}

function wanted(job: PlannableJob): string {
  const products = job.accelerators.map((choice) => choice.product);
  return products.length === 0 ? job.resource : products.join(' or ');
}
