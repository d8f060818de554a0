import { kindOf, together, type Emissions, type Footing, type IntensityKind } from './intensity.ts';
import { lengthOf, type Interval } from './interval.ts';
import { cutTo } from './samples.ts';
import type { Outlook } from './site.ts';
import {
  emissionsOf,
  gramsPerKilowattHour,
  type DurationMs,
  type GramsPerKilowattHour,
  type KilowattHours,
} from './units.ts';

/** One figure for a stretch of time, what it counts and what it rests on. */
export interface MeanIntensity {
  readonly figure: GramsPerKilowattHour;
  readonly kind: IntensityKind;
  readonly rung: Footing;
}

/** What an outlook knows of a stretch of time: the mean of what it covers, and how much that is. `undefined`: nothing. */
export function intensityDuring(
  { series, rung }: Outlook,
  stretch: Interval,
): (MeanIntensity & { readonly covered: DurationMs }) | undefined {
  const parts = cutTo(series.samples, stretch);
  const [footing, ...others] = parts.map((part): Footing => part.rung ?? rung);
  if (footing === undefined) return undefined;
  const covered = parts.reduce((sum, part) => sum + lengthOf(part), 0);
  const weighted = parts.reduce((sum, part) => sum + lengthOf(part) * part.gramsPerKilowattHour, 0);
  return {
    figure: gramsPerKilowattHour(weighted / covered),
    kind: kindOf(series),
    rung: others.reduce(together, footing),
    covered,
  };
}

export function emissionsAt({ figure, kind, rung }: MeanIntensity, energy: KilowattHours): Emissions {
  return { grams: emissionsOf(energy, figure), kind, rung };
}
