import type { BaselineCost } from '../../domain/decision.ts';
import { priceOutsideSamples, type AcceleratorPool } from '../../domain/site.ts';
import type { Seat } from '../candidate.ts';
import { copyingTo } from './copying.ts';
import { withEnergyTimes } from './scaled.ts';

/** By what a baseline is reckoned, as it is to be told with it. */
export function acceleratorOf({ power, product }: AcceleratorPool): NonNullable<BaselineCost['accelerator']> {
  return { product, busy: power.busy };
}

/** Statuses tell whole watts. */
const ROUNDING_W = 0.5;

/**
 * The kept baseline by the power that its accelerator has now: plans go by that, and where it was only measured since, nothing was
 * saved by it. The run stays the same: its length, its data, for which accelerators wait, and what each kilowatt-hour emits. More of it
 * costs what power does at home without regard to the hour, since nobody knows any more what the other hours cost.
 * @param home the job's seat there, with nothing staged
 */
export function withPowerOfToday(kept: BaselineCost, home: Seat): BaselineCost {
  const { draw, job, pool, site } = home;
  const { accelerator } = kept;
  if (pool === undefined || pool.product !== accelerator?.product) return kept;
  const more = pool.power.busy - accelerator.busy;
  if (Math.abs(more) <= ROUNDING_W) return kept;
  const before = draw.reported - job.devices * more * site.pue;
  // Where links were faster when it was made, all of it is taken for work.
  const copying = copyingTo(home).energy;
  const working = copying < kept.energy ? kept.energy - copying : kept.energy;
  const added = (draw.reported / before - 1) * working;
  return {
    ...withEnergyTimes(1 + added / kept.energy, kept),
    accelerator: acceleratorOf(pool),
    money: kept.money + added * priceOutsideSamples(site),
  };
}
