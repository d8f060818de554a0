import type { WorkloadIdentity } from '../../accounting/length-history/length-history.ts';
import type { CarbonAwareJob, CarbonAwareJobStatus } from '../../api/v1alpha1/carbon-aware-job.generated.ts';
import { findCondition } from '../../api/v1alpha1/conditions.ts';
import { API_VERSION, CARBON_AWARE_JOBS } from '../../api/v1alpha1/kinds.ts';
import { describeProblems, type Reading } from '../../api/v1alpha1/parse/field-reader.ts';
import type { JobReason } from '../../api/v1alpha1/reasons.ts';
import { parseCarbonAwareJob, type CarbonAwareJobSpecParsed } from '../../api/v1alpha1/parse/carbon-aware-job.ts';
import { parseTime } from '../../api/v1alpha1/timestamps.ts';
import { SECOND_MS, type DurationMs, type EpochMs } from '../../domain/units.ts';
import type { KubernetesObject, ObjectMeta } from '../../ports/kubernetes-api.ts';
import { firstLabel } from '../inventory/owner.ts';
import type { PodProjection } from '../inventory/pod-facts.ts';
import { podLabelsOf } from '../pod-spec/unstructured.ts';
import { openAttempt, readAttempt, type Attempt } from './attempts/attempts.ts';
import { demandOf, type Demand } from './template/demand.ts';
import { templateRefusal } from './template/template-rules.ts';
import { workloadIdentity } from './template/workload-identity.ts';

/** Why a job is not carried out. */
export interface Refusal {
  readonly reason: JobReason;
  readonly message: string;
}

/** A CarbonAwareJob as the cache holds it: read once when it comes, not at every look. */
export interface JobRecord extends KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly createdAt: EpochMs;
  readonly spec: Reading<CarbonAwareJobSpecParsed>;
  readonly demand: Demand;
  /** By which its length can be learnt from others, and theirs from its own. */
  readonly identity: WorkloadIdentity;
  /** Whom the labels of its pods name, as far as owner labels are asked for. */
  readonly owner: string | undefined;
  readonly status: CarbonAwareJobStatus;
  readonly attempts: readonly Attempt[];
}

/** The projection of the cache of CarbonAwareJobs. */
export function jobRecordOf(
  job: CarbonAwareJob,
  { resources, ownerLabels = [] }: Partial<PodProjection> = {},
): JobRecord {
  const { name, namespace, uid, resourceVersion, generation, creationTimestamp, deletionTimestamp } = job.metadata;
  const { template } = (job.spec as { readonly template?: unknown } | undefined) ?? {};
  return {
    apiVersion: API_VERSION,
    kind: CARBON_AWARE_JOBS.kind,
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(uid !== undefined && { uid }),
      ...(resourceVersion !== undefined && { resourceVersion }),
      ...(generation !== undefined && { generation }),
      ...(creationTimestamp !== undefined && { creationTimestamp }),
      ...(deletionTimestamp !== undefined && { deletionTimestamp }),
    },
    createdAt: timeOf(creationTimestamp) ?? 0,
    spec: parseCarbonAwareJob(job),
    demand: demandOf(template, resources),
    identity: workloadIdentity(job.metadata, template),
    owner: firstLabel(podLabelsOf(template), ownerLabels),
    status: job.status ?? {},
    attempts: (job.status?.attempts ?? []).map(readAttempt),
  };
}

/** Which job of its name this is, and which of its specs. */
export function revisionOf({ metadata }: JobRecord): string {
  return `${metadata.uid ?? ''}/${metadata.generation ?? 0}`;
}

/** What is wrong with the job itself, before the API server is asked. */
export function refusalOf({ spec }: JobRecord): Refusal | undefined {
  if (!spec.ok) return { reason: 'InvalidSpec', message: describeProblems(spec.problems) };
  return templateRefusal(spec.value.template);
}

/** Complete or Failed is written: nothing is planned or run any more. */
export function isOver({ status }: Pick<JobRecord, 'status'>): boolean {
  return ['Complete' as const, 'Failed' as const].some(
    (type) => findCondition(status.conditions, type)?.status === 'True',
  );
}

/** The template or another field can't be used, for the spec as it is now. */
export function isRefused({ metadata, status }: Pick<JobRecord, 'metadata' | 'status'>): boolean {
  const accepted = findCondition(status.conditions, 'Accepted');
  return accepted?.status === 'False' && (accepted.observedGeneration ?? 0) >= (metadata.generation ?? 0);
}

export function isAccepted({ status }: JobRecord): boolean {
  return findCondition(status.conditions, 'Accepted')?.status === 'True';
}

/** Since when the pods of the open attempt run, by the condition that outlives a restart of the operator. */
export function runningSince({ status, attempts }: Pick<JobRecord, 'status' | 'attempts'>): EpochMs | undefined {
  const running = findCondition(status.conditions, 'Running');
  const open = openAttempt(attempts);
  if (running?.status !== 'True' || open === undefined) return undefined;
  return Math.max(timeOf(running.lastTransitionTime) ?? open.startedAt, open.startedAt);
}

export function unlistedWork({ status }: JobRecord): DurationMs {
  return (status.completedWork ?? 0) * SECOND_MS;
}

function timeOf(text: string | undefined): EpochMs | undefined {
  return text === undefined ? undefined : parseTime(text);
}
