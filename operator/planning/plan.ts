import type { Decision, Plan } from '../domain/decision.ts';
import type { PlannableJob } from '../domain/job.ts';
import { baselineOf, type Baseline } from './baseline.ts';
import { book, poolLedger } from './capacity.ts';
import { choose, chooseForRunning, type Choice } from './choose.ts';
import { staysOf, type Seat } from './candidate.ts';
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
  const seating = job.phase === 'Running' ? runningSeats(job, context, baseline) : seatsFor(job, context, baseline);
  const choice = chosenAmong(job, seating.seats, context, baseline);
  bookFor(job, choice, context);
  return explained({ job, choice, seating, baseline, tuning: context.snapshot.tuning });
}

function chosenAmong(job: PlannableJob, seats: readonly Seat[], context: PlanningContext, baseline: Baseline): Choice {
  const [seat, ...others] = seats;
  return job.phase === 'Running' && seat !== undefined
    ? chooseForRunning([seat, ...others], context)
    : choose(job, seats, context, baseline);
}

/** The seat of a job that runs, and those where it could go on; none where its site or its accelerator is gone from the snapshot. */
function runningSeats(job: PlannableJob, context: PlanningContext, baseline: Baseline): Seating {
  const site = job.current === undefined ? undefined : context.sites.get(job.current.site);
  const pool = site?.pools.find(({ product }) => product === job.current?.product);
  if (site === undefined || (pool === undefined && job.devices > 0)) return { seats: [], refused: [] };
  const seat = seatAt(job, { site, pool, comparable: true }, context, baseline.reference);
  if (job.interruptible === undefined || job.pausesSoFar >= job.interruptible.maxPauses || context.sites.size === 1) {
    return { seats: [seat], refused: [] };
  }
  const others = seatsFor(job, context, baseline).seats.filter(
    (other) => other.site.schedulable && (other.site !== site || other.pool !== pool),
  );
  return { seats: [seat, ...others], refused: [] };
}

function bookFor(job: PlannableJob, { chosen }: Choice, context: PlanningContext): void {
  if (chosen === undefined) return;
  for (const { seat, windows } of staysOf(chosen)) {
    const pool = poolLedger(context.ledger, seat.site.name, seat.pool?.product);
    if (pool !== undefined) book(pool, windows, job.devices);
  }
}
