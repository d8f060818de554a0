import { CARBON_AWARE_JOBS } from '../../api/v1alpha1/kinds.ts';
import type { Holding } from '../../domain/usage/assessment.ts';
import type { UsagePolicy } from '../../domain/usage/usage-policy.ts';
import { objectKey } from '../../runtime/cache/object-key.ts';
import type { Assessed } from './assessed.ts';
import type { IdleDevices } from './idle-reader.ts';

/** What CarbonAwareJobs hold, by key of the job. */
export function holdingsByJob({ assessment }: Assessed): ReadonlyMap<string, readonly Holding[]> {
  const byJob = new Map<string, Holding[]>();
  const { group, kind } = CARBON_AWARE_JOBS;
  for (const holding of assessment.holdings) {
    const { workload } = holding;
    if (workload.kind !== kind || !workload.apiVersion.startsWith(`${group}/`)) continue;
    const key = objectKey(workload);
    byJob.set(key, [...(byJob.get(key) ?? []), holding]);
  }
  return byJob;
}

/** A job is idle where everything that it holds is. */
export function idleDevicesOf(
  holdings: readonly Holding[],
  action: UsagePolicy['idle']['action'],
): IdleDevices | undefined {
  const wastes = holdings.flatMap(({ waste }) => (waste?.class === 'Idle' ? [waste] : []));
  if (wastes.length === 0 || wastes.length < holdings.length) return undefined;
  const since = Math.max(...wastes.map((waste) => waste.since));
  return { since, message: wastes.map(({ message }) => message).join('; '), action };
}

/** Whether it is known of all of them whether they work. */
export function areKnown(holdings: readonly Holding[]): boolean {
  return holdings.length > 0 && holdings.every(({ active }) => active !== undefined);
}
