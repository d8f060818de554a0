import type { EffectivePolicy } from '../../../api/v1alpha1/effective-policy.ts';
import type { CarbonAwareJobSpecParsed } from '../../../api/v1alpha1/parse/carbon-aware-job.ts';
import type { Decision } from '../../../domain/decision.ts';
import type { DurationMs, EpochMs } from '../../../domain/units.ts';
import type { JobRecord } from '../job-record.ts';

type Limits = Pick<CarbonAwareJobSpecParsed, 'completeBy' | 'maxDelay'>;

/**
 * When a job of that length is to be finished: `completeBy`, or creation + length + delay, where the delay is the job's, else
 * the policy's. The policy's longest delay limits both.
 */
export function deadlineOf(
  { completeBy, maxDelay }: Limits,
  createdAt: EpochMs,
  { defaultMaxDelay, longestDelay = Infinity }: EffectivePolicy,
  length: DurationMs,
): EpochMs {
  const withoutDelay = createdAt + length;
  const wanted = completeBy ?? withoutDelay + (maxDelay ?? defaultMaxDelay);
  return Math.min(wanted, withoutDelay + longestDelay);
}

/** How much later the job may finish than if it had started at once, whatever its length; `undefined` beside `completeBy`. */
export function delayOf(
  { completeBy, maxDelay }: Limits,
  { defaultMaxDelay, longestDelay = Infinity }: EffectivePolicy,
): DurationMs | undefined {
  return completeBy === undefined ? Math.min(maxDelay ?? defaultMaxDelay, longestDelay) : undefined;
}

/** That of the job, by its plan where nobody has told its length; `undefined` where nothing is known of it. */
export function deadlineTold(
  { spec, createdAt }: JobRecord,
  decision: Decision | undefined,
  policy: EffectivePolicy,
): EpochMs | undefined {
  if (!spec.ok) return decision?.length?.deadline;
  const length = spec.value.expectedDuration;
  if (length === undefined) return decision?.length?.deadline ?? spec.value.completeBy;
  return deadlineOf(spec.value, createdAt, policy, length);
}
