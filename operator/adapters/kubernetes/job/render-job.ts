import { API_VERSION, CARBON_AWARE_JOBS } from '../../../api/v1alpha1/kinds.ts';
import { CARBON_AWARE_JOB_LABEL } from '../../../api/v1alpha1/labels.ts';
import { SECOND_MS } from '../../../domain/units.ts';
import type { KubernetesObject, OwnerReference } from '../../../ports/kubernetes-api.ts';
import type { Workload, WorkloadRequest, WorkloadStart } from '../../../ports/workloads.ts';
import { placedTerms, unplacedTerms } from './affinity.ts';
import { ATTEMPT_ANNOTATION, PLACED_ON_ANNOTATION, PREFERS_ANNOTATION } from './annotations.ts';
import { NOTED_ANNOTATIONS, SUSPENDED_FOR_ANNOTATION } from './annotations.ts';
import { formatNodes, formatPlacement } from './annotations.ts';
import { notPreferring, preferring } from './preferred-nodes.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The whole Job from a batch/v1 JobTemplateSpec: suspended, with our label on it and on its pods, controlled by its
 * CarbonAwareJob. `ttlSecondsAfterFinished` stays behind: the operator deletes the Job itself, once its end is recorded. So does
 * what it noted on a Job that somebody made the template of: it would be read as said of this one.
 */
export function renderJob({ owner, template }: WorkloadRequest): KubernetesObject & { readonly spec: Fields } {
  const { metadata, spec } = template as { metadata?: Fields; spec?: Fields };
  const { ttlSecondsAfterFinished: _, ...kept } = spec ?? {};
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: owner.name,
      namespace: owner.namespace,
      labels: labelled(metadata?.['labels'], owner.name) as Record<string, string>,
      ...(metadata?.['annotations'] !== undefined && {
        annotations: withoutNotes(metadata['annotations']) as Record<string, string>,
      }),
      ownerReferences: [controllerReference(owner)],
    },
    spec: { ...kept, suspend: true, template: labelledPods(kept['template'], owner.name) },
  };
}

/** The merge patch that places the Job and unsuspends it. */
export function startPatch(workload: Workload, start: WorkloadStart): object {
  const { attempt, placement, preferredNodes = [], timeLimit } = start;
  const nodeAffinity = { ...requiredIn(workload, start), ...preferredIn(workload, start) };
  return {
    metadata: {
      ...identity(workload),
      annotations: {
        [ATTEMPT_ANNOTATION]: String(attempt),
        [PLACED_ON_ANNOTATION]: formatPlacement(placement),
        ...(prefersAnew(workload, start) && { [PREFERS_ANNOTATION]: formatNodes(preferredNodes) }),
        ...(workload.suspendedFor !== undefined && { [SUSPENDED_FOR_ANNOTATION]: null }),
      },
    },
    spec: {
      suspend: false,
      ...(timeLimit !== undefined && { activeDeadlineSeconds: Math.max(1, Math.ceil(timeLimit / SECOND_MS)) }),
      ...(Object.keys(nodeAffinity).length > 0 && { template: { spec: { affinity: { nodeAffinity } } } }),
    },
  };
}

/** Whether the start prefers other nodes than the Job does now; the same in another order are others. */
export function prefersAnew(
  { preferredNodes: before = [] }: Workload,
  { preferredNodes = [] }: WorkloadStart,
): boolean {
  return before.length !== preferredNodes.length || before.some((node, k) => node !== preferredNodes[k]);
}

function requiredIn({ nodeTerms, placedOn }: Workload, { placement }: WorkloadStart): object {
  const terms = placedTerms(unplacedTerms(nodeTerms, placedOn), placement);
  if (terms === undefined && nodeTerms === undefined) return {};
  const required = terms === undefined ? null : { nodeSelectorTerms: terms };
  return { requiredDuringSchedulingIgnoredDuringExecution: required };
}

function preferredIn(workload: Workload, start: WorkloadStart): object {
  if (!prefersAnew(workload, start)) return {};
  const others = notPreferring(workload.preferredTerms, workload.preferredNodes ?? []);
  return { preferredDuringSchedulingIgnoredDuringExecution: preferring(others, start.preferredNodes ?? []) ?? null };
}

export function suspendPatch(workload: Workload, reason: string): object {
  const annotations = { [SUSPENDED_FOR_ANNOTATION]: reason };
  return { metadata: { ...identity(workload), annotations }, spec: { suspend: true } };
}

/** Makes a patch a compare-and-swap on the very object that was judged. */
function identity({ metadata: { uid, resourceVersion } }: Workload): object {
  return { uid, resourceVersion };
}

function controllerReference({ name, uid }: WorkloadRequest['owner']): OwnerReference {
  const { kind } = CARBON_AWARE_JOBS;
  return { apiVersion: API_VERSION, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

function labelledPods(podTemplate: unknown, owner: string): unknown {
  if (!isFields(podTemplate)) return podTemplate;
  const metadata = podTemplate['metadata'] ?? {};
  if (!isFields(metadata)) return podTemplate;
  return { ...podTemplate, metadata: { ...metadata, labels: labelled(metadata['labels'], owner) } };
}

function withoutNotes(annotations: unknown): unknown {
  if (!isFields(annotations)) return annotations;
  return Object.fromEntries(Object.entries(annotations).filter(([name]) => !NOTED_ANNOTATIONS.includes(name)));
}

/** What is no map of labels is passed on as it is, for the API server to refuse in its own words. */
function labelled(labels: unknown, owner: string): unknown {
  if (labels !== undefined && labels !== null && !isFields(labels)) return labels;
  return { ...labels, [CARBON_AWARE_JOB_LABEL]: owner };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
