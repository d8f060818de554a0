import type { PieceTables, Point } from './piece-tables.ts';
import type { ItinerarySearch, StepCosts, Steps } from './steps.ts';

/**
 * Where the cheapest way through the tables begins: idle, or in a piece that began before the first step. That one goes on
 * from a run, or begins at once in what is left of the slot that holds `notBefore`. `undefined` where no way leads to the end.
 */
export function firstPoint(search: ItinerarySearch, steps: Steps, tables: PieceTables): Point | undefined {
  const { at, hasRun, piecesLeft } = search;
  let best: Beginning | undefined;
  for (const [place, costs] of steps.places.entries()) {
    const begun = atOnce(search, steps, { place, costs, tables });
    if (begun !== undefined && (best === undefined || begun.cost < best.cost - tables.tie)) best = begun;
  }
  const idle: Point = { step: 0, place: hasRun ? (at ?? 0) : 0, workLeft: steps.work, piecesLeft, running: false };
  const idleCost = mustGoOn(search) ? Infinity : tables.costFrom(idle);
  if (best !== undefined && best.cost <= idleCost + tables.tie) return best.point;
  return Number.isFinite(idleCost) ? idle : undefined;
}

/** A stretch of running is not cut short of the minimum. */
function mustGoOn({ minimumRun, notBefore, runningSince }: ItinerarySearch): boolean {
  return runningSince !== undefined && runningSince + minimumRun > notBefore;
}

/** A point, and what all of the way costs that leads to the end through it. */
interface Beginning {
  readonly point: Point;
  readonly cost: number;
}

interface Candidate {
  readonly place: number;
  readonly costs: StepCosts;
  readonly tables: PieceTables;
}

/**
 * A piece from `notBefore` to the first step where it may pause. The last step's share is that of a plan that begins at a
 * step; here it is another one, which changes what the plan costs by less than a step.
 */
function atOnce(search: ItinerarySearch, steps: Steps, { place, costs, tables }: Candidate): Beginning | undefined {
  const { at, hasRun, minimumRun, moveOverhead, notBefore, piecesLeft, restartOverhead, runningSince, work } = search;
  const { headMs, startsAt, stepMs } = steps;
  const goesOn = runningSince !== undefined && place === at;
  if (!goesOn && (piecesLeft === 0 || mustGoOn(search))) return undefined;
  const moves = hasRun && at !== undefined && place !== at;
  const overhead = goesOn || !hasRun ? 0 : restartOverhead + (moves ? moveOverhead : 0);
  const arrival = moves ? (search.places[place]?.arrivalCost ?? 0) : 0;
  const rest = { place, piecesLeft: goesOn ? piecesLeft : piecesLeft - 1, running: true };
  let step = stepsUntil(Math.max((goesOn ? runningSince : notBefore) + minimumRun, notBefore + overhead), steps);
  // Something must be gained before it may pause again.
  if (headMs + step * stepMs <= overhead) step += 1;
  const leftAt = (last: number): number => Math.ceil((work + overhead - headMs - last * stepMs) / stepMs - 1e-9);
  // With all of the work left, in whole steps, the tables would take the next piece for the very first one.
  if (!hasRun && leftAt(step) === steps.work) step += 1;
  const workLeft = leftAt(step);
  if (workLeft <= 0) {
    const endsAt = notBefore + overhead + work;
    const last = stepsUntil(endsAt, steps);
    const unused = startsAt + last * stepMs - endsAt;
    const through = costUntil(costs, last);
    if (endsAt > search.notAfter || last > steps.count || !Number.isFinite(through)) return undefined;
    const ofLast = last === 0 ? costs.headCost : (costs.cost[last] ?? 0) - (costs.cost[last - 1] ?? 0);
    const saved = (unused / (last === 0 ? headMs : stepMs)) * ofLast;
    const delay = (search.places[place]?.rates.perDelayMs ?? 0) * (overhead + work);
    return { point: { ...rest, step: last, workLeft: 0 }, cost: through - saved + delay + arrival };
  }
  const point = { ...rest, step, workLeft };
  const cost = costUntil(costs, step) + arrival + tables.costFrom(point);
  return Number.isFinite(cost) ? { point, cost } : undefined;
}

function stepsUntil(instant: number, { startsAt, stepMs }: Steps): number {
  return Math.max(0, Math.ceil((instant - startsAt) / stepMs - 1e-9));
}

/** From `notBefore` to the beginning of a step; infinite where something on the way is full or unknown. */
function costUntil({ cost, headCost, nextBlocked }: StepCosts, step: number): number {
  return step === 0 || (nextBlocked[0] ?? 0) >= step ? headCost + (cost[step] ?? Infinity) : Infinity;
}
