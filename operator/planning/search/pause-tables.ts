import { edge } from '../grid/time-grid.ts';
import type { PausableSearch, Steps } from './steps.ts';

/** A point in the programme: which step comes next, and what is left. */
export interface Point {
  readonly step: number;
  /** In steps. */
  readonly workLeft: number;
  readonly piecesLeft: number;
  readonly running: boolean;
}

/** The least cost from every point to the end, and the choices that lead along it. */
export interface Tables {
  /** Work of the whole search, in steps. */
  readonly work: number;
  costFrom(point: Point): number;
  /** Going on through the next step is the best thing to do for a running job. */
  keepsRunning(point: Point): boolean;
  /** Waiting through the next step is the best thing to do. */
  stays(point: Point): boolean;
  /** The shortest piece that may begin here, and the part of it that repeats lost work, in steps. */
  pieceAt(point: Point): { readonly length: number; readonly overhead: number };
}

/**
 * Bellman's recursion, backwards in time.
 * idle(s, w, p) = min(idle(s+1, w, p), cost of the shortest piece at s + running(s+L, w-L+overhead, p-1)),
 * where what the piece repeats at its start costs what repeating costs
 * running(s, w, p) = min(idle(s+1, w, p), cost(s) + running(s+1, w-1, p));  running(s, 0, p) = delay until s
 * A pause lasts a step at least: to stop and begin anew at once only wastes what is repeated.
 */
export function fillTables(search: PausableSearch, steps: Steps): Tables {
  const rows = new Rows(search, steps);
  for (let step = steps.count; step >= 0; step--) {
    const delay = search.rates.perDelayMs * (edge(search.grid, 1) + step * steps.stepMs - edge(search.grid, 0));
    for (let pieces = 0; pieces <= search.piecesLeft; pieces++) rows.fill(step, pieces, delay);
  }
  return {
    work: rows.work,
    costFrom: (point) => rows.costFrom(point),
    // Of equal ones what goes on, and the piece that begins now: pausing and waiting for nothing are not free.
    keepsRunning: (point) => rows.goOn(point) <= rows.wait(point) + rows.tie,
    stays: (point) => rows.wait(point) < rows.begin(point) - rows.tie,
    pieceAt: ({ piecesLeft, workLeft }) => ({
      length: rows.shortest(piecesLeft)[workLeft] ?? 0,
      overhead: rows.overheadOf(piecesLeft),
    }),
  };
}

const TIE_SHARE = 1e-12;

/** The two tables, a row of all amounts of work for each step and number of pieces left. */
class Rows {
  readonly work: number;
  /** Costs that differ by less are equal: sums of floating point differ in their last digits. */
  readonly tie: number;
  readonly #idle: Float64Array;
  readonly #running: Float64Array;
  readonly #steps: Steps;
  readonly #piecesLeft: number;
  readonly #hasRun: boolean;
  readonly #overhead: number;
  /** Length of the shortest piece by work left: of the very first piece, and of those that repeat lost work. */
  readonly #shortestFirst: Int32Array;
  readonly #shortestLater: Int32Array;

  constructor(search: PausableSearch, steps: Steps) {
    this.work = Math.ceil(search.work / steps.stepMs);
    const size = (steps.count + 1) * (search.piecesLeft + 1) * (this.work + 1);
    this.#idle = new Float64Array(size).fill(Infinity);
    this.#running = new Float64Array(size).fill(Infinity);
    this.#steps = steps;
    const { cost, count, repeatCost } = steps;
    const sumOfSizes = 2 * (repeatCost[count] ?? 0) - (cost[count] ?? 0);
    this.tie = TIE_SHARE * (sumOfSizes + search.rates.perDelayMs * count * steps.stepMs);
    this.#piecesLeft = search.piecesLeft;
    this.#hasRun = search.hasRun;
    this.#overhead = Math.ceil(search.restartOverhead / steps.stepMs);
    const minimum = Math.ceil(search.minimumRun / steps.stepMs);
    const shortest = (overhead: number) =>
      Int32Array.from({ length: this.work + 1 }, (_, w) => Math.min(Math.max(minimum, overhead + 1), w + overhead));
    this.#shortestFirst = shortest(0);
    this.#shortestLater = shortest(this.#overhead);
  }

  overheadOf(pieces: number): number {
    return !this.#hasRun && pieces === this.#piecesLeft ? 0 : this.#overhead;
  }

  shortest(pieces: number): Int32Array {
    return !this.#hasRun && pieces === this.#piecesLeft ? this.#shortestFirst : this.#shortestLater;
  }

  /** The innermost loop of the planner: everything that does not depend on the work left is taken out of it. */
  fill(step: number, pieces: number, delay: number): void {
    const { cost, repeatCost, count } = this.#steps;
    const row = this.#row(step, pieces);
    const next = step < count ? this.#row(step + 1, pieces) : -1;
    const openUntil = step < count ? (this.#steps.nextBlocked[step] ?? 0) : 0;
    const shortest = this.shortest(pieces);
    const overhead = this.overheadOf(pieces);
    const repeated = (repeatCost[step + overhead] ?? 0) - (repeatCost[step] ?? 0);
    const beginning = repeated - (cost[step + overhead] ?? 0);
    const stepCost = openUntil > step ? (cost[step + 1] ?? 0) - (cost[step] ?? 0) : Infinity;
    this.#running[row] = delay;
    for (let w = 1; w <= this.work; w++) {
      const length = shortest[w] ?? 0;
      const wait = next < 0 ? Infinity : (this.#idle[next + w] ?? Infinity);
      let best = wait;
      if (pieces > 0 && step + length <= openUntil) {
        const after = this.#running[this.#row(step + length, pieces - 1) + w - length + overhead] ?? Infinity;
        best = Math.min(best, beginning + (cost[step + length] ?? 0) + after);
      }
      this.#idle[row + w] = best;
      this.#running[row + w] = Math.min(wait, stepCost + (next < 0 ? Infinity : (this.#running[next + w - 1] ?? 0)));
    }
  }

  costFrom({ step, piecesLeft, workLeft, running }: Point): number {
    return (running ? this.#running : this.#idle)[this.#row(step, piecesLeft) + workLeft] ?? Infinity;
  }

  wait({ step, piecesLeft, workLeft }: Point): number {
    return step < this.#steps.count ? (this.#idle[this.#row(step + 1, piecesLeft) + workLeft] ?? Infinity) : Infinity;
  }

  goOn({ step, piecesLeft, workLeft }: Point): number {
    return (
      this.#through(step, step + 1) +
      this.costFrom({ step: step + 1, piecesLeft, workLeft: workLeft - 1, running: true })
    );
  }

  begin({ step, piecesLeft, workLeft }: Point): number {
    if (piecesLeft === 0) return Infinity;
    const overhead = this.overheadOf(piecesLeft);
    const to = step + (this.shortest(piecesLeft)[workLeft] ?? 0);
    const left = workLeft - (to - step) + overhead;
    const { cost, repeatCost } = this.#steps;
    const repeated = (repeatCost[step + overhead] ?? 0) - (repeatCost[step] ?? 0);
    const atCost = (cost[step + overhead] ?? 0) - (cost[step] ?? 0);
    const after = this.costFrom({ step: to, piecesLeft: piecesLeft - 1, workLeft: left, running: true });
    return this.#through(step, to) + repeated - atCost + after;
  }

  /** Cost of working through steps; infinite where one of them is full or unknown. */
  #through(from: number, to: number): number {
    const { cost, count, nextBlocked } = this.#steps;
    const isOpen = to <= count && (nextBlocked[from] ?? 0) >= to;
    return isOpen ? (cost[to] ?? 0) - (cost[from] ?? 0) : Infinity;
  }

  #row(step: number, pieces: number): number {
    return (step * (this.#piecesLeft + 1) + pieces) * (this.work + 1);
  }
}
