import type { SurvivalPoint } from '../../domain/length/length-belief.ts';
import { HOUR_MS, MINUTE_MS, type DurationMs } from '../../domain/units.ts';

/** Of a job that may hardly wait. */
const LEAST_WAIT: DurationMs = 20 * MINUTE_MS;
/** Each point lies further out than the one before it by this factor. */
const STEP = 1.15;
const FIRST: DurationMs = MINUTE_MS;
const FARTHEST: DurationMs = 96 * HOUR_MS;

/**
 * What is believed of a job that nobody has seen the like of: people let a job wait for about as long as it may take. Lengths
 * have a Lomax distribution of shape 2 with a mean of half the wait and a median of a fifth: P(length > w) =
 * (1 + 2 w / wait)^-2. Lifetimes of processes have tails of this kind (Harchol-Balter and Downey, "Exploiting process lifetime
 * distributions for dynamic load balancing", ACM TOCS 15(3), 1997); a square keeps the mean finite.
 * @param mayWait how long the job may go without working in all
 */
export function lengthPrior(mayWait: DurationMs): readonly SurvivalPoint[] {
  const wait = Math.max(LEAST_WAIT, mayWait);
  const points: SurvivalPoint[] = [];
  for (let work = FIRST; work < FARTHEST; work *= STEP) points.push({ work, share: (1 + (2 * work) / wait) ** -2 });
  return points;
}
