import type { JobOutcome, Totals } from './outcome.ts';
import { totalsOf } from './outcome.ts';
import { grams, type DurationMs, type Grams } from '../domain/units.ts';

/** What became of one job, beside the least that anybody could have emitted with it. */
export interface JudgedJob extends JobOutcome {
  /** Alone, done by its deadline, or when ours was where that is later. NaN where nobody knows. */
  readonly boundGrams: Grams;
  /** Alone, with all accelerators for it, somebody could have been done by its deadline. */
  readonly couldBeHeld: boolean;
}

/** Sums over the jobs that can be compared: those that came to an end in a time whose intensity is known, ours and at home. */
export interface Score extends Totals {
  /** Jobs that are left out of all sums, `jobs` included. */
  readonly leftOut: { readonly unfinished: number; readonly unknown: number };
  readonly boundGrams: Grams;
  /** `Alone`: what each job comes to that has all accelerators for it. `Together`: of all jobs, no more than there are. */
  readonly boundBasis: 'Alone' | 'Together';
  /** How much later than run on arrival they were done, on average; NaN without jobs. */
  readonly meanDelay: DurationMs;
  /** In percent of run on arrival. */
  readonly savingPercent: number;
  readonly boundSavingPercent: number;
  /** See {@link scoreOf}. */
  readonly score: number | null;
}

/** @param together a bound of all that can be compared; what the jobs alone come to holds where it is higher */
export function scoreOfJobs(jobs: readonly JudgedJob[], together = -Infinity): Score {
  const compared = jobs.filter(canBeCompared);
  const unfinished = jobs.filter(({ finishesAt }) => finishesAt === undefined).length;
  const totals = totalsOf(compared);
  const alone = compared.reduce((sum, { boundGrams }) => sum + boundGrams, 0);
  const delay = compared.reduce((sum, job) => sum + (job.finishesAt ?? NaN) - job.baseline.finishesAt, 0);
  const boundGrams = grams(Math.max(alone, together));
  return {
    ...totals,
    leftOut: { unfinished, unknown: jobs.length - compared.length - unfinished },
    boundGrams,
    boundBasis: together > alone * (1 + ROUNDING_SHARE) ? 'Together' : 'Alone',
    meanDelay: delay / compared.length,
    savingPercent: savingPercent(totals.grams, totals.baseline.grams),
    boundSavingPercent: savingPercent(boundGrams, totals.baseline.grams),
    score: scoreOf({ plan: totals.grams, baseline: totals.baseline.grams, bound: boundGrams }),
  };
}

export function canBeCompared({ finishesAt, grams: ours, baseline, boundGrams }: JudgedJob): boolean {
  const isKnown = Number.isFinite(ours + baseline.grams + boundGrams) && baseline.site !== undefined;
  return finishesAt !== undefined && isKnown;
}

/** Of the baseline; 0 where both are nothing. */
export function savingPercent(plan: number, baseline: number): number {
  return baseline === 0 ? 0 : 100 * (1 - plan / baseline);
}

/** Sums of floating point over a year differ in their last digits. */
const ROUNDING_SHARE = 1e-9;

/** (plan - bound) / (baseline - bound): 0 is the bound, 1 run on arrival; `null` where nothing could be saved and the plan lost. */
export function scoreOf({ plan, baseline, bound }: { plan: number; baseline: number; bound: number }): number | null {
  const rounding = ROUNDING_SHARE * Math.abs(baseline);
  if (baseline - bound > rounding) return (plan - bound) / (baseline - bound);
  return plan - bound > rounding ? null : 0;
}
