import type { Interval } from '../../domain/interval.ts';
import { firstPoint } from './first-piece.ts';
import { PieceTables, type Point } from './piece-tables.ts';
import { stepsOf, type ItinerarySearch, type PausableSearch, type Steps } from './steps.ts';

/** Fractions of a millisecond. */
const ROUNDING_MS = 1e-3;

/** A window, and the place where it is. */
export interface Piece {
  readonly place: number;
  readonly window: Interval;
}

/**
 * The cheapest pieces that do the work by `notAfter`, wherever they are: a dynamic programme over time, place and work left,
 * exact on its steps. `undefined` where nothing fits.
 */
export function cheapestItinerary(search: ItinerarySearch): readonly Piece[] | undefined {
  if (search.piecesLeft === 0 && search.runningSince === undefined) return undefined;
  const pieces = piecesOf(search, false);
  if (pieces === undefined || newPieces(pieces, search) <= search.piecesLeft) return pieces;
  // Few jobs want more pieces than they may have: only then is it worth counting them.
  const counted = { ...search, mostStates: Math.ceil(search.mostStates / (search.piecesLeft + 1)) };
  return piecesOf(counted, true);
}

/** The same at one place. */
export function cheapestWindows(search: PausableSearch): readonly Interval[] | undefined {
  const { intensity, prices, nextFull, rates, runningSince } = search;
  const places = [{ intensity, prices, nextFull, rates, arrivalCost: 0 }];
  const isThere = runningSince !== undefined || search.hasRun;
  const pieces = cheapestItinerary({ ...search, places, at: isThere ? 0 : undefined, moveOverhead: 0 });
  return pieces?.map(({ window }) => window);
}

function newPieces(pieces: readonly Piece[], { at, notBefore, runningSince }: ItinerarySearch): number {
  const [first] = pieces;
  const goesOn = runningSince !== undefined && first?.place === at && first?.window.startsAt === notBefore;
  return pieces.length - (goesOn ? 1 : 0);
}

/** Steps [from, to) at a place; from before step 0 where it begins at once. */
interface StepPiece {
  readonly place: number;
  readonly from: number;
  to: number;
}

function piecesOf(search: ItinerarySearch, countsPieces: boolean): readonly Piece[] | undefined {
  const steps = stepsOf(search);
  const tables = new PieceTables(search, steps, countsPieces);
  const first = firstPoint(search, steps, tables);
  if (first === undefined) return undefined;
  const pieces = trimmed(search, steps, walk(first, tables));
  if ((pieces.at(-1)?.window.endsAt ?? 0) <= search.notAfter + ROUNDING_MS) return pieces;
  // What begins at once may need more of its last step than the tables reckon with: it has to end a step sooner.
  return piecesOf({ ...search, notAfter: search.notAfter - steps.stepMs }, countsPieces);
}

/** Along the cheapest way. Of equal ones what goes on, and the piece that begins now: pausing and waiting for nothing are not free. */
function walk(first: Point, tables: PieceTables): readonly StepPiece[] {
  const pieces: StepPiece[] = first.running ? [{ place: first.place, from: -1, to: first.step }] : [];
  let point = first;
  while (point.workLeft > 0) {
    const { place, piecesLeft, running, step, workLeft } = point;
    const wait = tables.wait(point);
    const begun = tables.begin(point, running);
    const beginCost = begun?.cost ?? Infinity;
    const current = pieces.at(-1);
    if (running && current !== undefined && tables.goOn(point) <= Math.min(wait, beginCost) + tables.tie) {
      current.to = step + 1;
      point = { step: step + 1, place, workLeft: workLeft - 1, piecesLeft, running };
    } else if (begun === undefined || wait < beginCost - tables.tie) {
      if (!Number.isFinite(wait)) throw new Error('the tables of pieces lead nowhere');
      point = { step: step + 1, place, workLeft, piecesLeft, running: false };
    } else {
      pieces.push({ place: begun.place, from: step, to: step + begun.length });
      point = {
        step: step + begun.length,
        place: begun.place,
        workLeft: workLeft - begun.length + begun.overhead,
        piecesLeft: piecesLeft - 1,
        running: true,
      };
    }
  }
  return pieces;
}

/** Steps to instants; what rounding up to whole steps gave too much is taken off the end. */
function trimmed(search: ItinerarySearch, { startsAt, stepMs }: Steps, pieces: readonly StepPiece[]): readonly Piece[] {
  const { at, hasRun, moveOverhead, notBefore, restartOverhead, runningSince, work } = search;
  const trimmedPieces: Piece[] = [];
  let left = work;
  let lastPlace = at;
  for (const { place, from, to } of pieces) {
    if (left <= 0) break;
    const isFirst = trimmedPieces.length === 0;
    const goesOn = from < 0 && runningSince !== undefined && place === at;
    const repeatsNothing = isFirst && (!hasRun || goesOn);
    const move = place === lastPlace || lastPlace === undefined ? 0 : moveOverhead;
    const overhead = repeatsNothing ? 0 : restartOverhead + move;
    const begins = from < 0 ? notBefore : startsAt + from * stepMs;
    const ends = Math.min(startsAt + to * stepMs, begins + overhead + left);
    trimmedPieces.push({ place, window: { startsAt: begins, endsAt: ends } });
    left -= ends - begins - overhead;
    lastPlace = place;
  }
  return trimmedPieces;
}
