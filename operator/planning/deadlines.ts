import type { PlannableJob } from '../domain/job.ts';
import type { EpochMs } from '../domain/units.ts';
import { baselineOf } from './baseline.ts';
import { finishOf, type Candidate } from './candidate.ts';
import type { PlanningContext } from './context.ts';
import { edge } from './grid/time-grid.ts';
import { bookCandidate, place, release, seatingOf, type Placed } from './placing.ts';
import { byTimeToSpare } from './rules/order.ts';
import { earliestCandidates } from './search/seat-search.ts';

/**
 * Jobs that chose in turn may have left too little room for one whose deadline all could have met. Then all begin anew: each
 * is given the earliest finish there is, earliest deadline first, and chooses again among what that leaves, so that no job is
 * later than it would be if nobody waited for clean power.
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
  if (late.some(({ job, chosen }) => endOf(earliest.get(job)) < endOf(chosen))) {
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
    const candidates = seats
      .filter(({ site }) => site.schedulable)
      .flatMap((seat) => earliestCandidates(seat, context.grid, edge(context.grid, context.grid.slots)));
    const first = candidates.toSorted((a, b) => endOf(a) - endOf(b))[0];
    bookCandidate(first, context);
    earliest.set(job, first);
  }
  return earliest;
}

function endOf(candidate: Candidate | undefined): EpochMs {
  return candidate === undefined ? Infinity : finishOf(candidate.moves.at(-1)?.windows ?? candidate.windows);
}
