import type { IntensitySample } from '../../domain/intensity.ts';
import type { Interval } from '../../domain/interval.ts';
import { gramsPerKilowattHour } from '../../domain/units.ts';
import { hourOf, startOfHour, type HourlyFigures, type HourOfTime } from './hourly-figures.ts';

const HOURS_A_DAY = 24;
/** What came so long ago says nothing any more. */
export const MAX_DAYS_BACK = 7;
/** What is left of a deviation from the week after a day: weather passes. */
const LEFT_AFTER_A_DAY = 0.5;

/** What persistence says of an hour, g/kWh; `undefined` where no day of the week knows that hour of day. */
export type Persisting = (hour: HourOfTime) => number | undefined;

/**
 * Damped persistence: the mean of the same hour over the last week, and on top of it what the last day that is known had
 * beyond that mean, half of which is gone after each day. Damped anomaly persistence is the usual reference of forecast
 * verification (e.g. Murphy, "Climatology, Persistence, and Their Linear Combination as Standards of Reference in Skill
 * Scores", Weather and Forecasting 7, 1992). "The same hour of the day before" lets the noise of one day pass for a shape.
 * @param before only hours before this one have come
 */
export function persistenceFrom(came: HourlyFigures, before: HourOfTime): Persisting {
  const sums = new Float64Array(HOURS_A_DAY);
  const days = new Uint8Array(HOURS_A_DAY);
  let last: HourOfTime | undefined;
  for (let hour = before - MAX_DAYS_BACK * HOURS_A_DAY; hour < before; hour++) {
    const figure = came.get(hour);
    if (figure === undefined) continue;
    sums[hourOfDay(hour)] = (sums[hourOfDay(hour)] ?? 0) + figure;
    days[hourOfDay(hour)] = (days[hourOfDay(hour)] ?? 0) + 1;
    last = hour;
  }
  const ofTheWeek: Persisting = (hour) => {
    const known = days[hourOfDay(hour)] ?? 0;
    return known === 0 ? undefined : (sums[hourOfDay(hour)] ?? 0) / known;
  };
  if (last === undefined) return () => undefined;
  const lastKnown = last;
  const beyond = meanBeyond(came, ofTheWeek, lastKnown);
  return (hour) => {
    const usual = ofTheWeek(hour);
    const daysAhead = Math.max(0, hour - lastKnown) / HOURS_A_DAY;
    return usual === undefined ? undefined : Math.max(0, usual + beyond * LEFT_AFTER_A_DAY ** daysAhead);
  };
}

/** What the day that ends with `last` had beyond what is usual, on the mean of its hours that are known. */
function meanBeyond(came: HourlyFigures, usual: Persisting, last: HourOfTime): number {
  let beyond = 0;
  let known = 0;
  for (let hour = last - HOURS_A_DAY + 1; hour <= last; hour++) {
    const figure = came.get(hour);
    const mean = usual(hour);
    if (figure === undefined || mean === undefined) continue;
    beyond += figure - mean;
    known += 1;
  }
  return known === 0 ? 0 : beyond / known;
}

function hourOfDay(hour: HourOfTime): number {
  return ((hour % HOURS_A_DAY) + HOURS_A_DAY) % HOURS_A_DAY;
}

/** What came, taken for what comes: hour by hour over the interval, with gaps where no day of the last week knows the hour. */
export function persistenceOver(interval: Interval, came: HourlyFigures, now: HourOfTime): readonly IntensitySample[] {
  const persisting = persistenceFrom(came, now);
  const samples: IntensitySample[] = [];
  for (let hour = hourOf(interval.startsAt); startOfHour(hour) < interval.endsAt; hour++) {
    const measured = hour < now ? came.get(hour) : undefined;
    const figure = measured ?? persisting(hour);
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
