import { grams, HOUR_MS, type EpochMs, type Grams } from '../../../../operator/domain/units.ts';
import type { Zones } from '../data/zones.ts';

/** Where the k-th job is at home: each zone in turn. */
export function homeAt({ series }: Zones, k: number): string {
  const names = [...series.keys()];
  return names[k % names.length] ?? '';
}

/** What a run on arrival emits at a kilowatt, on average over all homes; NaN where it is unknown for one of them. */
export function meanAtHome({ sums, slot }: Zones, arrivesAt: EpochMs, hours: number): { readonly grams: Grams } {
  const slots = (hours * HOUR_MS) / slot;
  let sum = 0;
  for (const one of sums.values()) sum += one.sum(one.at(arrivesAt), one.at(arrivesAt) + slots);
  return { grams: grams(((sum / sums.size) * slot) / HOUR_MS) };
}
