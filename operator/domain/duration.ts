import type { Parsed } from './parsed.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS, type DurationMs } from './units.ts';

const WHOLE = /^(?:\d+(?:ms|s|m|h))+$/;
const PART = /(\d+)(ms|s|m|h)/g;
const UNITS = { h: HOUR_MS, m: MINUTE_MS, s: SECOND_MS, ms: 1 } as const;

/**
 * Reads a length of time as Go and Kubernetes write it, in whole numbers of h, m, s and ms: `6h`, `1h30m`, `500ms`, `0s`.
 * No sign, no fraction, no days: a day is not always 24 hours.
 */
export function parseDuration(text: string): Parsed<DurationMs> {
  if (!WHOLE.test(text)) {
    return { ok: false, message: `"${text}" is not a length of time; write it like 6h, 1h30m or 45s` };
  }
  let value = 0;
  for (const [, digits, unit] of text.matchAll(PART)) {
    value += Number(digits) * UNITS[unit as keyof typeof UNITS];
  }
  if (!Number.isSafeInteger(value)) return { ok: false, message: `"${text}" is too long; write less than 100000h` };
  return { ok: true, value };
}

/**
 * Writes a length of time so that {@link parseDuration} reads the same: `1h30m`, `500ms`, `0s`.
 * Fractions of a millisecond are rounded. Throws `RangeError` for what is negative or not finite.
 */
export function formatDuration(duration: DurationMs): string {
  const whole = Math.round(duration);
  if (!Number.isSafeInteger(whole) || whole < 0) {
    throw new RangeError(`${String(duration)} ms can't be written as a length of time; it must be 0 or more`);
  }
  let rest = whole;
  let text = '';
  for (const [unit, length] of Object.entries(UNITS)) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) text += `${String(count)}${unit}`;
  }
  return text === '' ? '0s' : text;
}
