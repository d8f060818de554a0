import type { PlanningSnapshot } from '../../../operator/planning/snapshot.ts';
import { SLOTS } from './speed-snapshot.ts';

/** Running sums of the forecasts, an array a site, as the planner lays them out. */
export function runningSums({ sites }: PlanningSnapshot): readonly Float64Array[] {
  return sites.map(({ outlooks }) => {
    const sums = new Float64Array(SLOTS + 1);
    let sum = 0;
    for (let slot = 0; slot < SLOTS; slot++) {
      sum += outlooks.Average?.series.samples[slot]?.gramsPerKilowattHour ?? 0;
      sums[slot + 1] = sum;
    }
    return sums;
  });
}

/**
 * Reads an entry for each job, site and slot and keeps the least: what no search can do without, so that figures of different
 * machines compare. Returns a number that depends on all of them, or nobody would have to read them.
 */
export function bareLoop(sums: readonly Float64Array[], jobs: number): number {
  let total = 0;
  for (let job = 0; job < jobs; job++) {
    let least = Infinity;
    for (const row of sums) {
      for (let slot = 1; slot <= SLOTS; slot++) {
        const value = row[slot] ?? Infinity;
        if (value < least) least = value;
      }
    }
    total += least;
  }
  return total;
}
