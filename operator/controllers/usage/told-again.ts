import type { WorkloadRef } from '../../domain/usage/assessment.ts';
import { HOUR_MS, type DurationMs } from '../../domain/units.ts';
import type { Regarding } from '../../ports/events.ts';

/** The API server forgets events after an hour: what lasts is told again, so that `kubectl describe` has it. */
export const TOLD_AGAIN_MS: DurationMs = HOUR_MS;

/** What an event about a workload is about. */
export function regarding({ apiVersion, kind, name, namespace, uid }: WorkloadRef): Regarding {
  return { apiVersion, kind, metadata: { name, namespace, uid } };
}
