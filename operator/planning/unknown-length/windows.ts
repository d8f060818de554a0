import type { Interval } from '../../domain/interval.ts';
import { farthest, meanShare, shareAfter, type Survival } from '../../domain/length/survival.ts';
import type { DurationMs, EpochMs } from '../../domain/units.ts';
import { edge, slotAt } from '../grid/time-grid.ts';
import type { PausableSearch } from '../search/steps.ts';
import { costsAhead, type CostsAhead } from './costs-ahead.ts';
import { WaitTables, type WaitPoint } from './wait-tables.ts';

/** A search for the windows of a job whose length nobody knows; `work` is what it is planned for, and booked. */
export interface UnknownLengthSearch extends PausableSearch {
  /** Of the work left, as time on an accelerator of speed 1. */
  readonly survival: Survival;
  /** Of the accelerators here. */
  readonly speed: number;
}

/** Three tables, for a way that begins at once and for one that begins later. */
const TABLES = 6;
/** Fractions of a step, and milliseconds, below this are rounding. */
const ROUNDING = 1e-9;

/** One way to begin: at once, or with a wait until the first step. */
interface Opening {
  readonly runs: boolean;
  /** Steps until the tables take over. */
  readonly steps: number;
  /** Until then, as time here. */
  readonly worked: DurationMs;
  readonly waited: DurationMs;
  readonly piecesLeft: number;
  readonly cost: number;
}

/**
 * The windows of least expected cost for a job that may be done at any moment: a dynamic programme over the work done and
 * the time waited, see {@link WaitTables}. What is planned are the windows on the way on which it is never done, up to the
 * work it is planned for; the wait that is left between there and `notAfter` is all that it may wait, beyond that it runs
 * through. `undefined` where nothing fits.
 */
export function windowsUnderUnknownLength(search: UnknownLengthSearch): readonly Interval[] | undefined {
  const free = bestWay(search, Infinity, search.mostStates);
  const mayBegin = search.piecesLeft;
  if (free === undefined || free.begun <= mayBegin) return free?.windows;
  return bestWay(search, mayBegin, Math.ceil(search.mostStates / (mayBegin + 1)))?.windows;
}

interface Way {
  readonly windows: readonly Interval[];
  /** Pieces that begin on it until the job is done for sure. */
  readonly begun: number;
}

function bestWay(search: UnknownLengthSearch, piecesLeft: number, mostStates: number): Way | undefined {
  const wait = search.notAfter - search.notBefore - search.work;
  if (wait < -ROUNDING) return undefined;
  const ahead = layOut(search, Math.max(0, wait), mostStates);
  let best: { readonly opening: Opening; readonly tables: WaitTables; readonly cost: number } | undefined;
  let last: { readonly opening: Opening; readonly tables: WaitTables } | undefined;
  for (const opening of openings(search, ahead, piecesLeft)) {
    if (opening.waited > wait + ROUNDING || !Number.isFinite(opening.cost)) continue;
    const tables =
      last !== undefined && standAtOnePoint(last.opening, opening)
        ? last.tables
        : new WaitTables(problemAfter(opening, { search, ahead, wait, piecesLeft }));
    last = { opening, tables };
    const point = { worked: 0, waited: 0, piecesLeft: opening.piecesLeft };
    const cost = opening.cost + (opening.runs ? tables.running(point) : tables.idle(point));
    // Of equal ways the one that runs, which comes first.
    if (Number.isFinite(cost) && (best === undefined || cost < best.cost - tables.tie))
      best = { opening, tables, cost };
  }
  return best && walk(search, ahead, best);
}

/** To go on and to pause from here on are told by the same tables; a job that has not begun has no such choice. */
function standAtOnePoint(a: Opening, b: Opening): boolean {
  return a.steps === b.steps && a.worked === b.worked && a.waited === b.waited;
}

function layOut(search: UnknownLengthSearch, wait: DurationMs, mostStates: number): CostsAhead {
  const { grid, notBefore, speed, survival } = search;
  const work = farthest(survival) / speed;
  const states = TABLES * (work / grid.slot + 1) * (wait / grid.slot + 1);
  const slotsPerStep = Math.max(1, Math.ceil(Math.sqrt(states / mostStates)));
  const stepMs = slotsPerStep * grid.slot;
  const overheads = Math.ceil((search.restartOverhead + search.minimumRun) / stepMs);
  const count = Math.ceil(work / stepMs) + Math.ceil(wait / stepMs) + overheads + 2;
  return costsAhead(search, notBefore, { count, slotsPerStep });
}

/** To run on or begin at once comes first, so that of equal ways it is taken. */
function openings(search: UnknownLengthSearch, ahead: CostsAhead, piecesLeft: number): readonly Opening[] {
  const { hasRun, minimumRun, notBefore, restartOverhead, runningSince } = search;
  const goesOn = runningSince !== undefined;
  const mustGoOn = goesOn && runningSince + minimumRun > notBefore;
  const overhead = goesOn || !hasRun ? 0 : restartOverhead;
  const until = Math.max((goesOn ? runningSince : notBefore) + minimumRun, notBefore + overhead);
  let steps = stepsUntil(until, ahead);
  if (ahead.headMs + steps * ahead.stepMs <= overhead) steps += 1;
  const length = ahead.headMs + steps * ahead.stepMs;
  const atOnce: Opening = {
    runs: true,
    steps,
    worked: length - overhead,
    waited: overhead,
    piecesLeft: goesOn ? piecesLeft : piecesLeft - 1,
    cost: costUntil(search, ahead, { steps, overhead }),
  };
  const delay = search.rates.perDelayMs * ahead.headMs;
  const later: Opening = { runs: false, steps: 0, worked: 0, waited: ahead.headMs, piecesLeft, cost: delay };
  // At an edge the tables hold what begins at once.
  const needsTables = goesOn || (piecesLeft > 0 && ahead.headMs > 0);
  return [...(needsTables ? [atOnce] : []), ...(mustGoOn ? [] : [later])];
}

function stepsUntil(instant: EpochMs, { startsAt, stepMs }: CostsAhead): number {
  return Math.max(0, Math.ceil((instant - startsAt) / stepMs - ROUNDING));
}

/** Expected cost of a piece from now on over the head and some steps. */
function costUntil(
  search: UnknownLengthSearch,
  ahead: CostsAhead,
  { steps, overhead }: { readonly steps: number; readonly overhead: DurationMs },
): number {
  const { notBefore, rates, speed, survival, work } = search;
  const planned = Math.min(ahead.headMs + steps * ahead.stepMs, overhead + work);
  if (obstacleFrom(search, notBefore) < notBefore + planned - ROUNDING) return Infinity;
  let cost = rates.perDelayMs * overhead;
  let from = 0;
  for (let step = -1; step < steps; step++) {
    const length = step < 0 ? ahead.headMs : ahead.stepMs;
    const ofStep = step < 0 ? ahead.headCost : (ahead.cost[step] ?? 0);
    const repeated = Math.min(length, Math.max(0, overhead - from));
    const workedBefore = Math.max(0, from - overhead);
    const share = meanShare(survival, workedBefore * speed, (workedBefore + length - repeated) * speed);
    if (length > 0) cost += (Math.max(0, ofStep) * repeated + ofStep * share * (length - repeated)) / length;
    from += length;
  }
  return cost;
}

/** When the first slot begins that is full or unknown, from the slot on that holds an instant. */
function obstacleFrom({ grid, intensity, nextFull }: UnknownLengthSearch, instant: EpochMs): EpochMs {
  const slot = slotAt(grid, instant);
  const obstacle = Math.min(nextFull?.[slot] ?? grid.slots, intensity?.nextUnknown[slot] ?? grid.slots);
  return obstacle <= slot ? instant : edge(grid, obstacle);
}

interface Setting {
  readonly search: UnknownLengthSearch;
  readonly ahead: CostsAhead;
  readonly wait: DurationMs;
  readonly piecesLeft: number;
}

function problemAfter(opening: Opening, { search, ahead, wait, piecesLeft }: Setting) {
  const { hasRun, minimumRun, rates, restartOverhead, speed, survival } = search;
  const { stepMs } = ahead;
  const inSteps = (length: DurationMs): number => Math.max(0, Math.ceil(length / stepMs - ROUNDING));
  const overhead = inSteps(restartOverhead);
  const work = inSteps(farthest(survival) / speed - opening.worked);
  const left = Math.floor((wait - opening.waited) / stepMs + ROUNDING);
  const workAt = (step: number): DurationMs => (opening.worked + step * stepMs) * speed;
  return {
    cost: ahead.cost.subarray(opening.steps),
    nextBlocked: blockedSteps(search, ahead, opening.steps),
    shares: Float64Array.from({ length: work }, (_, step) => meanShare(survival, workAt(step), workAt(step + 1))),
    sharesAt: Float64Array.from({ length: work + 1 }, (_, step) => shareAfter(survival, workAt(step))),
    work,
    booked: inSteps(search.work - opening.worked),
    wait: left,
    minimum: inSteps(minimumRun),
    overhead,
    firstIsFree: !hasRun && opening.worked === 0,
    delayCost: rates.perDelayMs * stepMs,
    piecesLeft: Number.isFinite(piecesLeft) ? piecesLeft : Infinity,
  };
}

function blockedSteps(search: UnknownLengthSearch, { cost, startsAt, stepMs }: CostsAhead, from: number): Int32Array {
  const count = cost.length - from;
  const next = new Int32Array(count);
  let blocked = count + 1;
  for (let step = count - 1; step >= 0; step--) {
    const begin = startsAt + (from + step) * stepMs;
    if (obstacleFrom(search, begin) < begin + stepMs - ROUNDING) blocked = step;
    next[step] = blocked;
  }
  return next;
}

/** Along the way of least expected cost, on which the job is never done. */
function walk(
  search: UnknownLengthSearch,
  ahead: CostsAhead,
  { opening, tables }: { readonly opening: Opening; readonly tables: WaitTables },
): Way {
  const { notBefore, restartOverhead, runningSince } = search;
  const end = Math.max(
    0,
    Math.ceil((farthest(search.survival) / search.speed - opening.worked) / ahead.stepMs - ROUNDING),
  );
  const origin = ahead.startsAt + opening.steps * ahead.stepMs;
  const instantOf = ({ worked, waited }: WaitPoint): EpochMs => origin + (worked + waited) * ahead.stepMs;
  const pieces: { startsAt: EpochMs; endsAt: EpochMs; overhead: DurationMs }[] = [];
  let point: WaitPoint = { worked: 0, waited: 0, piecesLeft: opening.piecesLeft };
  let running = opening.runs;
  if (running) pieces.push({ startsAt: notBefore, endsAt: origin, overhead: opening.waited });
  while (point.worked < end) {
    const wait = tables.wait(point);
    if (running && tables.goOn(point) <= wait + tables.tie) {
      point = { ...point, worked: point.worked + 1 };
      const last = pieces.at(-1);
      if (last !== undefined) last.endsAt = instantOf(point);
      continue;
    }
    const begun = running ? undefined : tables.begin(point);
    if (begun !== undefined && begun.cost <= wait + tables.tie) {
      const overhead = tables.overheadAt(point.worked) > 0 ? restartOverhead : 0;
      pieces.push({ startsAt: instantOf(point), endsAt: instantOf(begun.to), overhead });
      point = begun.to;
      running = true;
      continue;
    }
    point = { ...point, waited: point.waited + 1 };
    running = false;
  }
  const goesOn = runningSince !== undefined && opening.runs;
  return { windows: upToPlannedWork(pieces, search.work), begun: pieces.length - (goesOn ? 1 : 0) };
}

/** What is planned ends with the work that it is planned for, though the job may go on. */
function upToPlannedWork(
  pieces: readonly (Interval & { readonly overhead: DurationMs })[],
  work: DurationMs,
): readonly Interval[] {
  const windows: Interval[] = [];
  let left = work;
  for (const { startsAt, endsAt, overhead } of pieces) {
    if (left <= ROUNDING) break;
    const worked = Math.min(left, endsAt - startsAt - overhead);
    windows.push({ startsAt, endsAt: startsAt + overhead + worked });
    left -= worked;
  }
  const last = windows.at(-1);
  if (last !== undefined && left > ROUNDING) windows[windows.length - 1] = { ...last, endsAt: last.endsAt + left };
  return windows;
}
