import type { BaselineCost } from '../../domain/decision.ts';
import { grams, kilowattHours } from '../../domain/units.ts';

/** With so many times the energy; what each kilowatt-hour emits stays, and money is left as it is. */
export function withEnergyTimes(share: number, kept: BaselineCost): BaselineCost {
  return {
    ...kept,
    energy: kilowattHours(share * kept.energy),
    carbon: kept.carbon && { ...kept.carbon, grams: grams(share * kept.carbon.grams) },
  };
}
