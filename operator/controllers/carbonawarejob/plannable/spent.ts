import { sumOf, type Signal } from '../../../domain/intensity.ts';
import { lengthOf, type Interval } from '../../../domain/interval.ts';
import type { AcceleratorChoice, JobData, Spent } from '../../../domain/job.ts';
import { emissionsAt, intensityDuring, type MeanIntensity } from '../../../domain/mean-intensity.ts';
import { integralOf } from '../../../domain/samples.ts';
import { priceOutsideSamples, type Outlook, type Site } from '../../../domain/site.ts';
import { energyOf, HOUR_MS, kilowattHours, SECOND_MS, type KilowattHours } from '../../../domain/units.ts';
import { dataAccess, powerOfStaging } from '../../../planning/data/data-access.ts';
import { powerOfTransfer } from '../../../planning/data/network-energy.ts';
import { copyingDraw, powerDraw } from '../../../planning/pricing/energy.ts';
import type { Demand } from '../template/demand.ts';

/** A stretch of time that the pods of a job ran, and where. */
export interface Run extends Interval {
  readonly site: string;
  readonly product: string | undefined;
  /** See `Attempt.slowdown`; with what was observed there. */
  readonly slowdown: number;
}

export interface SpentBasis {
  readonly demand: Demand;
  readonly data: readonly JobData[];
  readonly accelerators: readonly AcceleratorChoice[];
  readonly sites: ReadonlyMap<string, Site>;
  readonly signal: Signal;
  /** Intensity to take where the outlook does not cover a run any more: the mean that the job was started with. */
  readonly promised: MeanIntensity | undefined;
}

/**
 * What runs have used, modelled as the planner does: (accelerators + rest) x PUE, by the intensity and the price of the
 * time where they are still known, and what came over links, copied once a site. A run at a site that is gone makes the carbon unknown, and so do runs whose grams are
 * of unlike kinds: they have no sum.
 */
export function spentOn(runs: readonly Run[], basis: SpentBasis): Spent {
  let energy = 0;
  let carbon: Spent['carbon'] = 0;
  let money = 0;
  const been = new Set<string>();
  for (const run of runs) {
    const site = basis.sites.get(run.site);
    if (site === undefined) {
      carbon = undefined;
      continue;
    }
    const used = usedBy(run, site, basis, !been.has(site.name));
    been.add(site.name);
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

function usedBy(run: Run, site: Site, basis: SpentBasis, isFirstThere: boolean): Spent {
  const { demand, data, accelerators, signal, promised } = basis;
  const pool = site.pools.find(({ product }) => product === run.product);
  const speed = accelerators.find(({ product }) => product === run.product)?.speed ?? 1;
  const access = dataAccess(data, site, speed);
  const work = (lengthOf(run) / SECOND_MS) * (speed / (1 + run.slowdown));
  const network = powerOfTransfer(access.streamedPerSecond.bytes * (speed / (1 + run.slowdown)));
  const copying = isFirstThere ? access.staging : 0;
  const energy = kilowattHours(
    energyOf(powerDraw(demand, site, pool, network).reported, lengthOf(run)) +
      energyOf(copyingDraw(demand, site, pool, powerOfStaging(access)).reported, copying),
  );
  const nodes = demand.devices * (pool?.pricePerHour ?? 0) * ((lengthOf(run) + copying) / HOUR_MS);
  const egress = access.streamedPerSecond.money * work + (isFirstThere ? access.staged.money : 0);
  return {
    energy,
    carbon: carbonOf(run, energy, site.outlooks[signal], promised),
    money: nodes + egress + energy * priceDuring(run, site),
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
