import type { DurationMs, EpochMs } from '../domain/units.ts';
import type { KubernetesObject, ObjectReference } from './kubernetes-api.ts';
import type { NodeRequirement, NodeSelectorTerm, PreferredSchedulingTerm } from './node-selection.ts';

/** How a workload ended, in its own words. */
export interface WorkloadEnd {
  readonly outcome: 'Complete' | 'Failed';
  readonly reason: string;
  readonly message: string;
  readonly at: EpochMs;
}

/** A field that another hand than this operator's has set. */
export interface ForeignField {
  readonly path: readonly string[];
  /** Its value as JSON, cut at 256 characters. */
  readonly value: string;
  readonly setBy: string;
}

/** What a suspendable object says, as far as anything is decided by it. Small enough to keep for every job of a cluster. */
export interface Workload extends KubernetesObject {
  readonly suspended: boolean;
  /** Why this operator suspended it last; absent where it did not, or has started it since. */
  readonly suspendedFor?: string;
  /** Field manager that set `suspended` to what it is; absent where it was this operator. */
  readonly suspendSetBy?: string;
  /** Of the spec; `spec.suspend` is not among them. */
  readonly foreignFields: readonly ForeignField[];
  /** Number of the attempt that this operator started last on this very object. Absent: it never started it. */
  readonly attempt?: number;
  /** What the operator asked of nodes at that start. */
  readonly placedOn: readonly NodeRequirement[];
  /** Terms of the required node affinity, ours included; absent where there is no affinity. */
  readonly nodeTerms?: readonly NodeSelectorTerm[];
  /** Nodes that the operator preferred at that start, best first; absent where it preferred none. */
  readonly preferredNodes?: readonly string[];
  /** Terms of the preferred node affinity, ours included; absent where there are none. */
  readonly preferredTerms?: readonly PreferredSchedulingTerm[];
  /** Pods that run or wait for a node. */
  readonly activePods: number;
  readonly terminatingPods: number;
  /** Suspended, seen to be so by the object's own controller, and without active pods. */
  readonly settled: boolean;
  /** Since when the object's own controller counts it as started. */
  readonly startedAt?: EpochMs;
  /** Since when the object's own controller has seen it suspended; absent once that has seen it started. */
  readonly suspendedAt?: EpochMs;
  readonly end?: WorkloadEnd;
}

/** A pod of a workload, cut down to what is decided by it. */
export interface WorkloadPod extends KubernetesObject {
  /** uid of the workload that controls it. */
  readonly workloadUid: string;
  /** Its containers run. */
  readonly running: boolean;
  /** When the last of its containers began; absent while one has yet to. */
  readonly startedAt?: EpochMs;
  /** The scheduler finds no node for it. */
  readonly unschedulable?: { readonly since: EpochMs; readonly message: string };
}

/** What a workload is made from. */
export interface WorkloadRequest {
  readonly owner: { readonly name: string; readonly namespace: string; readonly uid: string };
  /** `spec.template` of the owner. */
  readonly template: object;
}

/** Every pod of the workload carries them all. */
export const MAX_PREFERRED_NODES = 16;

export interface WorkloadStart {
  /** Kept on the object, so that a restart knows which attempt it carries. */
  readonly attempt: number;
  readonly placement: readonly NodeRequirement[];
  /**
   * Names of nodes where its pods had better go, best first, at most {@link MAX_PREFERRED_NODES}. Its own preferences stay,
   * and it may run on others. The object keeps those of the last start where the API server takes no others any more.
   */
  readonly preferredNodes?: readonly string[];
  /** What is left of the object's own time limit; absent: as the template has it. */
  readonly timeLimit?: DurationMs;
}

/**
 * `Refused`: the API server doesn't take the object; the message has its words.
 * `NameTaken`: there is an object of that name already.
 * `CannotMove`: this API server doesn't let an object that has run be placed anew; it must be deleted and made again.
 */
export type WorkloadErrorCode = 'Refused' | 'NameTaken' | 'CannotMove';

export class WorkloadError extends Error {
  override readonly name = 'WorkloadError';
  readonly code: WorkloadErrorCode;

  constructor(code: WorkloadErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * An object that runs pods and can be suspended: batch/v1 Job is the first, JobSet and the like may follow.
 * Whatever acts on an existing object carries the resourceVersion that the decision was made on, so that a late or a
 * second hand gets a 409 and starts nothing. Throws {@link WorkloadError}, else `KubernetesApiError`.
 */
export interface SuspendableWorkload {
  /** What the API server has now; `undefined` where there is none. */
  read(ref: ObjectReference, abort: AbortSignal): Promise<Workload | undefined>;
  /** Makes it, suspended. Never changes one that exists. */
  create(request: WorkloadRequest, abort: AbortSignal): Promise<Workload>;
  /** Places it and unsuspends it, in one write. */
  start(workload: Workload, start: WorkloadStart, abort: AbortSignal): Promise<Workload>;
  /** @param reason kept on the object until it is started again, so that a restart knows why */
  suspend(workload: Workload, reason: string, abort: AbortSignal): Promise<Workload>;
  /** Deletes this very object, its pods in the background. Without a word where it is gone. */
  delete(workload: Workload, abort: AbortSignal): Promise<void>;
  /** True while a pod of a workload of that name has not ended, as the API server sees it now. */
  hasLivePods(ref: ObjectReference, abort: AbortSignal): Promise<boolean>;
}
