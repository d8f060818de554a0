import type { IntensitySample } from '../../domain/intensity.ts';
import { HOUR_MS, type EpochMs } from '../../domain/units.ts';

/** Whole hours since 1970-01-01T00:00Z. */
export type HourOfTime = number;

/** Mean intensity by hour, g/kWh. An hour that is not there is unknown. */
export type HourlyFigures = ReadonlyMap<HourOfTime, number>;

export const hourOf = (instant: EpochMs): HourOfTime => Math.floor(instant / HOUR_MS);
export const startOfHour = (hour: HourOfTime): EpochMs => hour * HOUR_MS;

/** Of an hour so much must be known, or its mean is no figure of that hour. */
const LEAST_COVERAGE = 0.75;

/** Means of the hours that samples cover, each sample weighted by its time. */
export function hourlyFigures(samples: readonly IntensitySample[]): HourlyFigures {
  const covered = new Map<HourOfTime, { ms: number; weighted: number }>();
  for (const { startsAt, endsAt, gramsPerKilowattHour } of samples) {
    for (let hour = hourOf(startsAt); startOfHour(hour) < endsAt; hour++) {
      const ms = Math.min(endsAt, startOfHour(hour + 1)) - Math.max(startsAt, startOfHour(hour));
      const sum = covered.get(hour) ?? { ms: 0, weighted: 0 };
      covered.set(hour, { ms: sum.ms + ms, weighted: sum.weighted + ms * gramsPerKilowattHour });
    }
  }
  const figures = new Map<HourOfTime, number>();
  for (const [hour, { ms, weighted }] of covered) {
    if (ms >= LEAST_COVERAGE * HOUR_MS) figures.set(hour, weighted / ms);
  }
  return figures;
}
