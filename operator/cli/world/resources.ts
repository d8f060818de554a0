import type { RawJob } from '../../adapters/kubernetes/job/raw-job.ts';
import type { CarbonAwareJob } from '../../api/v1alpha1/carbon-aware-job.generated.ts';
import type { CarbonPolicy } from '../../api/v1alpha1/carbon-policy.generated.ts';
import type { ComputeSite } from '../../api/v1alpha1/compute-site.generated.ts';
import type { KubernetesObject } from '../../ports/kubernetes-api.ts';

/** The objects that a plan is made from, wherever they were read. */
export interface Resources {
  readonly sites: readonly ComputeSite[];
  readonly policies: readonly CarbonPolicy[];
  readonly namespaces: readonly KubernetesObject[];
  readonly jobs: readonly CarbonAwareJob[];
  /** Jobs that carry CarbonAwareJobs out. */
  readonly workloads: readonly RawJob[];
  /** Where a job is that names no namespace. */
  readonly namespace: string;
  /** What could not be seen and what was taken for it, in sentences. */
  readonly notes: readonly string[];
}
