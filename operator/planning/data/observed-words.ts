import type { ObservedSlowdown } from '../../domain/length/observed-slowdown.ts';
import type { Place } from '../../domain/place.ts';

/**
 * What was measured of jobs like it, as against what is reckoned of its data:
 * `measured: jobs like it took 20 % longer at lulea (12 runs) than at frankfurt (30 runs)`.
 */
export function observedInWords({ share, runs, comparedWith, ...place }: ObservedSlowdown): string {
  const isProductTold = place.product !== comparedWith.product;
  const here = `${placeInWords(place, isProductTold)} (${runsInWords(runs)})`;
  const there = `${placeInWords(comparedWith, isProductTold)} (${runsInWords(comparedWith.runs)})`;
  return `measured: jobs like it took ${longerInWords(share)} at ${here} than at ${there}`;
}

/** Less is not worth a word. */
const WORTH_TELLING = 0.005;

export function isWorthTelling({ share }: Pick<ObservedSlowdown, 'share'>): boolean {
  return Math.abs(share) >= WORTH_TELLING;
}

/** `20 % longer`, `0.5 % less`. */
export function longerInWords(share: number): string {
  const percent = Math.abs(100 * share);
  const figure = percent < 1 ? percent.toFixed(1) : percent.toFixed(0);
  return `${figure} % ${share < 0 ? 'less' : 'longer'}`;
}

export function placeInWords({ site, product }: Place, isProductTold: boolean): string {
  return product === undefined || !isProductTold ? site : `${site} on ${product}`;
}

export function runsInWords(runs: number): string {
  return `${String(runs)} ${runs === 1 ? 'run' : 'runs'}`;
}
