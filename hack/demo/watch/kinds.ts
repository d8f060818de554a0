import type { EpochMs } from '../../../operator/domain/units.ts';
import type { KubernetesObject, ResourceType } from '../../../operator/ports/kubernetes-api.ts';
import { precise } from './pod-run.ts';
import type { JobEnd } from './record.ts';

export const PODS: ResourceType = { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true };
export const JOBS: ResourceType = { group: 'batch', version: 'v1', plural: 'jobs', kind: 'Job', namespaced: true };
export const EVENTS: ResourceType = {
  group: 'events.k8s.io',
  version: 'v1',
  plural: 'events',
  kind: 'Event',
  namespaced: true,
};

/** batch/v1 Job, the fields that are read. */
export interface RawJob extends KubernetesObject {
  readonly status?: {
    readonly succeeded?: number;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly lastTransitionTime?: string;
    }[];
  };
}

/** events.k8s.io/v1 Event, the fields that are read. */
export interface RawEvent extends KubernetesObject {
  readonly reason?: string;
  readonly note?: string;
  readonly eventTime?: string;
  readonly regarding?: { readonly kind?: string; readonly name?: string };
}

/** How a Job ended; `undefined` while it hasn't. */
export function endOf(job: RawJob, seenAt: EpochMs): JobEnd | undefined {
  for (const { type, status, lastTransitionTime } of job.status?.conditions ?? []) {
    if (status !== 'True' || (type !== 'Complete' && type !== 'Failed')) continue;
    const at = precise(Date.parse(lastTransitionTime ?? ''), seenAt);
    return { outcome: type, at, completions: job.status?.succeeded ?? 0 };
  }
  return undefined;
}
