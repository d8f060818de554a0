/** A job in pieces at one of several places, in whole slots. */
export interface PiecesProblem {
  /** Cost of running through each slot, a row a place, all of one length: the slots before the deadline. NaN: not to be used. */
  readonly costs: readonly Float64Array[];
  readonly work: number;
  /** Slots that a resume repeats; they cost what running costs. */
  readonly restart: number;
  /** Slots that a resume at another place repeats beside those. */
  readonly move: number;
}

/**
 * The least cost, by a dynamic programme over time, work left and place, backwards in time; it knows nothing of the planner's
 * own and is there to catch it out. `Infinity` where the work can't be done.
 *
 * run(t, w, z): at t, running at z with w left = min(cost(z, t) + run(t+1, w-1, z), idle(t+1, w, z), anew elsewhere(t, w))
 * idle(t, w, z): at t, paused after a run at z = min(idle(t+1, w, z), anew here(t, w, z), anew elsewhere(t, w))
 * anew(t, w, z, o): o slots that repeat work, one that does some = cost(z, t .. t+o) + run(t+o+1, w-1, z)
 */
export function leastInPieces(problem: PiecesProblem): number {
  const tables = new Tables(problem);
  let least = Infinity;
  for (let t = tables.slots - 1; t >= 0; t--) {
    for (let w = 1; w <= problem.work; w++) tables.fill(t, w);
    for (let z = 0; z < problem.costs.length; z++) least = Math.min(least, tables.anew({ t, w: problem.work, z }, 0));
  }
  return least;
}

interface Point {
  readonly t: number;
  readonly w: number;
  readonly z: number;
}

class Tables {
  readonly slots: number;
  readonly #places: number;
  readonly #work: number;
  readonly #restart: number;
  readonly #move: number;
  /** For each place the running sum of its costs. */
  readonly #sums: readonly Float64Array[];
  readonly #run: Float64Array;
  readonly #idle: Float64Array;

  constructor({ costs, work, restart, move }: PiecesProblem) {
    this.slots = costs[0]?.length ?? 0;
    this.#places = costs.length;
    this.#work = work;
    this.#restart = restart;
    this.#move = move;
    this.#sums = costs.map((row) => {
      const sums = new Float64Array(row.length + 1);
      row.forEach((cost, t) => (sums[t + 1] = (sums[t] ?? 0) + (Number.isNaN(cost) ? UNUSABLE : cost)));
      return sums;
    });
    const size = (this.slots + 1) * (work + 1) * costs.length;
    this.#run = new Float64Array(size).fill(Infinity);
    this.#idle = new Float64Array(size).fill(Infinity);
    for (let t = 0; t <= this.slots; t++) {
      for (let z = 0; z < costs.length; z++) this.#run[this.#at({ t, w: 0, z })] = 0;
    }
  }

  fill(t: number, w: number): void {
    let elsewhere = Infinity;
    if (this.#places > 1) {
      for (let z = 0; z < this.#places; z++) {
        elsewhere = Math.min(elsewhere, this.anew({ t, w, z }, this.#restart + this.#move));
      }
    }
    for (let z = 0; z < this.#places; z++) {
      const point = { t, w, z };
      const paused = this.#idle[this.#at({ t: t + 1, w, z })] ?? Infinity;
      this.#idle[this.#at(point)] = Math.min(paused, this.anew(point, this.#restart), elsewhere);
      this.#run[this.#at(point)] = Math.min(this.anew(point, 0), paused, elsewhere);
    }
  }

  /** The cost from here to the end of running on at once, after `overhead` slots that repeat work. */
  anew({ t, w, z }: Point, overhead: number): number {
    const next = t + overhead + 1;
    if (next > this.slots) return Infinity;
    const sums = this.#sums[z];
    return (sums?.[next] ?? NaN) - (sums?.[t] ?? NaN) + (this.#run[this.#at({ t: next, w: w - 1, z })] ?? Infinity);
  }

  #at({ t, w, z }: Point): number {
    return (t * (this.#work + 1) + w) * this.#places + z;
  }
}

/** Dearer than anything, and still a number that can be taken off again. */
const UNUSABLE = 1e12;
