import type { SurvivalPoint } from '../../domain/length/length-belief.ts';
import type { DurationMs } from '../../domain/units.ts';
import type { LengthsInOrder } from './kin-lengths.ts';

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
  return lengthLearntInOrder(
    works.toSorted((a, b) => a - b),
    prior,
    priorRuns,
  );
}

/** The same of works that are in order, the shortest first: many jobs learn from the same ones. */
export function lengthLearntInOrder(
  sorted: LengthsInOrder,
  prior: readonly SurvivalPoint[],
  priorRuns: number,
): readonly SurvivalPoint[] {
  if (sorted.length === 0) return prior;
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
function pointsOf(sorted: LengthsInOrder, prior: readonly SurvivalPoint[]): readonly DurationMs[] {
  const every = Math.ceil(sorted.length / MOST_POINTS);
  const points = new Set(prior.map(({ work }) => work));
  for (let i = (sorted.length - 1) % every; i < sorted.length; i += every) points.add(sorted[i] ?? NaN);
  return [...points].sort((a, b) => a - b);
}
