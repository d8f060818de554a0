import { edge } from '../grid.ts';
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
 * idle(s, w, p) = min(idle(s+1, w, p), cost of the shortest piece at s + running(s+L, w-L+overhead, p-1))
 * running(s, w, p) = min(idle(s, w, p), cost(s) + running(s+1, w-1, p));  running(s, 0, p) = delay until s
 */
export function fillTables(search: PausableSearch, steps: Steps): Tables {
  const work = Math.ceil(search.work / steps.stepMs);
  const pieces = search.piecesLeft;
  const size = (steps.count + 1) * (pieces + 1) * (work + 1);
  const idle = new Float64Array(size).fill(Infinity);
  const running = new Float64Array(size).fill(Infinity);
  const at = (step: number, p: number, w: number): number => (step * (pieces + 1) + p) * (work + 1) + w;
  const cost = (from: number, to: number): number => (steps.cost[to] ?? 0) - (steps.cost[from] ?? 0);
  const isOpen = (from: number, to: number): boolean =>
    to <= steps.count && (from === to || (steps.nextBlocked[from] ?? 0) >= to);
  const pieceAt = pieceRule(search, steps);

  const begin = (step: number, p: number, w: number): number => {
    if (p === 0) return Infinity;
    const { length, overhead } = pieceAt(p, w);
    if (!isOpen(step, step + length)) return Infinity;
    return cost(step, step + length) + (running[at(step + length, p - 1, w - length + overhead)] ?? Infinity);
  };
  const goOn = (step: number, p: number, w: number): number =>
    isOpen(step, step + 1) ? cost(step, step + 1) + (running[at(step + 1, p, w - 1)] ?? Infinity) : Infinity;
  const wait = (step: number, p: number, w: number): number =>
    step < steps.count ? (idle[at(step + 1, p, w)] ?? Infinity) : Infinity;

  for (let step = steps.count; step >= 0; step--) {
    const delay = search.perDelayMs * (edge(search.grid, 1) + step * steps.stepMs - edge(search.grid, 0));
    for (let p = 0; p <= pieces; p++) {
      running[at(step, p, 0)] = delay;
      for (let w = 1; w <= work; w++) {
        const i = at(step, p, w);
        const best = Math.min(wait(step, p, w), begin(step, p, w));
        idle[i] = best;
        running[i] = Math.min(best, goOn(step, p, w));
      }
    }
  }

  return {
    work,
    costFrom: ({ step, piecesLeft: p, workLeft: w, running: runs }) =>
      (runs ? running : idle)[at(step, p, w)] ?? Infinity,
    keepsRunning: ({ step, piecesLeft: p, workLeft: w }) => goOn(step, p, w) <= (idle[at(step, p, w)] ?? Infinity),
    // Of equal ones the piece that begins now: waiting for nothing is not free.
    stays: ({ step, piecesLeft: p, workLeft: w }) => wait(step, p, w) < begin(step, p, w),
    pieceAt: ({ piecesLeft, workLeft }) => pieceAt(piecesLeft, workLeft),
  };
}

function pieceRule(search: PausableSearch, steps: Steps) {
  const minimum = Math.ceil(search.minimumRun / steps.stepMs);
  const overheadSteps = Math.ceil(search.restartOverhead / steps.stepMs);
  return (piecesLeft: number, workLeft: number) => {
    const isFirstEver = !search.hasRun && piecesLeft === search.piecesLeft;
    const overhead = isFirstEver ? 0 : overheadSteps;
    return { length: Math.min(Math.max(minimum, overhead + 1), workLeft + overhead), overhead };
  };
}
