import { lengthOf, type Interval } from '../../../domain/interval.ts';
import { HOUR_MS, MINUTE_MS, type DurationMs, type EpochMs } from '../../../domain/units.ts';
import type { TimelineBlock } from '../page.ts';
import { isOnAxis } from '../scale/time-columns.ts';

export const DAY_MS: DurationMs = 24 * HOUR_MS;
export const WEEK_MS: DurationMs = 7 * DAY_MS;

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
/** In spans up to this long the seconds of an instant are told. */
const SECONDS_MATTER_UP_TO: DurationMs = 30 * MINUTE_MS;

/** An instant on an axis with a tick each `step`, as short as it can be: `12:00:30`, `12:00`, `Thu 26` or `26 Nov`, UTC. */
export function tickShown(instant: EpochMs, step: DurationMs): string {
  const date = new Date(instant);
  if (step >= WEEK_MS) return `${date.getUTCDate()} ${monthOf(date)}`;
  if (step >= DAY_MS || (step >= MINUTE_MS && instant % DAY_MS === 0)) return `${weekdayOf(date)} ${date.getUTCDate()}`;
  return clockOf(date, step < MINUTE_MS);
}

/** An instant as precise as a reader of the span needs it, UTC: `Thu 26 Nov 12:00`, `12:00:30` where all is on one day. */
export function instantShown(instant: EpochMs, span: Interval): string {
  const date = new Date(instant);
  const clock = clockOf(date, lengthOf(span) <= SECONDS_MATTER_UP_TO);
  const isOnItsDay = isOneDay(span) && dayOf(instant) === dayOf(span.startsAt);
  return isOnItsDay ? clock : `${dateOf(date)} ${clock}`;
}

/** An instant wherever it lies, UTC: `Thu 26 Nov 12:00`. */
export function dayAndClock(instant: EpochMs): string {
  const date = new Date(instant);
  return `${dateOf(date)} ${clockOf(date, false)}`;
}

/** Where the reader knows which week it is: `Thu 12:00`. */
export function weekdayAndClock(instant: EpochMs): string {
  const date = new Date(instant);
  return `${weekdayOf(date)} ${clockOf(date, false)}`;
}

/** Where the year is not to be guessed: `Thu 26 Nov 2026, 12:00`. */
export function dateAndClock(instant: EpochMs): string {
  const date = new Date(instant);
  return `${dateOf(date)} ${String(date.getUTCFullYear())}, ${clockOf(date, false)}`;
}

/** From when until when, UTC, the day once where both are of one: `Thu 26 Nov 12:00 to 14:00`. */
export function daysAndClocks({ startsAt, endsAt }: Interval): string {
  const end = dayOf(startsAt) === dayOf(endsAt) ? clockOf(new Date(endsAt), false) : dayAndClock(endsAt);
  return `${dayAndClock(startsAt)} to ${end}`;
}

/** From when until when, as precise as a reader of the span needs it. */
export function intervalShown(interval: Interval, span: Interval): string {
  return `${instantShown(interval.startsAt, span)} to ${instantShown(interval.endsAt, span)}`;
}

/** What the ticks of an axis leave out: the day, the month or the months, the year, and that it is UTC. */
export function spanShown(span: Interval): string {
  const [first, last] = [new Date(span.startsAt), new Date(lastInstantOf(span))];
  const [firstYear, lastYear] = [first.getUTCFullYear(), last.getUTCFullYear()];
  if (isOneDay(span)) return `${first.getUTCDate()} ${monthOf(first)} ${firstYear} UTC`;
  if (firstYear !== lastYear) return `${monthOf(first)} ${firstYear}–${monthOf(last)} ${lastYear} UTC`;
  const months = monthOf(first) === monthOf(last) ? monthOf(first) : `${monthOf(first)}–${monthOf(last)}`;
  return `${months} ${lastYear} UTC`;
}

/** A mark with its time, and a word where the span doesn't reach it. */
export function markShown(mark: TimelineBlock['marks'][number], span: Interval): string {
  const shown = `${mark.label} ${instantShown(mark.at, span)}`;
  if (isOnAxis(span, mark.at)) return shown;
  return `${shown} (${mark.at < span.startsAt ? 'earlier' : 'later'} than shown)`;
}

function isOneDay(span: Interval): boolean {
  return dayOf(span.startsAt) === dayOf(lastInstantOf(span));
}

/** A span ends before `endsAt`: one until midnight is of one day. */
function lastInstantOf(span: Interval): EpochMs {
  return Math.max(span.startsAt, span.endsAt - 1);
}

function dayOf(instant: EpochMs): number {
  return Math.floor(instant / DAY_MS);
}

function clockOf(date: Date, withSeconds: boolean): string {
  return date.toISOString().slice(11, withSeconds ? 19 : 16);
}

function dateOf(date: Date): string {
  return `${weekdayOf(date)} ${String(date.getUTCDate())} ${monthOf(date)}`;
}

function weekdayOf(date: Date): string {
  return WEEKDAYS[date.getUTCDay()] ?? '';
}

function monthOf(date: Date): string {
  return MONTHS[date.getUTCMonth()] ?? '';
}
