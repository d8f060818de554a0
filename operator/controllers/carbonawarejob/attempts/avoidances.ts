import type { JobReason } from '../../../api/v1alpha1/reasons.ts';
import { formatTime } from '../../../api/v1alpha1/timestamps.ts';
import type { Avoidance } from '../../../domain/job.ts';
import type { DurationMs, EpochMs } from '../../../domain/units.ts';
import type { Attempt } from './attempts.ts';

/** After the n-th failure of a place in a row it is avoided for `base x 2^(n-1)`, at most `longest`. */
export interface AvoidanceBackoff {
  readonly base: DurationMs;
  readonly longest: DurationMs;
}

const UNSCHEDULABLE: JobReason = 'Unschedulable';

/** Places where the job's pods stayed unschedulable, as long as they are not to be tried again. */
export function avoidances(
  attempts: readonly Attempt[],
  backoff: AvoidanceBackoff,
  now: EpochMs,
): readonly Avoidance[] {
  const failures = new Map<string, { count: number; last: Attempt }>();
  for (const attempt of attempts) {
    const place = `${attempt.site}/${attempt.product ?? ''}`;
    if (attempt.reason === UNSCHEDULABLE) {
      failures.set(place, { count: (failures.get(place)?.count ?? 0) + 1, last: attempt });
    } else if (attempt.endedAt !== undefined) failures.delete(place);
  }
  return [...failures.values()]
    .map(({ count, last }) => avoidance(last, Math.min(backoff.longest, backoff.base * 2 ** (count - 1))))
    .filter(({ until }) => until > now);
}

function avoidance({ site, product, endedAt = 0 }: Attempt, forMs: DurationMs): Avoidance {
  const until = endedAt + forMs;
  return {
    site,
    product,
    until,
    message: `pods stayed unschedulable there until ${formatTime(endedAt)}; tried again from ${formatTime(until)}`,
  };
}
