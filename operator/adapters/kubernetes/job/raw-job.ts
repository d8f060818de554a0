import type { KubernetesObject, ObjectMeta } from '../../../ports/kubernetes-api.ts';
import type { NodeSelectorTerm, PreferredSchedulingTerm } from '../../../ports/node-selection.ts';

/** The parts of a batch/v1 Job that are read, as the API server sends them. */
export interface RawJob extends KubernetesObject {
  readonly metadata: ObjectMeta & { readonly managedFields?: readonly ManagedFields[] };
  readonly spec?: {
    readonly suspend?: boolean;
    readonly template?: {
      readonly spec?: {
        readonly affinity?: {
          readonly nodeAffinity?: {
            readonly requiredDuringSchedulingIgnoredDuringExecution?: {
              readonly nodeSelectorTerms?: readonly NodeSelectorTerm[];
            };
            readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly PreferredSchedulingTerm[];
          };
        };
      };
    };
  };
  readonly status?: {
    readonly active?: number;
    readonly terminating?: number;
    readonly startTime?: string;
    readonly completionTime?: string;
    readonly conditions?: readonly JobCondition[];
  };
}

export interface JobCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

export interface ManagedFields {
  readonly manager?: string;
  readonly subresource?: string;
  readonly fieldsV1?: FieldSet;
}

/** `f:<field>` and `k:<list key>` to what is owned below; `.` is the thing itself. */
export interface FieldSet {
  readonly [key: string]: FieldSet | undefined;
}
