import type { Signal } from '../../../domain/intensity.ts';
import { overlapOf, type Interval } from '../../../domain/interval.ts';
import type { Spent } from '../../../domain/job.ts';
import type { Site } from '../../../domain/site.ts';
import {
  emissionsOf,
  energyOf,
  grams,
  gramsPerKilowattHour,
  HOUR_MS,
  kilowattHours,
  watts,
  type GramsPerKilowattHour,
} from '../../../domain/units.ts';
import type { Demand } from '../template/demand.ts';

/** A stretch of time that the pods of a job ran, and where. */
export interface Run extends Interval {
  readonly site: string;
  readonly product: string | undefined;
}

export interface SpentBasis {
  readonly demand: Demand;
  readonly sites: ReadonlyMap<string, Site>;
  readonly signal: Signal;
  /** Intensity to take where the outlook no longer covers a run: what the plan had promised for the whole job. */
  readonly promised: GramsPerKilowattHour | undefined;
}

/**
 * What runs have used, modelled as the planner does: (accelerators + rest) x PUE, by the intensity of the time where it
 * is still known. A run at a site that is gone makes the carbon unknown.
 */
export function spentOn(runs: readonly Run[], basis: SpentBasis): Spent {
  let energy = 0;
  let carbon = 0;
  let money = 0;
  for (const run of runs) {
    const site = basis.sites.get(run.site);
    if (site === undefined) {
      carbon = NaN;
      continue;
    }
    const used = usedBy(run, site, basis);
    energy += used.energy;
    carbon += used.carbon ?? NaN;
    money += used.money;
  }
  return { energy: kilowattHours(energy), carbon: Number.isNaN(carbon) ? undefined : grams(carbon), money };
}

function usedBy(run: Run, site: Site, { demand, signal, promised }: SpentBasis): Spent {
  const pool = site.pools.find(({ product }) => product === run.product);
  const busy = demand.devices * (pool?.power.busy ?? 0);
  const energy = energyOf(watts((busy + demand.otherPower) * site.pue), run.endsAt - run.startsAt);
  const intensity = intensityDuring(run, site, signal) ?? promised;
  const nodes = demand.devices * (pool?.pricePerHour ?? 0) * ((run.endsAt - run.startsAt) / HOUR_MS);
  return {
    energy,
    carbon: intensity === undefined ? undefined : emissionsOf(energy, intensity),
    money: nodes + energy * site.electricityPricePerKilowattHour,
  };
}

/** Mean over the run; `undefined` where the samples leave a part of it out. */
function intensityDuring(run: Run, site: Site, signal: Signal): GramsPerKilowattHour | undefined {
  let covered = 0;
  let weighted = 0;
  for (const sample of site.outlooks[signal]?.series.samples ?? []) {
    const overlap = overlapOf(run, sample);
    covered += overlap;
    weighted += overlap * sample.gramsPerKilowattHour;
  }
  const length = run.endsAt - run.startsAt;
  return length > 0 && covered >= length ? gramsPerKilowattHour(weighted / covered) : undefined;
}
