import type { Emissions, Signal, Rung } from './intensity.ts';
import type { Interval } from './interval.ts';
import type { ExpectedLength } from './length/length-belief.ts';
import type { DurationMs, EpochMs, KilowattHours, Watts } from './units.ts';

/** What an option is expected to use for the whole job, what it has used so far included. */
export interface ExpectedCost {
  readonly site: string;
  readonly energy: KilowattHours;
  /** `undefined` where there is no intensity for every slot, or it would be a sum of unlike kinds: unknown, never zero. */
  readonly carbon: Emissions | undefined;
  readonly money: number;
  readonly currency: string;
  readonly startsAt: EpochMs;
  readonly finishesAt: EpochMs;
}

/** What a job would use that had started at once at home. */
export interface BaselineCost extends ExpectedCost {
  /** Accelerator there, and its power by which this was reckoned; absent for a job that asks for none, and where nobody has told. */
  readonly accelerator?: { readonly product: string; readonly busy: Watts };
}

/** A stretch of a job's life at one place. */
export interface Leg {
  readonly site: string;
  /** Absent for a job that asks for no accelerator. */
  readonly product: string | undefined;
  readonly windows: readonly Interval[];
  /** How much longer its work takes here for reading over links, as a share; absent where that costs no time. */
  readonly slowdown?: number;
}

/** Site x accelerator x set of time slots. */
export interface Option extends Leg {
  /**
   * Where the job goes on after the last of `windows`, in order of time: it pauses here and starts anew there. Empty for a job
   * that stays; `expected` counts all of them.
   */
  readonly moves: readonly Leg[];
  readonly expected: ExpectedCost;
}

/** All of an option, in order of time. */
export function legsOf(option: Leg & { readonly moves?: readonly Leg[] }): readonly Leg[] {
  const { site, product, windows, slowdown, moves = [] } = option;
  return [{ site, product, windows, ...(slowdown !== undefined && { slowdown }) }, ...moves];
}

/** Those that are not over by then. */
export function legsAhead(legs: readonly Leg[], from: EpochMs): readonly Leg[] {
  return legs.filter(({ windows }) => windows.some(({ endsAt }) => endsAt > from));
}

/** An option that was not chosen, and the rule or the comparison that says why. */
export interface Alternative {
  readonly site: string;
  readonly product: string | undefined;
  /** Absent where a rule excluded the site before it was priced. */
  readonly expected: ExpectedCost | undefined;
  readonly reason: string;
  readonly message: string;
}

/** What one planning cycle says about one job. */
export interface Decision {
  readonly job: string;
  /** Of the job that it was made for. */
  readonly revision: string;
  /** Absent where nothing can carry the job; `reason` and `message` say why. */
  readonly chosen: Option | undefined;
  /** Started at once at home, capacity not counted. Absent where home is unknown, and until it is ready and has an accelerator for the job. */
  readonly baseline: BaselineCost | undefined;
  /** Best first. */
  readonly alternatives: readonly Alternative[];
  /** CamelCase, from the list of reasons. */
  readonly reason: string;
  readonly message: string;
  /** The deadline can't be held by any option; the chosen one finishes earliest, where there is one. */
  readonly deadlineAtRisk: boolean;
  /** The chosen option is the one that the job already had. */
  readonly kept: boolean;
  /** Absent where the job's length has been told. */
  readonly length?: ExpectedLength;
  readonly signal: Signal;
  /** Where the intensity of the chosen site came from. */
  readonly rung: Rung;
  readonly source: string | undefined;
  /** What was left out of the comparison because its grams are of another kind, in words; absent where nothing was. */
  readonly notComparable: string | undefined;
}

export interface Plan {
  readonly madeAt: EpochMs;
  readonly slot: DurationMs;
  /** By job key, one for every job of the snapshot. */
  readonly decisions: ReadonlyMap<string, Decision>;
}
