import type { ExpectedCost } from '../../domain/decision.ts';
import type { Interval } from '../../domain/interval.ts';
import { bothSlowdowns, observedAt } from '../../domain/length/observed-slowdown.ts';
import type { PlannableJob } from '../../domain/job.ts';
import { baselineOf } from '../baseline/baseline.ts';
import { bestAmong, earliestAmong } from '../choose.ts';
import type { Candidate, Seat } from '../candidate.ts';
import type { Planned } from '../plan.ts';
import { seatsFor, type Seating } from '../seats.ts';
import { aroundOthers, placedIn } from './around-others.ts';

/** One way to run a job. */
export interface PricedOption {
  readonly windows: readonly Interval[];
  readonly expected: ExpectedCost;
  readonly pauses: number;
  /** It ends after the deadline. */
  readonly late: boolean;
}

/** What one accelerator of one site has to offer. */
export interface PlaceOptions {
  readonly site: string;
  /** Absent for a job that asks for no accelerator. */
  readonly product: string | undefined;
  /** Compared only: no job is ever placed there. */
  readonly onPaper: boolean;
  /** How much longer the work takes there for reading over links and by what was observed of jobs like it, as a share. */
  readonly slowdown: number;
  /** At once, or as soon as there is room; absent where there never is. */
  readonly earliest: PricedOption | undefined;
  /** By the job's objective; where nothing is in time, or nothing is known of the electricity, what finishes first. */
  readonly best: PricedOption | undefined;
}

/** The deployment options of one job, side by side. */
export interface OptionsOfJob {
  readonly job: PlannableJob;
  /** Started at once at home, capacity not counted. */
  readonly baseline: ExpectedCost | undefined;
  /** In order of site and product. */
  readonly places: readonly PlaceOptions[];
  readonly refused: Seating['refused'];
}

/**
 * What a job that is not running could have at every site and accelerator, sites on paper included, while all others keep
 * what the plan gave them. Throws `RangeError` where the plan has no such job.
 */
export function optionsOf(planned: Planned, key: string): OptionsOfJob {
  const { job } = placedIn(planned, key);
  const context = aroundOthers(planned, key, [job]);
  const baseline = baselineOf(job, context);
  const { seats, refused } = seatsFor(job, context, baseline);
  const places = seats.map((seat): PlaceOptions => {
    const asOpen: Seat = { ...seat, site: { ...seat.site, schedulable: true } };
    return {
      site: seat.site.name,
      product: seat.pool?.product,
      onPaper: !seat.site.schedulable,
      slowdown: slowdownOn(seat),
      earliest: optionOf(earliestAmong([asOpen], context)),
      best: optionOf(bestAmong(job, [asOpen], context)),
    };
  });
  return { job, baseline: baseline.expected, places, refused };
}

function slowdownOn({ data, job, pool, site }: Seat): number {
  const observed = observedAt(job.observedSlowdowns, site.name, pool?.product);
  return observed === undefined ? data.slowdown : bothSlowdowns(data.slowdown, observed.share);
}

function optionOf(candidate: Candidate | undefined): PricedOption | undefined {
  if (candidate === undefined) return undefined;
  const { expected, pauses, seat, windows } = candidate;
  return { windows, expected, pauses, late: expected.finishesAt > seat.job.deadline };
}
