import { sumOf, type Signal } from '../../../domain/intensity.ts';
import { lengthOf, type Interval } from '../../../domain/interval.ts';
import type { Spent } from '../../../domain/job.ts';
import { emissionsAt, intensityDuring, type MeanIntensity } from '../../../domain/mean-intensity.ts';
import { integralOf } from '../../../domain/samples.ts';
import { priceOutsideSamples, type Outlook, type Site } from '../../../domain/site.ts';
import { energyOf, HOUR_MS, kilowattHours, watts, type KilowattHours } from '../../../domain/units.ts';
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
  /** Intensity to take where the outlook does not cover a run any more: the mean that the job was started with. */
  readonly promised: MeanIntensity | undefined;
}

/**
 * What runs have used, modelled as the planner does: (accelerators + rest) x PUE, by the intensity and the price of the
 * time where they are still known. A run at a site that is gone makes the carbon unknown, and so do runs whose grams are
 * of unlike kinds: they have no sum.
 */
export function spentOn(runs: readonly Run[], basis: SpentBasis): Spent {
  let energy = 0;
  let carbon: Spent['carbon'] = 0;
  let money = 0;
  for (const run of runs) {
    const site = basis.sites.get(run.site);
    if (site === undefined) {
      carbon = undefined;
      continue;
    }
    const used = usedBy(run, site, basis);
    energy += used.energy;
    carbon = added(carbon, used.carbon);
    money += used.money;
  }
  return { energy: kilowattHours(energy), carbon, money };
}

function added(soFar: Spent['carbon'], more: Spent['carbon']): Spent['carbon'] {
  if (soFar === undefined || more === undefined) return undefined;
  if (soFar === 0) return more;
  return more === 0 ? soFar : sumOf(soFar, more);
}

function usedBy(run: Run, site: Site, { demand, signal, promised }: SpentBasis): Spent {
  const pool = site.pools.find(({ product }) => product === run.product);
  const busy = demand.devices * (pool?.power.busy ?? 0);
  const energy = energyOf(watts((busy + demand.otherPower) * site.pue), lengthOf(run));
  const nodes = demand.devices * (pool?.pricePerHour ?? 0) * (lengthOf(run) / HOUR_MS);
  return {
    energy,
    carbon: carbonOf(run, energy, site.outlooks[signal], promised),
    money: nodes + energy * priceDuring(run, site),
  };
}

/** By what is known of the time of the run, and by the promise for the rest of it. */
function carbonOf(
  run: Run,
  energy: KilowattHours,
  outlook: Outlook | undefined,
  promised: MeanIntensity | undefined,
): Spent['carbon'] {
  const known = outlook && intensityDuring(outlook, run);
  const share = known === undefined ? 0 : known.covered / lengthOf(run);
  const rest = share === 1 ? 0 : promised && emissionsAt(promised, kilowattHours(energy * (1 - share)));
  return added(known === undefined ? 0 : emissionsAt(known, kilowattHours(energy * share)), rest);
}

/** Mean over the run, of the samples and of the price that stands outside of them. */
function priceDuring(run: Run, site: Site): number {
  const outside = priceOutsideSamples(site);
  const { integral, covered } = integralOf(site.electricityPrices, run, ({ perKilowattHour }) => perKilowattHour);
  return covered === 0 ? outside : (integral + (lengthOf(run) - covered) * outside) / lengthOf(run);
}
