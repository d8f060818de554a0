import type { IntensitySeries } from '../domain/intensity.ts';
import type { PlannableJob } from '../domain/job.ts';
import type { Outlook, Site } from '../domain/site.ts';
import type { DurationMs, EpochMs } from '../domain/units.ts';
import type { PlannerTuning } from '../planning/snapshot.ts';

/** The world that jobs are replayed in: everything but the jobs. */
export interface Scenario {
  /** Length of the planner's slots, 1 s to 1 h. */
  readonly slot: DurationMs;
  /** Sites without what is foreseen of them: that depends on the time of planning. */
  readonly sites: readonly SimulatedSite[];
  /** What really comes, by zone: emissions are reckoned by it, and nothing is planned by it. */
  readonly came: ReadonlyMap<string, IntensitySeries>;
  readonly foresight: Foresight;
  readonly tuning: PlannerTuning;
}

export type SimulatedSite = Omit<Site, 'outlooks'>;

/**
 * What is known of a zone at a time of planning; `undefined`: nothing at all.
 * @param until nobody asks for what comes after it
 */
export type Foresight = (zone: string, at: EpochMs, until: EpochMs) => Outlook | undefined;

export interface SimulatedJob {
  /**
   * The job as it arrives at `createdAt`: waiting, nothing done, nothing spent. Its `totalWork` is what the planner is
   * told, and where `home` is absent the planner's own choice is the baseline's.
   */
  readonly asked: PlannableJob;
  /** What it really takes, as time on an accelerator of speed 1. Absent: what the planner is told. */
  readonly work?: DurationMs;
}
