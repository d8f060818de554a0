import type { Holding, Rate, WasteClass } from '../../domain/usage/assessment.ts';

/** A sum over workloads. */
export interface Sum {
  readonly workloads: number;
  readonly devices: number;
  /** Watts. */
  readonly power: number;
  /** Per hour, by currency; nothing where no price is known. */
  readonly money: ReadonlyMap<string, number>;
  /** Of those whose intensity is known. */
  readonly gramsPerHour: number;
  /** It is known of all of them. */
  readonly gramsAreWhole: boolean;
}

export interface Totals {
  /** All that is held. */
  readonly held: Sum;
  readonly wasted: Sum;
  /** Held, and nobody knows what it does. */
  readonly unknown: Sum;
}

/** @param wasteClass only this counts as wasted; absent: all */
export function totalsOf(
  holdings: readonly Holding[],
  currencyOf: (site: string) => string,
  wasteClass: WasteClass | undefined,
): Totals {
  const whole = holdings.map((holding) => part(holding, holding, currencyOf));
  const wasted = holdings.flatMap((holding) => {
    const { waste } = holding;
    if (waste === undefined || (wasteClass ?? waste.class) !== waste.class) return [];
    return [part(holding, waste, currencyOf)];
  });
  const unknown = whole.filter((_, k) => holdings[k]?.active === undefined && holdings[k]?.waste === undefined);
  return { held: sumOf(whole), wasted: sumOf(wasted), unknown: sumOf(unknown) };
}

interface Part {
  /** One workload may hold devices of several products. */
  readonly workload: string;
  readonly devices: number;
  readonly rate: Rate;
  readonly currency: string;
}

function part(
  { site, workload: { apiVersion, kind, name, namespace } }: Holding,
  { devices, rate }: { readonly devices: number; readonly rate: Rate },
  currencyOf: (site: string) => string,
): Part {
  return { workload: [namespace, apiVersion, kind, name].join('\n'), devices, rate, currency: currencyOf(site) };
}

function sumOf(parts: readonly Part[]): Sum {
  const money = new Map<string, number>();
  let [devices, power, gramsPerHour, gramsAreWhole] = [0, 0, 0, true];
  for (const { currency, rate, ...one } of parts) {
    devices += one.devices;
    power += rate.power;
    if (rate.moneyPerHour > 0) money.set(currency, (money.get(currency) ?? 0) + rate.moneyPerHour);
    if (rate.gramsPerHour === undefined) gramsAreWhole = false;
    else gramsPerHour += rate.gramsPerHour;
  }
  const workloads = new Set(parts.map(({ workload }) => workload)).size;
  return { workloads, devices, power, money, gramsPerHour, gramsAreWhole };
}
