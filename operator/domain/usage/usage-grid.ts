import type { DurationMs, EpochMs } from '../units.ts';

/**
 * Equal stretches of time, one behind the other: column k is from `startsAt + k x step`, exclusive, to one step later, inclusive.
 * Columns begin at whole multiples of the step since 1970, so that the same column is the same stretch whoever asks.
 */
export interface UsageGrid {
  readonly startsAt: EpochMs;
  readonly step: DurationMs;
  readonly columns: number;
}

/** A day of minutes: what is kept of a device and the pod that holds it is 23 KB then. */
export const MOST_COLUMNS = 1_440;

/** The columns that are over at `now` and lie within the time before it. */
export function gridBefore(now: EpochMs, { step, lookBack }: { step: DurationMs; lookBack: DurationMs }): UsageGrid {
  const columns = Math.max(1, Math.floor(lookBack / step));
  const endsAt = Math.floor(now / step) * step;
  return { startsAt: endsAt - columns * step, step, columns };
}

export function gridEnd({ startsAt, step, columns }: UsageGrid): EpochMs {
  return startsAt + columns * step;
}
