import { HOUR_MS, MINUTE_MS, type DurationMs, type EpochMs } from '../units.ts';

/** As `Date` counts them. */
export const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
export type Day = (typeof DAYS)[number];

export const DAY_MS: DurationMs = 24 * HOUR_MS;
/** 1 January 1970 was a Thursday. */
const FIRST_DAY = DAYS.indexOf('Thu');

/** The same hours of some days of each week, as clocks show them. */
export interface WeeklyWindow {
  /** On which it begins, as indices of {@link DAYS}. */
  readonly days: ReadonlySet<number>;
  /** Since midnight. */
  readonly from: DurationMs;
  /** Where it is not after `from` the window ends on the next day. */
  readonly until: DurationMs;
}

/** What clocks show. */
export interface ClockTime {
  /** Index of {@link DAYS}. */
  readonly day: number;
  /** Since midnight. */
  readonly timeOfDay: DurationMs;
}

/** @param ahead how far the clocks are ahead of UTC */
export function clockTimeAt(instant: EpochMs, ahead: DurationMs): ClockTime {
  const shown = instant + ahead;
  const dayNumber = Math.floor(shown / DAY_MS);
  const day = (((dayNumber + FIRST_DAY) % DAYS.length) + DAYS.length) % DAYS.length;
  return { day, timeOfDay: shown - dayNumber * DAY_MS };
}

/** A window across midnight belongs to the day on which it begins. */
export function isWithin({ days, from, until }: WeeklyWindow, { day, timeOfDay }: ClockTime): boolean {
  const hasBegun = days.has(day) && timeOfDay >= from;
  if (from < until) return hasBegun && timeOfDay < until;
  return hasBegun || (days.has(dayBefore(day)) && timeOfDay < until);
}

/** How long ago it last ended; `undefined` where it is on. A window of each week ended within the last eight days. */
export function timeSince(window: WeeklyWindow, { day, timeOfDay }: ClockTime): DurationMs | undefined {
  if (isWithin(window, { day, timeOfDay })) return undefined;
  const { days, from, until } = window;
  const endsAt = from < until ? until : until + DAY_MS;
  let begins = day;
  for (let back = 0; back <= DAYS.length + 1; back++) {
    const since = timeOfDay + back * DAY_MS - endsAt;
    if (days.has(begins) && since >= 0) return since;
    begins = dayBefore(begins);
  }
  return undefined;
}

/** Reads `HH:MM` up to `last`, e.g. `24:00`; `undefined` for anything else. */
export function readTimeOfDay(text: string, last: string): DurationMs | undefined {
  // Texts of this form are in order of time.
  if (!/^\d\d:[0-5]\d$/.test(text) || text > last) return undefined;
  const [hours, minutes] = text.split(':').map(Number);
  return Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS;
}

function dayBefore(day: number): number {
  return (day + DAYS.length - 1) % DAYS.length;
}
