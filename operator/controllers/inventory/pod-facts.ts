import { shortened } from '../../api/v1alpha1/conditions.ts';
import { ACTIVE_HOURS_ANNOTATION, CARBON_AWARE_JOB_LABEL } from '../../api/v1alpha1/labels.ts';
import { parseTime } from '../../api/v1alpha1/timestamps.ts';
import type { AcceleratorResource } from '../../domain/accelerators/accelerator-resource.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { KubernetesObject, ObjectMeta, OwnerReference, ResourceType } from '../../ports/kubernetes-api.ts';
import { objectKey } from '../../runtime/cache/object-key.ts';
import { devicesHeld, type RawPodSpec } from '../pod-spec/devices-held.ts';
import { nodeFilterOf, type NodeFilter } from '../pod-spec/node-filter.ts';
import { firstLabel } from './owner.ts';

export const PODS: ResourceType = { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true };

/** core/v1 Pod, the fields that are read. */
export interface RawPod extends KubernetesObject {
  readonly spec?: RawPodSpec;
  readonly status?: {
    readonly phase?: string;
    readonly startTime?: string;
    readonly conditions?: readonly RawPodCondition[];
    readonly containerStatuses?: readonly RawContainerStatus[];
  };
}

interface RawContainerStatus {
  readonly state?: RawContainerState;
  /** Of the run before, where it was restarted. */
  readonly lastState?: RawContainerState;
}

interface RawContainerState {
  readonly running?: { readonly startedAt?: string };
  readonly terminated?: { readonly startedAt?: string };
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

/** A pod that has not ended, as the inventory and the controller of its job see it: a `WorkloadPod`, and what it holds. */
export interface PodFacts extends KubernetesObject {
  /** uid of the Job that controls it; empty where none does. */
  readonly workloadUid: string;
  /** Its containers run, and nobody deletes it. */
  readonly running: boolean;
  /** When the last of its containers began; absent while one has yet to, as its image or an init container is on its way. */
  readonly startedAt?: EpochMs;
  /** The scheduler finds no node for it: since when, and its words. */
  readonly unschedulable?: { readonly since: EpochMs; readonly message: string };
  /** On which nodes it may be; absent for one that is not unschedulable, and where it may be on any. */
  readonly nodeFilter?: NodeFilter;
  /** Key of the CarbonAwareJob whose Job made it; absent for the pods of others. */
  readonly job?: string;
  /** Absent until it is bound: it holds nothing yet. It holds what it holds until it has ended, deleted or not. */
  readonly node?: string;
  readonly holds: readonly HeldDevices[];
  /** What the pod says of those who use it; absent for one that holds no devices. */
  readonly user?: PodUser;
}

/** Whose a pod is, and since when it holds what it holds. */
export interface PodUser {
  /** Absent for a pod that somebody made by hand. */
  readonly controller?: Link;
  /** Value of the first of the owner labels that it has. */
  readonly owner?: string;
  /** Value of its annotation `sunward.dev/active-hours`. */
  readonly activeHours?: string;
  /** When it was bound. */
  readonly heldSince: EpochMs;
}

/** One object of a chain of controllers. */
export type Link = Pick<OwnerReference, 'apiVersion' | 'kind' | 'name' | 'uid'>;

export interface PodProjection {
  readonly resources: readonly AcceleratorResource[];
  /** Labels that name who answers for a workload, best first. */
  readonly ownerLabels: readonly string[];
}

/** What is read of pods, and of their templates, by the configuration. */
export function podProjectionOf({ accelerators, usage }: ProjectionSettings): PodProjection {
  return { resources: accelerators, ownerLabels: usage.ownerLabels };
}

interface ProjectionSettings {
  readonly accelerators: PodProjection['resources'];
  readonly usage: Pick<PodProjection, 'ownerLabels'>;
}

/**
 * The projection of the cache of pods, one for all who read it. A pod that has ended, and one that neither holds devices nor
 * belongs to a CarbonAwareJob, is `undefined`: of the pods of a cluster few are kept.
 */
export function projectPod(pod: RawPod, { resources, ownerLabels }: PodProjection): PodFacts | undefined {
  const { metadata, spec = {}, status = {} } = pod;
  if (status.phase === 'Succeeded' || status.phase === 'Failed') return undefined;
  const owner = metadata.ownerReferences?.find(({ controller, kind }) => controller === true && kind === 'Job');
  const job = jobOf(metadata, owner?.name);
  const holds = heldBy(spec, resources);
  if (job === undefined && holds.length === 0) return undefined;
  const isDeleted = metadata.deletionTimestamp !== undefined;
  const startedAt = startOf(status);
  const unschedulable = isDeleted ? undefined : unschedulableOf(status.conditions);
  const nodeFilter = unschedulable === undefined ? undefined : nodeFilterOf(spec);
  return {
    metadata: keptOf(metadata),
    workloadUid: owner?.uid ?? '',
    running: status.phase === 'Running' && !isDeleted,
    ...(startedAt !== undefined && { startedAt }),
    ...(unschedulable !== undefined && { unschedulable }),
    ...(nodeFilter !== undefined && { nodeFilter }),
    ...(job !== undefined && { job }),
    ...(spec.nodeName !== undefined && spec.nodeName !== '' && { node: spec.nodeName }),
    holds,
    ...(holds.length > 0 && { user: userOf(pod, ownerLabels) }),
  };
}

/** A node that tells nothing of containers, as one that is made up, tells when it took the pod in. */
function startOf({ containerStatuses = [], startTime = '' }: NonNullable<RawPod['status']>): EpochMs | undefined {
  if (containerStatuses.length === 0) return parseTime(startTime);
  const starts = containerStatuses.flatMap((container) => containerStart(container) ?? []);
  return starts.length < containerStatuses.length ? undefined : Math.max(...starts);
}

/** Of a container that was restarted, the run before tells more than that of now. */
function containerStart({ lastState, state }: RawContainerStatus): EpochMs | undefined {
  const { startedAt = '' } = lastState?.terminated ?? state?.running ?? state?.terminated ?? {};
  return parseTime(startedAt);
}

function userOf({ metadata, status = {} }: RawPod, ownerLabels: readonly string[]): PodUser {
  const controller = controllerOf(metadata);
  const owner = firstLabel(metadata.labels, ownerLabels);
  const activeHours = activeHoursOf(metadata);
  const bound = status.conditions?.find(
    (condition) => condition.type === 'PodScheduled' && condition.status === 'True',
  );
  const heldSince = bound?.lastTransitionTime ?? status.startTime ?? metadata.creationTimestamp ?? '';
  return {
    ...(controller !== undefined && { controller }),
    ...(owner !== undefined && { owner }),
    ...(activeHours !== undefined && { activeHours }),
    heldSince: parseTime(heldSince) ?? 0,
  };
}

/** More is no text of active hours; cut, it can't be read, which is said. */
const LONGEST_HOURS = 256;

/** Value of the annotation that says when devices are needed. */
export function activeHoursOf({ annotations }: ObjectMeta): string | undefined {
  const text = annotations?.[ACTIVE_HOURS_ANNOTATION];
  return text === undefined ? undefined : shortened(text, LONGEST_HOURS);
}

/** The object that controls another; `undefined` for the top of a chain. */
export function controllerOf({ ownerReferences }: ObjectMeta): Link | undefined {
  const reference = ownerReferences?.find(({ controller }) => controller === true);
  if (reference === undefined) return undefined;
  const { apiVersion, kind, name, uid } = reference;
  return { apiVersion, kind, name, uid };
}

/** The label alone anyone can write: the Job that made the pod bears the name of its CarbonAwareJob. */
function jobOf({ namespace = '', labels }: ObjectMeta, ownerName: string | undefined): string | undefined {
  const name = labels?.[CARBON_AWARE_JOB_LABEL];
  return name === undefined || name !== ownerName ? undefined : objectKey({ name, namespace });
}

function keptOf({ name, namespace, uid, deletionTimestamp }: ObjectMeta): ObjectMeta {
  return {
    name,
    ...(namespace !== undefined && { namespace }),
    ...(uid !== undefined && { uid }),
    ...(deletionTimestamp !== undefined && { deletionTimestamp }),
  };
}

function heldBy(spec: RawPodSpec, resources: readonly AcceleratorResource[]): readonly HeldDevices[] {
  return resources.flatMap(({ resource }) => {
    const devices = devicesHeld(spec, resource);
    return devices === 0 ? [] : [{ resource, devices }];
  });
}

function unschedulableOf(conditions: readonly RawPodCondition[] | undefined): PodFacts['unschedulable'] {
  const scheduled = conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status !== 'False' || scheduled.reason !== 'Unschedulable') return undefined;
  return { since: parseTime(scheduled.lastTransitionTime ?? '') ?? 0, message: scheduled.message ?? '' };
}
