import type { PlannableJob } from '../../domain/job.ts';
import type { AcceleratorPool, Site } from '../../domain/site.ts';
import { recentlyFailed, siteHasAccelerator } from './accelerator.ts';
import { dataIsInReach, siteHoldsSlowdown, slowdownExceeded } from './data.ts';
import { jobAllowsSite, policyAllowsSite, templateAllowsRegion } from './placement.ts';
import type { Refusal, SiteRule } from './rule.ts';

/** The rules that a site must pass whichever of its accelerators the job takes, in the order in which they are told. */
const SITE_RULES: readonly SiteRule[] = [
  jobAllowsSite,
  policyAllowsSite,
  templateAllowsRegion,
  siteHasAccelerator,
  dataIsInReach,
];

/** The first rule that keeps the job from a site; `undefined` where it may run there. */
export function firstRefusal(job: PlannableJob, site: Site): Refusal | undefined {
  return refusalOnAnyPool(job, site) ?? siteHoldsSlowdown(job, site);
}

/** The same without the rule that any of its accelerators may hold: {@link poolRefusal} asks that of each. */
export function refusalOnAnyPool(job: PlannableJob, site: Site): Refusal | undefined {
  for (const rule of SITE_RULES) {
    const refusal = rule(job, site);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** The same for an accelerator of a site that passes the rules. */
export function poolRefusal(job: PlannableJob, site: Site, pool: AcceleratorPool | undefined): Refusal | undefined {
  return recentlyFailed(job, site, pool?.product) ?? slowdownExceeded(job, site, pool);
}
