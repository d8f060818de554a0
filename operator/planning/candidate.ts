import type { ExpectedCost } from '../domain/decision.ts';
import type { Interval } from '../domain/interval.ts';
import type { PlannableJob } from '../domain/job.ts';
import type { AcceleratorPool, Site } from '../domain/site.ts';
import type { DurationMs, EpochMs } from '../domain/units.ts';
import type { PoolLedger } from './capacity.ts';
import type { PowerDraw } from './energy.ts';
import type { ElectricityOnGrid } from './grid/electricity-on-grid.ts';
import type { IntensityOnGrid } from './grid/intensity-on-grid.ts';
import type { Score, Weights } from './score.ts';

/** One job on one accelerator of one site: all that the search for its windows needs. */
export interface Seat {
  readonly now: EpochMs;
  readonly job: PlannableJob;
  readonly site: Site;
  readonly pool: AcceleratorPool | undefined;
  readonly ledger: PoolLedger | undefined;
  /** Relative to the accelerator that the job's duration speaks of. */
  readonly speed: number;
  readonly draw: PowerDraw;
  readonly intensity: IntensityOnGrid | undefined;
  readonly electricity: ElectricityOnGrid;
  readonly weights: Weights;
  readonly reference: Reference;
}

/** What a job's options are measured against: started at once at home. */
export interface Reference {
  readonly finishesAt: EpochMs;
  /** Grams that depend on the decision; `undefined` where they are unknown, of another kind, or the job has been planned before. */
  readonly grams: number | undefined;
  /** See `PlannerTuning.indifferenceShare`. */
  readonly indifferenceShare: number;
}

/** Windows on a seat, and what they cost. */
export interface Candidate {
  readonly seat: Seat;
  /** When the job is unsuspended; the first one may begin with staging. */
  readonly windows: readonly Interval[];
  /** Head of the first window in which devices are still being provisioned and nothing runs. */
  readonly staging: DurationMs;
  /** Pauses that this plan adds. */
  readonly pauses: number;
  readonly expected: ExpectedCost;
  readonly score: Score;
}

export function finishOf(windows: readonly Interval[]): EpochMs {
  return windows.at(-1)?.endsAt ?? NaN;
}

export function startOf(windows: readonly Interval[]): EpochMs {
  return windows[0]?.startsAt ?? NaN;
}
