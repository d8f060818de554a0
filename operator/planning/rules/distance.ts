import type { PlannableJob } from '../../domain/job.ts';
import { bothSlowdowns, MOST_OBSERVED_SHARE, observedAt } from '../../domain/length/observed-slowdown.ts';
import type { Site } from '../../domain/site.ts';
import { HOUR_MS, type DurationMs, type EpochMs } from '../../domain/units.ts';
import { ALL_AT_HAND, type DataAccess } from '../data/data-access.ts';
import { longestWorkOf } from '../grid/time-grid.ts';
import { poolAtSite, poolsFor, recentlyFailed, type PoolAtSite } from './accelerator.ts';
import { dataAccessAt, dataIsInReach, isSlowed, slowdownIsAllowed } from './data.ts';
import { refusalOnAnyPool } from './site-rules.ts';

export type Distance = Pick<DataAccess, 'slowdown' | 'staging'>;

/** Of those jobs whose data or whose sites may cost them time; the others have {@link ALL_AT_HAND}. */
export type Distances = ReadonlyMap<PlannableJob, Distance>;

/**
 * {@link leastDistance} of all jobs. It depends on nothing but the job and the sites, and from plan to plan most of them are the
 * very objects that they were.
 * @param earlier of the plan before
 */
export function leastDistances(
  { jobs, sites }: { readonly jobs: readonly PlannableJob[]; readonly sites: readonly Site[] },
  earlier?: { readonly sites: readonly Site[]; readonly distances: Distances },
): Distances {
  const stand = earlier !== undefined && areTheSame(sites, earlier.sites);
  const known: Distances = stand ? earlier.distances : new Map();
  const distances = new Map<PlannableJob, Distance>();
  for (const job of jobs) {
    if (isSlowed(job)) distances.set(job, known.get(job) ?? leastDistance(job, sites));
  }
  return distances;
}

function areTheSame(sites: readonly Site[], before: readonly Site[]): boolean {
  return sites.length === before.length && sites.every((site, i) => site === before[i]);
}

/**
 * What its data and slow sites cost the job in time where it runs, else where that is least of all places that it may have now, else
 * of those that its data reach: so far at least the plan must reach.
 */
export function leastDistance(job: PlannableJob, sites: readonly Site[]): Distance {
  if (!isSlowed(job)) return ALL_AT_HAND;
  const here = whereItRuns(job, sites);
  return here === undefined ? leastOfPlaces(job, sites) : reckonedAt(job, here);
}

/**
 * So much later than asked a job may be for what its data and its site cost it, and still be planned to its end. With two weeks of
 * copying and two of running longer, and one more such run as every grid has, a plan reaches six weeks: 12,096 slots of five
 * minutes, of 20,000 before they become longer. A plan of ten thousand jobs then takes up to a second of a core more.
 */
const MOST_LATE: DurationMs = 14 * 24 * HOUR_MS;

/**
 * The distance as far as the plan reaches for it. All of it for a job that meets its deadline, and for one that is late as well:
 * what does not end on the grid is not found, so the job would not get its earliest finish but never start. But all jobs share the
 * grid, and one that copies for years would make everybody's slots longer: each part of the distance counts until
 * {@link MOST_LATE} after the deadline, or after now. A slowdown that is no more than could be observed counts in full, however long
 * the job. What is further away finds no end on its own account: it waits, and is told to be at risk.
 */
export function asFarAsPlanned(job: PlannableJob, { slowdown, staging }: Distance, now: EpochMs): Distance {
  const most = MOST_LATE + Math.max(0, job.deadline - now);
  // The length of a job that nobody knows takes time to reckon.
  const isWithin = slowdown <= MOST_OBSERVED_SHARE;
  const mostSlowdown = isWithin ? slowdown : Math.max(MOST_OBSERVED_SHARE, most / longestWorkOf(job));
  return { slowdown: Math.min(slowdown, mostSlowdown), staging: Math.min(staging, most) };
}

/** Whatever the rules say by now: it stays there. `undefined` too where its site or its accelerator is gone from the snapshot. */
function whereItRuns(job: PlannableJob, sites: readonly Site[]): PoolAtSite | undefined {
  const { current, phase } = job;
  if (phase !== 'Running' || current === undefined) return undefined;
  return poolAtSite(
    job,
    sites.find(({ name }) => name === current.site),
    current,
  );
}

/** With how much of the slowdown is beyond doubt: that is what the job limits. */
interface Reckoned extends PoolAtSite, Distance {
  readonly certainSlowdown: number;
}

function leastOfPlaces(job: PlannableJob, sites: readonly Site[]): Distance {
  const open = sites.filter((site) => site.schedulable && refusalOnAnyPool(job, site) === undefined);
  const least = quickestOf(job, open, isOpen);
  if (least !== undefined) return least;
  const inReach = sites.filter((site) => dataIsInReach(job, site) === undefined);
  return quickestOf(job, inReach, () => true) ?? ALL_AT_HAND;
}

/** The first of those that are as quick. */
function quickestOf(
  job: PlannableJob,
  sites: readonly Site[],
  isAllowed: (job: PlannableJob, place: Reckoned) => boolean,
): Reckoned | undefined {
  let quickest: Reckoned | undefined;
  let least = Infinity;
  for (const site of sites) {
    for (const pool of poolsFor(job, site)) {
      const place = reckonedAt(job, { site, pool });
      const time = place.staging + (1 + place.slowdown) * job.remainingWork;
      if (time >= least || !isAllowed(job, place)) continue;
      quickest = place;
      least = time;
    }
  }
  return quickest;
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
