import { FIELD_MANAGER } from '../../../api/v1alpha1/labels.ts';
import type { ForeignField } from '../../../ports/workloads.ts';
import type { FieldSet, ManagedFields, RawJob } from './raw-job.ts';

/** No Job needs more of them to tell that it was changed. */
const MAX_FIELDS = 8;
/** What is longer is cut: it is compared with the template, and the template's like is cut as well. */
const MAX_VALUE_LENGTH = 256;

/** Who, other than this operator, set `spec.suspend` to what it is. The API server moves a field's ownership with its value. */
export function suspendSetBy(job: RawJob): string | undefined {
  const owners = spokenFor(job).filter(({ fieldsV1 }) => fieldsV1?.['f:spec']?.['f:suspend'] !== undefined);
  if (owners.some(({ manager }) => manager === FIELD_MANAGER)) return undefined;
  return owners[0] === undefined ? undefined : (owners[0].manager ?? 'unknown');
}

/** Fields of the spec, `suspend` aside, that another manager set. */
export function foreignFields(job: RawJob): readonly ForeignField[] {
  const foreign = spokenFor(job).filter(({ manager }) => manager !== FIELD_MANAGER);
  return foreign.flatMap((owner) => fieldsOf(job, owner)).slice(0, MAX_FIELDS);
}

function spokenFor(job: RawJob): readonly ManagedFields[] {
  return (job.metadata.managedFields ?? []).filter(({ subresource }) => (subresource ?? '') === '');
}

function fieldsOf(job: RawJob, { manager = 'unknown', fieldsV1 }: ManagedFields): readonly ForeignField[] {
  const paths = leavesOf(fieldsV1?.['f:spec'], ['spec']).filter((path) => path.join('.') !== 'spec.suspend');
  return paths.map((path) => ({ path, value: valueAt(job, path), setBy: manager }));
}

/** Paths of plain field names; the keys of a list are one field with the list. */
function leavesOf(fields: FieldSet | undefined, path: readonly string[]): (readonly string[])[] {
  if (fields === undefined) return [];
  const below = Object.entries(fields).filter(([key]) => key.startsWith('f:'));
  if (below.length === 0 || Object.keys(fields).some((key) => key.startsWith('k:') || key.startsWith('v:'))) {
    return [path];
  }
  return below.flatMap(([key, deeper]) => leavesOf(deeper, [...path, key.slice(2)]));
}

function valueAt(job: RawJob, path: readonly string[]): string {
  let value: unknown = job;
  for (const name of path) value = (value as Record<string, unknown> | undefined)?.[name];
  return (JSON.stringify(value) as string | undefined)?.slice(0, MAX_VALUE_LENGTH) ?? '';
}
