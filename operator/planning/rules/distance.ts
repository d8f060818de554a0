import type { PlannableJob } from '../../domain/job.ts';
import { bothSlowdowns, observedAt } from '../../domain/length/observed-slowdown.ts';
import type { AcceleratorPool, Site } from '../../domain/site.ts';
import type { DurationMs, EpochMs } from '../../domain/units.ts';
import { ALL_AT_HAND, type DataAccess } from '../data/data-access.ts';
import { poolsFor, recentlyFailed } from './accelerator.ts';
import { dataAccessAt, dataIsInReach, isSlowed, slowdownIsAllowed } from './data.ts';
import { refusalOnAnyPool } from './site-rules.ts';

export type Distance = Pick<DataAccess, 'slowdown' | 'staging'>;

/** A site, and the accelerators there that the job would have; none for a job that asks for none. */
interface PoolAtSite {
  readonly site: Site;
  readonly pool: AcceleratorPool | undefined;
}

/** As a share of its length: jobs are taken to need four times as long at most (`accounting/slowdown/log-difference.ts`). */
const MOST_OBSERVED = 3;

/**
 * What its data and slow sites cost the job in time where it runs, else where that is least of all places that it may have now, else
 * of those that its data reach: so far at least the plan must reach. No more than its deadline leaves: one job that copies for years
 * is no reason to plan years ahead for all. What may be observed is left to a late one as well: on a grid that is over before it
 * could be done it would never be started.
 */
export function leastDistance(job: PlannableJob, sites: readonly Site[], now: EpochMs): Distance {
  if (!isSlowed(job)) return ALL_AT_HAND;
  const here = whereItRuns(job, sites);
  const { slowdown, staging } = here === undefined ? leastOfPlaces(job, sites) : reckonedAt(job, here);
  const most = Math.max(job.deadline - now, MOST_OBSERVED * job.remainingWork);
  return { slowdown: Math.min(slowdown, most / job.remainingWork), staging: Math.min(staging, most) };
}

/** Whatever the rules say by now: it stays there. `undefined` too where its site or its accelerator is gone from the snapshot. */
function whereItRuns({ current, devices, phase }: PlannableJob, sites: readonly Site[]): PoolAtSite | undefined {
  if (phase !== 'Running' || current === undefined) return undefined;
  const site = sites.find(({ name }) => name === current.site);
  const pool = site?.pools.find(({ product }) => product === current.product);
  return site === undefined || (pool === undefined && devices > 0) ? undefined : { site, pool };
}

/** With how much of the slowdown is beyond doubt: that is what the job limits. */
interface Reckoned extends PoolAtSite, Distance {
  readonly certainSlowdown: number;
}

function leastOfPlaces(job: PlannableJob, sites: readonly Site[]): Distance {
  const open = sites.filter((site) => site.schedulable && refusalOnAnyPool(job, site) === undefined);
  const least = quickestFirst(job, open).find((place) => isOpen(job, place));
  if (least !== undefined) return least;
  const inReach = sites.filter((site) => dataIsInReach(job, site) === undefined);
  return quickestFirst(job, inReach)[0] ?? ALL_AT_HAND;
}

function quickestFirst(job: PlannableJob, sites: readonly Site[]): readonly Reckoned[] {
  const timeOf = ({ slowdown, staging }: Distance): DurationMs => staging + (1 + slowdown) * job.remainingWork;
  return sites
    .flatMap((site) => poolsFor(job, site).map((pool) => reckonedAt(job, { site, pool })))
    .toSorted((a, b) => timeOf(a) - timeOf(b));
}

/** The rules of `poolRefusal` without their words, which would be thrown away: there are as many as jobs times places. */
function isOpen(job: PlannableJob, { site, pool, certainSlowdown }: Reckoned): boolean {
  return recentlyFailed(job, site, pool?.product) === undefined && slowdownIsAllowed(job, certainSlowdown);
}

function reckonedAt(job: PlannableJob, { site, pool }: PoolAtSite): Reckoned {
  const { slowdown, staging } = dataAccessAt(job, site, pool);
  const { share, certainShare } = observedAt(job.observedSlowdowns, site.name, pool?.product) ?? NOTHING_OBSERVED;
  return {
    site,
    pool,
    staging,
    slowdown: share > 0 ? bothSlowdowns(slowdown, share) : slowdown,
    certainSlowdown: bothSlowdowns(slowdown, certainShare),
  };
}

const NOTHING_OBSERVED = { share: 0, certainShare: 0 };
