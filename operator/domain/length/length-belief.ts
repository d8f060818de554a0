import type { DurationMs, EpochMs } from '../units.ts';

/**
 * What is believed of the length of a job that nobody has told: its survival function, in steps. Jobs are all longer than
 * nothing; from the work of a point on, up to the next one's, `share` of them are still not done.
 */
export interface LengthBelief {
  /** In order of work, shares falling. What outlives the last point is told by the tail, see {@link survivalFrom}. */
  readonly points: readonly SurvivalPoint[];
  /**
   * How long the job may go without working in all, however long it is: its deadline moves with what is expected of it.
   * `undefined`: the deadline stands.
   */
  readonly mayWait: DurationMs | undefined;
  /** Absent: from nothing but how long the job may wait. */
  readonly learntFrom?: LengthSource;
}

/** What finished jobs have in common with one that a length is learnt for: the same template, label, owner, or namespace. */
export type LengthKinship = 'Template' | 'Workload' | 'Owner' | 'Namespace';

export interface LengthSource {
  readonly kinship: LengthKinship;
  /** How many of them there are. */
  readonly runs: number;
}

/** What a plan takes for the length of a job that nobody has told. */
export interface ExpectedLength {
  /** Nine of ten jobs that got as far take no longer, as time on an accelerator of speed 1. */
  readonly work: DurationMs;
  readonly deadline: EpochMs;
  readonly learntFrom: LengthSource | undefined;
}

export interface SurvivalPoint {
  /** Work, as time on an accelerator of speed 1. */
  readonly work: DurationMs;
  /** Of all jobs like this one, those that take longer than `work`; 0 to 1. */
  readonly share: number;
}
