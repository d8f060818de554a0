import type { Interval } from './interval.ts';
import type { DurationMs, EpochMs } from './units.ts';

/**
 * The scale that grams, money and hours share: cost = money + carbonPrice x carbon + delayPrice x delay.
 * `lexicographic` compares grams first, then money, then finish (preset `Carbon`).
 */
export interface Objective {
  readonly lexicographic: boolean;
  /** Money per tonne of CO2e. */
  readonly carbonPricePerTonne: number;
  /** Money per hour that the job finishes later, per accelerator that it uses. */
  readonly delayPricePerAcceleratorHour: number;
}

export interface Interruptible {
  /** A stretch of running is at least this long. */
  readonly minimumRun: DurationMs;
  /** Work lost and repeated at each resume. */
  readonly restartOverhead: DurationMs;
  readonly maxPauses: number;
}

/** Accelerator products that a job can use, and how fast it is on each. */
export interface AcceleratorChoice {
  readonly product: string;
  /** Relative to the accelerator that `expectedDuration` speaks of; 0.5 takes twice as long. */
  readonly speed: number;
}

/** Where and until when a job has been placed. */
export interface Placement {
  readonly site: string;
  readonly product: string;
  readonly windows: readonly Interval[];
}

export type JobPhase = 'Waiting' | 'Running' | 'Paused';

/** A job that is not finished, as the planner sees it. */
export interface PlannableJob {
  /** `namespace/name`. */
  readonly key: string;
  readonly createdAt: EpochMs;
  readonly phase: JobPhase;
  /** Where the job would run without this operator. */
  readonly home: string;
  /** Work left, as time on an accelerator of speed 1. */
  readonly remainingWork: DurationMs;
  /** Work in all, as time on an accelerator of speed 1; the counterfactual's length. */
  readonly totalWork: DurationMs;
  /** The job is to be finished by then. */
  readonly deadline: EpochMs;
  readonly interruptible: Interruptible | undefined;
  readonly pausesSoFar: number;
  readonly objective: Objective;
  readonly resource: string;
  /** Devices that all of its pods hold together; 0 for a job that asks for none. */
  readonly devices: number;
  /** Watts beside the accelerators, e.g. of pods without any. */
  readonly otherWatts: number;
  /** Empty: any product, at speed 1. */
  readonly accelerators: readonly AcceleratorChoice[];
  readonly placementRules: PlacementRules;
  /** What carries the job now or is promised in its status; kept unless something better wins by the margin. */
  readonly current: Placement | undefined;
  /** Site and product pairs that are not to be tried before the time given. */
  readonly avoid: readonly Avoidance[];
  /** The policy's word for a site without any data. */
  readonly withoutData: 'Run' | 'Hold';
}

/** Who narrows where a job may run. `undefined` narrows nothing. */
export interface PlacementRules {
  /** `spec.placement.sites` of the job, names of sites. */
  readonly jobAllows: readonly string[] | undefined;
  readonly jobDenies: readonly string[];
  /** `spec.limits.sites.allow` of the policy. */
  readonly policyAllows: readonly string[] | undefined;
  /** Regions and products that the template's own node selector and affinity leave. */
  readonly templateRegions: readonly string[] | undefined;
  readonly templateProducts: readonly string[] | undefined;
}

/** A site and product that just failed the job, e.g. its pods stayed unschedulable there. */
export interface Avoidance {
  readonly site: string;
  readonly product: string;
  readonly until: EpochMs;
  readonly message: string;
}
