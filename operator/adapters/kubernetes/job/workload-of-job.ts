import { CARBON_AWARE_JOB_LABEL } from '../../../api/v1alpha1/labels.ts';
import { parseTime } from '../../../api/v1alpha1/timestamps.ts';
import type { EpochMs } from '../../../domain/units.ts';
import type { ObjectMeta } from '../../../ports/kubernetes-api.ts';
import type { Workload, WorkloadEnd } from '../../../ports/workloads.ts';
import { ATTEMPT_ANNOTATION, PLACED_ON_ANNOTATION, PREFERS_ANNOTATION } from './annotations.ts';
import { SUSPENDED_FOR_ANNOTATION } from './annotations.ts';
import { parseAttempt, parseNodes, parsePlacement } from './annotations.ts';
import { foreignFields, suspendSetBy } from './foreign-fields.ts';
import type { JobCondition, RawJob } from './raw-job.ts';

/** A batch/v1 Job, cut down to what is decided by it: the projection of the cache of Jobs. */
export function workloadOfJob(job: RawJob): Workload {
  const suspended = job.spec?.suspend === true;
  const suspension = job.status?.conditions?.find(({ type, status }) => type === 'Suspended' && status === 'True');
  const activePods = job.status?.active ?? 0;
  const attempt = parseAttempt(job.metadata.annotations?.[ATTEMPT_ANNOTATION]);
  const affinity = job.spec?.template?.spec?.affinity?.nodeAffinity;
  return {
    metadata: metadataOf(job.metadata),
    suspended,
    ...(suspended && optional('suspendedFor', job.metadata.annotations?.[SUSPENDED_FOR_ANNOTATION])),
    ...optional('suspendSetBy', suspendSetBy(job)),
    foreignFields: foreignFields(job),
    ...optional('attempt', attempt),
    placedOn: parsePlacement(job.metadata.annotations?.[PLACED_ON_ANNOTATION]),
    ...optional('nodeTerms', affinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms),
    ...optional('preferredNodes', parseNodes(job.metadata.annotations?.[PREFERS_ANNOTATION])),
    ...optional('preferredTerms', affinity?.preferredDuringSchedulingIgnoredDuringExecution),
    activePods,
    terminatingPods: job.status?.terminating ?? 0,
    settled: suspended && suspension !== undefined && activePods === 0,
    ...optional('startedAt', instantOf(job.status?.startTime)),
    ...optional('suspendedAt', instantOf(suspension?.lastTransitionTime)),
    ...optional('end', endOf(job)),
  };
}

/** Complete and Failed are the last words of the Job controller: it sets them once no pod is left. */
function endOf(job: RawJob): WorkloadEnd | undefined {
  const condition = job.status?.conditions?.find(
    ({ type, status }) => status === 'True' && (type === 'Complete' || type === 'Failed'),
  );
  const outcome = condition?.type;
  if (condition === undefined || (outcome !== 'Complete' && outcome !== 'Failed')) return undefined;
  const { reason = outcome, message = '' } = condition;
  return { outcome, reason, message, at: endedAt(job, condition) };
}

function endedAt(job: RawJob, condition: JobCondition): EpochMs {
  return instantOf(job.status?.completionTime) ?? instantOf(condition.lastTransitionTime) ?? 0;
}

function instantOf(time: string | undefined): EpochMs | undefined {
  return time === undefined ? undefined : parseTime(time);
}

/** Annotations and managedFields stay behind: they are the largest part of many a Job. */
function metadataOf(metadata: ObjectMeta): ObjectMeta {
  const { name, namespace, uid, resourceVersion, creationTimestamp, deletionTimestamp, ownerReferences } = metadata;
  const owner = metadata.labels?.[CARBON_AWARE_JOB_LABEL];
  return {
    name,
    ...optional('namespace', namespace),
    ...optional('uid', uid),
    ...optional('resourceVersion', resourceVersion),
    ...optional('creationTimestamp', creationTimestamp),
    ...optional('deletionTimestamp', deletionTimestamp),
    ...optional('ownerReferences', ownerReferences),
    ...(owner !== undefined && { labels: { [CARBON_AWARE_JOB_LABEL]: owner } }),
  };
}

function optional<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return (value === undefined ? {} : { [key]: value }) as Partial<Record<K, V>>;
}
