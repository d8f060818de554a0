import type { AcceleratorPool, Site } from '../domain/site.ts';
import type { Interval } from '../domain/interval.ts';
import { slotAt, slotFrom, type TimeGrid } from './grid/time-grid.ts';

/** Devices booked so far on one pool, per slot: what keeps all jobs from the one cleanest hour. */
export interface PoolLedger {
  readonly pool: AcceleratorPool;
  readonly grid: TimeGrid;
  readonly booked: Int32Array;
  /** No slot has more than this booked: below the capacity none need be looked at. */
  peak: number;
}

/** All pools of all sites, by `site/product`. */
export type CapacityLedger = ReadonlyMap<string, PoolLedger>;

export function openLedger(sites: readonly Site[], grid: TimeGrid): CapacityLedger {
  const ledger = new Map<string, PoolLedger>();
  for (const site of sites) {
    for (const pool of site.pools) {
      ledger.set(`${site.name}/${pool.product}`, { pool, grid, booked: new Int32Array(grid.slots), peak: 0 });
    }
  }
  return ledger;
}

export function poolLedger(ledger: CapacityLedger, site: string, product: string | undefined): PoolLedger | undefined {
  return product === undefined ? undefined : ledger.get(`${site}/${product}`);
}

/** @param devices negative: what was booked is given back */
export function book(pool: PoolLedger, windows: readonly Interval[], devices: number): void {
  for (const window of windows) {
    const end = slotFrom(pool.grid, window.endsAt);
    for (let slot = slotAt(pool.grid, window.startsAt); slot < end; slot++) {
      const booked = (pool.booked[slot] ?? 0) + devices;
      pool.booked[slot] = booked;
      pool.peak = Math.max(pool.peak, booked);
    }
  }
}

/**
 * For each slot, the first slot at or after it that can't take the devices; `slots` where none.
 * `undefined`: every slot can. `limit` is the number of devices that the pool may have in all.
 */
export function nextFull(pool: PoolLedger, devices: number, limit: number): Int32Array | undefined {
  const free = limit - pool.pool.heldByOthers - devices;
  if (pool.peak <= free) return undefined;
  const { slots } = pool.grid;
  const next = new Int32Array(slots);
  let full = slots;
  for (let slot = slots - 1; slot >= 0; slot--) {
    if ((pool.booked[slot] ?? 0) > free) full = slot;
    next[slot] = full;
  }
  return next;
}

/** Whether the windows fit beside what is booked, among the devices that are there or those that can be provisioned. */
export function fits(pool: PoolLedger, windows: readonly Interval[], devices: number, provisioned: boolean): boolean {
  const limit = provisioned ? pool.pool.maxCapacity : pool.pool.capacity;
  const free = limit - pool.pool.heldByOthers - devices;
  if (pool.peak <= free) return true;
  return windows.every((window) => {
    const end = slotFrom(pool.grid, window.endsAt);
    for (let slot = slotAt(pool.grid, window.startsAt); slot < end; slot++) {
      if ((pool.booked[slot] ?? 0) > free) return false;
    }
    return true;
  });
}
