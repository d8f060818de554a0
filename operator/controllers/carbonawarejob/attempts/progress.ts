import type { AcceleratorChoice } from '../../../domain/job.ts';
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
  /** Since when the pods of the open attempt run; absent while they don't. */
  readonly runningSince: EpochMs | undefined;
}

/** Work done until `now`, as time on an accelerator of speed 1: each run less the overhead of its resume, times its speed. */
export function completedWork(basis: ProgressBasis, now: EpochMs): DurationMs {
  let work = basis.unlistedWork;
  let hasRun = (basis.attempts[0]?.number ?? 1) > 1;
  for (const attempt of basis.attempts) {
    const ran = runTime(attempt, basis.runningSince, now);
    work += workOf(attempt, ran, hasRun, basis);
    hasRun ||= ran > 0;
  }
  return work;
}

/** How long the pods of an attempt ran, or have run so far. */
export function runTime(attempt: Attempt, runningSince: EpochMs | undefined, now: EpochMs): DurationMs {
  if (attempt.endedAt === undefined) return runningSince === undefined ? 0 : Math.max(0, now - runningSince);
  return attempt.ran ?? Math.max(0, attempt.endedAt - attempt.startedAt);
}

/** As many of the last attempts as may be listed, and the work of all before them. */
export function listed(basis: ProgressBasis, most: number): Pick<ProgressBasis, 'attempts' | 'unlistedWork'> {
  const { attempts, unlistedWork } = basis;
  if (attempts.length <= most) return { attempts, unlistedWork };
  const unlisted = attempts.slice(0, attempts.length - most);
  return {
    attempts: attempts.slice(-most),
    unlistedWork: completedWork({ ...basis, attempts: unlisted, runningSince: undefined }, 0),
  };
}

/** True from the first second that pods ran: what comes after is a resume. */
export function hasRun(attempts: readonly Attempt[]): boolean {
  const open = openAttempt(attempts);
  const unlisted = (attempts[0]?.number ?? 1) > 1;
  return unlisted || attempts.some((attempt) => attempt !== open && runTime(attempt, undefined, 0) > 0);
}

function workOf(attempt: Attempt, ran: DurationMs, isResume: boolean, basis: ProgressBasis): DurationMs {
  const { accelerators, restartOverhead } = basis;
  const speed = accelerators.find(({ product }) => product === attempt.product)?.speed ?? 1;
  return Math.max(0, ran - (isResume ? restartOverhead : 0)) * speed;
}
