import type { RawJob } from '../../adapters/kubernetes/job/raw-job.ts';
import type { CarbonAwareJob } from '../../api/v1alpha1/carbon-aware-job.generated.ts';
import type { CarbonPolicy } from '../../api/v1alpha1/carbon-policy.generated.ts';
import type { ComputeSite } from '../../api/v1alpha1/compute-site.generated.ts';
import type { KubernetesObject } from '../../ports/kubernetes-api.ts';

/** The objects that a plan is made from. */
export interface PlannedFrom {
  readonly sites: readonly ComputeSite[];
  readonly policies: readonly CarbonPolicy[];
  readonly namespaces: readonly KubernetesObject[];
  readonly jobs: readonly CarbonAwareJob[];
  /** Jobs that carry CarbonAwareJobs out. */
  readonly workloads: readonly RawJob[];
}

/** The same wherever they were read, with what is known about the reading. */
export interface Resources extends PlannedFrom {
  /** Where a job is that names no namespace. */
  readonly namespace: string;
  /** What could not be seen and what was taken for it, in sentences. */
  readonly notes: readonly string[];
}
