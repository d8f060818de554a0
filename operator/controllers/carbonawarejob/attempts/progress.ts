import type { JobReason } from '../../../api/v1alpha1/reasons.ts';
import type { AcceleratorChoice } from '../../../domain/job.ts';
import { observedAt, type ObservedSlowdown } from '../../../domain/length/observed-slowdown.ts';
import type { DurationMs, EpochMs } from '../../../domain/units.ts';
import { openAttempt, type Attempt } from './attempts.ts';

/** What progress is counted from. */
export interface ProgressBasis {
  readonly attempts: readonly Attempt[];
  /** Work of attempts that are no longer listed, as time on an accelerator of speed 1. */
  readonly unlistedWork: DurationMs;
  readonly accelerators: readonly AcceleratorChoice[];
  /** Time that every resume takes before the job is productive again. */
  readonly restartOverhead: DurationMs;
  /** Time that it takes beside that where the run before was at another site. */
  readonly moveOverhead: DurationMs;
  /** Since when the pods of the open attempt run; absent while they don't. */
  readonly runningSince: EpochMs | undefined;
  /** How much longer jobs like it took at places, as known now. Absent: nothing has been observed. */
  readonly observedSlowdowns?: readonly ObservedSlowdown[];
}

/**
 * Work done until `now`, as time on an accelerator of speed 1: each run less the overhead of its resume, times its speed, with
 * what reading its data took off that, and what was observed there. A run that ended idle counts as none: nobody knows how much
 * of it was work, and a plan must not come to an end too late for it.
 */
export function completedWork(basis: ProgressBasis, now: EpochMs): DurationMs {
  let work = basis.unlistedWork;
  let hasRun = (basis.attempts[0]?.number ?? 1) > 1;
  let lastSite: string | undefined;
  for (const attempt of basis.attempts) {
    const ran = runTime(attempt, basis.runningSince, now);
    const moved = lastSite !== undefined && attempt.site !== lastSite;
    const overhead = (hasRun ? basis.restartOverhead : 0) + (moved ? basis.moveOverhead : 0);
    if (!endedIdle(attempt)) work += workOf(attempt, Math.max(0, ran - overhead), basis);
    hasRun ||= ran > 0;
    if (ran > 0) lastSite = attempt.site;
  }
  return work;
}

/** Its devices did nothing, so that it was paused. */
export function endedIdle({ reason }: Attempt): boolean {
  return reason === ('Idle' satisfies JobReason);
}

/** How long the pods of an attempt ran, or have run so far. */
export function runTime(attempt: Attempt, runningSince: EpochMs | undefined, now: EpochMs): DurationMs {
  if (attempt.endedAt === undefined) return runningSince === undefined ? 0 : Math.max(0, now - runningSince);
  return attempt.ran ?? Math.max(0, attempt.endedAt - attempt.startedAt);
}

/** Where the job ran last; `undefined` where it never has, or nobody knows any more. */
export function lastRun(attempts: readonly Attempt[]): Attempt | undefined {
  return attempts.findLast((attempt) => attempt.endedAt !== undefined && runTime(attempt, undefined, 0) > 0);
}

/**
 * As many of the last attempts as may be listed, and the work of all before them: less by the move to the first that is
 * listed, since nobody can tell any more that there was one.
 */
export function listed(basis: ProgressBasis, most: number): Pick<ProgressBasis, 'attempts' | 'unlistedWork'> {
  const { attempts, unlistedWork } = basis;
  if (attempts.length <= most) return { attempts, unlistedWork };
  const workOfAll = completedWork({ ...basis, runningSince: undefined }, 0);
  const last = attempts.slice(-most);
  const workOfLast = completedWork({ ...basis, attempts: last, unlistedWork: 0, runningSince: undefined }, 0);
  return { attempts: last, unlistedWork: Math.max(0, workOfAll - workOfLast) };
}

/** True from the first second that pods ran: what comes after is a resume. */
export function hasRun(attempts: readonly Attempt[]): boolean {
  const open = openAttempt(attempts);
  const unlisted = (attempts[0]?.number ?? 1) > 1;
  return unlisted || attempts.some((attempt) => attempt !== open && runTime(attempt, undefined, 0) > 0);
}

function workOf(
  attempt: Attempt,
  productive: DurationMs,
  { accelerators, observedSlowdowns }: ProgressBasis,
): DurationMs {
  const speed = accelerators.find(({ product }) => product === attempt.product)?.speed ?? 1;
  const observed = observedAt(observedSlowdowns, attempt.site, attempt.product)?.share ?? 0;
  return (productive * speed) / (1 + (attempt.slowdown ?? 0)) / (1 + observed);
}
