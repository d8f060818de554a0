import type { SurvivalPoint } from '../../domain/length/length-belief.ts';
import type { DurationMs } from '../../domain/units.ts';

/** More points of the history tell nothing more. */
const MOST_POINTS = 64;

/**
 * What is believed after some jobs like it have finished: their own lengths, and the prior as if it were some more of them, so
 * that few are not taken for all that there can be.
 * @param works of jobs that are done, as time on an accelerator of speed 1
 * @param priorRuns how many jobs the prior counts for
 */
export function lengthLearnt(
  works: readonly DurationMs[],
  prior: readonly SurvivalPoint[],
  priorRuns: number,
): readonly SurvivalPoint[] {
  if (works.length === 0) return prior;
  const sorted = works.toSorted((a, b) => a - b);
  const total = sorted.length + priorRuns;
  let done = 0;
  let point = 0;
  let ofPrior = 1;
  return pointsOf(sorted, prior).map((work) => {
    while (done < sorted.length && (sorted[done] ?? 0) <= work) done += 1;
    for (let next = prior[point]; next !== undefined && next.work <= work; next = prior[point]) {
      ofPrior = next.share;
      point += 1;
    }
    return { work, share: (sorted.length - done + priorRuns * ofPrior) / total };
  });
}

/** Where the shares may change, in order. Of many lengths every so many-th, the longest among them. */
function pointsOf(sorted: readonly DurationMs[], prior: readonly SurvivalPoint[]): readonly DurationMs[] {
  const every = Math.ceil(sorted.length / MOST_POINTS);
  const some = sorted.filter((_, i) => (sorted.length - 1 - i) % every === 0);
  return [...new Set([...some, ...prior.map(({ work }) => work)])].sort((a, b) => a - b);
}
