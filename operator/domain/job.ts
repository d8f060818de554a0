import type { BaselineCost, Leg } from './decision.ts';
import type { Emissions, Signal } from './intensity.ts';
import type { LengthBelief } from './length/length-belief.ts';
import type { ObservedSlowdown } from './length/observed-slowdown.ts';
import type { DurationMs, EpochMs, KilowattHours, Watts } from './units.ts';

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
  /** Time lost beside that where it resumes at another site than where it paused. Absent: none. */
  readonly moveOverhead?: DurationMs;
  readonly maxPauses: number;
}

/** Accelerator products that a job can use, and how fast it is on each. */
export interface AcceleratorChoice {
  readonly product: string;
  /** Relative to the accelerator that `expectedDuration` speaks of; 0.5 takes twice as long. */
  readonly speed: number;
}

/** Data that a job reads, and where it lies. */
export interface JobData {
  readonly name: string;
  /** Of the whole set; of a stream only what it reads counts. */
  readonly bytes: number;
  /** Names of sites that hold a copy. */
  readonly sites: readonly string[];
  /** Names of sites where an earlier run of the job has staged it: there it need not be staged again. */
  readonly stagedAt: readonly string[];
  /** `Stage`: copied to the site before the job starts. `Stream`: read over the link while it runs. */
  readonly access: 'Stage' | 'Stream';
  /** Streams only. */
  readonly stream: DataStream | undefined;
}

/** How a job reads: what a link must carry for the job not to wait for it. */
export interface DataStream {
  /** What the job reads at the speed of the accelerator that its duration speaks of. */
  readonly bytesPerSecond: number;
  /** Readers at work at once, all pods together. */
  readonly readers: number;
  /** Bytes that one reader has asked for and not got yet: what fills the link over a long round trip. */
  readonly outstandingBytes: number;
}

/** Where and until when a job has been placed. */
export interface Placement extends Leg {
  /** Where it goes on after the last of these windows, in order of time. Absent: nowhere. */
  readonly moves?: readonly Leg[];
}

/** Energy, carbon and money of the attempts that are over or under way. */
export interface Spent {
  readonly energy: KilowattHours;
  /** 0 before the first run, which is nothing of any kind; `undefined`: unknown, or of several kinds, never zero. */
  readonly carbon: Emissions | 0 | undefined;
  readonly money: number;
}

export type JobPhase = 'Waiting' | 'Running' | 'Paused';

/** A job that is not finished, as the planner sees it. */
export interface PlannableJob {
  /** `namespace/name`. */
  readonly key: string;
  /** Which job of that name, and which of its specs: what was decided for another must not be carried out. */
  readonly revision: string;
  readonly createdAt: EpochMs;
  readonly phase: JobPhase;
  /** Site where the job would run without this operator. `undefined`: the planner takes the one with the most free devices. */
  readonly home: string | undefined;
  /** Work left, as time on an accelerator of speed 1. Of an unknown length: what is planned for, see `lengthBelief`. */
  readonly remainingWork: DurationMs;
  /** Work in all, as time on an accelerator of speed 1; the counterfactual's length. */
  readonly totalWork: DurationMs;
  /** Absent where the job's length has been told. Else it may be done at any moment: `totalWork - remainingWork` is what it has done. */
  readonly lengthBelief?: LengthBelief | undefined;
  /** The job is to be finished by then. */
  readonly deadline: EpochMs;
  readonly interruptible: Interruptible | undefined;
  readonly pausesSoFar: number;
  readonly objective: Objective;
  readonly resource: string;
  /** Devices that all of its pods hold together; 0 for a job that asks for none. */
  readonly devices: number;
  /** Power beside the accelerators, before PUE, e.g. of pods without any. */
  readonly otherPower: Watts;
  /** Empty: any product, at speed 1. */
  readonly accelerators: readonly AcceleratorChoice[];
  readonly placementRules: PlacementRules;
  /** Empty: the job reads nothing that has a place. */
  readonly data: readonly JobData[];
  /** How much longer jobs like it took at some places, beside what was planned for their data. Absent: nothing has been observed. */
  readonly observedSlowdowns?: readonly ObservedSlowdown[];
  /**
   * How much longer the job may run than with its data at hand and where jobs like it usually run, as a share of its length,
   * never traded. `undefined`: as much as the deadline allows.
   */
  readonly maxSlowdownShare: number | undefined;
  /** Share of its namespace beside others where devices are short; 1 is the usual one. */
  readonly weight: number;
  /** What the job has used so far, as far as it is known. */
  readonly spent: Spent;
  /** The first plan's baseline, kept so that a saving is always measured against the same thing, by the power of today. */
  readonly baseline: BaselineCost | undefined;
  /** What carries the job now or is promised in its status; kept unless something better wins by the margin. */
  readonly current: Placement | undefined;
  /** Site and product pairs that are not to be tried before the time given. */
  readonly avoid: readonly Avoidance[];
  /** The signal that the policy plans by. */
  readonly signal: Signal;
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

/** A site and product that just failed the job: its pods stayed unschedulable there, or its devices did nothing. */
export interface Avoidance {
  readonly cause: 'Unschedulable' | 'Idle';
  readonly site: string;
  readonly product: string | undefined;
  readonly until: EpochMs;
  readonly message: string;
}
