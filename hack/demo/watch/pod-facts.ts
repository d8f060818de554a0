import { REGION_LABEL } from '../../../operator/api/v1alpha1/labels.ts';
import type { EpochMs } from '../../../operator/domain/units.ts';
import type { KubernetesObject } from '../../../operator/ports/kubernetes-api.ts';

/** core/v1 Pod, the fields that are read. */
export interface RawPod extends KubernetesObject {
  readonly spec?: {
    readonly nodeName?: string;
    readonly containers?: readonly { readonly resources?: { readonly limits?: Readonly<Record<string, string>> } }[];
    readonly affinity?: {
      readonly nodeAffinity?: { readonly requiredDuringSchedulingIgnoredDuringExecution?: NodeSelector };
    };
  };
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string }[];
    readonly containerStatuses?: readonly { readonly state?: ContainerState }[];
  };
}

interface NodeSelector {
  readonly nodeSelectorTerms?: readonly {
    readonly matchExpressions?: readonly { readonly key: string; readonly values?: readonly string[] }[];
  }[];
}

interface ContainerState {
  readonly running?: { readonly startedAt?: string };
  readonly terminated?: { readonly startedAt?: string; readonly finishedAt?: string };
}

/** What the demo reads of a pod. Times are as the API server keeps them: cut to the second. */
export interface PodFacts {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  /** The Job that it belongs to, by name and uid. */
  readonly job: string;
  readonly jobUid: string;
  /** Absent until the scheduler has found one. */
  readonly node: string | undefined;
  readonly gpus: number;
  readonly phase: string;
  readonly startedAt: EpochMs | undefined;
  readonly endedAt: EpochMs | undefined;
  /** The scheduler finds no node. */
  readonly unschedulable: boolean;
  /** Region that it is bound to by its node affinity. */
  readonly region: string | undefined;
}

/** `undefined` for a pod of no Job. */
export function podFacts(pod: RawPod): PodFacts | undefined {
  const job = pod.metadata.ownerReferences?.find(({ kind }) => kind === 'Job');
  if (job === undefined) return undefined;
  const states = pod.status?.containerStatuses?.map(({ state }) => state) ?? [];
  return {
    uid: pod.metadata.uid ?? '',
    name: pod.metadata.name,
    namespace: pod.metadata.namespace ?? '',
    job: job.name,
    jobUid: job.uid,
    node: pod.spec?.nodeName,
    gpus: gpusOf(pod),
    phase: pod.status?.phase ?? 'Pending',
    startedAt: earliest(states.map((state) => state?.running?.startedAt ?? state?.terminated?.startedAt)),
    endedAt: earliest(states.map((state) => state?.terminated?.finishedAt)),
    unschedulable:
      pod.status?.conditions?.some(({ type, reason }) => type === 'PodScheduled' && reason === 'Unschedulable') ??
      false,
    region: regionOf(pod),
  };
}

function gpusOf(pod: RawPod): number {
  const limits = pod.spec?.containers?.map(({ resources }) => Number(resources?.limits?.['nvidia.com/gpu'] ?? 0)) ?? [];
  return limits.reduce((sum, gpus) => sum + gpus, 0);
}

function regionOf(pod: RawPod): string | undefined {
  const required = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const expressions = required?.nodeSelectorTerms?.flatMap(({ matchExpressions }) => matchExpressions ?? []) ?? [];
  return expressions.find(({ key }) => key === REGION_LABEL)?.values?.[0];
}

function earliest(times: readonly (string | undefined)[]): EpochMs | undefined {
  const instants = times.filter((time) => time !== undefined).map((time) => Date.parse(time));
  return instants.length === 0 ? undefined : Math.min(...instants);
}
