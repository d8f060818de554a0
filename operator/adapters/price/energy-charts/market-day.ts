import type { Interval } from '../../../domain/interval.ts';
import { HOUR_MS, type DurationMs, type EpochMs } from '../../../domain/units.ts';

const DAY_MS = 24 * HOUR_MS;

const LOCAL = new Intl.DateTimeFormat('en-US', {
  timeZone: 'Europe/Brussels',
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
});

/**
 * The day of the European day-ahead auction that an instant falls into: from midnight to midnight in central Europe, also
 * for zones with another time of day, and of 23 or 25 hours when clocks change.
 */
export function marketDayOf(instant: EpochMs): Interval {
  const local = instant + offsetAt(instant);
  const midnight = Math.floor(local / DAY_MS) * DAY_MS;
  return { startsAt: atLocal(midnight, instant), endsAt: atLocal(midnight + DAY_MS, instant) };
}

/** Clocks never change within an hour of midnight, so that the offset of an instant that near is the one of midnight. */
function atLocal(midnight: EpochMs, near: EpochMs): EpochMs {
  return midnight - offsetAt(midnight - offsetAt(near));
}

function offsetAt(instant: EpochMs): DurationMs {
  const parts = new Map(LOCAL.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  const [year = NaN, month = NaN, day = NaN] = [parts.get('year'), parts.get('month'), parts.get('day')];
  const [hour, minute, second] = [parts.get('hour'), parts.get('minute'), parts.get('second')];
  const toTheSecond = Math.floor(instant / 1_000) * 1_000;
  return Date.UTC(year, month - 1, day, hour, minute, second) - toTheSecond;
}
