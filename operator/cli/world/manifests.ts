import { API_VERSION, CARBON_AWARE_JOBS, CARBON_POLICIES, COMPUTE_SITES } from '../../api/v1alpha1/kinds.ts';
import { FieldReader, type Problem } from '../../api/v1alpha1/parse/field-reader.ts';
import type { KubernetesObject } from '../../ports/kubernetes-api.ts';
import { objectKey } from '../../runtime/cache/object-key.ts';
import { UsageError } from '../answer.ts';
import { refuseIfAny } from '../refusal.ts';
import { yamlDocuments } from '../yaml-text.ts';
import type { PlannedFrom, Resources } from './resources.ts';
import { shaped } from './shape.ts';
import { shapeOf } from './shapes.ts';

/** Objects by kind. */
export interface Manifests extends PlannedFrom {
  /** All of them. */
  readonly objects: readonly KubernetesObject[];
  /** Kinds that nothing is planned from, each once. */
  readonly others: readonly string[];
}

/**
 * Reads manifests, YAML or JSON: documents one after the other, and lists as `kubectl get -o yaml` prints them.
 * @param origin how the user calls the text, e.g. its path
 * Throws {@link UsageError} for what is no manifest, or of another version of ours, and with every field that is of another shape
 * than an API server would have let it be.
 */
export function readManifests(text: string, origin: string): Manifests {
  const problems: Problem[] = [];
  const objects = yamlDocuments(text, origin)
    .flatMap((value) => objectsOf(value, origin))
    .map((object) => wellShaped(object, problems));
  refuseIfAny(origin, problems);
  // Of specs of ours nobody has judged yet what they hold: who reads one reads it as one of unknown shape.
  const ofKind = (kind: string): readonly never[] => objects.filter((object) => object.kind === kind) as never[];
  const known: readonly string[] = [
    ...[CARBON_AWARE_JOBS, COMPUTE_SITES, CARBON_POLICIES].map(({ kind }) => kind),
    'Namespace',
    'Job',
  ];
  return {
    objects,
    sites: ofKind(COMPUTE_SITES.kind),
    policies: ofKind(CARBON_POLICIES.kind),
    namespaces: ofKind('Namespace'),
    jobs: ofKind(CARBON_AWARE_JOBS.kind),
    workloads: ofKind('Job'),
    others: [...new Set(objects.map(({ kind = '' }) => kind).filter((kind) => !known.includes(kind)))],
  };
}

/** What stands in files alone: no cluster is asked. Throws {@link UsageError} where there is no site. */
export function resourcesFrom(manifests: Manifests, origin: string, namespace: string): Resources {
  const { objects: _, others, ...resources } = manifests;
  if (resources.sites.length === 0) {
    throw new UsageError(
      `${origin} has no ComputeSite: write one, or save those of a cluster with kubectl get computesites -o yaml`,
    );
  }
  const ignored = others.length === 0 ? [] : [`${origin}: nothing is planned from ${others.join(', ')}`];
  // As kubectl apply would put them.
  const inNamespace = <T extends KubernetesObject>(object: T): T => ({
    ...object,
    metadata: { ...object.metadata, namespace: object.metadata.namespace ?? namespace },
  });
  return {
    ...resources,
    jobs: resources.jobs.map(inNamespace),
    workloads: resources.workloads.map(inNamespace),
    namespace,
    notes: ignored,
  };
}

function objectsOf(value: unknown, origin: string): readonly KubernetesObject[] {
  const fields = (typeof value === 'object' && value !== null ? value : {}) as Readonly<Record<string, unknown>>;
  const { apiVersion, kind, items, metadata } = fields;
  if (typeof kind !== 'string' || typeof apiVersion !== 'string') {
    throw new UsageError(`${origin} has a document without apiVersion and kind: write a Kubernetes manifest there`);
  }
  if (kind.endsWith('List') && Array.isArray(items)) {
    return items.flatMap((item) => objectsOf(ofList(item, { apiVersion, kind }), origin));
  }
  if (apiVersion.startsWith('sunward.dev/') && apiVersion !== API_VERSION) {
    throw new UsageError(`${origin} has apiVersion "${apiVersion}": this version reads ${API_VERSION}`);
  }
  const { name } = (metadata ?? {}) as { readonly name?: unknown };
  if (typeof name !== 'string' || name === '') {
    throw new UsageError(`${origin} has a ${kind} without metadata.name: give it one`);
  }
  return [fields as unknown as KubernetesObject];
}

/** As an API server would have sent it; what can't be so is added to the problems. */
function wellShaped(object: KubernetesObject, problems: Problem[]): KubernetesObject {
  const { kind = '', metadata } = object;
  const found: Problem[] = [];
  const read = shaped(shapeOf(kind), new FieldReader('', object, found));
  // Paths begin at the root, which has no name but that of the object.
  const place = (field: string): string => `${kind} ${objectKey(metadata)}, ${field.slice(1)}`;
  problems.push(...found.map((problem) => ({ ...problem, field: place(problem.field) })));
  return read as KubernetesObject;
}

/** Items of a typed list bear neither: the list's own say what they are. */
function ofList(item: unknown, list: { readonly apiVersion: string; readonly kind: string }): unknown {
  if (typeof item !== 'object' || item === null || 'kind' in item) return item;
  return { apiVersion: list.apiVersion, kind: list.kind.replace(/List$/, ''), ...item };
}
