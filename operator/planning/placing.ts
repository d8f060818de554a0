import type { Decision } from '../domain/decision.ts';
import type { PlannableJob } from '../domain/job.ts';
import { baselineOf, type Baseline } from './baseline/baseline.ts';
import { book, poolLedger } from './capacity.ts';
import { isProvisioned, staysOf, type Candidate } from './candidate.ts';
import { choose, chooseForRunning } from './choose.ts';
import type { PlanningContext } from './context.ts';
import { explained } from './explain/explain.ts';
import { poolAtSite } from './rules/accelerator.ts';
import { seatAt, seatsFor, type Seating } from './seats.ts';

/** A job and what it has chosen. Of everything that it chose among only the words are kept: there may be thousands of jobs. */
export interface Placed {
  readonly job: PlannableJob;
  readonly chosen: Candidate | undefined;
  readonly decision: Decision;
}

/** Gives one job the best of what the others left, and books it. */
export function place(job: PlannableJob, context: PlanningContext): Placed {
  const baseline = baselineOf(job, context);
  const seating = seatingOf(job, context, baseline);
  const [seat, ...others] = seating.seats;
  const choice =
    job.phase === 'Running' && seat !== undefined
      ? chooseForRunning([seat, ...others], context)
      : choose(job, seating.seats, context, baseline);
  bookCandidate(choice.chosen, context);
  const { tuning } = context.snapshot;
  return { job, chosen: choice.chosen, decision: explained({ job, choice, seating, baseline, tuning }) };
}

export function seatingOf(job: PlannableJob, context: PlanningContext, baseline: Baseline): Seating {
  return job.phase === 'Running' ? runningSeats(job, context, baseline) : seatsFor(job, context, baseline);
}

/** The seat of a job that runs, and those where it could go on; none where its site or its accelerator is gone from the snapshot. */
function runningSeats(job: PlannableJob, context: PlanningContext, baseline: Baseline): Seating {
  const where = job.current && poolAtSite(job, context.sites.get(job.current.site), job.current);
  if (where === undefined) return { seats: [], refused: [] };
  const { pool, site } = where;
  const seat = seatAt(job, { site, pool, comparable: true }, context, baseline.reference);
  if (job.interruptible === undefined || job.pausesSoFar >= job.interruptible.maxPauses || context.sites.size === 1) {
    return { seats: [seat], refused: [] };
  }
  const others = seatsFor(job, context, baseline).seats.filter(
    (other) => other.site.schedulable && (other.site !== site || other.pool !== pool),
  );
  return { seats: [seat, ...others], refused: [] };
}

export function bookCandidate(candidate: Candidate | undefined, context: PlanningContext): void {
  changeBookings(candidate, context, 1);
}

export function release(candidate: Candidate | undefined, context: PlanningContext): void {
  changeBookings(candidate, context, -1);
}

function changeBookings(candidate: Candidate | undefined, { ledger }: PlanningContext, sign: 1 | -1): void {
  if (candidate === undefined) return;
  for (const [i, { seat, windows }] of staysOf(candidate).entries()) {
    const pool = poolLedger(ledger, seat.site.name, seat.pool?.product);
    const provisioned = i === 0 && isProvisioned(seat, candidate.staging);
    if (pool !== undefined) book(pool, windows, sign * seat.job.devices, provisioned);
  }
}
