import type { PlannableJob } from '../../domain/job.ts';
import { baselineOf } from '../baseline/baseline.ts';
import { staysOf, type Candidate } from '../candidate.ts';
import { allPools, devicesOnHand, type PoolLedger } from '../capacity.ts';
import type { PlanningContext } from '../context.ts';
import { priced } from '../pricing/cost.ts';
import { isLess, latenessOf } from '../deadlines.ts';
import { bookCandidate, place, release, type Placed } from '../placing.ts';
import { namespaceOf } from '../rules/order.ts';
import { seatsFor } from '../seats.ts';
import { berthOf, berthsOf, windowAt, withoutIdleDifferences, type Berth } from './berths.ts';
import { costOf, offsets, type Assignment, type JointProblem } from './problem.ts';
import { ruinAndRecreate } from './ruin-and-recreate.ts';
import { shadowPrices } from './shadow-prices.ts';

/** Jobs that are looked at together; of more only those that chose last, which got what the others left. */
const MOST_JOBS = 400;
/** Starts of all of them, so that the costs stay in the cache. */
const MOST_STARTS = 1_500_000;
/** Looks at a start, for the prices and for the search: some tenths of a second. */
const EFFORT_FOR_PRICES = 20_000_000;
const EFFORT_FOR_SEARCH = 40_000_000;
const MOST_PRICE_ROUNDS = 150;
/** A job is thrown out and put back some hundred times: more gains little. */
const ROUNDS_PER_JOB = 120;

/** A job that could be elsewhere, with its berths. */
interface Participant {
  readonly placed: Placed;
  readonly berths: readonly Berth[];
  /** Where it is now; `undefined` for one that is late. */
  readonly at: { readonly index: number; readonly start: number } | undefined;
}

/**
 * Jobs that chose in turn may stand in each other's way: one that gives way at little cost can spare another much. Those that
 * meet in pools with too few devices are looked at together, and each of those moved chooses anew among what the others have
 * left. What was promised is not taken back for somebody else's gain. What comes out is taken only if no more jobs are late, none is later, and it is cheaper for all together, without being
 * dearer for any namespace.
 */
export function lookTogether(placed: readonly Placed[], context: PlanningContext): readonly Placed[] {
  const participants = participantsOf(placed, context);
  if (participants.length < 2 || !standInTheWay(participants)) return placed;
  for (const { placed: one } of participants) release(one.chosen, context);
  const begin = assignmentOf(participants);
  const problem = problemOf(participants, context);
  const found = improved(problem, begin, context.snapshot.tuning.effort ?? 1);
  const better = costOf(problem, found) < costOf(problem, begin) - 1e-9 || absentIn(found) < absentIn(begin);
  const moved = better ? placedAnew(participants, begin, found, context) : undefined;
  if (moved === undefined) {
    for (const { placed: one } of participants) bookCandidate(one.chosen, context);
    return placed;
  }
  return placed.map((one) => moved.get(one.job) ?? one);
}

function improved(problem: JointProblem, begin: Assignment, effort: number): Assignment {
  const starts = Math.max(1, problem.cost.length);
  const prices = shadowPrices(problem, Math.min(MOST_PRICE_ROUNDS, Math.ceil(EFFORT_FOR_PRICES / starts)));
  const perRound = (8 * starts) / problem.jobs + problem.jobs;
  return ruinAndRecreate(
    problem,
    begin,
    prices,
    Math.ceil(effort * Math.min(ROUNDS_PER_JOB * problem.jobs, EFFORT_FOR_SEARCH / perRound)),
  );
}

/** Jobs in one piece, in devices that are there, at times whose intensity is known. */
function participantsOf(placed: readonly Placed[], context: PlanningContext): readonly Participant[] {
  const crowded = new Set(allPools(context.ledger).filter(isCrowded));
  if (crowded.size === 0) return [];
  const participants: Participant[] = [];
  let starts = 0;
  for (const one of placed.toReversed()) {
    if (participants.length >= MOST_JOBS || starts >= MOST_STARTS) break;
    const participant = participantOf(one, context);
    if (participant === undefined || !participant.berths.some(({ ledger }) => crowded.has(ledger))) continue;
    participants.push(participant);
    starts += participant.berths.reduce((sum, { costs }) => sum + costs.length, 0);
  }
  return participants;
}

/** In some slot there is less left than someone may want. */
function isCrowded(ledger: PoolLedger): boolean {
  // Not by the peak, which knows of bookings that were given back.
  return ledger.onHand.booked.some((booked) => booked > 0 && booked >= devicesOnHand(ledger) / 2);
}

function participantOf(placed: Placed, context: PlanningContext): Participant | undefined {
  const { job, chosen, decision } = placed;
  // What an unknown length is expected to cost is not the sum of its slots.
  if (job.lengthBelief !== undefined) return undefined;
  if (job.phase === 'Running' || job.devices === 0 || decision.kept || decision.reason === 'DataMissing')
    return undefined;
  if (chosen !== undefined && (chosen.staging > 0 || staysOf(chosen).length > 1)) return undefined;
  const { seats } = seatsFor(job, context, baselineOf(job, context));
  const berths = seats.filter(({ site }) => site.schedulable).flatMap((seat) => berthsOf(seat, context.grid));
  withoutIdleDifferences(berths);
  const at = chosen === undefined ? undefined : berthOf(berths, chosen, context.grid);
  const isLate = chosen === undefined || decision.deadlineAtRisk;
  if (berths.length === 0 || (at === undefined && !isLate)) return undefined;
  return { placed, berths, at };
}

/** Someone is late, or does not have the cheapest that it could have alone. */
function standInTheWay(participants: readonly Participant[]): boolean {
  return participants.some(({ berths, at }) => {
    if (at === undefined) return true;
    const berth = berths[at.index];
    const cost = berth?.costs[at.start - berth.first] ?? Infinity;
    return berths.some(({ costs }) => costs.some((other) => other < cost - 1e-9 * Math.abs(cost)));
  });
}

function assignmentOf(participants: readonly Participant[]): Assignment {
  const berth = new Int32Array(participants.length).fill(-1);
  const start = new Int32Array(participants.length);
  let from = 0;
  for (const [job, { at, berths }] of participants.entries()) {
    if (at !== undefined) {
      berth[job] = from + at.index;
      start[job] = at.start;
    }
    from += berths.length;
  }
  return { berth, start };
}

/** The ledger holds what all others have booked. */
function problemOf(participants: readonly Participant[], { grid, ledger }: PlanningContext): JointProblem {
  const pools = new Map(allPools(ledger).map((pool, index) => [pool, index]));
  const berths = participants.flatMap((one) => one.berths);
  const namespaces = [...new Set(participants.map(({ placed }) => namespaceOf(placed.job)))];
  const free = new Int32Array(pools.size * grid.slots);
  for (const [pool, index] of pools) {
    for (let slot = 0; slot < grid.slots; slot++) {
      free[index * grid.slots + slot] = freeIn(pool, slot);
    }
  }
  const cost = new Float64Array(berths.reduce((sum, { costs }) => sum + costs.length, 0));
  const costFrom = offsets(berths.map(({ costs }) => costs.length));
  for (const [berth, { costs }] of berths.entries()) cost.set(costs, costFrom[berth]);
  return {
    pools: pools.size,
    slots: grid.slots,
    jobs: participants.length,
    free,
    devices: Int32Array.from(participants, ({ placed }) => placed.job.devices),
    berthFrom: offsets(participants.map((one) => one.berths.length)),
    pool: Int32Array.from(berths, (berth) => pools.get(berth.ledger) ?? 0),
    length: Int32Array.from(berths, ({ occupied }) => occupied),
    first: Int32Array.from(berths, ({ first }) => first),
    starts: Int32Array.from(berths, ({ costs }) => costs.length),
    costFrom,
    cost,
    group: Int32Array.from(participants, ({ placed }) => namespaces.indexOf(namespaceOf(placed.job))),
    groups: namespaces.length,
  };
}

/** Devices that a job without provisioning may have. */
function freeIn(ledger: PoolLedger, slot: number): number {
  const { all, onHand, pool } = ledger;
  const inAll = pool.maxCapacity - pool.heldByOthers - (all.booked[slot] ?? 0);
  return Math.max(0, Math.min(inAll, devicesOnHand(ledger) - (onHand.booked[slot] ?? 0)));
}

/**
 * All at their new places, then each of those that moved chooses again: it finds nothing worse, and its words are told by
 * what is there now. `undefined` where that made someone late, or later.
 */
function placedAnew(
  participants: readonly Participant[],
  begin: Assignment,
  found: Assignment,
  context: PlanningContext,
): ReadonlyMap<PlannableJob, Placed> | undefined {
  const berths = participants.flatMap((one) => one.berths);
  const booked = participants.map((one, job) => {
    const stays = found.berth[job] === begin.berth[job] && found.start[job] === begin.start[job];
    const candidate =
      stays && one.at !== undefined
        ? one.placed.chosen
        : candidateAt(berths[found.berth[job] ?? -1], found.start[job] ?? 0, context);
    bookCandidate(candidate, context);
    return { one, candidate, stays: stays && one.at !== undefined };
  });
  const moved = new Map<PlannableJob, Placed>();
  for (const { one, candidate, stays } of booked.toSorted(
    (a, b) => Number(a.candidate === undefined) - Number(b.candidate === undefined),
  )) {
    if (stays) continue;
    release(candidate, context);
    moved.set(one.placed.job, place(one.placed.job, context));
  }
  const before = latenessOf(participants.map(({ placed: { job, chosen } }) => [job, chosen]));
  const after = latenessOf(participants.map(({ placed }) => [placed.job, (moved.get(placed.job) ?? placed).chosen]));
  if (!isLess(before, after)) return moved;
  for (const { one, stays } of booked) release(stays ? one.placed.chosen : moved.get(one.placed.job)?.chosen, context);
  return undefined;
}

function candidateAt(berth: Berth | undefined, start: number, { grid }: PlanningContext): Candidate | undefined {
  return berth && priced(berth.seat, [windowAt(berth, start, grid)], 0);
}

function absentIn({ berth }: Assignment): number {
  return berth.filter((at) => at < 0).length;
}
