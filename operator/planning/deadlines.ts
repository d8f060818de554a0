import type { PlannableJob } from '../domain/job.ts';
import type { DurationMs, EpochMs } from '../domain/units.ts';
import { baselineOf } from './baseline/baseline.ts';
import { finishOf, type Candidate } from './candidate.ts';
import { earliestAmong } from './choose.ts';
import type { PlanningContext } from './context.ts';
import { bookCandidate, place, release, seatingOf, type Placed } from './placing.ts';
import { byTimeToSpare } from './rules/order.ts';

/**
 * Jobs that chose in turn may have left too little room for one whose deadline all could have met. Then all begin anew: each
 * is given the earliest finish there is, earliest deadline first, and chooses again among what that leaves, so that no more
 * jobs are late, nor by more together, than if nobody waited for clean power.
 */
export function withDeadlinesKept(placed: readonly Placed[], context: PlanningContext): readonly Placed[] {
  const late = placed.filter(({ job, chosen, decision }) => {
    return job.phase !== 'Running' && (decision.deadlineAtRisk || chosen === undefined);
  });
  if (late.length === 0) return placed;
  const waiting = placed.filter(({ job }) => job.phase !== 'Running');
  for (const { chosen } of waiting) release(chosen, context);
  const earliest = earliestOfAll(
    waiting.map(({ job }) => job),
    context,
  );
  const now = latenessOf(waiting.map(({ job, chosen }) => [job, chosen]));
  if (isLess(latenessOf([...earliest]), now)) {
    return placed.map((one) => {
      if (one.job.phase === 'Running') return one;
      release(earliest.get(one.job), context);
      return place(one.job, context);
    });
  }
  for (const candidate of earliest.values()) release(candidate, context);
  for (const { chosen } of waiting) bookCandidate(chosen, context);
  return placed;
}

/** Each job in the earliest finish that those with less time to spare leave; booked. */
function earliestOfAll(
  jobs: readonly PlannableJob[],
  context: PlanningContext,
): ReadonlyMap<PlannableJob, Candidate | undefined> {
  const earliest = new Map<PlannableJob, Candidate | undefined>();
  for (const job of jobs.toSorted(byTimeToSpare)) {
    const { seats } = seatingOf(job, context, baselineOf(job, context));
    const first = earliestAmong(seats, context);
    bookCandidate(first, context);
    earliest.set(job, first);
  }
  return earliest;
}

/** How many jobs are late, and by how much together. */
export interface Lateness {
  readonly late: number;
  readonly by: DurationMs;
}

export function latenessOf(placed: readonly (readonly [PlannableJob, Candidate | undefined])[]): Lateness {
  let late = 0;
  let by = 0;
  for (const [job, chosen] of placed) {
    const end = endOf(chosen);
    if (end <= job.deadline) continue;
    late += 1;
    by += end - job.deadline;
  }
  return { late, by };
}

/** Fewer are late, or as many by less. */
export function isLess(a: Lateness, b: Lateness): boolean {
  return a.late < b.late || (a.late === b.late && a.by < b.by - 1);
}

function endOf(candidate: Candidate | undefined): EpochMs {
  return candidate === undefined ? Infinity : finishOf(candidate.moves.at(-1)?.windows ?? candidate.windows);
}
