import { seededRandom, wholeBelow, type Random } from '../../domain/random.ts';
import type { PlannableJob } from '../../domain/job.ts';
import { baselineOf } from '../baseline/baseline.ts';
import { finishOf, isProvisioned, isSameSeat, staysOf, type Candidate, type Seat } from '../candidate.ts';
import { fits, openLedger, poolLedger } from '../capacity.ts';
import { bestAmong, earliestAmong } from '../choose.ts';
import type { PlanningContext } from '../context.ts';
import { isLess, latenessOf } from '../deadlines.ts';
import { bookCandidate, place, release, type Placed } from '../placing.ts';
import { byTimeToSpare, namespaceOf } from '../rules/order.ts';
import { seatsFor } from '../seats.ts';
import { moneyPerScore } from './berths.ts';

/** Jobs that are rearranged; of more only those that chose last. */
const MOST_JOBS = 60;
const ROUNDS_PER_JOB = 15;
/** As long as somebody is late it goes on for so many times as long. */
const ROUNDS_FOR_THE_LATE = 2;
/** All rounds together, about a tenth of a second: what a search at a seat costs however small it is, and each state that it looks at. */
const EFFORT_NS = 80_000_000;
const SEARCH_NS = 60_000;
const STATE_NS = 60;
/** States of a search for pieces, here: what is found is sought again with more of them where it is placed. */
const MOST_STATES = 10_000;
/** Nothing more is sought where all together are this close to what each could have alone. */
const CLOSE_ENOUGH = 0.0005;
const SEED = 20_261_127;
/** In so many rounds something dearer is kept, at first as much dearer as this share of a job's mean cost. */
const HOT = 0.02;

/** A job, where it may sit, and the best that it could have if it were alone. */
interface Member {
  readonly placed: Placed;
  readonly seats: readonly Seat[];
  readonly alone: Candidate | undefined;
  readonly group: number;
  now: Candidate | undefined;
}

/**
 * The same for jobs that may pause, and all others beside them: a few that are in one another's way give up what they have, and
 * choose again in another order, by the search that places every job. Slower than what jobs in one piece are looked at with,
 * so for fewer jobs. What comes out is taken only if no more are late and all together are cheaper, no namespace dearer.
 */
export function rearranged(placed: readonly Placed[], context: PlanningContext): readonly Placed[] {
  const members = membersOf(placed, context);
  if (!members.some(({ placed: { job } }) => job.interruptible !== undefined)) return placed;
  const arrangement = new Arrangement(members, { ...context, mostStates: MOST_STATES });
  if (!arrangement.isWorthwhile()) return placed;
  const before = members.map(({ now }) => now);
  const best = arrangement.search();
  const moved = new Map<PlannableJob, Placed>();
  for (const [i, { placed: one }] of members.entries()) {
    if (best[i] === before[i]) continue;
    release(best[i], context);
    moved.set(one.job, place(one.job, context));
  }
  const chosenOf = (one: Placed) => [one.job, one.chosen] as const;
  const old = latenessOf(members.map((member) => chosenOf(member.placed)));
  const fresh = latenessOf(members.map(({ placed: one }) => chosenOf(moved.get(one.job) ?? one)));
  if (!isLess(old, fresh)) return placed.map((one) => moved.get(one.job) ?? one);
  for (const one of moved.values()) release(one.chosen, context);
  for (const { placed: one } of members) if (moved.has(one.job)) bookCandidate(one.chosen, context);
  return placed;
}

function membersOf(placed: readonly Placed[], context: PlanningContext): readonly Member[] {
  const namespaces = new Map<string, number>();
  const empty = { ...context, ledger: openLedger(context.snapshot.sites, context.grid) };
  const members: Member[] = [];
  for (const one of placed.toReversed()) {
    const { job, chosen, decision } = one;
    if (members.length >= MOST_JOBS) break;
    if (job.phase === 'Running' || decision.kept || decision.reason === 'DataMissing') continue;
    if (job.lengthBelief !== undefined) continue;
    const baseline = baselineOf(job, context);
    const alone = bestAmong(job, seatsFor(job, empty, baseline).seats, empty);
    const namespace = namespaceOf(job);
    const group = namespaces.get(namespace) ?? namespaces.size;
    namespaces.set(namespace, group);
    members.push({ placed: one, seats: seatsFor(job, context, baseline).seats, alone, group, now: chosen });
  }
  return members;
}

class Arrangement {
  readonly #members: readonly Member[];
  readonly #context: PlanningContext;
  readonly #random: Random = seededRandom(SEED);
  readonly #least: number;
  #hurries = false;
  readonly #meanCost: number;
  readonly #limits: readonly number[];

  constructor(members: readonly Member[], context: PlanningContext) {
    this.#members = members;
    this.#context = context;
    const sum = members.reduce((total, { alone }) => total + costOf(alone), 0);
    this.#meanCost = Math.abs(sum) / Math.max(1, members.length);
    this.#least = members.reduce((total, member) => total + this.#leastOf(member), 0);
    const late = members.some((member) => this.#isLate(member));
    this.#limits = this.#groupCosts().map((cost) => (late ? Infinity : cost + 1e-9 * Math.abs(cost)));
  }

  /** Somebody is late, or has not what it could have alone. */
  isWorthwhile(): boolean {
    return this.#total() > this.#least + CLOSE_ENOUGH * Math.abs(this.#least);
  }

  /** The best arrangement that was found; booked. */
  search(): readonly (Candidate | undefined)[] {
    let best = this.#members.map(({ now }) => now);
    let bestTotal = this.#total();
    let total = bestTotal;
    const rounds = this.#rounds();
    for (let round = 0; round < rounds * (this.#someoneIsLate() ? ROUNDS_FOR_THE_LATE : 1); round++) {
      const ruined = this.#chooseRuin();
      if (ruined.length === 0) break;
      const before = ruined.map(({ now }) => now);
      const someoneIsLate = this.#someoneIsLate();
      for (const member of ruined) this.#put(member, undefined);
      for (const member of this.#inSomeOrder(ruined)) {
        this.#hurries = someoneIsLate && this.#random() < 0.4;
        this.#put(member, this.#choose(member));
      }
      const after = this.#total();
      const temperature = HOT * this.#meanCost * Math.max(0, 1 - round / rounds);
      if (after - total > -temperature * Math.log(1 - this.#random())) {
        for (const [i, member] of ruined.entries()) this.#put(member, before[i]);
        continue;
      }
      total = after;
      if (total < bestTotal - 1e-9 * Math.abs(bestTotal) && this.#groupsAreHeld()) {
        bestTotal = total;
        best = this.#members.map(({ now }) => now);
        if (total <= this.#least + CLOSE_ENOUGH * Math.abs(this.#least)) break;
      }
    }
    for (const [i, member] of this.#members.entries()) this.#put(member, best[i]);
    return best;
  }

  /** One that has not what it could have alone, some of those that are in its way, and now and then any other. */
  #chooseRuin(): readonly Member[] {
    const wanting = this.#members.filter((member) => this.#costOf(member) > this.#leastOf(member) + 1e-9);
    const centre = wanting[wholeBelow(this.#random, wanting.length)];
    if (centre === undefined) return [];
    const isLate = this.#isLate(centre);
    const inTheWay = this.#members.filter(
      (member) => member !== centre && (isLate ? couldGiveRoom(member, centre) : overlap(member.now, centre.alone)),
    );
    const ruined = new Set([centre]);
    const count = 1 + wholeBelow(this.#random, isLate ? 6 : 3);
    for (let i = 0; i < count; i++) {
      const among = inTheWay.length > 0 && this.#random() < 0.8 ? inTheWay : this.#members;
      const other = among[wholeBelow(this.#random, among.length)];
      if (other !== undefined) ruined.add(other);
    }
    return [...ruined];
  }

  /** By chance, or the one that has the least time to spare first. */
  #inSomeOrder(members: readonly Member[]): readonly Member[] {
    const byChance = shuffled(members, this.#random);
    return this.#random() < 0.7 ? byChance : byChance.toSorted((a, b) => byTimeToSpare(a.placed.job, b.placed.job));
  }

  #someoneIsLate(): boolean {
    return this.#members.some((member) => this.#isLate(member));
  }

  /**
   * The best that is free; now and then only at some of the seats, so that the same jobs don't always choose the same, or what
   * makes room soonest for one that is late.
   */
  #choose({ alone, placed: { job }, seats }: Member): Candidate | undefined {
    if (this.#hurries) return earliestAmong(seats, this.#context);
    if (alone !== undefined && this.#isFree(alone)) return alone;
    const some = this.#random() < 0.15 ? seats.filter(() => this.#random() < 0.5) : seats;
    return bestAmong(job, some.length === 0 ? seats : some, this.#context);
  }

  #isFree(candidate: Candidate): boolean {
    return staysOf(candidate).every(({ seat, windows }, i) => {
      const pool = poolLedger(this.#context.ledger, seat.site.name, seat.pool?.product);
      const provisioned = i === 0 && isProvisioned(seat, candidate.staging);
      return pool === undefined || fits(pool, windows, seat.job.devices, provisioned);
    });
  }

  #put(member: Member, candidate: Candidate | undefined): void {
    release(member.now, this.#context);
    member.now = candidate;
    bookCandidate(candidate, this.#context);
  }

  #total(): number {
    return this.#members.reduce((sum, member) => sum + this.#costOf(member), 0);
  }

  /** Being late outweighs whatever all of them cost. */
  #costOf(member: Member): number {
    return this.#weighed(member.now, member);
  }

  /** What it costs alone: no arrangement gives it less. */
  #leastOf(member: Member): number {
    return this.#weighed(member.alone, member);
  }

  #weighed(candidate: Candidate | undefined, { placed: { job } }: Member): number {
    if (candidate !== undefined && endOf(candidate) <= job.deadline) return costOf(candidate);
    const lateBy =
      candidate === undefined ? this.#context.grid.slots : (endOf(candidate) - job.deadline) / this.#context.grid.slot;
    return Math.max(1e-6, this.#meanCost) * this.#members.length * 10 * (1 + lateBy);
  }

  /** And would be in time alone. */
  #isLate({ alone, now, placed: { job } }: Member): boolean {
    if (alone === undefined || endOf(alone) > job.deadline) return false;
    return now === undefined || endOf(now) > job.deadline;
  }

  #groupCosts(): number[] {
    const costs: number[] = [];
    for (const member of this.#members) costs[member.group] = (costs[member.group] ?? 0) + this.#costOf(member);
    return costs;
  }

  #groupsAreHeld(): boolean {
    return this.#groupCosts().every((cost, group) => cost <= (this.#limits[group] ?? Infinity));
  }

  #rounds(): number {
    const { slots } = this.#context.grid;
    const costs = this.#members.map(({ placed: { job }, seats }) => {
      const workSlots = job.interruptible === undefined ? 0 : job.remainingWork / this.#context.grid.slot;
      return seats.length * (SEARCH_NS + STATE_NS * Math.min(MOST_STATES, slots * (1 + 2 * workSlots)));
    });
    const perRound = (3 * costs.reduce((sum, cost) => sum + cost, 0)) / this.#members.length;
    const rounds = Math.min(ROUNDS_PER_JOB * this.#members.length, EFFORT_NS / perRound);
    return Math.ceil(rounds * (this.#context.snapshot.tuning.effort ?? 1));
  }
}

/** In money, as of its score. */
function costOf(candidate: Candidate | undefined): number {
  return candidate === undefined ? 0 : moneyPerScore(candidate.seat) * (candidate.score[0] ?? 0);
}

function endOf(candidate: Candidate): number {
  return finishOf(candidate.moves.at(-1)?.windows ?? candidate.windows);
}

/** It runs before the deadline of the other, where that could sit. */
function couldGiveRoom({ now }: Member, late: Member): boolean {
  if (now === undefined) return false;
  const { deadline } = late.placed.job;
  return staysOf(now).some(
    ({ seat, windows }) =>
      windows.some(({ startsAt }) => startsAt < deadline) && late.seats.some((other) => isSameSeat(seat, other)),
  );
}

/** Both would have devices of one pool at one time. */
function overlap(a: Candidate | undefined, b: Candidate | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return staysOf(a).some((one) =>
    staysOf(b).some(
      (other) =>
        isSameSeat(one.seat, other.seat) &&
        one.windows.some((x) => other.windows.some((y) => x.startsAt < y.endsAt && y.startsAt < x.endsAt)),
    ),
  );
}

function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  const left = [...items];
  for (let i = left.length - 1; i > 0; i--) {
    const k = wholeBelow(random, i + 1);
    [left[i], left[k]] = [left[k] as T, left[i] as T];
  }
  return left;
}
