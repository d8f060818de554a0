import { CARBON_AWARE_JOB_LABEL } from '../../api/v1alpha1/labels.ts';
import { parseTime } from '../../api/v1alpha1/timestamps.ts';
import type { AcceleratorResource } from '../../domain/accelerator-resource.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { KubernetesObject, ResourceType } from '../../ports/kubernetes-api.ts';
import { objectKey } from '../../runtime/cache/object-key.ts';
import { devicesHeld, type RawPodSpec } from './devices-held.ts';

export const PODS: ResourceType = { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true };

/** core/v1 Pod, the fields that are read. */
export interface RawPod extends KubernetesObject {
  readonly spec?: RawPodSpec;
  readonly status?: { readonly phase?: string; readonly conditions?: readonly RawPodCondition[] };
}

interface RawPodCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

/** Devices of one resource. */
export interface HeldDevices {
  readonly resource: string;
  readonly devices: number;
}

/** What the scheduler says of a pod that it finds no node for. */
export interface UnschedulableFacts {
  readonly since: EpochMs;
  readonly message: string;
}

/** A pod that has not ended, as the inventory and the controller of its job see it. */
export interface PodFacts {
  /** `namespace/name`. */
  readonly key: string;
  /** Key of the CarbonAwareJob whose Job made it; `undefined` for the pods of others. */
  readonly job: string | undefined;
  /** `undefined` until it is bound: it holds nothing yet. */
  readonly node: string | undefined;
  readonly holds: readonly HeldDevices[];
  /** It is being deleted; it holds what it holds until it is gone. */
  readonly isTerminating: boolean;
  /** Bound, and at least one of its containers has started. */
  readonly isRunning: boolean;
  readonly unschedulable: UnschedulableFacts | undefined;
}

/**
 * The projection of the cache of pods, one for all who read it. A pod that has ended, and one that neither holds devices nor
 * belongs to a CarbonAwareJob, is `undefined`: of the pods of a cluster few are kept.
 */
export function projectPod(pod: RawPod, resources: readonly AcceleratorResource[]): PodFacts | undefined {
  const { metadata, spec = {}, status = {} } = pod;
  if (status.phase === 'Succeeded' || status.phase === 'Failed') return undefined;
  const job = jobOf(metadata);
  const holds = resources.flatMap(({ resource }) => {
    const devices = devicesHeld(spec, resource);
    return devices === 0 ? [] : [{ resource, devices }];
  });
  if (job === undefined && holds.length === 0) return undefined;
  return {
    key: objectKey(metadata),
    job,
    node: spec.nodeName === '' ? undefined : spec.nodeName,
    holds,
    isTerminating: metadata.deletionTimestamp !== undefined,
    isRunning: status.phase === 'Running',
    unschedulable: unschedulableOf(status.conditions),
  };
}

/** The label alone anyone can write: the Job that made the pod bears the name of its CarbonAwareJob. */
function jobOf({ namespace, labels, ownerReferences }: RawPod['metadata']): string | undefined {
  const name = labels?.[CARBON_AWARE_JOB_LABEL];
  if (name === undefined) return undefined;
  const owner = ownerReferences?.find(({ controller }) => controller === true);
  if (owner?.kind !== 'Job' || owner.name !== name) return undefined;
  return objectKey({ name, ...(namespace !== undefined && { namespace }) });
}

function unschedulableOf(conditions: readonly RawPodCondition[] | undefined): UnschedulableFacts | undefined {
  const scheduled = conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status !== 'False' || scheduled.reason !== 'Unschedulable') return undefined;
  const since = parseTime(scheduled.lastTransitionTime ?? '');
  return since === undefined ? undefined : { since, message: scheduled.message ?? '' };
}
