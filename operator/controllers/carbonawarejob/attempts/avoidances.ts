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

type Cause = Avoidance['cause'];

const WORDS: Readonly<Record<Cause & JobReason, string>> = {
  Unschedulable: 'pods stayed unschedulable there',
  Idle: 'its accelerators did nothing there',
};

/** Places where the job's pods stayed unschedulable, or held devices that did nothing, as long as they are not to be tried again. */
export function avoidances(
  attempts: readonly Attempt[],
  backoff: AvoidanceBackoff,
  now: EpochMs,
): readonly Avoidance[] {
  const failures = new Map<string, { count: number; last: Attempt; cause: Cause }>();
  for (const attempt of attempts) {
    const place = `${attempt.site}/${attempt.product ?? ''}`;
    const { reason } = attempt;
    if (isCause(reason)) {
      failures.set(place, { count: (failures.get(place)?.count ?? 0) + 1, last: attempt, cause: reason });
    } else if (attempt.endedAt !== undefined) failures.delete(place);
  }
  return [...failures.values()]
    .map(({ count, ...failure }) => avoidance(failure, Math.min(backoff.longest, backoff.base * 2 ** (count - 1))))
    .filter(({ until }) => until > now);
}

function isCause(reason: string | undefined): reason is Cause {
  return reason !== undefined && Object.hasOwn(WORDS, reason);
}

function avoidance(
  { last: { site, product, endedAt = 0 }, cause }: { readonly last: Attempt; readonly cause: Cause },
  forMs: DurationMs,
): Avoidance {
  const until = endedAt + forMs;
  const message = `${WORDS[cause]} until ${formatTime(endedAt)}; tried again from ${formatTime(until)}`;
  return { cause, site, product, until, message };
}
