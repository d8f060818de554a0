import type { PlannableJob } from '../../domain/job.ts';
import type { DurationMs, EpochMs } from '../../domain/units.ts';
import { workReckonedWith } from '../unknown-length/planned-work.ts';

/**
 * The edges of the slots: `edges[0]` is now, the others are multiples of the slot length,
 * so that starts fall on the same instants as the forecasts' own slots. Slot i is [edges[i], edges[i + 1]).
 */
export interface TimeGrid {
  readonly slot: DurationMs;
  readonly edges: Float64Array;
  readonly slots: number;
}

/** Above this the slots are made longer: a plan to the second over days would cost more than it saves. */
const MAX_SLOTS = 20_000;

/** A grid from `now` to `until`, at least one slot long. */
export function timeGrid(now: EpochMs, until: EpochMs, wantedSlot: DurationMs): TimeGrid {
  const slot = Math.max(wantedSlot, Math.ceil((until - now) / MAX_SLOTS));
  const firstEdge = (Math.floor(now / slot) + 1) * slot;
  const slots = Math.max(1, 1 + Math.ceil((until - firstEdge) / slot));
  const edges = new Float64Array(slots + 1);
  edges[0] = now;
  for (let i = 1; i <= slots; i++) edges[i] = firstEdge + (i - 1) * slot;
  return { slot, edges, slots };
}

/** The slot that holds `instant`; 0 before the grid, `slots` after it. */
export function slotAt(grid: TimeGrid, instant: EpochMs): number {
  if (grid.slots === 0 || instant < edge(grid, 1)) return 0;
  return Math.min(grid.slots, 1 + Math.floor((instant - edge(grid, 1)) / grid.slot));
}

/** The first slot that begins at `instant` or later: the end of what a window up to `instant` occupies. */
export function slotFrom(grid: TimeGrid, instant: EpochMs): number {
  if (instant <= edge(grid, 0)) return 0;
  return Math.min(grid.slots, 1 + Math.max(0, Math.ceil((instant - edge(grid, 1)) / grid.slot)));
}

/** Edge `i` of a grid; the caller keeps 0 <= i <= slots. */
export function edge(grid: TimeGrid, i: number): EpochMs {
  return grid.edges[i] ?? NaN;
}

/** What a horizon depends on beside the jobs. */
export interface HorizonLimits {
  readonly now: EpochMs;
  /** End of the forecasts: a start after it has nothing to be chosen by. */
  readonly knownUntil: EpochMs;
  readonly longestStaging: DurationMs;
  /**
   * How much longer a job takes for reading its data from afar and by what was observed, as a share of its length: where it runs, else
   * where that is least of the places that it may have.
   */
  readonly slowdownOf: (job: PlannableJob) => number;
  readonly slot: DurationMs;
}

/**
 * Far enough for every job to meet its deadline, or else to finish after the others; but no further than what is known
 * and one run more, so that one deadline years away does not make every job's slots longer. Where nothing is known a job
 * may be held until its latest start: as far as the slots last, that is on the grid too, or all would be held until then.
 */
export function horizonOf(
  jobs: readonly PlannableJob[],
  { now, knownUntil, longestStaging, slowdownOf, slot }: HorizonLimits,
): EpochMs {
  let latest = now;
  let heldUntil = now;
  let longestRun = 0;
  for (const job of jobs) {
    const run = longestRunOf(job) * (1 + slowdownOf(job));
    longestRun = Math.max(longestRun, run);
    latest = Math.max(latest, job.deadline, now + run);
    if (job.withoutData === 'Hold') heldUntil = Math.max(heldUntil, job.deadline);
  }
  const oneRunMore = longestRun + longestStaging;
  const known = Math.min(latest, Math.max(now, knownUntil) + longestRun) + oneRunMore;
  return Math.max(known, Math.min(heldUntil, now + (MAX_SLOTS - 1) * slot));
}

function longestRunOf(job: PlannableJob): DurationMs {
  return longestWorkOf(job) + (job.interruptible?.restartOverhead ?? 0);
}

/** What the work takes on the slowest accelerator that the job names. */
export function longestWorkOf(job: PlannableJob): DurationMs {
  return workReckonedWith(job) / job.accelerators.reduce((speed, choice) => Math.min(speed, choice.speed), 1);
}
