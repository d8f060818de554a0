import type { Objective } from '../../domain/job.ts';
import { HOUR_MS, type EpochMs } from '../../domain/units.ts';

const GRAMS_PER_TONNE = 1_000_000;

/**
 * What an option costs on the job's own scale; smaller is better, the earlier entry decides first.
 * Priced: [money + carbonPrice x carbon + delayPrice x delay, finish]. Lexicographic: [grams, money, finish].
 */
export type Score = readonly number[];

/** How much one gram and one millisecond of delay weigh in the first entry of the score. */
export interface Weights {
  readonly lexicographic: boolean;
  readonly perGram: number;
  readonly perMoney: number;
  readonly perDelayMs: number;
}

const GRAMS_FIRST: Weights = { lexicographic: true, perGram: 1, perMoney: 0, perDelayMs: 0 };

export function weightsOf(objective: Objective, devices: number): Weights {
  if (objective.lexicographic) return GRAMS_FIRST;
  return {
    lexicographic: false,
    perGram: objective.carbonPricePerTonne / GRAMS_PER_TONNE,
    perMoney: 1,
    perDelayMs: (objective.delayPricePerAcceleratorHour * Math.max(1, devices)) / HOUR_MS,
  };
}

/** True where grams don't count, so that a site without carbon data can be judged all the same. */
export function ignoresCarbon(weights: Weights): boolean {
  return weights.perGram === 0;
}

/** What is weighed. `grams` may be NaN (unknown) only where the weights ignore carbon. */
export interface Weighed {
  readonly grams: number;
  readonly money: number;
  readonly finishesAt: EpochMs;
  /** Finish if started at once at home: where delay counts from. */
  readonly delayCountsFrom: EpochMs;
}

export function scoreOf(weights: Weights, { grams, money, finishesAt, delayCountsFrom }: Weighed): Score {
  if (weights.lexicographic) return [grams, money, finishesAt - delayCountsFrom];
  const carbon = ignoresCarbon(weights) ? 0 : weights.perGram * grams;
  const delay = finishesAt - delayCountsFrom;
  return [weights.perMoney * money + carbon + weights.perDelayMs * delay, delay];
}

/** False where the first entry rests on an intensity that nobody knows. */
export function isKnown(score: Score): boolean {
  return !Number.isNaN(score[0] ?? NaN);
}

/** Differences below this share are rounding of sums, not reasons to prefer. */
const TIE_SHARE = 1e-9;

/** Negative where `a` is better. Entries that differ by rounding only are ties. */
export function compareScores(a: Score, b: Score): number {
  for (let i = 0; i < a.length; i++) {
    const x = a[i] ?? 0;
    const y = b[i] ?? 0;
    if (Math.abs(x - y) > TIE_SHARE * Math.max(1, Math.abs(x), Math.abs(y))) return x - y;
  }
  return 0;
}

/**
 * The most grams that are as good as `least`: a share more, but never more than the job emits started at once at home.
 * Only where grams are compared first; in the other objectives delay and money have their price already.
 */
export function asGoodAs(
  least: number,
  weights: Weights,
  { grams, indifferenceShare }: { readonly grams: number | undefined; readonly indifferenceShare: number },
): number {
  if (!weights.lexicographic || grams === undefined) return least;
  return Math.min(least + indifferenceShare * Math.abs(least), Math.max(least, grams));
}

/** True where `better` beats `worse` by more than `share` of what `worse` costs, in the entry that decides. */
export function beatsBy(better: Score, worse: Score, share: number): boolean {
  const gain = (worse[0] ?? 0) - (better[0] ?? 0);
  return gain > share * Math.abs(worse[0] ?? 0) && compareScores(better, worse) < 0;
}
