import type { PlanningSnapshot } from '../../../operator/planning/snapshot.ts';
import { SITES, SLOTS } from './speed-snapshot.ts';

/** Running sums of the forecasts as the planner lays them out, site after site. */
export function runningSums({ sites }: PlanningSnapshot): Float64Array {
  const sums = new Float64Array(SITES * SLOTS);
  for (const [site, { outlooks }] of sites.entries()) {
    let sum = 0;
    for (let slot = 0; slot < SLOTS; slot++) {
      sum += outlooks.Average?.series.samples[slot]?.gramsPerKilowattHour ?? 0;
      sums[site * SLOTS + slot] = sum;
    }
  }
  return sums;
}

/**
 * Reads an entry for each job, site and slot and keeps the least: what no search can do without, so that figures of different
 * machines compare. Returns a number that depends on all of them, or nobody would have to read them.
 */
export function bareLoop(sums: Float64Array, jobs: number): number {
  let total = 0;
  for (let job = 0; job < jobs; job++) total += leastOf(sums);
  return total;
}

function leastOf(sums: Float64Array): number {
  let least = Infinity;
  for (let k = 0; k < sums.length; k++) {
    const value = sums[k] ?? Infinity;
    if (value < least) least = value;
  }
  return least;
}
