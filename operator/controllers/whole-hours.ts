import type { Interval } from '../domain/interval.ts';
import { HOUR_MS, type DurationMs, type EpochMs } from '../domain/units.ts';

/** From so long ago to so far ahead in whole hours, so that an answer doesn't end a little later each time that it is asked for. */
export function wholeHoursAround(now: EpochMs, { back, ahead }: { back: DurationMs; ahead: DurationMs }): Interval {
  return {
    startsAt: Math.floor((now - back) / HOUR_MS) * HOUR_MS,
    endsAt: Math.ceil((now + ahead) / HOUR_MS) * HOUR_MS,
  };
}
