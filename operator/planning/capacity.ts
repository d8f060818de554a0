import type { AcceleratorPool, Site } from '../domain/site.ts';
import type { Interval } from '../domain/interval.ts';
import { slotAt, slotFrom, type TimeGrid } from './grid/time-grid.ts';

/** Devices booked so far on one pool, per slot: what keeps all jobs from the one cleanest hour. */
export interface PoolLedger {
  readonly pool: AcceleratorPool;
  readonly grid: TimeGrid;
  readonly all: Bookings;
  /** Of jobs that wait for no provisioning: there are no more devices for them than there are now. */
  readonly onHand: Bookings;
  /** What {@link nextFull} has worked out: by twice the devices, and one more for provisioned ones. */
  readonly full: Map<number, NextFull>;
}

/** Right but for slots [from, until), in which something was booked since, and for those before them that look into these. */
interface NextFull {
  readonly next: Int32Array;
  from: number;
  until: number;
}

export interface Bookings {
  readonly booked: Int32Array;
  /** No slot has more than this booked: below the capacity none need be looked at. */
  peak: number;
}

/** All pools of all sites, by name of the site and product: asked for every job and site of a plan. */
export type CapacityLedger = ReadonlyMap<string, ReadonlyMap<string, PoolLedger>>;

export function openLedger(sites: readonly Site[], grid: TimeGrid): CapacityLedger {
  const noBookings = (): Bookings => ({ booked: new Int32Array(grid.slots), peak: 0 });
  const opened = (pool: AcceleratorPool): PoolLedger => ({
    pool,
    grid,
    all: noBookings(),
    onHand: noBookings(),
    full: new Map(),
  });
  return new Map(sites.map(({ name, pools }) => [name, new Map(pools.map((pool) => [pool.product, opened(pool)]))]));
}

/** The same bookings, to be added to without touching these. */
export function copyOfLedger(ledger: CapacityLedger): CapacityLedger {
  const copyOf = ({ booked, peak }: Bookings): Bookings => ({ booked: booked.slice(), peak });
  const copied = (pool: PoolLedger): PoolLedger => ({
    ...pool,
    all: copyOf(pool.all),
    onHand: copyOf(pool.onHand),
    full: copyOfFull(pool.full),
  });
  return new Map(
    [...ledger].map(([site, pools]) => [site, new Map([...pools].map(([product, pool]) => [product, copied(pool)]))]),
  );
}

function copyOfFull(full: PoolLedger['full']): PoolLedger['full'] {
  return new Map([...full].map(([key, one]) => [key, { ...one, next: one.next.slice() }]));
}

export function poolLedger(ledger: CapacityLedger, site: string, product: string | undefined): PoolLedger | undefined {
  return product === undefined ? undefined : ledger.get(site)?.get(product);
}

export function allPools(ledger: CapacityLedger): readonly PoolLedger[] {
  return [...ledger.values()].flatMap((pools) => [...pools.values()]);
}

/**
 * @param devices negative: what was booked is given back
 * @param provisioned whether the job waits for devices to come
 */
export function book(pool: PoolLedger, windows: readonly Interval[], devices: number, provisioned: boolean): void {
  const { grid } = pool;
  for (const bookings of provisioned ? [pool.all] : [pool.all, pool.onHand]) {
    for (const window of windows) {
      const end = slotFrom(grid, window.endsAt);
      for (let slot = slotAt(grid, window.startsAt); slot < end; slot++) {
        const booked = (bookings.booked[slot] ?? 0) + devices;
        bookings.booked[slot] = booked;
        bookings.peak = Math.max(bookings.peak, booked);
      }
    }
  }
  const [first] = windows;
  const last = windows.at(-1);
  if (first === undefined || last === undefined) return;
  const from = slotAt(grid, first.startsAt);
  const until = Math.min(grid.slots, slotFrom(grid, last.endsAt));
  for (const full of pool.full.values()) {
    full.from = Math.min(full.from, from);
    full.until = Math.max(full.until, until);
  }
}

/**
 * For each slot, the first slot at or after it that can't take the devices; `slots` where none.
 * `undefined`: every slot can. Overwritten by the next call that follows a booking.
 */
export function nextFull(pool: PoolLedger, devices: number, provisioned: boolean): Int32Array | undefined {
  const limits = limitsReached(pool, devices, provisioned);
  if (limits.length === 0) return undefined;
  const key = 2 * devices + (provisioned ? 1 : 0);
  const { slots } = pool.grid;
  let full = pool.full.get(key);
  if (full === undefined) {
    full = { next: new Int32Array(slots).fill(slots), from: 0, until: slots };
    pool.full.set(key, full);
  }
  if (full.from < full.until) bringUpToDate(full, limits);
  return (full.next[0] ?? slots) < slots ? full.next : undefined;
}

/** From the end of what was booked back to where the slots before it no longer look into it. */
function bringUpToDate(full: NextFull, limits: readonly Limit[]): void {
  const { next, from } = full;
  const slots = next.length;
  let first = full.until < slots ? (next[full.until] ?? slots) : slots;
  for (let slot = full.until - 1; slot >= from; slot--) {
    if (isFull(limits, slot)) first = slot;
    next[slot] = first;
  }
  for (let slot = from - 1; slot >= 0 && next[slot] !== slot; slot--) next[slot] = first;
  full.from = slots;
  full.until = 0;
}

function isFull(limits: readonly Limit[], slot: number): boolean {
  for (const { bookings, free } of limits) if ((bookings.booked[slot] ?? 0) > free) return true;
  return false;
}

/** Whether the windows fit beside what is booked, among the devices that are there or those that can be provisioned. */
export function fits(pool: PoolLedger, windows: readonly Interval[], devices: number, provisioned: boolean): boolean {
  const limits = limitsReached(pool, devices, provisioned);
  if (limits.length === 0) return true;
  return windows.every((window) => {
    const end = slotFrom(pool.grid, window.endsAt);
    for (let slot = slotAt(pool.grid, window.startsAt); slot < end; slot++) {
      if (isFull(limits, slot)) return false;
    }
    return true;
  });
}

/** Devices that jobs of this plan may book without waiting for provisioning. */
export function devicesOnHand({ pool }: PoolLedger): number {
  return pool.capacity - pool.heldByOthers;
}

/** What may be booked already for so many devices more. */
interface Limit {
  readonly bookings: Bookings;
  readonly free: number;
}

/** Those that some slot is beyond, or was. */
function limitsReached(pool: PoolLedger, devices: number, provisioned: boolean): readonly Limit[] {
  return limitsOf(pool, devices, provisioned).filter(({ bookings, free }) => bookings.peak > free);
}

function limitsOf({ all, onHand, pool }: PoolLedger, devices: number, provisioned: boolean): readonly Limit[] {
  const inAll = { bookings: all, free: pool.maxCapacity - pool.heldByOthers - devices };
  if (provisioned) return [inAll];
  const now = { bookings: onHand, free: pool.capacity - pool.heldByOthers - devices };
  return pool.maxCapacity === pool.capacity ? [now] : [now, inAll];
}
