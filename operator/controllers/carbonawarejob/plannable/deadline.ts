import type { EffectivePolicy } from '../../../api/v1alpha1/effective-policy.ts';
import type { CarbonAwareJobSpecParsed } from '../../../api/v1alpha1/parse/carbon-aware-job.ts';
import type { EpochMs } from '../../../domain/units.ts';

/**
 * When the job is to be finished: `completeBy`, or creation + expected duration + delay, where the delay is the job's,
 * else the policy's. The policy's longest delay limits both.
 */
export function deadlineOf(
  { completeBy, maxDelay, expectedDuration }: CarbonAwareJobSpecParsed,
  createdAt: EpochMs,
  { defaultMaxDelay, longestDelay = Infinity }: EffectivePolicy,
): EpochMs {
  const withoutDelay = createdAt + expectedDuration;
  const wanted = completeBy ?? withoutDelay + (maxDelay ?? defaultMaxDelay);
  return Math.min(wanted, withoutDelay + longestDelay);
}
