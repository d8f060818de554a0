import type { JointProblem } from './problem.ts';
import { runningSums, type ShadowPrices } from './shadow-prices.ts';

/** What a start costs with the prices of what it occupies. */
export interface GuidedCosts {
  /** Laid out as the costs are. */
  readonly cost: Float64Array;
  /** By berth. */
  readonly least: Float64Array;
  /** Of each job the berths, by their least: where one is dearer than what has been found, so are those after it. */
  readonly order: Int32Array;
}

/** @param weight of the prices */
export function guidedCosts(problem: JointProblem, { perCell }: ShadowPrices, weight: number): GuidedCosts {
  const { berthFrom, cost, costFrom, devices, first, jobs, length, pool, slots, starts } = problem;
  const sums = runningSums(problem, perCell);
  const guided = new Float64Array(cost.length);
  const least = new Float64Array(pool.length).fill(Infinity);
  for (let job = 0; job < jobs; job++) {
    const width = weight * (devices[job] ?? 0);
    for (let berth = berthFrom[job] ?? 0; berth < (berthFrom[job + 1] ?? 0); berth++) {
      const from = costFrom[berth] ?? 0;
      const begin = (pool[berth] ?? 0) * (slots + 1) + (first[berth] ?? 0);
      const end = begin + (length[berth] ?? 0);
      let lowest = Infinity;
      for (let k = 0; k < (starts[berth] ?? 0); k++) {
        const figure = (cost[from + k] ?? Infinity) + width * ((sums[end + k] ?? 0) - (sums[begin + k] ?? 0));
        guided[from + k] = figure;
        if (figure < lowest) lowest = figure;
      }
      least[berth] = lowest;
    }
  }
  return { cost: guided, least, order: orderOf(problem, least) };
}

function orderOf({ berthFrom, jobs, pool }: JointProblem, least: Float64Array): Int32Array {
  const order = Int32Array.from(pool.keys());
  for (let job = 0; job < jobs; job++) {
    order.subarray(berthFrom[job], berthFrom[job + 1]).sort((a, b) => (least[a] ?? 0) - (least[b] ?? 0));
  }
  return order;
}
