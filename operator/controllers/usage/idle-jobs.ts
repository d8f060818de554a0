import { CARBON_AWARE_JOBS } from '../../api/v1alpha1/kinds.ts';
import type { Holding } from '../../domain/usage/assessment.ts';
import type { UsagePolicy } from '../../domain/usage/usage-policy.ts';
import { objectKey } from '../../runtime/cache/object-key.ts';
import type { Assessed } from './assessed.ts';
import type { DeviceUse, IdleDevices } from './idle-reader.ts';

/** What CarbonAwareJobs hold, by key of the job. */
export function holdingsByJob({ assessment }: Assessed): ReadonlyMap<string, readonly Holding[]> {
  const { group, kind } = CARBON_AWARE_JOBS;
  const ofJobs = assessment.holdings.filter(
    ({ workload }) => workload.kind === kind && workload.apiVersion.startsWith(`${group}/`),
  );
  return Map.groupBy(ofJobs, ({ workload }) => objectKey(workload));
}

/** A job is idle where everything that it holds is. */
export function isIdle(holdings: readonly Holding[]): boolean {
  return holdings.length > 0 && holdings.every(({ idle }) => idle !== undefined);
}

/** `undefined` where the job is not idle. */
export function idleDevicesOf(
  holdings: readonly Holding[],
  policy: Pick<UsagePolicy['idle'], 'action' | 'for'>,
): IdleDevices | undefined {
  if (!isIdle(holdings)) return undefined;
  const found = holdings.flatMap(({ idle }) => idle ?? []);
  const since = Math.max(...found.map((one) => one.since));
  return { since, message: found.map(({ message }) => message).join('; '), action: policy.action, for: policy.for };
}

export function useOf(holdings: readonly Holding[]): DeviceUse {
  if (holdings.some(({ idleFor }) => idleFor === 0)) return 'Working';
  return holdings.length > 0 && holdings.every(({ idleFor }) => idleFor !== undefined) ? 'Quiet' : 'Unknown';
}

/** What was found by one policy holds by another one that asks for no more. */
export function asksForNoMore({ idle }: UsagePolicy, than: UsagePolicy): boolean {
  return idle.for <= than.idle.for && idle.below >= than.idle.below;
}
