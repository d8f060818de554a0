import type { Interval } from '../../domain/interval.ts';
import type { PlannableJob } from '../../domain/job.ts';
import type { DurationMs } from '../../domain/units.ts';
import { drawAt, speedAt, type World } from '../world.ts';
import type { SimulatedSite } from '../scenario.ts';
import { edgesOfAll, onFinerEdges, stepsWithin } from './steps.ts';

/** Everywhere that one job may run in a stretch of time, and what it emits there: all that its bounds are reckoned from. */
export interface Ground {
  /** Of the steps that all places have in common, in epoch ms: one more than a place has figures. */
  readonly edges: Float64Array;
  readonly places: readonly Place[];
}

export interface Place {
  readonly site: string;
  /** Absent for a job without accelerators. */
  readonly product: string | undefined;
  /** Work that is done in a unit of time. */
  readonly speed: number;
  /** Grams in an hour of running, between each two edges; NaN: nobody knows. */
  readonly rates: Float64Array;
}

/** Told of time that a job spends at a place, by their positions; less than none where it was told of too much. */
export type Tell = (place: number, stretch: number, length: DurationMs) => void;

/**
 * By what came. Devices that others hold, and all that makes a place unlikely, are left out of it: that can only lower a bound.
 * @param finer edges that all of the steps' own are among; absent: those
 */
export function groundOf(world: World, job: PlannableJob, interval: Interval, finer?: Float64Array): Ground {
  const open = world.scenario.sites.filter((site) => mayRunAt(job, site));
  const steps = open.map(({ zone }) => stepsWithin(world.steps(zone), interval));
  const edges = finer ?? edgesOfAll(steps);
  const places = open.flatMap((site, k): readonly Place[] => {
    const known = steps[k];
    if (known === undefined) return [];
    const figures = onFinerEdges(known, edges);
    return productsFor(job, site).map((product) => {
      const place = { site: site.name, product };
      const kilowatts = drawAt(world, job, place) / 1_000;
      return { ...place, speed: speedAt(world, job, place), rates: figures.map((figure) => kilowatts * figure) };
    });
  });
  return { edges, places };
}

/** The job's and the policy's word on sites, told anew: what catches the planner out must not ask the planner. */
function mayRunAt({ placementRules }: PlannableJob, { name, region, schedulable }: SimulatedSite): boolean {
  const { jobAllows, jobDenies, policyAllows, templateRegions } = placementRules;
  const names = [jobAllows, policyAllows].every((allowed) => allowed?.includes(name) ?? true);
  return schedulable && names && !jobDenies.includes(name) && (templateRegions?.includes(region) ?? true);
}

function productsFor(job: PlannableJob, { pools }: SimulatedSite): readonly (string | undefined)[] {
  if (job.devices === 0) return [undefined];
  const { templateProducts } = job.placementRules;
  return pools
    .filter(({ product, resource, maxCapacity }) => {
      const isFast = job.accelerators.length === 0 || job.accelerators.some((choice) => choice.product === product);
      return (
        resource === job.resource &&
        maxCapacity >= job.devices &&
        isFast &&
        (templateProducts?.includes(product) ?? true)
      );
    })
    .map(({ product }) => product);
}
