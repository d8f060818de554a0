import type { IntensitySample } from '../../domain/intensity.ts';
import type { Interval } from '../../domain/interval.ts';
import { gramsPerKilowattHour } from '../../domain/units.ts';
import { hourOf, startOfHour, type HourlyFigures, type HourOfTime } from './hourly-figures.ts';

const HOURS_A_DAY = 24;
/** The same hour of last week is the last that stands for an hour. */
export const MAX_DAYS_BACK = 7;

/**
 * Persistence: the same hour of the last day on which it is known, up to a week back. `undefined` where it is not known at all.
 * @param before only hours before this one have come
 */
export function persistenceFor(hour: HourOfTime, came: HourlyFigures, before: HourOfTime): number | undefined {
  for (let days = 1; days <= MAX_DAYS_BACK; days++) {
    const earlier = hour - days * HOURS_A_DAY;
    const figure = earlier < before ? came.get(earlier) : undefined;
    if (figure !== undefined) return figure;
  }
  return undefined;
}

/** What came, taken for what comes: hour by hour over the interval, with gaps where no day of the last week knows the hour. */
export function persistenceOver(interval: Interval, came: HourlyFigures, now: HourOfTime): readonly IntensitySample[] {
  const samples: IntensitySample[] = [];
  for (let hour = hourOf(interval.startsAt); startOfHour(hour) < interval.endsAt; hour++) {
    const measured = hour < now ? came.get(hour) : undefined;
    const figure = measured ?? persistenceFor(hour, came, now);
    if (figure === undefined) continue;
    samples.push({
      startsAt: Math.max(startOfHour(hour), interval.startsAt),
      endsAt: Math.min(startOfHour(hour + 1), interval.endsAt),
      gramsPerKilowattHour: gramsPerKilowattHour(figure),
      estimated: measured === undefined,
    });
  }
  return samples;
}
