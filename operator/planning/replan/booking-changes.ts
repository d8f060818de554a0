import { book, openLedger, poolLedger, type CapacityLedger, type PoolLedger } from '../capacity.ts';
import { isProvisioned, staysOf, type Candidate, type Seat } from '../candidate.ts';
import type { PlanningContext } from '../context.ts';
import type { Interval } from '../../domain/interval.ts';
import type { PlannableJob } from '../../domain/job.ts';
import type { Site } from '../../domain/site.ts';
import { slotAt, slotFrom } from '../grid/time-grid.ts';
import type { Placed } from '../placing.ts';
import { lengthInOnePiece } from '../search/seat-search.ts';
import { firstRefusal } from '../rules/site-rules.ts';

/** Where the books of a pool may differ from those of an earlier plan: slots [from, until). */
interface Stretch {
  readonly site: Site;
  readonly now: PoolLedger;
  readonly difference: PoolLedger;
  from: number;
  until: number;
}

/** Slots that are full for so many devices and were not, and the other way round; in order. */
interface Flips {
  readonly full: readonly number[];
  readonly free: readonly number[];
}

/** How the books differ from those of an earlier plan at the same point. */
export class BookingChanges {
  readonly #context: PlanningContext;
  readonly #difference: CapacityLedger;
  readonly #stretches = new Map<string, Stretch>();

  constructor(context: PlanningContext) {
    this.#context = context;
    this.#difference = openLedger(context.snapshot.sites, context.grid);
  }

  /** @param sign 1: it is booked now and was not then; -1: the other way round */
  add(candidate: Candidate | undefined, sign: 1 | -1): void {
    if (candidate === undefined) return;
    for (const [i, { seat, windows }] of staysOf(candidate).entries()) {
      const stretch = this.#stretchOf(seat);
      const [first] = windows;
      const last = windows.at(-1);
      if (stretch === undefined || first === undefined || last === undefined) continue;
      book(stretch.difference, windows, sign * seat.job.devices, i === 0 && isProvisioned(seat, candidate.staging));
      const { grid } = this.#context;
      stretch.from = Math.min(stretch.from, slotAt(grid, first.startsAt));
      stretch.until = Math.max(stretch.until, slotFrom(grid, last.endsAt));
      trim(stretch);
    }
  }

  /**
   * Whether a job that chose before could choose otherwise now. A slot that has become free may be better than what it has. One
   * that has become full takes nothing from it, unless it uses it or would use it for a start at once, or unless its choice
   * hangs on options that it did not take: one that is late, or whose figures leave several as good as one another.
   */
  concern(placed: Placed): boolean {
    const { chosen, decision, job } = placed;
    if (job.devices === 0) return false;
    const isSensitive =
      chosen === undefined ||
      decision.deadlineAtRisk ||
      job.lengthBelief !== undefined ||
      (chosen.seat.weights.lexicographic && chosen.seat.reference.indifferenceShare > 0);
    const { grid } = this.#context;
    const end = chosen === undefined || decision.deadlineAtRisk ? grid.slots : slotFrom(grid, job.deadline);
    for (const [key, stretch] of this.#stretches) {
      if (stretch.from >= Math.min(stretch.until, end) || stretch.now.pool.resource !== job.resource) continue;
      const { free, full } = flipsFor(stretch, job.devices);
      const matters = (slots: readonly number[]): boolean => (slots[0] ?? end) < end;
      const couldMatter = matters(free) || (isSensitive ? matters(full) : this.#uses(chosen, key, full));
      if (couldMatter && mayBeAt(job, stretch.site)) return true;
    }
    return false;
  }

  #uses(chosen: Candidate, key: string, slots: readonly number[]): boolean {
    return staysOf(chosen).some(({ seat, windows }) => {
      if (keyOf(seat) !== key) return false;
      const atOnce = { startsAt: seat.now, endsAt: seat.now + chosen.staging + lengthInOnePiece(seat) };
      return [...windows, atOnce].some((window) => this.#covers(window, slots));
    });
  }

  #covers(window: Interval, slots: readonly number[]): boolean {
    const from = slotAt(this.#context.grid, window.startsAt);
    const until = slotFrom(this.#context.grid, window.endsAt);
    return slots.some((slot) => slot >= from && slot < until);
  }

  #stretchOf(seat: Seat): Stretch | undefined {
    const key = keyOf(seat);
    const known = this.#stretches.get(key);
    if (known !== undefined) return known;
    const now = poolLedger(this.#context.ledger, seat.site.name, seat.pool?.product);
    const difference = poolLedger(this.#difference, seat.site.name, seat.pool?.product);
    if (now === undefined || difference === undefined) return undefined;
    const stretch = { site: seat.site, now, difference, from: Infinity, until: 0 };
    this.#stretches.set(key, stretch);
    return stretch;
  }
}

function keyOf({ site, pool }: Seat): string {
  return `${site.name}/${pool?.product ?? ''}`;
}

/** Takes off what has come out even. */
function trim(stretch: Stretch): void {
  const { all, onHand } = stretch.difference;
  const isEven = (slot: number): boolean => all.booked[slot] === 0 && onHand.booked[slot] === 0;
  while (stretch.from < stretch.until && isEven(stretch.from)) stretch.from++;
  while (stretch.from < stretch.until && isEven(stretch.until - 1)) stretch.until--;
}

/** Where it runs, or where a site's rules let it. */
function mayBeAt(job: PlannableJob, site: Site): boolean {
  return job.current?.site === site.name || firstRefusal(job, site) === undefined;
}

function flipsFor({ now, difference, from, until }: Stretch, devices: number): Flips {
  const limits = [
    { books: now.all, changes: difference.all, limit: now.pool.maxCapacity - now.pool.heldByOthers - devices },
    { books: now.onHand, changes: difference.onHand, limit: now.pool.capacity - now.pool.heldByOthers - devices },
  ];
  const full: number[] = [];
  const free: number[] = [];
  for (let slot = from; slot < until; slot++) {
    for (const { books, changes, limit } of limits) {
      const booked = books.booked[slot] ?? 0;
      const before = booked - (changes.booked[slot] ?? 0);
      if (booked > limit && before <= limit) full.push(slot);
      if (booked <= limit && before > limit) free.push(slot);
    }
  }
  return { full, free };
}
