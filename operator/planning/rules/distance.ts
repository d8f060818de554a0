import type { PlannableJob } from '../../domain/job.ts';
import { bothSlowdowns, observedAt } from '../../domain/length/observed-slowdown.ts';
import type { AcceleratorPool, Site } from '../../domain/site.ts';
import type { DurationMs, EpochMs } from '../../domain/units.ts';
import { ALL_AT_HAND, type DataAccess } from '../data/data-access.ts';
import { poolsFor } from './accelerator.ts';
import { dataAccessAt, dataIsInReach, isSlowed } from './data.ts';
import { firstRefusal, poolRefusal } from './site-rules.ts';

export type Distance = Pick<DataAccess, 'slowdown' | 'staging'>;

interface Place {
  readonly site: Site;
  readonly pool: AcceleratorPool | undefined;
}

/**
 * What its data and slow sites cost the job in time where that is least of all places that it may have now, else of those that
 * its data reach: so far at least the plan must reach. No more than its deadline leaves: one job that copies for years is no reason
 * to plan years ahead for all.
 */
export function leastDistance(job: PlannableJob, sites: readonly Site[], now: EpochMs): Distance {
  if (!isSlowed(job)) return ALL_AT_HAND;
  const timeOf = ({ slowdown, staging }: Distance): DurationMs => staging + (1 + slowdown) * job.remainingWork;
  const [least = ALL_AT_HAND] = placesFor(job, sites)
    .map((place) => distanceAt(job, place))
    .toSorted((a, b) => timeOf(a) - timeOf(b));
  const left = Math.max(0, job.deadline - now);
  return {
    slowdown: Math.min(least.slowdown, left / job.remainingWork),
    staging: Math.min(least.staging, left),
  };
}

function placesFor(job: PlannableJob, sites: readonly Site[]): readonly Place[] {
  const inReach = sites
    .filter((site) => dataIsInReach(job, site) === undefined)
    .flatMap((site) => poolsFor(job, site).map((pool) => ({ site, pool })));
  const open = inReach.filter(
    ({ site, pool }) =>
      site.schedulable && firstRefusal(job, site) === undefined && poolRefusal(job, site, pool) === undefined,
  );
  return open.length > 0 ? open : inReach;
}

function distanceAt(job: PlannableJob, { site, pool }: Place): Distance {
  const { slowdown, staging } = dataAccessAt(job, site, pool);
  const observed = observedAt(job.observedSlowdowns, site.name, pool?.product)?.share ?? 0;
  return { slowdown: observed > 0 ? bothSlowdowns(slowdown, observed) : slowdown, staging };
}
