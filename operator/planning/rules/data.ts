import type { PlannableJob } from '../../domain/job.ts';
import { bothSlowdowns, observedAt } from '../../domain/length/observed-slowdown.ts';
import type { AcceleratorPool, Site } from '../../domain/site.ts';
import { dataAccess, outOfReach, type DataAccess } from '../data/data-access.ts';
import { observedInWords } from '../data/observed-words.ts';
import { slowdownInWords } from '../data/words.ts';
import { poolsFor, speedOn } from './accelerator.ts';
import type { Refusal, SiteRule } from './rule.ts';

/** Every data set lies at the site, or a link brings it there. */
export const dataIsInReach: SiteRule = ({ data }, site) => {
  const [set] = outOfReach(data, site);
  if (set === undefined) return undefined;
  const places = set.sites.join(' or ');
  return {
    reason: 'DataOutOfReach',
    message: `no link brings data set ${set.name} from ${places} to ${site.name}: add one to spec.links of ${site.name}, or name a copy in spec.data`,
  };
};

/** The job's `placement.maxSlowdownPercent`: at least one accelerator of the site holds it. */
export const siteHoldsSlowdown: SiteRule = (job, site) => {
  if (!isSlowed(job) || job.maxSlowdownShare === undefined) return undefined;
  const refusals = poolsFor(job, site).map((pool) => slowdownExceeded(job, site, pool));
  return refusals.includes(undefined) ? undefined : refusals[0];
};

/** A limit that is met to the last digit is met: rates are quotients. */
const ROUNDING = 1e-9;

/** @param slowdown as far as it is beyond doubt */
export function slowdownIsAllowed({ maxSlowdownShare }: PlannableJob, slowdown: number): boolean {
  return maxSlowdownShare === undefined || slowdown <= maxSlowdownShare + ROUNDING;
}

/**
 * The same limit for one accelerator: the faster it is, the more the job wants to read. What was observed counts as far as it is
 * beyond doubt: chance shuts no site out.
 */
export function slowdownExceeded(
  job: PlannableJob,
  site: Site,
  pool: AcceleratorPool | undefined,
): Refusal | undefined {
  if (!isSlowed(job) || job.maxSlowdownShare === undefined) return undefined;
  const { slowdown, bottleneck } = dataAccessAt(job, site, pool);
  const observed = observedAt(job.observedSlowdowns, site.name, pool?.product);
  const certain = observed?.certainShare ?? 0;
  if (slowdownIsAllowed(job, bothSlowdowns(slowdown, certain))) return undefined;
  const allowed = `spec.placement.maxSlowdownPercent allows ${String(Math.round(job.maxSlowdownShare * 1e4) / 100)} %`;
  const remedy =
    bottleneck?.kind === 'Reads' ? '; with more readers or outstandingBytes in spec.data it would carry more' : '';
  // What jobs like it took is told only where it counts against the site: chance and a gain are no cause.
  const measured = observed !== undefined && certain > 0 ? observedInWords(observed) : undefined;
  const causes = [bottleneck && slowdownInWords(bottleneck), measured];
  const words = causes.filter((cause) => cause !== undefined).join('; ');
  return { reason: 'SlowdownExceeded', message: `${words}, ${allowed}${remedy}` };
}

/** Whether it may take longer somewhere than its work and the speed of the accelerator say. */
export function isSlowed({ data, observedSlowdowns = [] }: PlannableJob): boolean {
  return data.length > 0 || observedSlowdowns.length > 0;
}

/** What it takes the job to get at its data on an accelerator of the site. */
export function dataAccessAt(job: PlannableJob, site: Site, pool: AcceleratorPool | undefined): DataAccess {
  return dataAccess(job.data, site, pool === undefined ? 1 : (speedOn(job, pool) ?? 1));
}
