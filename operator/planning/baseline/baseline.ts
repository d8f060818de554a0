import type { BaselineCost } from '../../domain/decision.ts';
import { isAlike, standAlike, type Emissions } from '../../domain/intensity.ts';
import { lengthOf } from '../../domain/interval.ts';
import type { PlannableJob, Spent } from '../../domain/job.ts';
import { emissionsAt, intensityDuring } from '../../domain/mean-intensity.ts';
import type { AcceleratorPool, Outlook, Site } from '../../domain/site.ts';
import { kilowattHours, type DurationMs } from '../../domain/units.ts';
import type { Reference, Seat } from '../candidate.ts';
import type { PlanningContext } from '../context.ts';
import { priced } from '../pricing/cost.ts';
import { isUsable, speedOn, usablePools } from '../rules/accelerator.ts';
import { setsAway } from '../data/data-access.ts';
import { dataAccessAt } from '../rules/data.ts';
import { firstRefusal } from '../rules/site-rules.ts';
import { effectiveSpeed, seatAt } from '../seats.ts';
import { withLengthOfToday } from './length-of-today.ts';
import { acceleratorOf, withPowerOfToday } from './power-of-today.ts';

/** What the job would cost without this operator: started at once at home, in one piece. */
export interface Baseline {
  /**
   * `undefined` where home is unknown, is not ready, or has no accelerator for the job now: unknown, never zero, and never that of
   * another place. A later plan may tell it.
   */
  readonly expected: BaselineCost | undefined;
  readonly home: string | undefined;
  readonly reference: Reference;
}

/**
 * The first plan's baseline is kept. Capacity is not counted: a queue at home would only flatter the saving.
 */
export function baselineOf(job: PlannableJob, context: PlanningContext): Baseline {
  const { now, tuning } = context.snapshot;
  const { indifferenceShare } = tuning;
  if (job.baseline !== undefined) {
    const expected = ofToday(job.baseline, job, context);
    const { finishesAt } = expected;
    return { expected, home: expected.site, reference: { finishesAt, grams: undefined, indifferenceShare } };
  }

  const home = homeOf(job, context);
  if (home === undefined) {
    const reference = { finishesAt: now + job.totalWork, grams: undefined, indifferenceShare };
    return { expected: undefined, home: undefined, reference };
  }
  const pool = likeliestPool(job, home);
  const untouched = asItCame(job);
  const staging = dataAccessAt(untouched, home, pool).staging;
  const length = staging + lengthOn(untouched, home, pool);
  // By another clock it may come from the future.
  const startsAt = Math.min(job.createdAt, now);
  const finishesAt = startsAt + length;
  const reference = { finishesAt, grams: undefined, indifferenceShare };
  if ((pool === undefined && job.devices > 0) || homeIsNotReady(job, context)) {
    return { expected: undefined, home: home.name, reference };
  }
  const seat = seatAt(untouched, { site: home, pool, comparable: true }, context, reference);
  const { expected, score } = priced(seat, [{ startsAt: now, endsAt: now + length }], staging);
  const grams = seat.weights.lexicographic && expected.carbon !== undefined ? score[0] : undefined;
  return {
    expected: { ...expected, startsAt, finishesAt, ...(pool !== undefined && { accelerator: acceleratorOf(pool) }) },
    home: home.name,
    reference: { ...reference, grams },
  };
}

/** The job before it did or used anything: it may run elsewhere by the time that home has an accelerator for it. */
function asItCame(job: PlannableJob): PlannableJob {
  return { ...withNothingStaged(job), phase: 'Waiting', remainingWork: job.totalWork, spent: NOTHING_SPENT };
}

/** A run at home has copied its data there; the one that it is compared with began without. */
function withNothingStaged(job: PlannableJob): PlannableJob {
  const isStaged = job.data.some((set) => set.access === 'Stage' && set.stagedAt.length > 0);
  if (!isStaged) return job;
  return { ...job, data: job.data.map((set) => (set.access === 'Stage' ? { ...set, stagedAt: [] } : set)) };
}

const NOTHING_SPENT: Spent = { energy: kilowattHours(0), carbon: 0, money: 0 };

/** The kept baseline by what is known today of the power, the figures and the length of the same run; else it stays as it is. */
function ofToday(kept: BaselineCost, job: PlannableJob, context: PlanningContext): BaselineCost {
  const home = context.sites.get(kept.site);
  if (home === undefined) return kept;
  const pool = poolOf(kept, job, home);
  if (pool === undefined && job.devices > 0) return kept;
  const { finishesAt } = kept;
  const reference = { finishesAt, grams: undefined, indifferenceShare: context.snapshot.tuning.indifferenceShare };
  const seat = seatAt(withNothingStaged(job), { site: home, pool, comparable: true }, context, reference);
  return withLengthOfToday(withPowerOfToday(inFiguresOfToday(kept, seat), seat), seat);
}

/** The accelerator that a kept baseline was made for, also while home has no room on it; early statuses do not tell which. */
function poolOf({ accelerator }: BaselineCost, job: PlannableJob, home: Site): AcceleratorPool | undefined {
  if (accelerator === undefined) return likeliestPool(job, home);
  return home.pools.find((pool) => pool.product === accelerator.product && speedOn(job, pool) !== undefined);
}

/**
 * Where the figures that home has now say more of the same run, it is weighed by those, as far as they reach back to it; else it
 * stays as it is, and nothing is compared with it that can't be.
 */
function inFiguresOfToday(kept: BaselineCost, { job, site, speed }: Seat): BaselineCost {
  const outlook = site.outlooks[job.signal];
  if (outlook === undefined || !saysMore(outlook, kept.carbon)) return kept;
  const { finishesAt, energy } = kept;
  const run = { startsAt: finishesAt - job.totalWork / speed, endsAt: finishesAt };
  const known = intensityDuring(outlook, run);
  // What it keeps of the past may stand on another rung than it does itself.
  const isKnown = known !== undefined && known.covered >= lengthOf(run) && standAlike(known.rung, outlook.rung);
  return isKnown ? { ...kept, carbon: emissionsAt(known, energy) } : kept;
}

/** Any figures say more than none, those of today's kind more than others; a provider's more than a typical day's, never the reverse. */
function saysMore({ series, rung }: Outlook, kept: Emissions | undefined): boolean {
  if (kept === undefined) return true;
  return standAlike(rung, kept.rung) ? !isAlike(series, kept.kind) : kept.rung === 'TypicalDay';
}

/** The site that the job or its policy names, else where it would most likely be without carbon data: beside its data, then where most is free. */
function homeOf(job: PlannableJob, context: PlanningContext): Site | undefined {
  const named = job.home === undefined ? undefined : context.sites.get(job.home);
  if (named !== undefined) return named;
  let likeliest: Site | undefined;
  for (const site of context.snapshot.sites) {
    if (!site.schedulable || firstRefusal(job, site) !== undefined) continue;
    if (likeliest === undefined || isLikelierHome(job, site, likeliest)) likeliest = site;
  }
  return likeliest;
}

/** The one that is named: it is a site, and left out for now. */
function homeIsNotReady({ home }: PlannableJob, { snapshot }: PlanningContext): boolean {
  return snapshot.sitesNotReady.some(({ site }) => site === home);
}

function isLikelierHome(job: PlannableJob, site: Site, other: Site): boolean {
  const order =
    setsAway(job.data, site) - setsAway(job.data, other) || freeDevices(job, other) - freeDevices(job, site);
  return order < 0 || (order === 0 && site.name < other.name);
}

function likeliestPool(job: PlannableJob, home: Site): AcceleratorPool | undefined {
  if (job.devices === 0) return undefined;
  return usablePools(job, home).toSorted(bySpeedThenCapacity(job))[0];
}

function lengthOn(job: PlannableJob, home: Site, pool: AcceleratorPool | undefined): DurationMs {
  return job.totalWork / effectiveSpeed(job, home, pool);
}

function freeDevices(job: PlannableJob, site: Site): number {
  let free = 0;
  for (const pool of site.pools) if (isUsable(job, pool)) free += pool.capacity - pool.heldByOthers;
  return free;
}

function bySpeedThenCapacity(job: PlannableJob) {
  return (a: AcceleratorPool, b: AcceleratorPool): number =>
    (speedOn(job, b) ?? 0) - (speedOn(job, a) ?? 0) || b.capacity - a.capacity || a.product.localeCompare(b.product);
}
