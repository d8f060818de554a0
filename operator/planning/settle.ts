import { finishOf, isSameSeat } from './candidate.ts';
import type { PlanningContext } from './context.ts';
import { place, release, type Placed } from './placing.ts';

/** Of more jobs than this nobody looks again. */
const MOST_TO_SETTLE = 2_000;
const ROUNDS_TO_SETTLE = 10;

/**
 * Jobs that gave way have left room behind: each job chooses again among what the others have left, until none finds anything
 * better.
 */
export function settled(placed: readonly Placed[], context: PlanningContext): readonly Placed[] {
  if (placed.length > MOST_TO_SETTLE) return placed;
  let standing = placed;
  for (let round = 0; round < ROUNDS_TO_SETTLE; round++) {
    const before = standing;
    standing = before.map((one) => {
      if (one.job.phase === 'Running' || one.decision.kept) return one;
      release(one.chosen, context);
      return place(one.job, context);
    });
    if (standing.every((one, i) => isSamePlace(one, before[i]))) break;
  }
  return standing;
}

function isSamePlace({ chosen }: Placed, other: Placed | undefined): boolean {
  if (chosen === undefined || other?.chosen === undefined) return chosen === other?.chosen;
  const { seat, windows } = other.chosen;
  return (
    isSameSeat(chosen.seat, seat) &&
    chosen.windows.length === windows.length &&
    finishOf(chosen.windows) === finishOf(windows)
  );
}
