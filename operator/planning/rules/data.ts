import type { PlannableJob } from '../../domain/job.ts';
import { bothSlowdowns, observedAt } from '../../domain/length/observed-slowdown.ts';
import type { AcceleratorPool, Site } from '../../domain/site.ts';
import type { DurationMs, EpochMs } from '../../domain/units.ts';
import { ALL_AT_HAND, dataAccess, outOfReach, type DataAccess } from '../data/data-access.ts';
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
  const both = bothSlowdowns(slowdown, observed?.certainShare ?? 0);
  if (both <= job.maxSlowdownShare + ROUNDING) return undefined;
  const allowed = `spec.placement.maxSlowdownPercent allows ${String(Math.round(job.maxSlowdownShare * 1e4) / 100)} %`;
  const remedy =
    bottleneck?.kind === 'Reads' ? '; with more readers or outstandingBytes in spec.data it would carry more' : '';
  const causes = [bottleneck && slowdownInWords(bottleneck), observed && observedInWords(observed)];
  const words = causes.filter((cause) => cause !== undefined).join('; ');
  return { reason: 'SlowdownExceeded', message: `${words}, ${allowed}${remedy}` };
}

function isSlowed({ data, observedSlowdowns = [] }: PlannableJob): boolean {
  return data.length > 0 || observedSlowdowns.length > 0;
}

/**
 * What its data and slow sites cost the job in time where that is least: so far at least the plan must reach. No more than its
 * deadline leaves: one job that copies for years is no reason to plan years ahead for all.
 */
export function leastDistance(job: PlannableJob, sites: readonly Site[], now: EpochMs): Distance {
  if (!isSlowed(job)) return ALL_AT_HAND;
  const timeOf = ({ slowdown, staging }: Distance): DurationMs => staging + (1 + slowdown) * job.remainingWork;
  const [least = ALL_AT_HAND] = sites
    .filter((site) => dataIsInReach(job, site) === undefined)
    .flatMap((site) => poolsFor(job, site).map((pool) => distanceAt(job, site, pool)))
    .toSorted((a, b) => timeOf(a) - timeOf(b));
  const left = Math.max(0, job.deadline - now);
  return {
    slowdown: Math.min(least.slowdown, left / job.remainingWork),
    staging: Math.min(least.staging, left),
  };
}

type Distance = Pick<DataAccess, 'slowdown' | 'staging'>;

function distanceAt(job: PlannableJob, site: Site, pool: AcceleratorPool | undefined): Distance {
  const { slowdown, staging } = dataAccessAt(job, site, pool);
  const observed = observedAt(job.observedSlowdowns, site.name, pool?.product)?.share ?? 0;
  return { slowdown: observed > 0 ? bothSlowdowns(slowdown, observed) : slowdown, staging };
}

/** What it takes the job to get at its data on an accelerator of the site. */
export function dataAccessAt(job: PlannableJob, site: Site, pool: AcceleratorPool | undefined): DataAccess {
  return dataAccess(job.data, site, pool === undefined ? 1 : (speedOn(job, pool) ?? 1));
}
