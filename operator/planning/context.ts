import type { Signal } from '../domain/intensity.ts';
import type { Site } from '../domain/site.ts';
import type { EpochMs } from '../domain/units.ts';
import { openLedger, type CapacityLedger } from './capacity.ts';
import { electricityOnGrid, type ElectricityOnGrid } from './grid/electricity-on-grid.ts';
import { intensityOnGrid, type IntensityOnGrid } from './grid/intensity-on-grid.ts';
import { horizonOf, timeGrid, type TimeGrid } from './grid/time-grid.ts';
import type { PlanningSnapshot } from './snapshot.ts';

/** A snapshot laid out for planning: the grid, the bookings so far, and each site's intensity and price on the grid. */
export interface PlanningContext {
  readonly snapshot: PlanningSnapshot;
  readonly grid: TimeGrid;
  readonly ledger: CapacityLedger;
  readonly sites: ReadonlyMap<string, Site>;
  /** Intensity of the site's zone; `undefined` where no rung has data for that signal. */
  intensityAt(site: Site, signal: Signal): IntensityOnGrid | undefined;
  electricityAt(site: Site): ElectricityOnGrid;
}

export function planningContext(snapshot: PlanningSnapshot): PlanningContext {
  const longestStaging = Math.max(0, ...snapshot.sites.flatMap((site) => site.pools.map((pool) => pool.provisioning)));
  const { now, slot } = snapshot;
  const until = horizonOf(snapshot.jobs, { now, slot, knownUntil: knownUntil(snapshot), longestStaging });
  const grid = timeGrid(now, until, slot);
  const intensities = new Map<string, IntensityOnGrid>();
  const prices = new Map<string, ElectricityOnGrid>();
  return {
    snapshot,
    grid,
    ledger: openLedger(snapshot.sites, grid),
    sites: new Map(snapshot.sites.map((site) => [site.name, site])),
    intensityAt(site, signal) {
      const outlook = site.outlooks[signal];
      if (outlook === undefined) return undefined;
      return madeOnce(intensities, `${site.name}/${signal}`, () => intensityOnGrid(outlook, grid));
    },
    electricityAt: (site) => madeOnce(prices, site.name, () => electricityOnGrid(site, grid)),
  };
}

function madeOnce<T>(made: Map<string, T>, key: string, make: () => T): T {
  const known = made.get(key);
  if (known !== undefined) return known;
  const fresh = make();
  made.set(key, fresh);
  return fresh;
}

function knownUntil({ now, sites }: PlanningSnapshot): EpochMs {
  const ends = sites.flatMap(({ outlooks, electricityPrices }) =>
    [outlooks.Average?.series.samples, outlooks.Marginal?.series.samples, electricityPrices].flatMap(
      (samples) => samples?.at(-1)?.endsAt ?? [],
    ),
  );
  return Math.max(now, ...ends);
}
