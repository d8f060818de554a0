import { seededRandom, wholeBelow, type Random } from '../../domain/random.ts';
import { insertByKey, leastFirst, type Keyed } from './by-key.ts';
import { guidedCosts, type GuidedCosts } from './guided-costs.ts';
import { costAt, type Assignment, type JointProblem } from './problem.ts';
import { Roster } from './roster.ts';
import type { ShadowPrices } from './shadow-prices.ts';

/** Jobs that are thrown out at once, on average. */
const RUIN = 6;
/** A place is passed over with this probability, so that recreating the same jobs does not always give the same. */
const BLINK = 0.01;
/** Temperatures as shares of the mean cost of a job. */
const HOT = 0.05;
const COLD = 0.002;
/** Every so many rounds in which a job stays without a berth, its absence becomes dearer by this factor. */
const PATIENCE = 250;
const DEARER = 1.25;
/** So many rounds go by between two weights of the shadow prices, which fall to the second in the end. */
const SAME_WEIGHT = 2_000;
const LAST_WEIGHT = 0.8;
/** What it is worth, as a share of a job's least cost, that one end of its run leaves no gap in which it would not fit. */
const SNUG = 0.015;
/** Half of the ruins aim at a better place for one job: the best of so many that are drawn. */
const AIMED = 0.5;
const DRAWS = 4;
/** Of those, the share in which that job is put back first. */
const AIMED_FIRST = 0.7;
const SEED = 20_261_126;

/**
 * Large-neighbourhood search: throws out jobs that are near one another in pool and time, and puts each back where its cost
 * and the shadow prices of what it occupies are least; what comes out dearer is kept now and then, less often as it goes on
 * (Schrimpf et al., 2000: Record breaking optimization results using the ruin and recreate principle; Christiaens and Vanden
 * Berghe, 2020: Slack induction by string removals). A job without a berth counts as dearer than any job with one.
 * Deterministic: chance comes from a fixed seed.
 */
export function ruinAndRecreate(
  problem: JointProblem,
  begin: Assignment,
  prices: ShadowPrices,
  rounds: number,
): Assignment {
  const search = new Search(problem, begin, prices);
  search.run(rounds);
  return search.best();
}

/** Slots [from, to) of a pool, and a point in them; of no length where nothing is to be cleared. */
interface Stretch {
  readonly pool: number;
  readonly from: number;
  readonly to: number;
  readonly middle: number;
}

class Search {
  readonly #problem: JointProblem;
  readonly #random: Random = seededRandom(SEED);
  readonly #free: Int32Array;
  readonly #berth: Int32Array;
  readonly #start: Int32Array;
  /** Jobs by pool; after the pools those without a berth. */
  readonly #roster: Roster;
  #guided: GuidedCosts;
  readonly #prices: ShadowPrices;
  readonly #leastCost: Float64Array;
  readonly #absent: Float64Array;
  readonly #area: Float64Array;
  readonly #latest: Float64Array;
  readonly #groupCost: Float64Array;
  readonly #groupLimit: Float64Array;
  readonly #meanCost: number;
  /** Jobs that are thrown out: first of all those that might be. */
  readonly #ruined: Keyed;
  readonly #recreated: Keyed;
  readonly #undo: Assignment;
  /** The job that a ruin looks for a better place for; -1 where it is none. */
  #aimedAt = -1;
  #total = 0;
  #bestTotal: number;
  readonly #bestBerth: Int32Array;
  readonly #bestStart: Int32Array;

  constructor(problem: JointProblem, begin: Assignment, prices: ShadowPrices) {
    const { jobs, groups } = problem;
    this.#problem = problem;
    this.#free = Int32Array.from(problem.free);
    this.#berth = Int32Array.from(begin.berth);
    this.#start = Int32Array.from(begin.start);
    this.#prices = prices;
    this.#guided = guidedCosts(problem, prices, 1);
    this.#leastCost = new Float64Array(jobs);
    this.#area = new Float64Array(jobs);
    this.#latest = new Float64Array(jobs);
    this.#absent = new Float64Array(jobs);
    this.#groupCost = new Float64Array(groups);
    this.#ruined = { items: new Int32Array(jobs), keys: new Float64Array(jobs) };
    this.#recreated = { items: new Int32Array(jobs), keys: new Float64Array(jobs) };
    this.#undo = { berth: new Int32Array(jobs), start: new Int32Array(jobs) };
    this.#roster = new Roster(jobs, problem.pools + 1, (job) => this.#poolOf(job));
    this.#meanCost = this.#measure();
    for (let job = 0; job < jobs; job++) {
      if ((this.#berth[job] ?? -1) >= 0) this.#book(job, 1);
      this.#count(job, 1);
    }
    // Where some job has no berth yet, finding one for it may cost others.
    this.#groupLimit = this.#groupCost.map((cost) => (this.#without() > 0 ? Infinity : cost + 1e-9 * Math.abs(cost)));
    this.#bestTotal = this.#total;
    this.#bestBerth = Int32Array.from(this.#berth);
    this.#bestStart = Int32Array.from(this.#start);
  }

  best(): Assignment {
    return { berth: this.#bestBerth, start: this.#bestStart };
  }

  run(rounds: number): void {
    this.#beginAnew();
    const cooling = (COLD / HOT) ** (1 / Math.max(1, rounds));
    let temperature = HOT * this.#meanCost;
    for (let round = 0; round < rounds; round++) {
      if (round % SAME_WEIGHT === SAME_WEIGHT - 1) {
        this.#guided = guidedCosts(this.#problem, this.#prices, 1 - (1 - LAST_WEIGHT) * (round / rounds));
      }
      if (round % PATIENCE === PATIENCE - 1 && this.#without() > 0) this.#makeAbsenceDearer();
      this.#round(temperature);
      temperature *= cooling;
    }
  }

  /** All jobs where their guided cost is least, the largest first: what they chose in turn is no good place to search from. */
  #beginAnew(): void {
    const jobs = Array.from(this.#area.keys());
    for (const job of jobs) this.#move(job, -1, 0);
    for (const job of jobs.sort((a, b) => (this.#area[b] ?? 0) - (this.#area[a] ?? 0))) this.#insert(job);
    this.#keepIfBest();
  }

  #round(temperature: number): void {
    const count = this.#chooseRuin();
    const before = this.#total;
    for (let i = 0; i < count; i++) {
      const job = this.#ruined.items[i] ?? 0;
      this.#undo.berth[i] = this.#berth[job] ?? -1;
      this.#undo.start[i] = this.#start[job] ?? 0;
      this.#move(job, -1, 0);
    }
    this.#orderRecreation(count);
    for (let i = 0; i < count; i++) this.#insert(this.#recreated.items[i] ?? 0);
    const worse = this.#total - before;
    const isAccepted = worse <= 0 || worse < -temperature * Math.log(1 - this.#random());
    if (!isAccepted) {
      for (let i = 0; i < count; i++) this.#move(this.#ruined.items[i] ?? 0, -1, 0);
      for (let i = 0; i < count; i++) {
        this.#move(this.#ruined.items[i] ?? 0, this.#undo.berth[i] ?? -1, this.#undo.start[i] ?? 0);
      }
    } else this.#keepIfBest();
  }

  /** Guided local search (Voudouris and Tsang, 1999): what has no berth for long comes to outweigh what is in its way. */
  #makeAbsenceDearer(): void {
    for (let job = 0; job < this.#berth.length; job++) {
      if ((this.#berth[job] ?? -1) >= 0) continue;
      const more = (DEARER - 1) * (this.#absent[job] ?? 0);
      this.#absent[job] = (this.#absent[job] ?? 0) + more;
      this.#total += more;
      const group = this.#problem.group[job] ?? 0;
      this.#groupCost[group] = (this.#groupCost[group] ?? 0) + more;
      if ((this.#bestBerth[job] ?? -1) < 0) this.#bestTotal += more;
    }
  }

  #keepIfBest(): void {
    if (this.#total >= this.#bestTotal - 1e-9 * Math.abs(this.#bestTotal) || !this.#groupsAreHeld()) return;
    this.#bestTotal = this.#total;
    this.#bestBerth.set(this.#berth);
    this.#bestStart.set(this.#start);
  }

  #groupsAreHeld(): boolean {
    for (let group = 0; group < this.#groupLimit.length; group++) {
      if ((this.#groupCost[group] ?? 0) > (this.#groupLimit[group] ?? Infinity)) return false;
    }
    return true;
  }

  /** A job, and those nearest to it where it is and where it could be. The first entries of `#ruined`; returns how many. */
  #chooseRuin(): number {
    const { pools } = this.#problem;
    const centre = this.#chooseCentre();
    const { here, there, aims } = this.#placesOfRuin(centre);
    const { items, keys } = this.#ruined;
    let near = 0;
    let inTheWay = 0;
    for (const pool of here.pool === there.pool ? [here.pool, pools] : [here.pool, there.pool, pools]) {
      const members = this.#roster.of(pool);
      const count = this.#roster.count(pool);
      for (let i = 0; i < count; i++) {
        const job = members[i] ?? 0;
        const distance = pool === pools || job === centre ? -1 : this.#distance(job, pool, here, there);
        if (distance < 0) inTheWay += 1;
        const key = distance < 0 ? distance : distance + 2 * this.#random();
        keys[near] = aims && job === centre ? -2 : key;
        items[near++] = job;
      }
    }
    const usual = 1 + wholeBelow(this.#random, 2 * RUIN);
    const cleared = inTheWay + wholeBelow(this.#random, 4);
    const wanted = here.to <= here.from ? usual : aims ? Math.min(cleared + 1, usual + 2) : cleared;
    const count = Math.min(near, wanted);
    leastFirst(this.#ruined, count, near);
    this.#aimedAt = aims ? centre : -1;
    return count;
  }

  /** From a job in one of the two pools to the nearer point; below 0 for one that is in the way. */
  #distance(job: number, pool: number, here: Stretch, there: Stretch): number {
    const from = this.#start[job] ?? 0;
    const to = from + (this.#problem.length[this.#berth[job] ?? 0] ?? 0);
    let distance = Infinity;
    if (pool === here.pool) distance = from < here.to && to > here.from ? -1 : gap(from, to, here.middle);
    return pool === there.pool ? Math.min(distance, gap(from, to, there.middle)) : distance;
  }

  /** Around the centre's place and one that it could have; a stretch that is aimed at is cleared of all others. */
  #placesOfRuin(centre: number): { readonly here: Stretch; readonly there: Stretch; readonly aims: boolean } {
    const { length, pool } = this.#problem;
    const berth = this.#berth[centre] ?? -1;
    if (berth < 0) return { here: this.#anyPlaceOf(centre), there: this.#anyPlaceOf(centre), aims: false };
    const middle = (this.#start[centre] ?? 0) + (length[berth] ?? 0) * this.#random();
    const home = { pool: pool[berth] ?? 0, from: 0, to: 0, middle };
    if (this.#random() < AIMED) return { here: this.#betterPlaceOf(centre), there: home, aims: true };
    const other = this.#anyPlaceOf(centre);
    return { here: home, there: { ...other, middle: this.#random() < 0.5 ? middle : other.middle }, aims: false };
  }

  /** Any job; half of the time one without a berth, where there are any. */
  #chooseCentre(): number {
    const { jobs, pools } = this.#problem;
    const without = this.#without();
    if (without > 0 && this.#random() < 0.5) {
      return this.#roster.of(pools)[wholeBelow(this.#random, without)] ?? 0;
    }
    return wholeBelow(this.#random, jobs);
  }

  /** The one of least guided cost among some that are drawn. */
  #betterPlaceOf(job: number): Stretch {
    let best = this.#anyPlaceOf(job);
    for (let draw = 1; draw < DRAWS; draw++) {
      const other = this.#anyPlaceOf(job);
      if (other.guided < best.guided) best = other;
    }
    return best;
  }

  #anyPlaceOf(job: number): Stretch & { readonly guided: number } {
    const { berthFrom, costFrom, first, length, pool, starts } = this.#problem;
    const begin = berthFrom[job] ?? 0;
    const berth = begin + wholeBelow(this.#random, (berthFrom[job + 1] ?? 0) - begin);
    const start = wholeBelow(this.#random, starts[berth] ?? 0);
    const from = (first[berth] ?? 0) + start;
    const to = from + (length[berth] ?? 0);
    const guided = this.#guided.cost[(costFrom[berth] ?? 0) + start] ?? Infinity;
    return { pool: pool[berth] ?? 0, from, to, middle: from + (to - from) * this.#random(), guided };
  }

  /** By chance, the largest first, or the one that must start first: `#recreated`. */
  #orderRecreation(count: number): void {
    const manner = this.#random();
    for (let i = 0; i < count; i++) {
      const job = this.#ruined.items[i] ?? 0;
      const chance = this.#random();
      let key = (this.#latest[job] ?? 0) + chance;
      if (job === this.#aimedAt && manner < AIMED_FIRST) key = -Infinity;
      else if (manner < 0.4) key = chance;
      else if (manner < 0.8) key = -(this.#area[job] ?? 0) * (0.8 + 0.4 * chance);
      insertByKey(this.#recreated, i, job, key);
    }
  }

  /** Puts a job where its guided cost is least among what is free; leaves it out where nothing is. */
  #insert(job: number): void {
    const { berthFrom, costFrom, devices, first, length, pool, slots, starts } = this.#problem;
    const width = devices[job] ?? 0;
    let least = Infinity;
    let bestBerth = -1;
    let bestStart = 0;
    const snug = SNUG * (this.#leastCost[job] ?? 0);
    const { cost: guided, least: leastIn, order } = this.#guided;
    for (let place = berthFrom[job] ?? 0; place < (berthFrom[job + 1] ?? 0); place++) {
      const berth = order[place] ?? 0;
      if ((leastIn[berth] ?? Infinity) - 2 * snug >= least) break;
      const row = (pool[berth] ?? 0) * slots;
      const needed = length[berth] ?? 0;
      const from = first[berth] ?? 0;
      const end = from + (starts[berth] ?? 0) + needed - 1;
      const costs = (costFrom[berth] ?? 0) - from - needed + 1;
      let run = 0;
      for (let slot = from; slot < end; slot++) {
        run = (this.#free[row + slot] ?? 0) < width ? 0 : run + 1;
        if (run < needed) continue;
        let cost = guided[costs + slot] ?? Infinity;
        if (cost - 2 * snug >= least) continue;
        if (slot + 1 === slots || (this.#free[row + slot + 1] ?? 0) < width) cost -= snug;
        if (slot < needed || (this.#free[row + slot - needed] ?? 0) < width) cost -= snug;
        if (cost < least && this.#random() >= BLINK) {
          least = cost;
          bestBerth = berth;
          bestStart = slot - needed + 1;
        }
      }
    }
    if (bestBerth >= 0) this.#move(job, bestBerth, bestStart);
  }

  #move(job: number, berth: number, start: number): void {
    this.#count(job, -1);
    if ((this.#berth[job] ?? -1) >= 0) this.#book(job, -1);
    this.#berth[job] = berth;
    this.#start[job] = start;
    if (berth >= 0) this.#book(job, 1);
    this.#roster.move(job, this.#poolOf(job));
    this.#count(job, 1);
  }

  /** How many jobs have no berth. */
  #without(): number {
    return this.#roster.count(this.#problem.pools);
  }

  #poolOf(job: number): number {
    const { pool, pools } = this.#problem;
    const berth = this.#berth[job] ?? -1;
    return berth < 0 ? pools : (pool[berth] ?? 0);
  }

  #book(job: number, sign: 1 | -1): void {
    const { devices, length, pool, slots } = this.#problem;
    const berth = this.#berth[job] ?? 0;
    const from = (pool[berth] ?? 0) * slots + (this.#start[job] ?? 0);
    const width = sign * (devices[job] ?? 0);
    for (let cell = from; cell < from + (length[berth] ?? 0); cell++)
      this.#free[cell] = (this.#free[cell] ?? 0) - width;
  }

  #count(job: number, sign: 1 | -1): void {
    const berth = this.#berth[job] ?? -1;
    const cost = berth < 0 ? (this.#absent[job] ?? 0) : costAt(this.#problem, berth, this.#start[job] ?? 0);
    const group = this.#problem.group[job] ?? 0;
    this.#total += sign * cost;
    this.#groupCost[group] = (this.#groupCost[group] ?? 0) + sign * cost;
  }

  /** Sizes of the jobs; returns the mean of their least costs. */
  #measure(): number {
    const { berthFrom, cost, costFrom, devices, first, jobs, length, starts } = this.#problem;
    let sum = 0;
    for (let job = 0; job < jobs; job++) {
      let least = Infinity;
      for (let berth = berthFrom[job] ?? 0; berth < (berthFrom[job + 1] ?? 0); berth++) {
        const from = costFrom[berth] ?? 0;
        for (let k = 0; k < (starts[berth] ?? 0); k++) least = Math.min(least, Math.abs(cost[from + k] ?? Infinity));
        this.#area[job] = (devices[job] ?? 0) * (length[berth] ?? 0);
        this.#latest[job] = Math.max(this.#latest[job] ?? 0, (first[berth] ?? 0) + (starts[berth] ?? 0) - 1);
      }
      this.#leastCost[job] = Number.isFinite(least) ? least : 0;
      sum += this.#leastCost[job] ?? 0;
    }
    const meanCost = sum / Math.max(1, jobs);
    const meanArea = this.#area.reduce((total, area) => total + area, 0) / Math.max(1, jobs);
    for (let job = 0; job < jobs; job++) {
      // A large job is harder to find a place for than a small one.
      this.#absent[job] = 10 * meanCost * (1 + (this.#area[job] ?? 0) / Math.max(1, meanArea));
    }
    return meanCost;
  }
}

/** How far a point lies outside of a stretch. */
function gap(from: number, to: number, point: number): number {
  return Math.max(0, from - point, point - to);
}
