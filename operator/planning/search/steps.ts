import { HOUR_MS, type DurationMs, type EpochMs } from '../../domain/units.ts';
import type { IntensityOnGrid } from '../grid/intensity-on-grid.ts';
import { between, type RunningIntegral } from '../grid/running-integral.ts';
import { edge, slotAt, type TimeGrid } from '../grid/time-grid.ts';
import type { Rates } from './rates.ts';

/** Where pieces of a job may run, and what that costs. */
export interface Place {
  /** Absent where carbon doesn't count. */
  readonly intensity: IntensityOnGrid | undefined;
  /** Absent where the price is the same at all times. */
  readonly prices: RunningIntegral | undefined;
  /** For each slot, the first full slot at or after it; absent where none is full. */
  readonly nextFull: Int32Array | undefined;
  readonly rates: Rates;
  /** What it costs to come here from another place, beside the time: data that are copied. */
  readonly arrivalCost: number;
}

/** What a run in several pieces must keep, wherever they are. */
export interface PieceRules {
  readonly grid: TimeGrid;
  readonly notBefore: EpochMs;
  readonly notAfter: EpochMs;
  /** Work left, at the speed of these places' accelerators. */
  readonly work: DurationMs;
  readonly minimumRun: DurationMs;
  /** Time lost at the start of each piece but the very first one. */
  readonly restartOverhead: DurationMs;
  /** Pieces that may still begin. */
  readonly piecesLeft: number;
  /** The job has run before: its next piece begins with the overhead too. */
  readonly hasRun: boolean;
  /** Since when the job runs; absent where it doesn't. */
  readonly runningSince: EpochMs | undefined;
  /** States that a search may look at; beyond that it takes steps of several slots. */
  readonly mostStates: number;
}

/** Pieces at several places, all of them as fast as one another. */
export interface ItinerarySearch extends PieceRules {
  readonly places: readonly Place[];
  /** The place where the job runs, or ran last; absent where it has not run, or that place is none of these. */
  readonly at: number | undefined;
  /** Time lost beside `restartOverhead` where a piece begins at another place than the one before it ended. */
  readonly moveOverhead: DurationMs;
}

/** Pieces at one place. */
export interface PausableSearch extends PieceRules, Omit<Place, 'arrivalCost'> {}

/**
 * Slots taken together, so that the tables stay small, or divided. The slot that holds `notBefore` is what is left of it, and comes before
 * the first step; step k begins at edge `from` + k x `slotsPerStep`.
 */
export interface Steps {
  readonly stepMs: DurationMs;
  /** Beginning of step 0. */
  readonly startsAt: EpochMs;
  readonly count: number;
  /** From `notBefore` to step 0. */
  readonly headMs: DurationMs;
  /** Work of the whole search in steps, rounded up. */
  readonly work: number;
  /** Share of a step that the last one is worked through. */
  readonly lastShare: number;
  readonly places: readonly StepCosts[];
}

export interface StepCosts {
  /** Running sum of the cost of working through a step; `count + 1` entries. */
  readonly cost: Float64Array;
  /**
   * The same of steps that repeat lost work: never a gain, also where power is sold below nothing, so that nobody is sent
   * into a pause to burn power.
   */
  readonly repeatCost: Float64Array;
  /** For each step, the first full or unknown step at or after it. */
  readonly nextBlocked: Int32Array;
  /** Of working from `notBefore` to step 0; infinite where that is full or unknown. */
  readonly headCost: number;
}

/** Parts of a step below this are rounding. */
const ROUNDING = 1e-9;

export function stepsOf(search: ItinerarySearch): Steps {
  const { grid, notAfter, notBefore, work } = search;
  const from = slotAt(grid, notBefore) + 1;
  const startsAt = edge(grid, from);
  const slotsPerStep = slotsPerStepOf(search, from);
  const stepMs = slotsPerStep * grid.slot;
  const workInSteps = Math.max(1, Math.ceil(work / stepMs - ROUNDING));
  const lastShare = Math.min(1, Math.max(0, work / stepMs - (workInSteps - 1)));
  // The last step may reach beyond the deadline as far as it is not worked through.
  const untilDeadline = Math.floor((notAfter - startsAt) / stepMs + 1 - lastShare + ROUNDING);
  const onGrid = Math.floor((grid.slots - from) / slotsPerStep + ROUNDING);
  const count = Math.max(0, Math.min(untilDeadline, onGrid));
  const layout = { from, count, slotsPerStep };
  return {
    stepMs,
    startsAt,
    count,
    headMs: startsAt - notBefore,
    work: workInSteps,
    lastShare,
    places: search.places.map((place) => stepCostsOf(search, place, layout)),
  };
}

/** As short as what is lost at a resume asks for; longer where that would be too many states. */
function slotsPerStepOf(search: ItinerarySearch, from: number): number {
  const { grid, mostStates, notAfter, places, work } = search;
  const slots = Math.min(grid.slots - from, (notAfter - edge(grid, from)) / grid.slot);
  const states = 2 * places.length * slots * (work / grid.slot + 1);
  // Twice as long a step means half the steps and half the work counted in them.
  const parts = partsOfSlot(search);
  if (states * parts * parts <= mostStates) return 1 / parts;
  return Math.max(1, Math.ceil(Math.sqrt(states / mostStates)));
}

/** A slot is divided no further than this. */
const MOST_PARTS = 12;

/** Parts of a slot that what a resume loses is a whole number of: rounded up to a slot it would cost more than it does. */
function partsOfSlot({ grid, moveOverhead, places, restartOverhead }: ItinerarySearch): number {
  const losses = [restartOverhead, ...(places.length > 1 ? [restartOverhead + moveOverhead] : [])];
  for (let parts = 1; parts <= MOST_PARTS; parts++) {
    const inParts = losses.map((loss) => (loss * parts) / grid.slot);
    if (inParts.every((count) => Math.abs(count - Math.round(count)) < 1e-6)) return parts;
  }
  return MOST_PARTS;
}

interface Layout {
  readonly from: number;
  readonly count: number;
  /** Or the part of a slot that a step is. */
  readonly slotsPerStep: number;
}

function stepCostsOf(search: ItinerarySearch, place: Place, { from, count, slotsPerStep }: Layout): StepCosts {
  const { grid, notBefore } = search;
  const cost = new Float64Array(count + 1);
  const repeatCost = new Float64Array(count + 1);
  const nextBlocked = new Int32Array(count);
  const slotOf = (step: number): number => from + Math.floor(step * slotsPerStep + ROUNDING);
  for (let step = 0; step < count; step++) {
    const first = slotOf(step);
    const share = Math.min(1, slotsPerStep);
    const ofStep = share * costBetween(place, grid, first, Math.max(first + 1, slotOf(step + 1)));
    cost[step + 1] = (cost[step] ?? 0) + ofStep;
    repeatCost[step + 1] = (repeatCost[step] ?? 0) + Math.max(0, ofStep);
  }
  let blocked = count;
  for (let step = count - 1; step >= 0; step--) {
    const first = slotOf(step);
    if (obstacleFrom(place, grid, first) < Math.max(first + 1, slotOf(step + 1))) blocked = step;
    nextBlocked[step] = blocked;
  }
  const headShare = (edge(grid, from) - notBefore) / (edge(grid, from) - edge(grid, from - 1));
  const headIsFree = obstacleFrom(place, grid, from - 1) >= from;
  const headCost = headIsFree ? headShare * costBetween(place, grid, from - 1, from) : Infinity;
  return { cost, repeatCost, nextBlocked, headCost };
}

/** Of working from one edge of the grid to another. */
function costBetween({ intensity, prices, rates }: Place, grid: TimeGrid, from: number, to: number): number {
  let cost = rates.perHour * ((edge(grid, to) - edge(grid, from)) / HOUR_MS);
  if (intensity !== undefined) cost += rates.perGramHour * between(intensity, from, to);
  if (prices !== undefined) cost += rates.perPriceHour * between(prices, from, to);
  return cost;
}

function obstacleFrom({ intensity, nextFull }: Place, grid: TimeGrid, slot: number): number {
  return Math.min(intensity?.nextUnknown[slot] ?? grid.slots, nextFull?.[slot] ?? grid.slots);
}
