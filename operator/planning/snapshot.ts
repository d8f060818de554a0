import type { PlannableJob } from '../domain/job.ts';
import type { Site } from '../domain/site.ts';
import type { DurationMs, EpochMs } from '../domain/units.ts';

/** Everything that a plan depends on, frozen; it carries its own `now`. Structured-cloneable: it may travel to a worker thread. */
export interface PlanningSnapshot {
  readonly now: EpochMs;
  /** Length of a slot, 1 s to 1 h. */
  readonly slot: DurationMs;
  readonly sites: readonly Site[];
  /** Sites that are left out of every plan for now, and why: told among the alternatives. */
  readonly sitesNotReady: readonly { readonly site: string; readonly message: string }[];
  readonly jobs: readonly PlannableJob[];
  readonly tuning: PlannerTuning;
}

/** The planner's own constants, so that a benchmark can vary them. */
export interface PlannerTuning {
  /** A new plan replaces the current one only if it is better by this share of the current plan's cost. */
  readonly hysteresisShare: number;
  /** Grams that differ by less than this share are the same: no forecast is as exact, and waiting is not free. */
  readonly indifferenceShare: number;
  /** A pause must save at least this share of what the job would cost without it, where the figures are as uncertain as a typical day's. */
  readonly pauseGainShare: number;
  readonly maxAlternatives: number;
  /** How long jobs that stand in each other's way are looked at together, as a multiple of the usual. Absent: 1. */
  readonly effort?: number;
}
