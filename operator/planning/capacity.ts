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
  /** What {@link nextFull} has worked out since something was booked last: by twice the devices, and one more for provisioned ones. */
  readonly full: Map<number, Int32Array>;
}

export interface Bookings {
  readonly booked: Int32Array;
  /** No slot has more than this booked: below the capacity none need be looked at. */
  peak: number;
}

/** Where no slot is full. */
const NOWHERE = new Int32Array(0);

/** All pools of all sites, by `site/product`. */
export type CapacityLedger = ReadonlyMap<string, PoolLedger>;

export function openLedger(sites: readonly Site[], grid: TimeGrid): CapacityLedger {
  const ledger = new Map<string, PoolLedger>();
  const noBookings = (): Bookings => ({ booked: new Int32Array(grid.slots), peak: 0 });
  for (const site of sites) {
    for (const pool of site.pools) {
      const bookings = { all: noBookings(), onHand: noBookings(), full: new Map<number, Int32Array>() };
      ledger.set(`${site.name}/${pool.product}`, { pool, grid, ...bookings });
    }
  }
  return ledger;
}

/** The same bookings, to be added to without touching these. */
export function copyOfLedger(ledger: CapacityLedger): CapacityLedger {
  const copyOf = ({ booked, peak }: Bookings): Bookings => ({ booked: Int32Array.from(booked), peak });
  return new Map(
    [...ledger].map(([key, pool]) => [
      key,
      { ...pool, all: copyOf(pool.all), onHand: copyOf(pool.onHand), full: new Map(pool.full) },
    ]),
  );
}

export function poolLedger(ledger: CapacityLedger, site: string, product: string | undefined): PoolLedger | undefined {
  return product === undefined ? undefined : ledger.get(`${site}/${product}`);
}

/**
 * @param devices negative: what was booked is given back
 * @param provisioned whether the job waits for devices to come
 */
export function book(pool: PoolLedger, windows: readonly Interval[], devices: number, provisioned: boolean): void {
  pool.full.clear();
  for (const bookings of provisioned ? [pool.all] : [pool.all, pool.onHand]) {
    for (const window of windows) {
      const end = slotFrom(pool.grid, window.endsAt);
      for (let slot = slotAt(pool.grid, window.startsAt); slot < end; slot++) {
        const booked = (bookings.booked[slot] ?? 0) + devices;
        bookings.booked[slot] = booked;
        bookings.peak = Math.max(bookings.peak, booked);
      }
    }
  }
}

/**
 * For each slot, the first slot at or after it that can't take the devices; `slots` where none.
 * `undefined`: every slot can.
 */
export function nextFull(pool: PoolLedger, devices: number, provisioned: boolean): Int32Array | undefined {
  const key = 2 * devices + (provisioned ? 1 : 0);
  const known = pool.full.get(key);
  if (known !== undefined) return known === NOWHERE ? undefined : known;
  const next = workedOut(pool, devices, provisioned);
  pool.full.set(key, next ?? NOWHERE);
  return next;
}

function workedOut(pool: PoolLedger, devices: number, provisioned: boolean): Int32Array | undefined {
  const limits = limitsOf(pool, devices, provisioned).filter(({ bookings, free }) => bookings.peak > free);
  if (limits.length === 0) return undefined;
  const { slots } = pool.grid;
  const next = new Int32Array(slots);
  let full = slots;
  for (let slot = slots - 1; slot >= 0; slot--) {
    for (const { bookings, free } of limits) if ((bookings.booked[slot] ?? 0) > free) full = slot;
    next[slot] = full;
  }
  return next;
}

/** Whether the windows fit beside what is booked, among the devices that are there or those that can be provisioned. */
export function fits(pool: PoolLedger, windows: readonly Interval[], devices: number, provisioned: boolean): boolean {
  const limits = limitsOf(pool, devices, provisioned).filter(({ bookings, free }) => bookings.peak > free);
  return limits.every(({ bookings, free }) =>
    windows.every((window) => {
      const end = slotFrom(pool.grid, window.endsAt);
      for (let slot = slotAt(pool.grid, window.startsAt); slot < end; slot++) {
        if ((bookings.booked[slot] ?? 0) > free) return false;
      }
      return true;
    }),
  );
}

/** Devices that jobs of this plan may book without waiting for provisioning. */
export function devicesOnHand({ pool }: PoolLedger): number {
  return pool.capacity - pool.heldByOthers;
}

/** What may be booked already for so many devices more. */
function limitsOf({ all, onHand, pool }: PoolLedger, devices: number, provisioned: boolean) {
  const inAll = { bookings: all, free: pool.maxCapacity - pool.heldByOthers - devices };
  if (provisioned) return [inAll];
  const now = { bookings: onHand, free: pool.capacity - pool.heldByOthers - devices };
  return pool.maxCapacity === pool.capacity ? [now] : [now, inAll];
}
