import type { EpochMs } from '../../domain/units.ts';

const RFC_3339 = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i;

/** A point in time as the API server writes it: RFC 3339 in UTC, without milliseconds. */
export function formatTime(instant: EpochMs): string {
  return new Date(instant).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** A point in time from RFC 3339 with a time zone, `T` and `Z` in either case as the API server takes them; `undefined` where the text is none. */
export function parseTime(text: string): EpochMs | undefined {
  if (!RFC_3339.test(text)) return undefined;
  const instant = Date.parse(text.toUpperCase());
  return Number.isNaN(instant) ? undefined : instant;
}
