import type { Interval } from '../../domain/interval.ts';
import type { EpochMs } from '../../domain/units.ts';
import { edge } from '../grid/time-grid.ts';
import { fillTables, type Tables } from './pause-tables.ts';
import { costBetween, stepsOf, type PausableSearch, type Steps } from './steps.ts';

/**
 * The cheapest set of windows that does the work by `notAfter`: a dynamic programme over time, work left and
 * pieces left, exact on its steps. `undefined` where nothing fits.
 */
export function cheapestWindows(search: PausableSearch): readonly Interval[] | undefined {
  const steps = stepsOf(search);
  if (steps.count < 1) return undefined;
  const tables = fillTables(search, steps);
  const pieces = piecesFrom(search, steps, tables);
  return pieces === undefined ? undefined : trimmed(search, steps, pieces);
}

/** Steps [from, to). */
interface Piece {
  from: number;
  to: number;
}

/** Where the job stands at a step boundary, on its way through the tables. */
interface Cursor {
  step: number;
  workLeft: number;
  piecesLeft: number;
  running: boolean;
}

function piecesFrom(search: PausableSearch, steps: Steps, tables: Tables): readonly Piece[] | undefined {
  const pieces: Piece[] = [];
  const cursor = firstCursor(search, steps, tables);
  if (cursor === undefined) return undefined;
  if (cursor.running) pieces.push({ from: -1, to: cursor.step });
  while (cursor.workLeft > 0) {
    if (cursor.running && tables.keepsRunning(cursor)) {
      const current = pieces.at(-1);
      if (current !== undefined) current.to = cursor.step + 1;
      cursor.step += 1;
      cursor.workLeft -= 1;
    } else if (cursor.running || tables.stays(cursor)) {
      cursor.running = false;
      cursor.step += 1;
    } else {
      const { length, overhead } = tables.pieceAt(cursor);
      pieces.push({ from: cursor.step, to: cursor.step + length });
      cursor.step += length;
      cursor.workLeft -= length - overhead;
      cursor.piecesLeft -= 1;
      cursor.running = true;
    }
  }
  return pieces;
}

/** Begins idle, or in the running piece where going on beats pausing at once. */
function firstCursor(search: PausableSearch, steps: Steps, tables: Tables): Cursor | undefined {
  const idle: Cursor = { step: 0, workLeft: tables.work, piecesLeft: search.piecesLeft, running: false };
  const idleCost = tables.costFrom(idle);
  const running = runningCursor(search, steps);
  if (running !== undefined) {
    const throughMinimum = (steps.nextBlocked[0] ?? 0) >= running.step ? (steps.cost[running.step] ?? 0) : Infinity;
    const runningCost = costBetween(search, 0, 1) + throughMinimum + tables.costFrom(running);
    if (runningCost <= idleCost || mustGoOn(search)) return Number.isFinite(runningCost) ? running : undefined;
  } else if (mustGoOn(search)) return undefined;
  return Number.isFinite(idleCost) ? idle : undefined;
}

function mustGoOn(search: PausableSearch): boolean {
  return search.runningSince !== undefined && search.runningSince + search.minimumRun > edge(search.grid, 0);
}

/** Where a job that runs now may first pause; `undefined` where it doesn't run or is done before. */
function runningCursor(search: PausableSearch, steps: Steps): Cursor | undefined {
  if (search.runningSince === undefined) return undefined;
  const firstStep = edge(search.grid, 1);
  const minimum = Math.max(0, Math.ceil((search.runningSince + search.minimumRun - firstStep) / steps.stepMs));
  const workAfter = Math.ceil((search.work - (firstStep - edge(search.grid, 0))) / steps.stepMs) - minimum;
  if (workAfter <= 0 || minimum > steps.count) return undefined;
  return { step: minimum, workLeft: workAfter, piecesLeft: search.piecesLeft, running: true };
}

/** Steps to instants; what rounding up to whole steps gave too much is taken off the end. */
function trimmed(search: PausableSearch, { stepMs }: Steps, pieces: readonly Piece[]): readonly Interval[] {
  const { grid } = search;
  const instant = (step: number): EpochMs => (step < 0 ? edge(grid, 0) : edge(grid, 1) + step * stepMs);
  const windows: Interval[] = [];
  let left = search.work;
  for (const piece of pieces) {
    if (left <= 0) break;
    const goesOn = piece.from < 0;
    const overhead = goesOn || (!search.hasRun && windows.length === 0) ? 0 : search.restartOverhead;
    const startsAt = instant(piece.from);
    const endsAt = Math.min(instant(piece.to), startsAt + overhead + left);
    windows.push({ startsAt, endsAt });
    left -= endsAt - startsAt - overhead;
  }
  return windows;
}
