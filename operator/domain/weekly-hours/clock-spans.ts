import type { Interval } from '../interval.ts';
import type { DurationMs, EpochMs } from '../units.ts';

/** A stretch of time within which nobody changes the clocks of a time zone. */
export interface ClockSpan extends Interval {
  /** How far the clocks are ahead of UTC. */
  readonly offsetMs: DurationMs;
}

/** Clocks that are never changed and show UTC. */
export const UTC_CLOCKS: readonly ClockSpan[] = [{ startsAt: -Infinity, endsAt: Infinity, offsetMs: 0 }];

/**
 * How far clocks are ahead of UTC at an instant.
 * @param spans in order, without gaps; the first holds for what is before it too, the last for what is after it
 */
export function offsetAt(spans: readonly ClockSpan[], instant: EpochMs): DurationMs {
  return (spans.findLast(({ startsAt }) => startsAt <= instant) ?? spans[0])?.offsetMs ?? 0;
}

/**
 * When clocks last showed a time: of an hour that they showed twice, the second time; where they skipped it, when they did.
 * @param shown what clocks show, as if it were UTC
 */
export function lastShown(spans: readonly ClockSpan[], shown: EpochMs): EpochMs {
  const span = spans.findLast(({ startsAt, offsetMs }) => shown - offsetMs >= startsAt) ?? spans[0];
  return span === undefined ? shown : Math.min(shown - span.offsetMs, span.endsAt);
}
