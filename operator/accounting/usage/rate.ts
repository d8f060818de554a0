import type { Rate } from '../../domain/usage/assessment.ts';
import { emissionsOf, energyOf, HOUR_MS, watts } from '../../domain/units.ts';
import type { UsageSite } from './usage-snapshot.ts';

/** What is used, before PUE. */
export interface Use {
  readonly devices: number;
  /** At the plugs of the nodes, watts. */
  readonly power: number;
}

/** Money is the price of the devices and that of the electricity, as plans count it. Nodes that belong to no site have no PUE, and no price. */
export function rateOf(
  { devices, power: atPlugs }: Use,
  { site, pricePerHour }: { readonly site: UsageSite | undefined; readonly pricePerHour: number },
): Rate {
  const power = watts(atPlugs * (site?.pue ?? 1));
  const energy = energyOf(power, HOUR_MS);
  const intensity = site?.averageIntensity;
  return {
    power,
    moneyPerHour: devices * pricePerHour + energy * (site?.pricePerKilowattHour ?? 0),
    gramsPerHour: intensity === undefined ? undefined : emissionsOf(energy, intensity),
  };
}

/** Of what is in one place, so that its grams are known or not alike. */
export function sumOfRates(rates: readonly Rate[]): Rate {
  let [power, moneyPerHour]: [number, number] = [0, 0];
  let gramsPerHour: number | undefined = 0;
  for (const rate of rates) {
    power += rate.power;
    moneyPerHour += rate.moneyPerHour;
    gramsPerHour =
      gramsPerHour === undefined || rate.gramsPerHour === undefined ? undefined : gramsPerHour + rate.gramsPerHour;
  }
  return { power: watts(power), moneyPerHour, gramsPerHour };
}
