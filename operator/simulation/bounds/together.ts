import { HOUR_MS, type EpochMs } from '../../domain/units.ts';
import type { SimulatedJob } from '../scenario.ts';
import type { World } from '../world.ts';
import { leastOn, leastWithoutRestarts } from './alone.ts';
import { groundOf, type Ground } from './ground.ts';
import { edgesOfAll, edgesWithin, stepsWithin } from './steps.ts';

/** A job, and until when it may run. */
export interface BoundedJob {
  readonly job: SimulatedJob;
  readonly until: EpochMs;
}

/** Rounds without a better bound, after which the step is made smaller. */
const PATIENCE = 5;
const SMALLER_STEP = 0.7;
const TARGET_SHARE = 0.05;
const MOST_ROUNDS = 300;
const FEWEST_ROUNDS = 20;
/** Stretches that all rounds together look at: some ten seconds of work. */
const MOST_LOOKS = 1e8;

/**
 * A lower bound on the grams of all jobs together where no pool ever gives more accelerators than it can have: the capacity is
 * taken into the cost at a price an accelerator and stretch of time, each job then does what is cheapest for it alone, and the
 * prices are moved along the subgradient (Held, Wolfe and Crowder, Validation of subgradient optimization, Mathematical
 * Programming 6, 1974). It holds for any prices, so that it may be lower than what the jobs alone come to, and is then of no
 * use. Accelerators are shared by the hour and not one by one. `Infinity` where a job can't be done by its end.
 */
export function leastTogether(world: World, all: readonly BoundedJob[]): number {
  const jobs = all.filter(({ job }) => job.asked.devices > 0);
  const others = all.filter(({ job }) => job.asked.devices === 0);
  const alone = others.reduce((sum, { job, until }) => {
    return sum + leastOn(groundOf(world, job.asked, { startsAt: job.asked.createdAt, endsAt: until }), job);
  }, 0);
  return jobs.length === 0 ? alone : alone + new SharedPools(world, jobs).leastGrams();
}

interface Sharer {
  readonly job: SimulatedJob;
  readonly ground: Ground;
  /** Of each place: where its pool's stretches begin in the prices, those of the ground counted from the first. */
  readonly offsets: readonly number[];
}

class SharedPools {
  readonly #sharers: readonly Sharer[];
  /** Device hours that there are, a stretch after the other, pool after pool. */
  readonly #there: Float64Array;

  constructor(world: World, jobs: readonly BoundedJob[]) {
    const span = {
      startsAt: Math.min(...jobs.map(({ job }) => job.asked.createdAt)),
      endsAt: Math.max(...jobs.map(({ until }) => until)),
    };
    const edges = edgesOfAll(world.scenario.sites.map(({ zone }) => stepsWithin(world.steps(zone), span)));
    const stretches = edges.length - 1;
    const pools = world.scenario.sites.flatMap(({ name, pools }) => pools.map((pool) => ({ ...pool, site: name })));
    this.#there = new Float64Array(stretches * pools.length);
    pools.forEach(({ maxCapacity, heldByOthers }, k) => {
      for (let stretch = 0; stretch < stretches; stretch++) {
        const hours = ((edges[stretch + 1] ?? 0) - (edges[stretch] ?? 0)) / HOUR_MS;
        this.#there[k * stretches + stretch] = Math.max(0, maxCapacity - heldByOthers) * hours;
      }
    });
    this.#sharers = jobs.map(({ job, until }) => {
      const own = edgesWithin(edges, { startsAt: job.asked.createdAt, endsAt: until });
      const ground = groundOf(world, job.asked, { startsAt: job.asked.createdAt, endsAt: until }, own.edges);
      const offsets = ground.places.map(
        ({ site, product }) =>
          pools.findIndex((pool) => pool.site === site && pool.product === product) * stretches + own.from,
      );
      return { job, ground, offsets };
    });
  }

  leastGrams(): number {
    const prices = new Float64Array(this.#there.length);
    let best = { cost: -Infinity, prices: prices.slice() };
    let [step, stale] = [1, 0];
    // What the optimum is guessed to be: it sets the length of a step, never the bound.
    let target = NaN;
    const rounds = this.#rounds();
    for (let round = 0; round < rounds; round++) {
      const used = new Float64Array(prices.length);
      const cost = this.#respond(prices, used);
      if (!Number.isFinite(cost)) return cost;
      if (cost > best.cost) {
        best = { cost, prices: prices.slice() };
        stale = 0;
      } else if (++stale >= PATIENCE) {
        step *= SMALLER_STEP;
        stale = 0;
        prices.set(best.prices);
      }
      if (!(best.cost < target)) target = best.cost + TARGET_SHARE * Math.abs(best.cost);
      const length = this.#squaredExcess(used, prices);
      if (length === 0) break;
      const move = (step * (target - cost)) / length;
      for (let k = 0; k < prices.length; k++) {
        prices[k] = Math.max(0, (prices[k] ?? 0) + move * ((used[k] ?? 0) - (this.#there[k] ?? 0)));
      }
    }
    // At the best prices the restarts are counted as well: that only raises it.
    return Math.max(best.cost, this.#costAt(best.prices));
  }

  /** Each job does what is cheapest for it at these prices: what that costs, less what all accelerators are worth. */
  #respond(prices: Float64Array, used: Float64Array): number {
    let cost = -this.#worth(prices);
    for (const sharer of this.#sharers) {
      const { job, offsets } = sharer;
      cost += leastWithoutRestarts(atPrices(sharer, prices), job, (place, stretch, length) => {
        const k = (offsets[place] ?? 0) + stretch;
        used[k] = (used[k] ?? 0) + job.asked.devices * (length / HOUR_MS);
      });
    }
    return cost;
  }

  #costAt(prices: Float64Array): number {
    return this.#sharers.reduce(
      (sum, sharer) => sum + leastOn(atPrices(sharer, prices), sharer.job),
      -this.#worth(prices),
    );
  }

  #worth(prices: Float64Array): number {
    return prices.reduce((sum, price, k) => sum + price * (this.#there[k] ?? 0), 0);
  }

  /** Of the subgradient, where it may move the prices. */
  #squaredExcess(used: Float64Array, prices: Float64Array): number {
    let sum = 0;
    for (let k = 0; k < used.length; k++) {
      const excess = (used[k] ?? 0) - (this.#there[k] ?? 0);
      if (excess > 0 || (prices[k] ?? 0) > 0) sum += excess ** 2;
    }
    return sum;
  }

  #rounds(): number {
    const looks = this.#sharers.reduce((sum, { ground }) => sum + ground.places.length * ground.edges.length, 0);
    return Math.min(MOST_ROUNDS, Math.max(FEWEST_ROUNDS, Math.floor(MOST_LOOKS / looks)));
  }
}

function atPrices({ ground, job, offsets }: Sharer, prices: Float64Array): Ground {
  const { devices } = job.asked;
  const places = ground.places.map((place, k) => {
    const first = offsets[k] ?? 0;
    return { ...place, rates: place.rates.map((rate, stretch) => rate + devices * (prices[first + stretch] ?? 0)) };
  });
  return { edges: ground.edges, places };
}
