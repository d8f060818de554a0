import { MIDNIGHT } from '../builders/planning.ts';
import { lengthOf, type Interval } from '../../operator/domain/interval.ts';
import type { PlannableJob } from '../../operator/domain/job.ts';
import { integralOf } from '../../operator/domain/samples.ts';
import { priceOutsideSamples, type Site } from '../../operator/domain/site.ts';
import { HOUR_MS, type EpochMs } from '../../operator/domain/units.ts';

/** What running costs, reckoned from the samples as they are and not by the planner. */
export interface ReckonedCost {
  readonly money: number;
  readonly grams: number;
  readonly finishesAt: EpochMs;
}

/** Of one window on devices of a kilowatt each. Grams of hours that nobody knows are none. */
export function reckonedCost({ devices }: PlannableJob, site: Site, window: Interval): ReckonedCost {
  const length = lengthOf(window);
  const carbon = integralOf(
    site.outlooks.Average?.series.samples ?? [],
    window,
    ({ gramsPerKilowattHour: figure }) => figure,
  );
  const price = integralOf(site.electricityPrices, window, ({ perKilowattHour }) => perKilowattHour);
  const priceHours = (price.integral + (length - price.covered) * priceOutsideSamples(site)) / HOUR_MS;
  return {
    money: devices * ((site.pools[0]?.pricePerHour ?? 0) * (length / HOUR_MS) + priceHours),
    grams: (devices * carbon.integral) / HOUR_MS,
    finishesAt: window.endsAt,
  };
}

/** What comes first in the comparison: grams, or all on the one scale of a priced objective. */
export function weighed({ money, grams, finishesAt }: ReckonedCost, { objective, devices }: PlannableJob): number {
  if (objective.lexicographic) return grams;
  const delay = (Math.max(1, devices) * (finishesAt - MIDNIGHT)) / HOUR_MS;
  const carbon = objective.carbonPricePerTonne === 0 ? 0 : (objective.carbonPricePerTonne / 1e6) * grams;
  return money + carbon + objective.delayPricePerAcceleratorHour * delay;
}
