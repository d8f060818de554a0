import type { Decision, Plan } from '../domain/decision.ts';
import type { PlannableJob } from '../domain/job.ts';
import { baselineOf } from './baseline.ts';
import { book, poolLedger } from './capacity.ts';
import { choose, chooseForRunning, type Choice } from './choose.ts';
import type { Reference, Seat } from './candidate.ts';
import { planningContext, type PlanningContext } from './context.ts';
import { explained } from './explain.ts';
import { inOrderOfNeed } from './rules/order.ts';
import { seatAt, seatsFor, type Seating } from './seats.ts';

/**
 * Gives every job of the snapshot one option: site x accelerator x windows. Jobs choose in order of need, each among
 * what the ones before it left, so that they don't all meet in the one cleanest hour.
 * Pure: the same snapshot gives the same plan.
 */
export function plan(snapshot: PlanningContext['snapshot']): Plan {
  const context = planningContext(snapshot);
  const decisions = new Map<string, Decision>();
  for (const job of inOrderOfNeed(snapshot.jobs)) decisions.set(job.key, decide(job, context));
  return { madeAt: snapshot.now, slot: snapshot.slot, decisions };
}

function decide(job: PlannableJob, context: PlanningContext): Decision {
  const baseline = baselineOf(job, context);
  const seating =
    job.phase === 'Running' ? runningSeat(job, context, baseline.reference) : seatsFor(job, context, baseline);
  const choice = chosenAmong(job, seating.seats, context, baseline);
  bookFor(job, choice, context);
  return explained({ job, choice, seating, baseline, tuning: context.snapshot.tuning });
}

function chosenAmong(
  job: PlannableJob,
  seats: readonly Seat[],
  context: PlanningContext,
  baseline: ReturnType<typeof baselineOf>,
): Choice {
  const [seat] = seats;
  return job.phase === 'Running' && seat !== undefined
    ? chooseForRunning(seat, context)
    : choose(job, seats, context, baseline);
}

/** The one seat of a job that runs; none where its site or its accelerator is gone from the snapshot. */
function runningSeat(job: PlannableJob, context: PlanningContext, reference: Reference): Seating {
  const site = job.current === undefined ? undefined : context.sites.get(job.current.site);
  const pool = site?.pools.find(({ product }) => product === job.current?.product);
  if (site === undefined || (pool === undefined && job.devices > 0)) return { seats: [], refused: [] };
  return { seats: [seatAt(job, { site, pool, comparable: true }, context, reference)], refused: [] };
}

function bookFor(job: PlannableJob, { chosen }: Choice, context: PlanningContext): void {
  if (chosen === undefined) return;
  const pool = poolLedger(context.ledger, chosen.seat.site.name, chosen.seat.pool?.product);
  if (pool !== undefined) book(pool, chosen.windows, job.devices);
}
