import { kindOf, sumOf, type Emissions, type IntensityKind, type Signal } from '../../../domain/intensity.ts';
import { lengthOf, type Interval } from '../../../domain/interval.ts';
import type { Spent } from '../../../domain/job.ts';
import { integralOf, meanOf } from '../../../domain/samples.ts';
import { priceOutsideSamples, type Site } from '../../../domain/site.ts';
import {
  emissionsOf,
  energyOf,
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

/** One figure of intensity, and what it counts. */
export interface KnownIntensity {
  readonly figure: GramsPerKilowattHour;
  readonly kind: IntensityKind;
}

export interface SpentBasis {
  readonly demand: Demand;
  readonly sites: ReadonlyMap<string, Site>;
  readonly signal: Signal;
  /** Intensity to take where the outlook no longer covers a run: what the plan had promised for the whole job. */
  readonly promised: KnownIntensity | undefined;
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

function added(soFar: Spent['carbon'], more: Emissions | undefined): Spent['carbon'] {
  if (soFar === undefined || more === undefined) return undefined;
  return soFar === 0 ? more : sumOf(soFar, more);
}

interface Used extends Spent {
  readonly carbon: Emissions | undefined;
}

function usedBy(run: Run, site: Site, { demand, signal, promised }: SpentBasis): Used {
  const pool = site.pools.find(({ product }) => product === run.product);
  const busy = demand.devices * (pool?.power.busy ?? 0);
  const energy = energyOf(watts((busy + demand.otherPower) * site.pue), lengthOf(run));
  const known = intensityDuring(run, site, signal) ?? promised;
  const nodes = demand.devices * (pool?.pricePerHour ?? 0) * (lengthOf(run) / HOUR_MS);
  return {
    energy,
    carbon: known === undefined ? undefined : { grams: emissionsOf(energy, known.figure), kind: known.kind },
    money: nodes + energy * priceDuring(run, site),
  };
}

/** Mean over the run; `undefined` where the samples leave a part of it out. */
function intensityDuring(run: Run, site: Site, signal: Signal): KnownIntensity | undefined {
  const series = site.outlooks[signal]?.series;
  const mean = series && meanOf(series.samples, run, ({ gramsPerKilowattHour: figure }) => figure);
  return series === undefined || mean === undefined
    ? undefined
    : { figure: gramsPerKilowattHour(mean), kind: kindOf(series) };
}

/** Mean over the run, of the samples and of the price that stands outside of them. */
function priceDuring(run: Run, site: Site): number {
  const outside = priceOutsideSamples(site);
  const { integral, covered } = integralOf(site.electricityPrices, run, ({ perKilowattHour }) => perKilowattHour);
  return covered === 0 ? outside : (integral + (lengthOf(run) - covered) * outside) / lengthOf(run);
}
