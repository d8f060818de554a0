import { kindOf, type Emissions, type IntensityKind, type Signal } from '../domain/intensity.ts';
import { lengthOf, type Interval } from '../domain/interval.ts';
import type { PlannableJob, Spent } from '../domain/job.ts';
import { integralOf } from '../domain/samples.ts';
import { priceOutsideSamples, type AcceleratorPool, type Site } from '../domain/site.ts';
import { energyOf, grams, HOUR_MS, watts, type EpochMs, type Watts } from '../domain/units.ts';
import { powerDraw } from '../planning/pricing/energy.ts';
import { speedOn, usablePools } from '../planning/rules/accelerator.ts';
import { stepsOf, type Steps } from './bounds/steps.ts';
import { meterOf, type Meter } from './meter.ts';
import { NOTHING, sumOfUsage, type Run, type Usage } from './outcome.ts';
import type { Scenario, SimulatedSite } from './scenario.ts';

/** A scenario made ready: what came as running sums, sites by their names. Made once for many replays. */
export interface World {
  readonly scenario: Scenario;
  readonly sites: ReadonlyMap<string, SimulatedSite>;
  readonly meters: ReadonlyMap<string, Meter>;
  /** The same as steps, by zone; none of a zone that nothing is known of. */
  readonly steps: (zone: string) => Steps;
  /** The end of all that came. */
  readonly cameUntil: EpochMs;
  /** A job without accelerators has none, and neither does one whose site is not of this world. */
  readonly pool: (site: string, product: string | undefined) => AcceleratorPool | undefined;
}

export function worldOf(scenario: Scenario): World {
  const steps = new Map<string, Steps>();
  const sites = new Map(scenario.sites.map((site) => [site.name, site]));
  return {
    scenario,
    sites,
    meters: new Map([...scenario.came].map(([zone, series]) => [zone, meterOf(series)])),
    // Made when a bound asks for them: most worlds have many zones and few bounds.
    steps: (zone) => {
      const known = steps.get(zone) ?? stepsOf(scenario.came.get(zone)?.samples ?? []);
      steps.set(zone, known);
      return known;
    },
    cameUntil: Math.max(...[...scenario.came.values()].map(({ samples }) => samples.at(-1)?.endsAt ?? -Infinity)),
    pool: (site, product) => sites.get(site)?.pools.find((pool) => pool.product === product),
  };
}

/** The sites as a planner sees them at a time: with what is foreseen of their zones. */
export function sitesAt({ scenario }: World, at: EpochMs, until: EpochMs): readonly Site[] {
  return scenario.sites.map((site): Site => {
    const outlook = scenario.foresight(site.zone, at, until);
    return { ...site, outlooks: outlook === undefined ? {} : { [outlook.series.signal]: outlook } };
  });
}

/** How fast a job is at a place; 1 where it needs no accelerator. */
export function speedAt(world: World, job: PlannableJob, { site, product }: Pick<Run, 'site' | 'product'>): number {
  const pool = world.pool(site, product);
  return pool === undefined ? 1 : (speedOn(job, pool) ?? 1);
}

/** Power of a job that runs at a place, at the meter of the building; NaN where there is no such site. */
export function drawAt(world: World, job: PlannableJob, { site, product }: Pick<Run, 'site' | 'product'>): Watts {
  const found = world.sites.get(site);
  if (found === undefined) return watts(NaN);
  return powerDraw(job, { ...found, outlooks: {} }, world.pool(site, product)).reported;
}

/** Where a job would start at once: of the accelerators that it can use at home the fastest, then the one with most devices. */
export function placeAtHome(job: PlannableJob, home: SimulatedSite): Pick<Run, 'site' | 'product'> {
  const bySpeed = usablePools(job, { ...home, outlooks: {} }).toSorted(
    (a, b) => (speedOn(job, b) ?? 0) - (speedOn(job, a) ?? 0) || b.capacity - a.capacity,
  );
  return { site: home.name, product: bySpeed[0]?.product };
}

/** What runs used, by the intensity that really came. */
export function usageOf(world: World, job: PlannableJob, runs: readonly Run[]): Usage {
  return runs.map((run) => usageOfRun(world, job, run)).reduce(sumOfUsage, NOTHING);
}

function usageOfRun(world: World, job: PlannableJob, run: Run): Usage {
  const site = world.sites.get(run.site);
  if (site === undefined) return { ...NOTHING, grams: grams(NaN) };
  const pool = world.pool(run.site, run.product);
  const power = drawAt(world, job, run);
  const worked = { startsAt: Math.min(run.startsAt + run.staging, run.endsAt), endsAt: run.endsAt };
  const energy = energyOf(power, lengthOf(worked));
  const nodes = job.devices * (pool?.pricePerHour ?? 0) * (lengthOf(run) / HOUR_MS);
  return {
    energy,
    grams: grams((power / 1_000) * (world.meters.get(site.zone)?.gramHours(worked) ?? NaN)),
    money: nodes + energy * meanPrice(site, worked),
  };
}

function meanPrice(site: SimulatedSite, interval: Interval): number {
  const outside = priceOutsideSamples(site);
  const { integral, covered } = integralOf(site.electricityPrices, interval, ({ perKilowattHour }) => perKilowattHour);
  return covered === 0 ? outside : (integral + (lengthOf(interval) - covered) * outside) / lengthOf(interval);
}

/** What a job has used so far, as its next plan is told. */
export function spentOf(world: World, job: PlannableJob, runs: readonly Run[]): Spent {
  const { energy, grams: mass, money } = usageOf(world, job, runs);
  return { energy, carbon: emissionsOf(world, runs, mass, job.signal), money };
}

function emissionsOf(
  { scenario, sites }: World,
  runs: readonly Run[],
  mass: Usage['grams'],
  signal: Signal,
): Emissions | 0 | undefined {
  if (runs.length === 0) return 0;
  const kinds = runs.map((run) => kindAt(scenario, sites.get(run.site)));
  const [kind] = kinds;
  const isOfOneKind = kinds.every((other) => other?.scope === kind?.scope && other?.signal === signal);
  return kind === undefined || !isOfOneKind || Number.isNaN(mass)
    ? undefined
    : { grams: mass, kind, rung: 'LiveForecast' };
}

function kindAt({ came }: Scenario, site: SimulatedSite | undefined): IntensityKind | undefined {
  const series = site && came.get(site.zone);
  return series && kindOf(series);
}
