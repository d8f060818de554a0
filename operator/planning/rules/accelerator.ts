import type { ExclusionReason } from '../../api/v1alpha1/reasons.ts';
import type { Avoidance, PlannableJob } from '../../domain/job.ts';
import type { Place } from '../../domain/place.ts';
import type { AcceleratorPool, Site } from '../../domain/site.ts';
import type { Refusal, SiteRule } from './rule.ts';

/** The site has, or can provision, enough of an accelerator that the job can use. */
export const siteHasAccelerator: SiteRule = (job, site) =>
  job.devices === 0 || usablePools(job, site).length > 0 ? undefined : noAccelerator(job, site);

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

/**
 * The pools of a site that the job can use and that can ever be large enough. Asked for every job and site of a plan: where all
 * or none are, nothing is allocated.
 */
export function usablePools(job: PlannableJob, { pools }: Site): readonly AcceleratorPool[] {
  let usable = 0;
  for (const pool of pools) if (isUsable(job, pool)) usable += 1;
  if (usable === pools.length) return pools;
  return usable === 0 ? NO_POOLS : pools.filter((pool) => isUsable(job, pool));
}

const NO_POOLS: readonly AcceleratorPool[] = [];

const WITHOUT_POOL: readonly (AcceleratorPool | undefined)[] = [undefined];

/** The same for any job: one without accelerators has one place a site, on none of its pools. */
export function poolsFor(job: PlannableJob, site: Site): readonly (AcceleratorPool | undefined)[] {
  return job.devices === 0 ? WITHOUT_POOL : usablePools(job, site);
}

/** A site, and the accelerators there that a job has; none for a job that asks for none. */
export interface PoolAtSite {
  readonly site: Site;
  readonly pool: AcceleratorPool | undefined;
}

/** Where a job is, or was told that it will be. `undefined` where that site or its accelerator is gone. */
export function poolAtSite(
  { devices }: PlannableJob,
  site: Site | undefined,
  { product }: Pick<Place, 'product'>,
): PoolAtSite | undefined {
  const pool = site?.pools.find((one) => one.product === product);
  return site === undefined || (pool === undefined && devices > 0) ? undefined : { site, pool };
}

export function isUsable(job: PlannableJob, pool: AcceleratorPool): boolean {
  return pool.maxCapacity >= job.devices && speedOn(job, pool) !== undefined;
}

const REASON_OF_CAUSE = { Unschedulable: 'RecentlyUnschedulable', Idle: 'RecentlyIdle' } as const satisfies Record<
  Avoidance['cause'],
  ExclusionReason
>;

/** The pair just failed the job: its pods stayed unschedulable there, or its devices did nothing. */
export function recentlyFailed(job: PlannableJob, site: Site, product: string | undefined): Refusal | undefined {
  const failure = job.avoid.find((avoidance) => avoidance.site === site.name && avoidance.product === product);
  return failure === undefined ? undefined : { reason: REASON_OF_CAUSE[failure.cause], message: failure.message };
}

function wanted(job: PlannableJob): string {
  const products = job.accelerators.map((choice) => choice.product);
  return products.length === 0 ? job.resource : products.join(' or ');
}
