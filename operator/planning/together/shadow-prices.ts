import type { JointProblem } from './problem.ts';

/** What one device of a pool is worth in a slot, by pool and slot, where all jobs would have their way. */
export interface ShadowPrices {
  readonly perCell: Float64Array;
  /** No assignment of all jobs costs less. */
  readonly bound: number;
}

/** Rounds without a better bound before the step becomes shorter. */
const PATIENCE = 5;
const SHORTER = 0.7;
/** The optimum is taken to lie this far above the first bound, as long as nothing better is known. */
const FIRST_GAP = 0.15;
const NEXT_GAP = 0.05;

/**
 * Lagrangian relaxation of the capacities, raised by subgradient steps of Polyak's length (Held, Wolfe and Crowder, 1974:
 * Validation of subgradient optimization): each job takes the start that is cheapest with its devices' prices, and where more
 * want a slot than there are devices its price rises.
 */
export function shadowPrices(problem: JointProblem, rounds: number): ShadowPrices {
  const { free } = problem;
  const prices = new Float64Array(free.length);
  const best = new Float64Array(free.length);
  const used = new Float64Array(free.length);
  let bound = -Infinity;
  let target = NaN;
  let length = 1;
  let stale = 0;
  for (let round = 0; round < rounds; round++) {
    const value = respond(problem, prices, used);
    if (round === 0) target = value + FIRST_GAP * Math.abs(value);
    if (value > bound) {
      stale = value > bound + 1e-6 * Math.abs(value) ? 0 : stale + 1;
      bound = value;
      best.set(prices);
    } else stale += 1;
    if (stale >= PATIENCE) {
      length *= SHORTER;
      stale = 0;
      prices.set(best);
    }
    if (bound > target - 0.4 * NEXT_GAP * Math.abs(target)) target = bound + NEXT_GAP * Math.abs(bound);
    if (!step(free, prices, used, length * Math.max(target - value, 0.01 * Math.abs(bound)))) break;
  }
  return { perCell: best, bound };
}

/** Each job's cheapest start at these prices: fills in what is used, and returns what all of it costs less what the devices are worth. */
function respond(problem: JointProblem, prices: Float64Array, used: Float64Array): number {
  const { berthFrom, devices, free, jobs, length, pool, slots } = problem;
  const sums = runningSums(problem, prices);
  used.fill(0);
  let value = 0;
  for (let cell = 0; cell < free.length; cell++) value -= (prices[cell] ?? 0) * (free[cell] ?? 0);
  for (let job = 0; job < jobs; job++) {
    const width = devices[job] ?? 0;
    let least = Infinity;
    let bestBerth = -1;
    let bestStart = 0;
    for (let berth = berthFrom[job] ?? 0; berth < (berthFrom[job + 1] ?? 0); berth++) {
      const found = cheapestIn(problem, berth, sums, width);
      if (found.cost < least) {
        least = found.cost;
        bestBerth = berth;
        bestStart = found.start;
      }
    }
    if (bestBerth < 0) continue;
    value += least;
    const from = (pool[bestBerth] ?? 0) * slots + bestStart;
    for (let cell = from; cell < from + (length[bestBerth] ?? 0); cell++) used[cell] = (used[cell] ?? 0) + width;
  }
  return value;
}

/** The cheapest start in a berth, the prices of its devices included. */
function cheapestIn(
  { cost, costFrom, first, length, pool, slots, starts }: JointProblem,
  berth: number,
  sums: Float64Array,
  width: number,
): { cost: number; start: number } {
  const from = costFrom[berth] ?? 0;
  const begin = (pool[berth] ?? 0) * (slots + 1) + (first[berth] ?? 0);
  const end = begin + (length[berth] ?? 0);
  let least = Infinity;
  let best = 0;
  for (let k = 0; k < (starts[berth] ?? 0); k++) {
    const value = (cost[from + k] ?? Infinity) + width * ((sums[end + k] ?? 0) - (sums[begin + k] ?? 0));
    if (value < least) {
      least = value;
      best = k;
    }
  }
  return { cost: least, start: (first[berth] ?? 0) + best };
}

/** Of each pool's row, `slots + 1` entries. */
export function runningSums({ pools, slots }: JointProblem, perCell: Float64Array): Float64Array {
  const sums = new Float64Array(pools * (slots + 1));
  for (let pool = 0; pool < pools; pool++) {
    let sum = 0;
    for (let slot = 0; slot < slots; slot++) {
      sum += perCell[pool * slots + slot] ?? 0;
      sums[pool * (slots + 1) + slot + 1] = sum;
    }
  }
  return sums;
}

/** A step along the subgradient; false where nothing wants more than there is. */
function step(free: Int32Array, prices: Float64Array, used: Float64Array, distance: number): boolean {
  let square = 0;
  for (let cell = 0; cell < free.length; cell++) {
    const excess = (used[cell] ?? 0) - (free[cell] ?? 0);
    if (excess > 0 || (prices[cell] ?? 0) > 0) square += excess * excess;
  }
  if (square === 0) return false;
  for (let cell = 0; cell < free.length; cell++) {
    const excess = (used[cell] ?? 0) - (free[cell] ?? 0);
    prices[cell] = Math.max(0, (prices[cell] ?? 0) + (distance / square) * excess);
  }
  return true;
}
