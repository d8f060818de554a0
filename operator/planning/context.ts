import type { Signal } from '../domain/intensity.ts';
import type { Site } from '../domain/site.ts';
import type { EpochMs } from '../domain/units.ts';
import { openLedger, type CapacityLedger } from './capacity.ts';
import { onGrid, type IntensityOnGrid } from './forecast.ts';
import { horizonOf, timeGrid, type TimeGrid } from './grid.ts';
import type { PlanningSnapshot } from './snapshot.ts';

/** A snapshot laid out for planning: the grid, the bookings so far, and each zone's intensity on the grid. */
export interface PlanningContext {
  readonly snapshot: PlanningSnapshot;
  readonly grid: TimeGrid;
  readonly ledger: CapacityLedger;
  readonly sites: ReadonlyMap<string, Site>;
  /** Intensity of the site's zone; `undefined` where no rung has data for that signal. */
  intensityAt(site: Site, signal: Signal): IntensityOnGrid | undefined;
}

export function planningContext(snapshot: PlanningSnapshot): PlanningContext {
  const longestStaging = Math.max(0, ...snapshot.sites.flatMap((site) => site.pools.map((pool) => pool.provisioning)));
  const { now, slot } = snapshot;
  const until = horizonOf(snapshot.jobs, { now, slot, knownUntil: knownUntil(snapshot), longestStaging });
  const grid = timeGrid(now, until, slot);
  const onGridBySite = new Map<string, IntensityOnGrid>();
  return {
    snapshot,
    grid,
    ledger: openLedger(snapshot.sites, grid),
    sites: new Map(snapshot.sites.map((site) => [site.name, site])),
    intensityAt(site, signal) {
      const outlook = site.outlooks[signal];
      if (outlook === undefined) return undefined;
      const key = `${site.name}/${signal}`;
      const known = onGridBySite.get(key);
      if (known !== undefined) return known;
      const laid = onGrid(outlook.series, grid);
      onGridBySite.set(key, laid);
      return laid;
    },
  };
}

function knownUntil({ now, sites }: PlanningSnapshot): EpochMs {
  const ends = sites.flatMap(({ outlooks }) =>
    [outlooks.Average, outlooks.Marginal].flatMap((outlook) => outlook?.series.samples.at(-1)?.endsAt ?? []),
  );
  return Math.max(now, ...ends);
}
