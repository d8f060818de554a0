import { HOUR_MS, type DurationMs, type EpochMs } from '../../domain/units.ts';
import type { IntensityOnGrid } from '../grid/intensity-on-grid.ts';
import { between, type RunningIntegral } from '../grid/running-integral.ts';
import { edge, type TimeGrid } from '../grid/time-grid.ts';
import type { Rates } from './rates.ts';

/** What a run in several pieces may do, and what it costs. */
export interface PausableSearch {
  readonly grid: TimeGrid;
  /** Absent where carbon doesn't count. */
  readonly intensity: IntensityOnGrid | undefined;
  /** Absent where the price is the same at all times. */
  readonly prices: RunningIntegral | undefined;
  readonly nextFull: Int32Array | undefined;
  readonly notAfter: EpochMs;
  /** Work left, at the speed of this accelerator. */
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
  readonly rates: Rates;
}

/** More states than this are planned in steps of several slots. */
const MAX_STATES = 100_000;

/** Consecutive slots taken together, so that the tables stay small; step k begins at edge 1 + k x `slotsPerStep`. */
export interface Steps {
  readonly stepMs: DurationMs;
  readonly count: number;
  /** Running sum of the cost of working through a step; `count + 1` entries. */
  readonly cost: Float64Array;
  /**
   * The same of steps that repeat lost work: never a gain, also where power is sold below nothing, so that nobody is sent
   * into a pause to burn power.
   */
  readonly repeatCost: Float64Array;
  /** For each step, the first full or unknown step at or after it. */
  readonly nextBlocked: Int32Array;
}

export function stepsOf(search: PausableSearch): Steps {
  const { grid } = search;
  const slots = Math.min(grid.slots - 1, Math.floor((search.notAfter - edge(grid, 1)) / grid.slot));
  const states = slots * (search.work / grid.slot + 1) * (search.piecesLeft + 1);
  // Twice as long a step means half the steps and half the work counted in them.
  const slotsPerStep = Math.max(1, Math.ceil(Math.sqrt(states / MAX_STATES)));
  const count = Math.max(0, Math.floor(slots / slotsPerStep));
  const nextBlocked = new Int32Array(count);
  let blocked = count;
  for (let step = count - 1; step >= 0; step--) {
    const from = 1 + step * slotsPerStep;
    if (firstObstacle(search, from) < from + slotsPerStep) blocked = step;
    nextBlocked[step] = blocked;
  }
  return { stepMs: slotsPerStep * grid.slot, count, ...costsOf(search, count, slotsPerStep), nextBlocked };
}

function costsOf(search: PausableSearch, count: number, slotsPerStep: number) {
  const cost = new Float64Array(count + 1);
  const repeatCost = new Float64Array(count + 1);
  for (let step = 0; step < count; step++) {
    const from = 1 + step * slotsPerStep;
    const ofStep = costBetween(search, from, from + slotsPerStep);
    cost[step + 1] = (cost[step] ?? 0) + ofStep;
    repeatCost[step + 1] = (repeatCost[step] ?? 0) + Math.max(0, ofStep);
  }
  return { cost, repeatCost };
}

/** Of working from one edge of the grid to another. */
export function costBetween({ grid, intensity, prices, rates }: PausableSearch, from: number, to: number): number {
  let cost = rates.perHour * ((edge(grid, to) - edge(grid, from)) / HOUR_MS);
  if (intensity !== undefined) cost += rates.perGramHour * between(intensity, from, to);
  if (prices !== undefined) cost += rates.perPriceHour * between(prices, from, to);
  return cost;
}

function firstObstacle({ grid, intensity, nextFull }: PausableSearch, slot: number): number {
  const unknown = intensity === undefined ? grid.slots : (intensity.nextUnknown[slot] ?? 0);
  return Math.min(unknown, nextFull === undefined ? grid.slots : (nextFull[slot] ?? 0));
}
