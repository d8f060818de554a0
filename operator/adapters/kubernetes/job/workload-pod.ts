import { parseTime } from '../../../api/v1alpha1/timestamps.ts';
import type { EpochMs } from '../../../domain/units.ts';
import type { KubernetesObject } from '../../../ports/kubernetes-api.ts';
import type { WorkloadPod } from '../../../ports/workloads.ts';

/** The parts of a core/v1 Pod that are read here. */
export interface RawPod extends KubernetesObject {
  readonly status?: {
    readonly phase?: string;
    readonly startTime?: string;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
      readonly message?: string;
      readonly lastTransitionTime?: string;
    }[];
  };
}

/** A pod of a Job; `undefined` for every other pod. */
export function workloadPodOf(pod: RawPod): WorkloadPod | undefined {
  const owner = pod.metadata.ownerReferences?.find(({ controller, kind }) => controller === true && kind === 'Job');
  if (owner === undefined) return undefined;
  const { name, namespace, uid, resourceVersion, deletionTimestamp } = pod.metadata;
  const startedAt = instantOf(pod.status?.startTime);
  const unschedulable = deletionTimestamp === undefined ? unschedulableSince(pod) : undefined;
  return {
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(uid !== undefined && { uid }),
      ...(resourceVersion !== undefined && { resourceVersion }),
      ...(deletionTimestamp !== undefined && { deletionTimestamp }),
    },
    workloadUid: owner.uid,
    running: pod.status?.phase === 'Running' && deletionTimestamp === undefined,
    ...(startedAt !== undefined && { startedAt }),
    ...(unschedulable !== undefined && { unschedulable }),
  };
}

function unschedulableSince(pod: RawPod): WorkloadPod['unschedulable'] {
  const scheduled = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status !== 'False' || scheduled.reason !== 'Unschedulable') return undefined;
  return { since: instantOf(scheduled.lastTransitionTime) ?? 0, message: scheduled.message ?? '' };
}

function instantOf(time: string | undefined): EpochMs | undefined {
  return time === undefined ? undefined : parseTime(time);
}
