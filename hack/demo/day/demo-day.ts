import type { Interval } from '../../../operator/domain/interval.ts';
import { HOUR_MS, MINUTE_MS, type DurationMs, type EpochMs } from '../../../operator/domain/units.ts';

/** The day that the files of the demo speak of: its jobs are due on it. */
export const WRITTEN_DAY: EpochMs = Date.parse('2026-06-21T00:00:00Z');

/** When the jobs are submitted. */
export const SUBMISSION_HOUR = 4;

/** The day pressed into minutes. No clock is turned: an hour of it is so many seconds of real time, all lengths alike. */
export interface DemoDay {
  /** Real time of its midnight. */
  readonly midnight: EpochMs;
  /** Real time that an hour of it takes. */
  readonly hour: DurationMs;
}

/** Real time of an hour of the day, e.g. 12.5 for half past twelve. */
export function timeAt(day: DemoDay, hour: number): EpochMs {
  return day.midnight + hour * day.hour;
}

/** Hour of the day at a real time. */
export function hourAt(day: DemoDay, instant: EpochMs): number {
  return (instant - day.midnight) / day.hour;
}

/** Real time of an instant that is written in a file of the demo. */
export function pressedTime(day: DemoDay, written: EpochMs): EpochMs {
  return day.midnight + pressedLength(day, written - WRITTEN_DAY);
}

/** Real length of a length of time that is written in a file of the demo. */
export function pressedLength(day: DemoDay, written: DurationMs): DurationMs {
  return Math.round((written / HOUR_MS) * day.hour);
}

/** The stretch of real time between two hours of the day. */
export function between(day: DemoDay, from: number, until: number): Interval {
  return { startsAt: timeAt(day, from), endsAt: timeAt(day, until) };
}

/** `09:40`; after midnight it goes on as `25:10`, so that later reads as later. */
export function clockOf(day: DemoDay, instant: EpochMs): string {
  const minutes = Math.max(0, Math.floor((hourAt(day, instant) * HOUR_MS) / MINUTE_MS + 1e-6));
  return `${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`;
}

/** Instants in a sentence of the operator, as times of the day. */
export function withClock(day: DemoDay, sentence: string): string {
  return sentence.replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, (text) => clockOf(day, Date.parse(text)));
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
