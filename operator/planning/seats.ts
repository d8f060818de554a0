import { isAlike, type IntensityKind } from '../domain/intensity.ts';
import type { PlannableJob } from '../domain/job.ts';
import { observedAt } from '../domain/length/observed-slowdown.ts';
import type { AcceleratorPool, Site } from '../domain/site.ts';
import { poolLedger } from './capacity.ts';
import type { Reference, Seat } from './candidate.ts';
import type { PlanningContext } from './context.ts';
import { powerOfStaging } from './data/data-access.ts';
import { powerOfTransfer } from './data/network-energy.ts';
import { copyingDraw, NO_DRAW, powerDraw } from './pricing/energy.ts';
import { poolsFor, speedOn } from './rules/accelerator.ts';
import { currencyIsComparable, currencyOfComparison } from './rules/comparable-currency.ts';
import { kindAt, kindOfComparison, signalIsComparable } from './rules/comparable-signal.ts';
import { dataAccessAt } from './rules/data.ts';
import type { Refusal } from './rules/rule.ts';
import { firstRefusal, poolRefusal } from './rules/site-rules.ts';
import { ignoresCarbon, weightsOf } from './pricing/score.ts';
import type { PlannerTuning } from './snapshot.ts';
import { doubtOf } from './pricing/uncertainty.ts';

/** Where a job may sit, and why not elsewhere. */
export interface Seating {
  readonly seats: readonly Seat[];
  readonly refused: readonly (Refusal & { readonly site: string; readonly product: string | undefined })[];
}

export function seatsFor(
  job: PlannableJob,
  context: PlanningContext,
  { home, reference }: { readonly home: string | undefined; readonly reference: Reference },
): Seating {
  const { sites, sitesNotReady } = context.snapshot;
  const seats: Seat[] = [];
  const refused: (Refusal & { site: string; product: string | undefined })[] = sitesNotReady.map(
    ({ site, message }) => ({ site, product: undefined, reason: 'SiteNotReady', message }),
  );
  const homeSite = home === undefined ? undefined : context.sites.get(home);
  const currency = currencyOfComparison(sites, homeSite);
  const open: Site[] = [];
  for (const site of sites) {
    const refusal = firstRefusal(job, site) ?? currencyIsComparable(site, currency);
    if (refusal === undefined) open.push(site);
    else refused.push({ ...refusal, site: site.name, product: undefined });
  }
  const kind = kindOfComparison(job, open, homeSite);
  const against = comparableReference(reference, kind, homeSite && kindAt(homeSite, job.signal));
  for (const site of open) {
    // Without figures to compare it by, a site is still where a job runs when nothing is known of any.
    const incomparable = signalIsComparable(job, site, kind);
    if (incomparable !== undefined && !ignoresCarbon(weightsOf(job.objective, job.devices))) {
      refused.push({ ...incomparable, site: site.name, product: undefined });
    }
    for (const pool of poolsFor(job, site)) {
      const failure = poolRefusal(job, site, pool);
      if (failure !== undefined) refused.push({ ...failure, site: site.name, product: pool?.product });
      else seats.push(seatAt(job, { site, pool, comparable: incomparable === undefined }, context, against));
    }
  }
  return { seats, refused };
}

/** Grams of home that are of another kind limit nothing. */
function comparableReference(
  reference: Reference,
  kind: IntensityKind | undefined,
  ofHome: IntensityKind | undefined,
): Reference {
  const isComparable = kind !== undefined && ofHome !== undefined && isAlike(kind, ofHome);
  return reference.grams === undefined || isComparable ? reference : { ...reference, grams: undefined };
}

/** Speed of the job on an accelerator of a site, with what reading its data there takes off it, and what was observed of jobs like it. */
export function effectiveSpeed(job: PlannableJob, site: Site, pool: AcceleratorPool | undefined): number {
  const speed = pool === undefined ? 1 : (speedOn(job, pool) ?? 1);
  const observed = observedAt(job.observedSlowdowns, site.name, pool?.product)?.share ?? 0;
  return speed / (1 + dataAccessAt(job, site, pool).slowdown) / (1 + observed);
}

export function seatAt(
  job: PlannableJob,
  place: { site: Site; pool: AcceleratorPool | undefined; comparable: boolean },
  context: PlanningContext,
  reference: Reference,
): Seat {
  const { site, pool, comparable } = place;
  const weights = weightsOf(job.objective, job.devices);
  const data = dataAccessAt(job, site, pool);
  const speed = effectiveSpeed(job, site, pool);
  const intensity = comparable || ignoresCarbon(weights) ? context.intensityAt(site, job.signal) : undefined;
  const { finishesAt, grams } = reference;
  const { now, tuning } = context.snapshot;
  // By how well the intensity here is known at the latest start.
  const ahead = job.deadline - job.remainingWork - now;
  const doubt = doubtOf(intensity?.expectedError ?? [], ahead);
  return {
    now,
    job,
    site,
    pool,
    ledger: poolLedger(context.ledger, site.name, pool?.product),
    speed,
    data,
    draw: powerDraw(job, site, pool, powerOfTransfer(data.streamedPerSecond.bytes * speed)),
    copyingDraw: data.staging === 0 ? NO_DRAW : copyingDraw(job, site, pool, powerOfStaging(data)),
    intensity,
    electricity: context.electricityAt(site),
    weights,
    reference: { finishesAt, grams, indifferenceShare: doubt * tuning.indifferenceShare },
    pauseGainShare: ignoresCarbon(weights) ? tuning.pauseGainShare : pauseGain(doubt * tuning.pauseGainShare, tuning),
  };
}

/** However well the figures are known, a pause that gains less than this is not worth its trouble. */
const LEAST_PAUSE_GAIN = 0.001;

function pauseGain(margin: number, { pauseGainShare }: PlannerTuning): number {
  return Math.max(Math.min(LEAST_PAUSE_GAIN, pauseGainShare), margin);
}
