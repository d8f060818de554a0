import type { DurationMs, EpochMs } from '../../domain/units.ts';
import type { IntensityOnGrid } from '../forecast.ts';
import { edge, type TimeGrid } from '../grid.ts';

/** What a run in several pieces may do, and what one gram-hour and one millisecond of delay cost it. */
export interface PausableSearch {
  readonly grid: TimeGrid;
  readonly intensity: IntensityOnGrid;
  readonly nextFull: Int32Array | undefined;
  readonly notAfter: EpochMs;
  /** Work left, at the speed of this accelerator. */
  readonly work: DurationMs;
  readonly minimumRun: DurationMs;
  /** Time lost at the start of each piece but the very first one. */
  readonly restartOverhead: DurationMs;
  /** Pieces that may still begin. */
  readonly piecesLeft: number;
  /** The job has run before: its next piece begins with the overhead too. */
  readonly hasRun: boolean;
  /** Since when the job runs; absent where it doesn't. */
  readonly runningSince: EpochMs | undefined;
  readonly perGramHour: number;
  readonly perDelayMs: number;
}

/** More states than this are planned in steps of several slots. */
const MAX_STATES = 100_000;

/** Consecutive slots taken together, so that the tables stay small; step k begins at edge 1 + k x `slotsPerStep`. */
export interface Steps {
  readonly stepMs: DurationMs;
  readonly count: number;
  /** Running sum of the cost of working through a step; `count + 1` entries. */
  readonly cost: Float64Array;
  /** For each step, the first full or unknown step at or after it. */
  readonly nextBlocked: Int32Array;
}

export function stepsOf(search: PausableSearch): Steps {
  const { grid } = search;
  const slots = Math.min(grid.slots - 1, Math.floor((search.notAfter - edge(grid, 1)) / grid.slot));
  const states = slots * (search.work / grid.slot + 1) * (search.piecesLeft + 1);
  // Twice as long a step means half the steps and half the work counted in them.
  const slotsPerStep = Math.max(1, Math.ceil(Math.sqrt(states / MAX_STATES)));
  const count = Math.max(0, Math.floor(slots / slotsPerStep));
  const cost = new Float64Array(count + 1);
  const nextBlocked = new Int32Array(count);
  for (let step = 0; step < count; step++) {
    const from = 1 + step * slotsPerStep;
    const gramHours = (search.intensity.integral[from + slotsPerStep] ?? 0) - (search.intensity.integral[from] ?? 0);
    cost[step + 1] = (cost[step] ?? 0) + search.perGramHour * gramHours;
  }
  let blocked = count;
  for (let step = count - 1; step >= 0; step--) {
    const from = 1 + step * slotsPerStep;
    if (firstObstacle(search, from) < from + slotsPerStep) blocked = step;
    nextBlocked[step] = blocked;
  }
  return { stepMs: slotsPerStep * grid.slot, count, cost, nextBlocked };
}

function firstObstacle({ grid, intensity, nextFull }: PausableSearch, slot: number): number {
  return Math.min(intensity.nextUnknown[slot] ?? 0, nextFull === undefined ? grid.slots : (nextFull[slot] ?? 0));
}
