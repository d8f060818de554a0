import type { LengthBelief } from './length-belief.ts';
import { HOUR_MS, MINUTE_MS, type DurationMs } from '../units.ts';

/**
 * Work beyond this is not reckoned with: no forecast reaches further, and plans are made anew long before.
 */
const FARTHEST: DurationMs = 48 * HOUR_MS;

/** The tail is laid out in steps, each longer than the one before it by this factor. */
const TAIL_STEP = 1.1;

/** Of a job that has just begun, and that no point speaks of. */
const SHORTEST_TAIL: DurationMs = MINUTE_MS;

/** How much work a job has left that has done some already, as far as a belief tells. */
export interface Survival {
  /** Ends of the steps, in work from now on. */
  readonly ends: Float64Array;
  /** `shares[i]`: probability that the job still has work to do within step i, which ends at `ends[i]`. The first is 1. */
  readonly shares: Float64Array;
  /** `integral[i]`: expected work up to the end of step i, ms. */
  readonly integral: Float64Array;
}

/**
 * The belief, given that the job is not done after `done`: shares are those of the jobs that got so far. Beyond the last
 * point, and for a job that has outlived all of them, the time left grows with the time done: of those that got to w,
 * (w/x)^2 get to x. Lifetimes of processes fall by such a power (Harchol-Balter and Downey, "Exploiting process lifetime
 * distributions for dynamic load balancing", ACM TOCS 15(3), 1997); a square keeps the mean finite.
 * @param done work, as time on an accelerator of speed 1
 */
export function survivalFrom(belief: LengthBelief, done: DurationMs): Survival {
  const last = LAST.get(belief);
  if (last?.done === done) return last.survival;
  const survival = laidOut(belief, done);
  LAST.set(belief, { done, survival });
  return survival;
}

/** A plan asks for the same one at every option that it prices. */
const LAST = new WeakMap<LengthBelief, { readonly done: DurationMs; readonly survival: Survival }>();

function laidOut({ points }: LengthBelief, done: DurationMs): Survival {
  const ends: number[] = [];
  const shares: number[] = [];
  const now = shareAt(points, done);
  const add = (work: DurationMs, shareBefore: number): void => {
    const end = Math.min(work - done, FARTHEST);
    if (shareBefore <= 0 || end <= (ends.at(-1) ?? 0)) return;
    ends.push(end);
    shares.push(shareBefore);
  };
  let share = 1;
  if (now > 0) {
    for (const point of points) {
      if (point.work <= done) continue;
      add(point.work, share);
      share = point.share / now;
    }
  }
  // The steps of the tail stay where they are as the job goes on, and so does what it is planned for, from step to step.
  const tailFrom = Math.max(points.at(-1)?.work ?? 0, SHORTEST_TAIL);
  const outlived = Math.max(tailFrom, done);
  add(tailFrom, share);
  for (let begin = tailFrom; share > 0 && begin - done < FARTHEST; begin *= TAIL_STEP) {
    add(begin * TAIL_STEP, share * (outlived / Math.max(begin, outlived)) ** 2);
  }
  return { ends: Float64Array.from(ends), shares: Float64Array.from(shares), integral: integralOf(ends, shares) };
}

/** Work from now on that is reckoned with; after it the job is taken to be done. */
export function farthest({ ends }: Survival): DurationMs {
  return ends.at(-1) ?? 0;
}

/** Expected work among the next `work`: the integral of the survival function. */
export function expectedWork({ ends, shares, integral }: Survival, work: DurationMs): DurationMs {
  const step = stepAt(ends, work);
  if (step >= ends.length) return integral.at(-1) ?? 0;
  const before = step === 0 ? 0 : (integral[step - 1] ?? 0);
  const from = step === 0 ? 0 : (ends[step - 1] ?? 0);
  return before + (shares[step] ?? 0) * (work - from);
}

/** Mean probability that the job is not done, over a stretch of the work to come. */
export function meanShare(survival: Survival, from: DurationMs, to: DurationMs): number {
  return to <= from
    ? shareAfter(survival, from)
    : (expectedWork(survival, to) - expectedWork(survival, from)) / (to - from);
}

/** Probability that the job takes longer than `work` from now on. */
export function shareAfter({ ends, shares }: Survival, work: DurationMs): number {
  return shares[stepAt(ends, work)] ?? 0;
}

/** The least work from now on after which at most this share of jobs is not done; the farthest where more are. */
export function workUntil(survival: Survival, share: number): DurationMs {
  const { ends, shares } = survival;
  const step = shares.findIndex((one) => one <= share);
  return step < 0 ? farthest(survival) : step === 0 ? 0 : (ends[step - 1] ?? 0);
}

/** The step that holds an amount of work; as many as there are steps, beyond them. */
function stepAt(ends: Float64Array, work: DurationMs): number {
  let from = 0;
  let until = ends.length;
  while (from < until) {
    const middle = (from + until) >>> 1;
    if ((ends[middle] ?? 0) > work) until = middle;
    else from = middle + 1;
  }
  return from;
}

function shareAt(points: LengthBelief['points'], work: DurationMs): number {
  return points.findLast((point) => point.work <= work)?.share ?? 1;
}

function integralOf(ends: readonly number[], shares: readonly number[]): Float64Array {
  let sum = 0;
  let from = 0;
  return Float64Array.from(ends, (end, i) => {
    sum += (shares[i] ?? 0) * (end - from);
    from = end;
    return sum;
  });
}
