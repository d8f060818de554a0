import type { IntensitySeries } from '../domain/intensity.ts';
import type { Interval } from '../domain/interval.ts';
import { HOUR_MS, type DurationMs, type EpochMs } from '../domain/units.ts';
import { firstAbove } from './first-above.ts';

/** What really came in one zone, as running sums: a run of any length is weighed by two look-ups. */
export interface Meter {
  /** Integral of the intensity over the interval, in g/kWh x h; NaN where a part of it is unknown. */
  gramHours(interval: Interval): number;
}

/** A stretch of less than this without a sample is rounding, not a gap. */
const ROUNDING_MS: DurationMs = 0.5;

export function meterOf({ samples }: IntensitySeries): Meter {
  const ends = new Float64Array(samples.length);
  const rates = new Float64Array(samples.length);
  const lengths = new Float64Array(samples.length);
  // At the end of each sample: how much has come, and of how much time it is known.
  const gramHours = new Float64Array(samples.length + 1);
  const known = new Float64Array(samples.length + 1);
  samples.forEach(({ startsAt, endsAt, gramsPerKilowattHour }, k) => {
    const length = endsAt - startsAt;
    ends[k] = endsAt;
    rates[k] = gramsPerKilowattHour;
    lengths[k] = length;
    gramHours[k + 1] = (gramHours[k] ?? 0) + gramsPerKilowattHour * (length / HOUR_MS);
    known[k + 1] = (known[k] ?? 0) + length;
  });

  const sumsUntil = (instant: EpochMs): readonly [number, DurationMs] => {
    const sample = firstAbove(ends, instant);
    const length = lengths[sample] ?? 0;
    const into = Math.max(0, instant - ((ends[sample] ?? Infinity) - length));
    const rate = into > 0 ? (rates[sample] ?? 0) : 0;
    return [(gramHours[sample] ?? NaN) + rate * (into / HOUR_MS), (known[sample] ?? 0) + into];
  };

  return {
    gramHours({ startsAt, endsAt }) {
      if (endsAt <= startsAt) return 0;
      const [before, knownBefore] = sumsUntil(startsAt);
      const [after, knownAfter] = sumsUntil(endsAt);
      return endsAt - startsAt - (knownAfter - knownBefore) < ROUNDING_MS ? after - before : NaN;
    },
  };
}
