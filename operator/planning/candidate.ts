import type { ExpectedCost } from '../domain/decision.ts';
import type { Interval } from '../domain/interval.ts';
import type { PlannableJob } from '../domain/job.ts';
import type { AcceleratorPool, Site } from '../domain/site.ts';
import { SECOND_MS, type DurationMs, type EpochMs } from '../domain/units.ts';
import type { PoolLedger } from './capacity.ts';
import type { DataAccess } from './data/data-access.ts';
import type { PowerDraw } from './pricing/energy.ts';
import type { ElectricityOnGrid } from './grid/electricity-on-grid.ts';
import type { IntensityOnGrid } from './grid/intensity-on-grid.ts';
import type { Score, Weights } from './pricing/score.ts';

/** One job on one accelerator of one site: all that the search for its windows needs. */
export interface Seat {
  readonly now: EpochMs;
  readonly job: PlannableJob;
  readonly site: Site;
  readonly pool: AcceleratorPool | undefined;
  readonly ledger: PoolLedger | undefined;
  /** Relative to the accelerator that the job's duration speaks of, with what reading over links takes off it, and what was observed. */
  readonly speed: number;
  readonly data: DataAccess;
  /** While it works. */
  readonly draw: PowerDraw;
  /** While its data are copied to the site. */
  readonly copyingDraw: PowerDraw;
  readonly intensity: IntensityOnGrid | undefined;
  readonly electricity: ElectricityOnGrid;
  readonly weights: Weights;
  readonly reference: Reference;
  /** What pieces must gain over one piece to be worth a pause, as a share of its cost. */
  readonly pauseGainShare: number;
}

/** What a job's options are measured against: started at once at home. */
export interface Reference {
  readonly finishesAt: EpochMs;
  /** Grams that depend on the decision; `undefined` where they are unknown, of another kind, or the job has been planned before. */
  readonly grams: number | undefined;
  /** See `PlannerTuning.indifferenceShare`. */
  readonly indifferenceShare: number;
}

/** Windows on a seat. */
export interface Stay {
  readonly seat: Seat;
  /** When the job is unsuspended; the first one may begin with staging. */
  readonly windows: readonly Interval[];
}

/** Where and when a job runs, and what that costs. */
export interface Candidate extends Stay {
  /** Where it goes on after the last of these windows, in order of time; empty for most. */
  readonly moves: readonly Stay[];
  /** Head of the first window in which devices are still being provisioned, then data copied, and no work is done. */
  readonly staging: DurationMs;
  /** Pauses that this plan adds. */
  readonly pauses: number;
  readonly expected: ExpectedCost;
  readonly score: Score;
}

/** The job runs on this seat, or ran there last. */
export function isWhereItIs({ job, site, pool }: Seat): boolean {
  return job.phase !== 'Waiting' && job.current?.site === site.name && job.current.product === pool?.product;
}

/** By name: the seats may be of two plans. */
export function isSameSeat(a: Seat, b: Seat): boolean {
  return a.site.name === b.site.name && a.pool?.product === b.pool?.product;
}

export function staysOf({ seat, windows, moves }: Pick<Candidate, 'seat' | 'windows' | 'moves'>): readonly Stay[] {
  return [{ seat, windows }, ...moves];
}

/** Whether a start with so much staging waits for devices, and not for data alone. What a status keeps is rounded to seconds. */
export function isProvisioned({ data }: Seat, staging: DurationMs): boolean {
  return staging - data.staging >= SECOND_MS;
}

export function finishOf(windows: readonly Interval[]): EpochMs {
  return windows.at(-1)?.endsAt ?? NaN;
}

export function startOf(windows: readonly Interval[]): EpochMs {
  return windows[0]?.startsAt ?? NaN;
}
