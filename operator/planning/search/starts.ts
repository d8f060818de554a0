import type { DurationMs, EpochMs } from '../../domain/units.ts';
import type { IntensityOnGrid } from '../grid/intensity-on-grid.ts';
import { integralTo } from '../grid/running-integral.ts';
import { edge, slotAt, slotFrom, type TimeGrid } from '../grid/time-grid.ts';

/** A run in one piece: what it occupies, and between when. */
export interface Run {
  readonly grid: TimeGrid;
  /** Absent where carbon doesn't count. */
  readonly intensity: IntensityOnGrid | undefined;
  /** For each slot, the first full slot at or after it; absent where none is full. */
  readonly nextFull: Int32Array | undefined;
  /** Staging and work together. */
  readonly length: DurationMs;
  readonly staging: DurationMs;
  readonly notBefore: EpochMs;
  readonly notAfter: EpochMs;
}

/** The starts to choose among: at once, and at the edges of slots [from, until) as far as those are free. */
export interface Starts {
  readonly run: Run;
  /** Absent where what lies ahead is not free for long enough. */
  readonly atOnce: EpochMs | undefined;
  readonly from: number;
  readonly until: number;
  /** Slots that a run occupies from an edge on. */
  readonly occupied: number;
}

/**
 * What starts are weighed by: the growth of a running integral over the work, which is a difference of two look-ups, and the
 * delay.
 */
export interface Weighing {
  /** Absent where nothing varies. */
  readonly integral: Float64Array | undefined;
  readonly factor: number;
  readonly perDelayMs: number;
}

/** Fractions of a slot below this are rounding. */
const ROUNDING = 1e-9;

export function startsOf(run: Run): Starts {
  const { grid, length, notBefore, notAfter } = run;
  const occupied = Math.ceil(length / grid.slot - ROUNDING);
  const from = slotAt(grid, notBefore) + 1;
  const lastEdge = Math.floor((notAfter - length - edge(grid, 1)) / grid.slot + ROUNDING) + 1;
  const endsAt = notBefore + length;
  const fitsAtOnce =
    endsAt <= Math.min(notAfter, edge(grid, grid.slots)) && obstacleFrom(run, from - 1) >= slotFrom(grid, endsAt);
  return {
    run,
    atOnce: fitsAtOnce ? notBefore : undefined,
    from,
    until: Math.max(from, Math.min(lastEdge, grid.slots - occupied) + 1),
    occupied,
  };
}

export function isFreeFrom({ run, occupied }: Starts, slot: number): boolean {
  return obstacleFrom(run, slot) >= slot + occupied;
}

/** The first slot at or after this one that is full, or whose intensity is not known. */
function obstacleFrom({ grid, intensity, nextFull }: Run, slot: number): number {
  return Math.min(nextFull?.[slot] ?? grid.slots, intensity?.nextUnknown[slot] ?? grid.slots);
}

/** What each start costs; NaN for one that is not free, which no comparison holds for. */
export interface StartCosts {
  readonly starts: Starts;
  readonly atOnce: number;
  /** By slot, for those in [from, until). */
  readonly bySlot: Float64Array;
}

/** @param bySlot where to lay them out, as long as the grid has slots; what stands there is overwritten */
export function costsOf(starts: Starts, weighing: Weighing, bySlot: Float64Array): StartCosts {
  const { until, occupied, run } = starts;
  const { nextFull } = run;
  let slot = starts.from;
  while (slot < until) {
    // Where much is full these are most of the slots.
    if (nextFull !== undefined) while (slot < until && nextFull[slot] === slot) bySlot[slot++] = NaN;
    if (slot === until) break;
    const obstacle = obstacleFrom(run, slot);
    const freeUntil = Math.min(until, obstacle - occupied + 1);
    if (freeUntil > slot) {
      layCosts(run, weighing, bySlot, [slot, freeUntil]);
      slot = freeUntil;
    }
    const blockedUntil = Math.min(until, obstacle + 1);
    while (slot < blockedUntil) bySlot[slot++] = NaN;
  }
  return { starts, atOnce: costAtOnce(starts, weighing), bySlot };
}

/**
 * The same with what goes on at the end of the staging added, in place.
 * @param copying how long that is, at most the staging
 */
export function withCopying(costs: StartCosts, weighing: Weighing, copying: DurationMs): StartCosts {
  const { starts, bySlot } = costs;
  const { from, until, run } = starts;
  const alone = { ...weighing, perDelayMs: 0 };
  const copyingRun = { ...run, length: run.staging, staging: run.staging - copying };
  const added = new Float64Array(bySlot.length);
  layCosts(copyingRun, alone, added, [from, until]);
  for (let slot = from; slot < until; slot++) bySlot[slot] = (bySlot[slot] ?? NaN) + (added[slot] ?? NaN);
  return { starts, atOnce: costs.atOnce + costAtOnce({ ...starts, run: copyingRun }, alone), bySlot };
}

/** The innermost loop of the planner. */
function layCosts(
  { grid, length, staging, notBefore }: Run,
  { integral, factor, perDelayMs }: Weighing,
  bySlot: Float64Array,
  [from, until]: readonly [number, number],
): void {
  const delayPerSlot = perDelayMs * grid.slot;
  const delayAtZero = perDelayMs * (edge(grid, 1) - notBefore) - delayPerSlot;
  const [end, endPart] = wholeAndPart(length / grid.slot);
  const [begin, beginPart] = wholeAndPart(staging / grid.slot);
  for (let slot = from; slot < until; slot++) {
    let cost = delayAtZero + delayPerSlot * slot;
    if (integral !== undefined) {
      let growth = (integral[slot + end] ?? 0) - (integral[slot + begin] ?? 0);
      if (endPart > 0) growth += endPart * ((integral[slot + end + 1] ?? 0) - (integral[slot + end] ?? 0));
      if (beginPart > 0) growth -= beginPart * ((integral[slot + begin + 1] ?? 0) - (integral[slot + begin] ?? 0));
      cost += factor * growth;
    }
    bySlot[slot] = cost;
  }
}

function wholeAndPart(slots: number): readonly [number, number] {
  const whole = Math.floor(slots + ROUNDING);
  return [whole, Math.max(0, slots - whole)];
}

function costAtOnce({ atOnce, run }: Starts, { integral, factor }: Weighing): number {
  if (atOnce === undefined) return NaN;
  if (integral === undefined) return 0;
  const { grid, length, staging } = run;
  const figure = { grid, integral };
  return factor * (integralTo(figure, atOnce + length) - integralTo(figure, atOnce + staging));
}

export interface StartCost {
  readonly startsAt: EpochMs;
  readonly cost: number;
}

/**
 * The first of the starts of least cost; `undefined` where none is free.
 * @param among only starts that cost no more than the limit by another weighing
 */
export function leastOf(
  { starts, atOnce, bySlot }: StartCosts,
  among?: { readonly costs: StartCosts; readonly limit: number },
): StartCost | undefined {
  const { from, until, run } = starts;
  const gate = among?.costs.bySlot ?? bySlot;
  const limit = among === undefined ? Infinity : among.limit + roundingOf(among.limit);
  let best = NaN;
  let bestCost = (among?.costs.atOnce ?? atOnce) <= limit ? atOnce : NaN;
  let below = Number.isNaN(bestCost) ? Infinity : bestCost - roundingOf(bestCost);
  for (let slot = from; slot < until; slot++) {
    const cost = bySlot[slot] ?? NaN;
    if (cost < below && (gate[slot] ?? NaN) <= limit) {
      best = slot;
      bestCost = cost;
      below = cost - roundingOf(cost);
    }
  }
  if (Number.isNaN(bestCost)) return undefined;
  return { startsAt: Number.isNaN(best) ? run.notBefore : edge(run.grid, best), cost: bestCost };
}

/** The first of the starts that cost no more than the limit; there is one. */
export function firstWithin({ starts, atOnce, bySlot }: StartCosts, limit: number): EpochMs | undefined {
  const { from, until, run } = starts;
  if (atOnce <= limit) return run.notBefore;
  for (let slot = from; slot < until; slot++) {
    if ((bySlot[slot] ?? NaN) <= limit) return edge(run.grid, slot);
  }
  return undefined;
}

/** Sums of floating point differ in their last digits: a later start must be cheaper by more than that. */
function roundingOf(cost: number): number {
  return 1e-9 * Math.max(1, Math.abs(cost));
}
