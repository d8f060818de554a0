import type { Signal } from '../domain/intensity.ts';
import type { Site } from '../domain/site.ts';
import type { EpochMs } from '../domain/units.ts';
import { openLedger, type CapacityLedger } from './capacity.ts';
import { electricityOnGrid, type ElectricityOnGrid } from './grid/electricity-on-grid.ts';
import { intensityOnGrid, type IntensityOnGrid } from './grid/intensity-on-grid.ts';
import { edge, horizonOf, timeGrid, type TimeGrid } from './grid/time-grid.ts';
import { asFarAsPlanned, leastDistances, type Distances } from './rules/distance.ts';
import type { PlanningSnapshot } from './snapshot.ts';

/** A snapshot laid out for planning: the grid, the bookings so far, and each site's intensity and price on the grid. */
export interface PlanningContext {
  readonly snapshot: PlanningSnapshot;
  readonly grid: TimeGrid;
  /** However long they are: the plan may reach less far. */
  readonly distances: Distances;
  readonly ledger: CapacityLedger;
  readonly sites: ReadonlyMap<string, Site>;
  /** States that one search for pieces may look at; see `PieceRules`. */
  readonly mostStates: number;
  /** Intensity of the site's zone; `undefined` where no rung has data for that signal. */
  intensityAt(site: Site, signal: Signal): IntensityOnGrid | undefined;
  /** Those that were asked for so far. */
  readonly intensities: Intensities;
  electricityAt(site: Site): ElectricityOnGrid;
}

/** By signal and site. */
type Intensities = Readonly<Record<Signal, ReadonlyMap<Site, IntensityOnGrid>>>;

/** @param earlier of the plan before: its grid serves as long as the slot and the horizon are the same, and so does what lies on it */
export function planningContext(snapshot: PlanningSnapshot, earlier?: PlanningContext): PlanningContext {
  const { now, slot, jobs, sites } = snapshot;
  const longestProvisioning = Math.max(0, ...sites.flatMap((site) => site.pools.map((pool) => pool.provisioning)));
  const distances = leastDistances(
    snapshot,
    earlier && { sites: earlier.snapshot.sites, distances: earlier.distances },
  );
  const planned = new Map([...distances].map(([job, distance]) => [job, asFarAsPlanned(job, distance, now)]));
  const longestStaging = [...planned.values()].reduce((most, { staging }) => Math.max(most, staging), 0);
  const until = horizonOf(jobs, {
    now,
    slot,
    knownUntil: knownUntil(snapshot),
    longestStaging: longestProvisioning + longestStaging,
    slowdownOf: (job) => planned.get(job)?.slowdown ?? 0,
  });
  const laid = timeGrid(now, until, slot);
  const reused = earlier !== undefined && isSameGrid(laid, earlier.grid) ? earlier : undefined;
  const grid = reused?.grid ?? laid;
  const intensities = {
    Average: unchangedOf('Average', reused, snapshot),
    Marginal: unchangedOf('Marginal', reused, snapshot),
  };
  const prices = new Map<Site, ElectricityOnGrid>();
  return {
    snapshot,
    grid,
    distances,
    ledger: openLedger(snapshot.sites, grid),
    mostStates: mostStatesFor(snapshot),
    sites: new Map(snapshot.sites.map((site) => [site.name, site])),
    intensities,
    intensityAt(site, signal) {
      const outlook = site.outlooks[signal];
      if (outlook === undefined) return undefined;
      return madeOnce(intensities[signal], site, () => intensityOnGrid(outlook, grid));
    },
    electricityAt: (site) => madeOnce(prices, site, () => electricityOnGrid(site, grid)),
  };
}

/** Of all searches of a plan together: about two seconds on one core. */
const STATES_OF_A_PLAN = 400_000_000;
/** Below the first a search sees too little, beyond the second it gains nothing more. */
const LEAST_STATES = 20_000;
const MOST_STATES = 4_000_000;

/** By the order of magnitude of the jobs: one more or less changes nobody's search. */
function mostStatesFor({ jobs, sites }: PlanningSnapshot): number {
  const searches = jobs.filter(({ interruptible }) => interruptible !== undefined).length * Math.max(1, sites.length);
  const aboutAsMany = 2 ** Math.ceil(Math.log2(Math.max(1, searches)));
  return Math.min(MOST_STATES, Math.max(LEAST_STATES, STATES_OF_A_PLAN / aboutAsMany));
}

function isSameGrid(a: TimeGrid, b: TimeGrid): boolean {
  return a.slot === b.slot && a.slots === b.slots && edge(a, 1) === edge(b, 1) && edge(a, 0) >= edge(b, 0);
}

/** What an earlier plan has laid on the same grid. */
function unchangedOf(
  signal: Signal,
  earlier: PlanningContext | undefined,
  snapshot: PlanningSnapshot,
): Map<Site, IntensityOnGrid> {
  const unchanged = new Map<Site, IntensityOnGrid>();
  if (earlier === undefined) return unchanged;
  for (const site of snapshot.sites) {
    const before = earlier.sites.get(site.name);
    const laid = before && earlier.intensities[signal].get(before);
    if (laid !== undefined && site.outlooks[signal] === before?.outlooks[signal]) unchanged.set(site, laid);
  }
  return unchanged;
}

function madeOnce<K, T>(made: Map<K, T>, key: K, make: () => T): T {
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
