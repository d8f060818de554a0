import { lengthOf, type Interval } from '../../../domain/interval.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS, type DurationMs, type EpochMs } from '../../../domain/units.ts';
import { widthOf } from '../words/plain-text.ts';
import { DAY_MS, tickShown, WEEK_MS } from '../words/instants.ts';

export interface TimeTick {
  readonly at: EpochMs;
  readonly label: string;
}

/** What people count time in; each up to a day divides it, so that midnight is always a tick. */
const STEPS: readonly DurationMs[] = [
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND_MS),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR_MS),
  ...[1, 2].map((days) => days * DAY_MS),
  ...[1, 2, 4, 13, 26, 52].map((weeks) => weeks * WEEK_MS),
];
/** 1970 began on a Thursday; weeks begin on Mondays. */
const FIRST_MONDAY: EpochMs = 4 * DAY_MS;
const LEAST_GAP = 2;

/**
 * Instants at round times (UTC) from the span's beginning to its end, as many as leave room between their labels.
 * @param characters how many characters the axis is wide
 */
export function timeTicks(span: Interval, characters: number): readonly TimeTick[] {
  const step = stepFor(lengthOf(span), characters);
  const origin = step >= WEEK_MS ? FIRST_MONDAY : 0;
  const first = origin + Math.ceil((span.startsAt - origin) / step) * step;
  const count = Math.max(0, Math.floor((span.endsAt - first) / step) + 1);
  return Array.from({ length: count }, (_, index) => {
    const at = first + index * step;
    return { at, label: tickShown(at, step) };
  });
}

function stepFor(length: DurationMs, characters: number): DurationMs {
  const isRoomy = (step: DurationMs): boolean => (step / length) * characters >= labelWidth(step) + LEAST_GAP;
  const longest = STEPS.at(-1) ?? length;
  return STEPS.find(isRoomy) ?? longest * Math.ceil(length / longest);
}

/** The label of a day stands among those of hours, and is the wider one. */
function labelWidth(step: DurationMs): number {
  return Math.max(widthOf(tickShown(FIRST_MONDAY + 9 * DAY_MS, step)), widthOf(tickShown(MINUTE_MS, step)));
}
