/** Jobs that share devices and pause at will, for nothing. */
export interface SharedDevices {
  /** What one device that is busy in a slot costs; NaN: nobody may use it. */
  readonly figures: Float64Array;
  readonly devices: number;
  readonly jobs: readonly SharingJob[];
}

export interface SharingJob {
  /** Slots [from, until) that it may use. */
  readonly from: number;
  readonly until: number;
  /** Slots that it needs. */
  readonly count: number;
  readonly devices: number;
}

/** What the devices are worth in each slot, and the bound that follows. */
export interface LagrangianBound {
  readonly cost: number;
  readonly prices: Float64Array;
}

/** Rounds without a better bound, after which the step is made smaller. */
const PATIENCE = 5;
const SMALLER_STEP = 0.7;

/**
 * A lower bound on what all jobs together cost where no slot has more than `devices`, whole or not: the capacity is taken
 * into the cost at a price a slot, each job then takes its `count` cheapest slots, and the prices are moved along the
 * subgradient (Held, Wolfe and Crowder, Validation of subgradient optimization, Mathematical Programming 6, 1974). It holds for any
 * prices. `Infinity` where a job has too few slots.
 */
export function lagrangianBound({ figures, devices, jobs }: SharedDevices, rounds = 300): LagrangianBound {
  const prices = new Float64Array(figures.length);
  let best: LagrangianBound = { cost: -Infinity, prices: prices.slice() };
  let step = 1;
  let stale = 0;
  // What the optimum is guessed to be: it sets the length of a step, never the bound.
  let target = NaN;
  for (let round = 0; round < rounds; round++) {
    const used = new Float64Array(figures.length);
    const cost = respond({ figures, devices, jobs }, prices, used);
    if (!Number.isFinite(cost)) return { cost, prices };
    if (cost > best.cost) {
      best = { cost, prices: prices.slice() };
      stale = 0;
    } else if (++stale >= PATIENCE) {
      step *= SMALLER_STEP;
      stale = 0;
      prices.set(best.prices);
    }
    if (!(best.cost < target)) target = best.cost + TARGET_SHARE * Math.abs(best.cost);
    const length = squaredExcess(used, devices, prices);
    if (length === 0) break;
    const move = (step * (target - cost)) / length;
    for (let slot = 0; slot < prices.length; slot++) {
      prices[slot] = Math.max(0, (prices[slot] ?? 0) + move * ((used[slot] ?? 0) - devices));
    }
  }
  return best;
}

const TARGET_SHARE = 0.05;

/** Each job takes its cheapest slots at these prices: what that costs, less what all devices are worth. */
function respond({ figures, devices, jobs }: SharedDevices, prices: Float64Array, used: Float64Array): number {
  const priced = figures.map((figure, slot) => (Number.isNaN(figure) ? Infinity : figure + (prices[slot] ?? 0)));
  let cost = prices.reduce((sum, price) => sum - price * devices, 0);
  for (const job of jobs) {
    const window = priced.subarray(job.from, job.until);
    // Numbers sort by value here.
    const sorted = window.slice().sort();
    if (sorted.length < job.count) return Infinity;
    for (let k = 0; k < job.count; k++) cost += job.devices * (sorted[k] ?? NaN);
    take(window, sorted, job, used);
  }
  return cost;
}

/** Books the cheapest slots; of those that cost as much as the dearest of them, the first. */
function take(
  window: Float64Array,
  sorted: Float64Array,
  { from, count, devices }: SharingJob,
  used: Float64Array,
): void {
  const limit = sorted[count - 1] ?? -Infinity;
  let ties = count;
  for (let k = 0; k < count; k++) if ((sorted[k] ?? NaN) < limit) ties -= 1;
  for (let k = 0; k < window.length; k++) {
    const cost = window[k] ?? NaN;
    if (cost > limit || (cost === limit && ties-- <= 0)) continue;
    used[from + k] = (used[from + k] ?? 0) + devices;
  }
}

/** Of the subgradient, where it may move the prices. */
function squaredExcess(used: Float64Array, devices: number, prices: Float64Array): number {
  let sum = 0;
  for (let slot = 0; slot < used.length; slot++) {
    const excess = (used[slot] ?? 0) - devices;
    if (excess > 0 || (prices[slot] ?? 0) > 0) sum += excess ** 2;
  }
  return sum;
}
