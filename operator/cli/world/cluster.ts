import { JOBS } from '../../adapters/kubernetes/job/job-workload.ts';
import type { RawJob } from '../../adapters/kubernetes/job/raw-job.ts';
import type { CarbonAwareJob } from '../../api/v1alpha1/carbon-aware-job.generated.ts';
import type { CarbonPolicy } from '../../api/v1alpha1/carbon-policy.generated.ts';
import type { ComputeSite } from '../../api/v1alpha1/compute-site.generated.ts';
import { CARBON_AWARE_JOBS, CARBON_POLICIES, COMPUTE_SITES } from '../../api/v1alpha1/kinds.ts';
import { CARBON_AWARE_JOB_LABEL } from '../../api/v1alpha1/labels.ts';
import { listed, must, namespacesSeen, seen, type Reader } from './reading.ts';
import type { Resources } from './resources.ts';

/**
 * What a cluster has of what a plan is made from, as far as the user may see it. Sites and policies are a must; of jobs those
 * of the user's namespace will do, and the notes say what that leaves out. Throws {@link ClusterError}.
 */
export async function resourcesOf(api: Reader, namespace: string, abort: AbortSignal): Promise<Resources> {
  const [sites, policies] = await Promise.all([
    sitesOf(api, abort),
    must(listed<CarbonPolicy>(api, CARBON_POLICIES, {}, abort)),
  ]);
  const [namespaces, jobs, workloads] = await Promise.all([
    namespacesSeen(api, namespace, abort),
    seen(namespace, (scope) => listed<CarbonAwareJob>(api, CARBON_AWARE_JOBS, scope, abort)),
    seen(namespace, (scope) => listed<RawJob>(api, JOBS, { ...scope, labelSelector: CARBON_AWARE_JOB_LABEL }, abort)),
  ]);
  const notes = jobs.isPart
    ? [`jobs of other namespaces than ${namespace} can't be seen: what they are to run later is not counted`]
    : [];
  if (sites.length === 0) notes.push('the cluster has no ComputeSite: nothing can be placed');
  return {
    sites,
    policies,
    namespaces,
    jobs: jobs.items,
    workloads: workloads.items,
    namespace,
    notes,
  };
}

/** Throws {@link ClusterError}. */
export async function sitesOf(api: Reader, abort: AbortSignal): Promise<readonly ComputeSite[]> {
  return must(listed<ComputeSite>(api, COMPUTE_SITES, {}, abort));
}
