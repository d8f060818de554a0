import { lengthOf, type Interval } from '../../domain/interval.ts';
import type { IntensitySample } from '../../domain/intensity.ts';
import { integralOf } from '../../domain/samples.ts';
import { HOUR_MS, type DurationMs, type EpochMs } from '../../domain/units.ts';

/** As long as a job of some size runs: a single clean hour says little. */
export const STRETCH_MS: DurationMs = 3 * HOUR_MS;
/** Begins within a day: who wants to know more looks at the strips. */
const AHEAD_MS: DurationMs = 24 * HOUR_MS;
/** g/kWh; statuses have no more digits, and sums of them differ by less. */
const AS_CLEAN = 0.1;

/** A stretch of time with the mean intensity over it. */
export interface CleanStretch extends Interval {
  readonly gramsPerKilowattHour: number;
}

/**
 * The cleanest three hours that begin within a day, of those that are known throughout: from now, or from where the intensity
 * changes. Of those that are as clean the first.
 */
export function cleanestStretch(samples: readonly IntensitySample[], now: EpochMs): CleanStretch | undefined {
  const starts = [now, ...samples.flatMap(({ startsAt, endsAt }) => [startsAt, endsAt - STRETCH_MS])]
    .filter((startsAt) => startsAt >= now && startsAt <= now + AHEAD_MS)
    .sort((a, b) => a - b);
  let best: CleanStretch | undefined;
  for (const startsAt of starts) {
    const stretch = { startsAt, endsAt: startsAt + STRETCH_MS };
    const { covered, integral } = integralOf(samples, stretch, (sample) => sample.gramsPerKilowattHour);
    const mean = integral / STRETCH_MS;
    if (covered < lengthOf(stretch)) continue;
    if (best === undefined || mean < best.gramsPerKilowattHour - AS_CLEAN)
      best = { ...stretch, gramsPerKilowattHour: mean };
  }
  return best;
}
