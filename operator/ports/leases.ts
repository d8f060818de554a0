import type { KubernetesObject, ResourceType } from './kubernetes-api.ts';

/** coordination.k8s.io/v1 Lease, the fields that leader election reads and writes. */
export interface Lease extends KubernetesObject {
  readonly spec?: LeaseSpec;
}

export interface LeaseSpec {
  /** Who holds it; empty or absent where nobody does. */
  readonly holderIdentity?: string;
  /** How long other contenders wait from its last change on, each by its own clock. */
  readonly leaseDurationSeconds?: number;
  /** MicroTime: RFC 3339 with six fractional digits. For people: no contender compares it with its clock. */
  readonly acquireTime?: string;
  readonly renewTime?: string;
  /** How often the lease has changed hands. */
  readonly leaseTransitions?: number;
}

export const LEASES: ResourceType = {
  group: 'coordination.k8s.io',
  version: 'v1',
  plural: 'leases',
  kind: 'Lease',
  namespaced: true,
};
