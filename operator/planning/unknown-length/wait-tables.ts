/** What the programme works on. Everything is in steps: step t of time is the one in which t = worked + waited. */
export interface WaitProblem {
  /** Cost of working through each step of time; at least `work + wait` of them. */
  readonly cost: Float64Array;
  /** For each step of time the first one at or after it that must not be planned for. */
  readonly nextBlocked: Int32Array;
  /** For each step of work the mean probability that the job is not done: how likely its cost is. */
  readonly shares: Float64Array;
  /** The same at the beginning of each step of work, and at the end of the last. */
  readonly sharesAt: Float64Array;
  /** Steps of work in all. */
  readonly work: number;
  /** Steps of work that are booked: what lies beyond them may be blocked. */
  readonly booked: number;
  /** Steps that may pass without work being done. */
  readonly wait: number;
  /** Steps that a piece lasts at least, its overhead included. */
  readonly minimum: number;
  /** Steps that a resume repeats; they are no work done. */
  readonly overhead: number;
  /** A piece that begins before any work is done has no overhead. */
  readonly firstIsFree: boolean;
  /** Of each step that passes without work. */
  readonly delayCost: number;
  /** Pieces that may still begin; `Infinity`: they are not counted. */
  readonly piecesLeft: number;
}

/** How far the job is, if it is not done yet. */
export interface WaitPoint {
  readonly worked: number;
  readonly waited: number;
  readonly piecesLeft: number;
}

const TIE_SHARE = 1e-12;

/**
 * The least expected cost from every point on, by Bellman's recursion over work done x and time waited w, at time x + w. Only
 * the end of the job is uncertain, and until then it tells nothing: what costs at x counts by the probability s(x) to get there.
 * running(x, w) = min(cost(x + w) s(x) + running(x + 1, w), idle(x, w + 1))
 * idle(x, w) = min(idle(x, w + 1), overhead + cost of the shortest piece + running(x + length, w + overhead))
 * A pause adds to w, and w has an end, so that the wait is spent where it is worth most: early, when the job is likely to be
 * there still. Where pieces are counted, each number left has tables of its own.
 */
export class WaitTables {
  /** Costs that differ by less are equal. */
  readonly tie: number;
  readonly #problem: WaitProblem;
  readonly #width: number;
  /** By pieces left. */
  readonly #running: readonly Float64Array[];
  readonly #idle: readonly Float64Array[];
  /** Of beginning a piece at a point, its overhead left out. */
  readonly #piece: readonly Float64Array[];
  /** Running sum of costs over time, and of those that are not a gain. */
  readonly #repeat: Float64Array;
  /** Of the row that is being filled: expected cost of the work up to a point. */
  readonly #upTo: Float64Array;

  constructor(problem: WaitProblem) {
    const { cost, piecesLeft, wait, work } = problem;
    this.#problem = problem;
    this.#width = work + 1;
    const layers = Number.isFinite(piecesLeft) ? piecesLeft + 1 : 1;
    const tables = (): readonly Float64Array[] =>
      Array.from({ length: layers }, () => new Float64Array((wait + 1) * this.#width));
    this.#running = tables();
    this.#idle = tables();
    this.#piece = tables();
    this.#upTo = new Float64Array(work + 1);
    this.#repeat = new Float64Array(cost.length + 1);
    let dearest = 0;
    for (let t = 0; t < cost.length; t++) {
      this.#repeat[t + 1] = (this.#repeat[t] ?? 0) + Math.max(0, cost[t] ?? 0);
      dearest += Math.abs(cost[t] ?? 0);
    }
    this.tie = TIE_SHARE * dearest;
    for (let layer = 0; layer < layers; layer++) {
      for (let waited = wait; waited >= 0; waited--) this.#fill(layer, waited);
    }
  }

  running(point: WaitPoint): number {
    return this.#running[this.#layer(point.piecesLeft)]?.[this.#at(point.worked, point.waited)] ?? Infinity;
  }

  idle(point: WaitPoint): number {
    return this.#idle[this.#layer(point.piecesLeft)]?.[this.#at(point.worked, point.waited)] ?? Infinity;
  }

  /** Of working through one step more, then as is cheapest. */
  goOn({ worked, waited, piecesLeft }: WaitPoint): number {
    const then = this.running({ worked: worked + 1, waited, piecesLeft });
    return this.#ofWork(worked, waited) + then;
  }

  /** Of letting a step pass. */
  wait({ worked, waited, piecesLeft }: WaitPoint): number {
    if (waited >= this.#problem.wait) return Infinity;
    const { delayCost, sharesAt } = this.#problem;
    return delayCost * (sharesAt[worked] ?? 0) + this.idle({ worked, waited: waited + 1, piecesLeft });
  }

  /** Where the shortest piece that begins here ends, or the job with it; `undefined` where none may begin. */
  begin({ worked, waited, piecesLeft }: WaitPoint): { readonly to: WaitPoint; readonly cost: number } | undefined {
    const cost = this.#begin(worked, waited, this.#layer(piecesLeft));
    if (!Number.isFinite(cost)) return undefined;
    const to = {
      worked: this.#endOfShortest(worked),
      waited: waited + this.overheadAt(worked),
      piecesLeft: piecesLeft - 1,
    };
    return { to, cost };
  }

  overheadAt(worked: number): number {
    return worked === 0 && this.#problem.firstIsFree ? 0 : this.#problem.overhead;
  }

  /** Something must be gained before it may pause again; at the end of all work nothing is left to wait for. */
  #endOfShortest(worked: number): number {
    const { minimum, work } = this.#problem;
    return Math.min(work, worked + Math.max(1, minimum - this.overheadAt(worked)));
  }

  /** All amounts of work at one amount of waiting. */
  #fill(layer: number, waited: number): void {
    const running = this.#running[layer];
    const idle = this.#idle[layer];
    const piece = this.#piece[layer];
    if (running === undefined || idle === undefined || piece === undefined) return;
    this.#fillRunning(running, idle, waited);
    this.#fillPieces(running, piece, waited);
    const { piecesLeft } = this.#problem;
    const begun = Number.isFinite(piecesLeft) ? this.#piece[layer - 1] : piece;
    if (begun === undefined) return;
    const at = this.#at(0, waited);
    idle[at] = Math.min(idle[at] ?? Infinity, this.#begin(0, waited, layer));
    this.#fillIdle(idle, begun, waited);
  }

  /** These are the innermost loops. What is idle is left to wait here, and may begin in the last of them. */
  #fillRunning(running: Float64Array, idle: Float64Array, waited: number): void {
    const { booked, cost, delayCost, nextBlocked, shares, sharesAt, wait, work } = this.#problem;
    const row = waited * this.#width;
    const nextRow = row + this.#width;
    for (let worked = work - 1; worked >= 0; worked--) {
      const at = row + worked;
      const t = worked + waited;
      const later =
        waited < wait ? delayCost * (sharesAt[worked] ?? 0) + (idle[nextRow + worked] ?? Infinity) : Infinity;
      const isFree = worked >= booked || (nextBlocked[t] ?? Infinity) > t;
      const goOn = isFree ? (cost[t] ?? 0) * (shares[worked] ?? 0) + (running[at + 1] ?? 0) : Infinity;
      running[at] = goOn < later ? goOn : later;
      idle[at] = later;
    }
  }

  #fillPieces(running: Float64Array, piece: Float64Array, waited: number): void {
    const { booked, cost, nextBlocked, shares, work } = this.#problem;
    const upTo = this.#upTo;
    // Of all work up to a point, blocked or not: what is free is looked up.
    for (let worked = 0; worked < work; worked++) {
      upTo[worked + 1] = (upTo[worked] ?? 0) + (cost[worked + waited] ?? 0) * (shares[worked] ?? 0);
    }
    const row = waited * this.#width;
    const shortest = this.#endOfShortest(1) - 1;
    for (let worked = 0; worked < work; worked++) {
      const end = worked === 0 ? this.#endOfShortest(0) : Math.min(work, worked + shortest);
      const free = worked >= booked || (nextBlocked[worked + waited] ?? Infinity) >= Math.min(end, booked) + waited;
      const of = (upTo[end] ?? 0) - (upTo[worked] ?? 0) + (running[row + end] ?? Infinity);
      piece[row + worked] = free ? of : Infinity;
    }
  }

  #fillIdle(idle: Float64Array, begun: Float64Array, waited: number): void {
    const { booked, delayCost, nextBlocked, overhead, sharesAt, wait, work } = this.#problem;
    if (waited + overhead > wait) return;
    const repeat = this.#repeat;
    const row = waited * this.#width;
    const begins = (waited + overhead) * this.#width;
    const delay = delayCost * overhead;
    for (let worked = 1; worked < work; worked++) {
      const from = worked + waited;
      if (worked < booked && (nextBlocked[from] ?? Infinity) < from + overhead) continue;
      const repeated = (repeat[from + overhead] ?? 0) - (repeat[from] ?? 0) + delay;
      const cost = (sharesAt[worked] ?? 0) * repeated + (begun[begins + worked] ?? Infinity);
      if (cost < (idle[row + worked] ?? Infinity)) idle[row + worked] = cost;
    }
  }

  #ofWork(worked: number, waited: number): number {
    const { cost, shares } = this.#problem;
    return this.#isFree(worked, worked + 1, waited) ? (cost[worked + waited] ?? 0) * (shares[worked] ?? 0) : Infinity;
  }

  #isFree(worked: number, end: number, waited: number): boolean {
    const { booked, nextBlocked } = this.#problem;
    const planned = Math.min(end, booked);
    return planned <= worked || (nextBlocked[worked + waited] ?? Infinity) >= planned + waited;
  }

  #begin(worked: number, waited: number, layer: number): number {
    const { delayCost, nextBlocked, piecesLeft, sharesAt, wait } = this.#problem;
    const counted = Number.isFinite(piecesLeft);
    const overhead = this.overheadAt(worked);
    if ((counted && layer === 0) || waited + overhead > wait) return Infinity;
    const from = worked + waited;
    const isFree = worked >= this.#problem.booked || (nextBlocked[from] ?? Infinity) >= from + overhead;
    if (!isFree) return Infinity;
    const repeated = (this.#repeat[from + overhead] ?? 0) - (this.#repeat[from] ?? 0) + delayCost * overhead;
    const then = this.#piece[counted ? layer - 1 : 0]?.[this.#at(worked, waited + overhead)] ?? Infinity;
    return (sharesAt[worked] ?? 0) * repeated + then;
  }

  #layer(piecesLeft: number): number {
    return Number.isFinite(this.#problem.piecesLeft) ? piecesLeft : 0;
  }

  #at(worked: number, waited: number): number {
    return waited * this.#width + worked;
  }
}
