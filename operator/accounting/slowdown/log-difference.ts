import { MOST_OBSERVED_SHARE } from '../../domain/length/observed-slowdown.ts';

/**
 * How far sites differ for the same job on the same terms, as a standard deviation of the logarithm: about a tenth. Accelerators
 * of one model alone differ by 8 % on average and 22 % at most (Sinha et al., "Not All GPUs Are Created Equal: Characterizing
 * Variability in Large-Scale, Accelerator-Rich Systems", SC22).
 */
const SPREAD_OF_SITES = 0.1;
/** No job takes the same time twice: images come, pods start and caches fill in times of their own. */
const LEAST_SPREAD_OF_RUNS = 0.03;
/** The median absolute deviation of a normal distribution, times this, is its standard deviation. */
const DEVIATIONS_PER_MAD = 1.4826;
/** The variance of a median is larger than that of a mean by this factor, where values are normal and not very few. */
const VARIANCE_OF_MEDIAN = Math.PI / 2;
/** What is further than so many standard deviations from 0 is taken to be no chance: one of forty is. */
const BEYOND_DOUBT = 2;
/** Below half as long, as beyond {@link MOST_OBSERVED_SHARE}, the jobs were hardly alike. */
const MOST_SHORTER = -0.5;

/** See `ObservedSlowdown`. */
export interface Shares {
  readonly share: number;
  readonly certainShare: number;
}

/** Logarithms of lengths of jobs of one kind at one place. */
export interface LogLengths {
  readonly median: number;
  readonly count: number;
}

export function logLengths(logs: readonly number[]): LogLengths {
  return { median: medianOf(logs), count: logs.length };
}

/** Standard deviation of the logarithms at one and the same place, from those at all places: by their medians, so that one job that hung does not count. */
export function spreadOfRuns(places: readonly (readonly number[])[]): number {
  const deviations = places.flatMap((logs) => {
    const median = medianOf(logs);
    return logs.map((log) => Math.abs(log - median));
  });
  // Each median has been fitted to its place, which makes deviations from it too small.
  const free = deviations.length - places.length;
  if (free <= 0) return LEAST_SPREAD_OF_RUNS;
  const spread = DEVIATIONS_PER_MAD * medianOf(deviations) * (deviations.length / free);
  return Math.max(LEAST_SPREAD_OF_RUNS, spread);
}

/**
 * How much longer jobs took at one place than at another. The difference of the medians is drawn towards 0 as far as few runs,
 * or runs that differ much, say little: the mean of what is believed after the fact, where before it sites differ by
 * {@link SPREAD_OF_SITES} and the medians are off by their standard error, m = d x t2 / (t2 + e2) with variance
 * t2 x e2 / (t2 + e2) (Gelman et al., "Bayesian Data Analysis", 3rd ed., section 2.5).
 */
export function longerBy(here: LogLengths, there: LogLengths, spread: number): Shares {
  const error = VARIANCE_OF_MEDIAN * spread ** 2 * (1 / here.count + 1 / there.count);
  const trust = SPREAD_OF_SITES ** 2 / (SPREAD_OF_SITES ** 2 + error);
  return sharesOf(trust * (here.median - there.median), Math.sqrt(trust * error));
}

/** The same of a single run, which is what it is: only how far it may be off by chance is reckoned. */
export function runLongerBy(log: number, there: LogLengths, spread: number): Shares {
  return sharesOf(log - there.median, deviationOfRun(there, spread));
}

/** The longest run that is beyond doubt no longer than by such a share, as a logarithm; `Infinity` where every one counts as that. */
export function longestRunWithin(share: number, there: LogLengths, spread: number): number {
  if (share >= MOST_OBSERVED_SHARE) return Infinity;
  return there.median + BEYOND_DOUBT * deviationOfRun(there, spread) + Math.log1p(share);
}

function deviationOfRun(there: LogLengths, spread: number): number {
  return spread * Math.sqrt(1 + VARIANCE_OF_MEDIAN / there.count);
}

function sharesOf(difference: number, deviation: number): Shares {
  const certain = Math.sign(difference) * Math.max(0, Math.abs(difference) - BEYOND_DOUBT * deviation);
  return { share: shareOf(difference), certainShare: shareOf(certain) };
}

/** Of a difference of logarithms. */
function shareOf(difference: number): number {
  return Math.min(MOST_OBSERVED_SHARE, Math.max(MOST_SHORTER, Math.expm1(difference)));
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}
