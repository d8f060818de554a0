/**
 * Reading what a user wrote under `spec.template`, or in a pod. The API server judges a template when the Job is created; until then
 * any field may be of any shape, and one of a wrong shape reads as absent.
 */
export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

/** The object at the end of a path of field names. */
export function fieldsAt(value: unknown, ...path: readonly string[]): Fields {
  return fieldsOf(path.reduce<unknown>((at, name) => fieldsOf(at)[name], value));
}

/** Of the pods that a JobTemplateSpec makes. */
export function podSpecOf(template: unknown): Fields {
  return fieldsAt(template, 'spec', 'template', 'spec');
}

/** Labels of the pods that a JobTemplateSpec makes. */
export function podLabelsOf(template: unknown): Readonly<Record<string, string>> {
  const labels = Object.entries(fieldsAt(template, 'spec', 'template', 'metadata', 'labels'));
  return Object.fromEntries(labels.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
}

/** The objects of a list. */
export function itemsOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

export function wholeNumberOf(value: unknown): number | undefined {
  return Number.isSafeInteger(value) ? Number(value) : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
