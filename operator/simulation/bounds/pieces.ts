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
    tables.fill(t);
    least = Math.min(least, tables.begunAt(t));
  }
  return least < UNUSABLE / 2 ? least : Infinity;
}

class Tables {
  readonly slots: number;
  readonly #places: number;
  readonly #restart: number;
  readonly #move: number;
  /** Length of a layer: all work left and places at one time, place after place. */
  readonly #layer: number;
  /** Running sums of the costs, a row a place. */
  readonly #sums: readonly Float64Array[];
  /** Layers, one a time. */
  readonly #run: Float64Array;
  /** The layer of the time that was filled last. */
  readonly #idle: Float64Array;

  constructor({ costs, work, restart, move }: PiecesProblem) {
    this.slots = costs[0]?.length ?? 0;
    this.#places = costs.length;
    this.#restart = restart;
    this.#move = move;
    this.#layer = (work + 1) * costs.length;
    this.#sums = costs.map((row) => {
      const sums = new Float64Array(row.length + 1);
      row.forEach((cost, t) => (sums[t + 1] = (sums[t] ?? 0) + (Number.isNaN(cost) ? UNUSABLE : cost)));
      return sums;
    });
    this.#run = new Float64Array((this.slots + 1) * this.#layer).fill(Infinity);
    this.#idle = new Float64Array(this.#layer).fill(Infinity);
    for (let t = 0; t <= this.slots; t++) this.#run.fill(0, t * this.#layer, t * this.#layer + this.#places);
  }

  fill(t: number): void {
    const [places, run, idle] = [this.#places, this.#run, this.#idle];
    const goOn = this.#anew(t, 0);
    const resume = this.#anew(t, this.#restart);
    const move = this.#anew(t, this.#restart + this.#move);
    const layer = t * this.#layer;
    for (let first = places; first < this.#layer; first += places) {
      const elsewhere = places > 1 ? leastFrom(move, first, { places, run }) : Infinity;
      for (let z = 0; z < places; z++) {
        const at = first + z;
        const paused = idle[at] ?? Infinity;
        const resumed = (resume.costs[z] ?? Infinity) + (run[resume.layer + at - places] ?? Infinity);
        const gone = (goOn.costs[z] ?? Infinity) + (run[goOn.layer + at - places] ?? Infinity);
        idle[at] = Math.min(paused, resumed, elsewhere);
        run[layer + at] = Math.min(gone, paused, elsewhere);
      }
    }
  }

  /** The least of all work, begun then. */
  begunAt(t: number): number {
    return leastFrom(this.#anew(t, 0), this.#layer - this.#places, { places: this.#places, run: this.#run });
  }

  /** Of running on at once, after `overhead` slots that repeat work. */
  #anew(t: number, overhead: number): Anew {
    const next = t + overhead + 1;
    const isInTime = next <= this.slots;
    return {
      costs: this.#sums.map((sums) => (isInTime ? (sums[next] ?? NaN) - (sums[t] ?? NaN) : Infinity)),
      layer: isInTime ? next * this.#layer : 0,
    };
  }
}

interface Anew {
  /** Until some work is done, a place each. */
  readonly costs: readonly number[];
  /** Where the layer of the time begins at which it is. */
  readonly layer: number;
}

/** @param first position of the work left, in a layer */
function leastFrom(
  { costs, layer }: Anew,
  first: number,
  { places, run }: { places: number; run: Float64Array },
): number {
  let least = Infinity;
  for (let z = 0; z < places; z++) {
    const cost = (costs[z] ?? Infinity) + (run[layer + first + z - places] ?? Infinity);
    if (cost < least) least = cost;
  }
  return least;
}

/** Dearer than anything, and still a number that can be taken off again. */
const UNUSABLE = 1e12;
