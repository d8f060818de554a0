import { HOUR_MS, MINUTE_MS, SECOND_MS, type DurationMs } from '../../../domain/units.ts';

const PATTERN = /^(?:(\d+)\.)?(\d\d):(\d\d):(\d\d(?:\.\d{1,7})?)$/;

/**
 * A .NET TimeSpan in its constant form, `[d.]hh:mm:ss[.fffffff]`: `00:05:00`, `1.02:00:00`. `undefined` where it is none;
 * a negative one is none here, since nothing lasts that long.
 */
export function timeSpan(text: string): DurationMs | undefined {
  const match = PATTERN.exec(text);
  if (match === null) return undefined;
  const [, days = '0', hours = '0', minutes = '0', seconds = '0'] = match;
  const ms =
    Number(days) * 24 * HOUR_MS + Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS + Number(seconds) * SECOND_MS;
  return Math.round(ms);
}
