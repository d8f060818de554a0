import type { BaselineCost } from '../../domain/decision.ts';
import { grams, kilowattHours } from '../../domain/units.ts';

/** Statuses tell energy to a thousandth of a kilowatt-hour: what is nearer than that is the same, or tiny jobs would wander off. */
const ROUNDING_KWH = 0.0005;

/**
 * The same run with other energy: what each kilowatt-hour emits and costs stays.
 * @param besides money that does not go with the energy
 */
export function withEnergy(kept: BaselineCost, energy: number, besides: number): BaselineCost {
  if (!(kept.energy > 0) || Math.abs(energy - kept.energy) <= ROUNDING_KWH) return kept;
  const share = energy / kept.energy;
  return {
    ...kept,
    energy: kilowattHours(energy),
    carbon: kept.carbon && { ...kept.carbon, grams: grams(share * kept.carbon.grams) },
    money: besides + share * (kept.money - besides),
  };
}
