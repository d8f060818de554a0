import type { CarbonPolicy, CarbonPolicyStatus } from '../../api/v1alpha1/carbon-policy.generated.ts';
import { parseCarbonPolicy, type CarbonPolicySpecParsed } from '../../api/v1alpha1/parse/carbon-policy.ts';
import type { Reading } from '../../api/v1alpha1/parse/field-reader.ts';
import { parseTime } from '../../api/v1alpha1/timestamps.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { KubernetesObject, ResourceType } from '../../ports/kubernetes-api.ts';
import { activeHoursOf } from '../inventory/pod-facts.ts';

export const NAMESPACES: ResourceType = {
  group: '',
  version: 'v1',
  plural: 'namespaces',
  kind: 'Namespace',
  namespaced: false,
};

/** A CarbonPolicy as the cache holds it: read once when it comes, not at every look. */
export interface PolicyRecord {
  readonly name: string;
  readonly resourceVersion: string | undefined;
  readonly generation: number;
  readonly createdAt: EpochMs;
  readonly spec: Reading<CarbonPolicySpecParsed>;
  readonly status: CarbonPolicyStatus;
}

/** The projection of the cache of CarbonPolicies. */
export function policyRecordOf(policy: CarbonPolicy): PolicyRecord {
  const { name, resourceVersion, generation = 0, creationTimestamp } = policy.metadata;
  return {
    name,
    resourceVersion,
    generation,
    createdAt: creationTimestamp === undefined ? 0 : (parseTime(creationTimestamp) ?? 0),
    spec: parseCarbonPolicy(policy),
    status: policy.status ?? {},
  };
}

/** What policies select by, and what a namespace says of those who use it. */
export interface NamespaceFacts {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Value of its annotation `sunward.dev/active-hours`. */
  readonly activeHours?: string;
}

/** The projection of the cache of namespaces. */
export function projectNamespace({ metadata }: KubernetesObject): NamespaceFacts {
  const { name, labels = {} } = metadata;
  const activeHours = activeHoursOf(metadata);
  return { name, labels, ...(activeHours !== undefined && { activeHours }) };
}
