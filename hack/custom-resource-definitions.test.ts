import { describe, expect, test } from '@jest/globals';
import { formatDuration } from '../operator/domain/duration.ts';
import {
  JOB_CONDITIONS,
  MAX_MESSAGE_LENGTH,
  POLICY_CONDITIONS,
  SITE_CONDITIONS,
} from '../operator/api/v1alpha1/conditions.ts';
import { SCHEMA_DEFAULTS } from '../operator/api/v1alpha1/defaults.ts';
import { CARBON_AWARE_JOBS, CARBON_POLICIES, COMPUTE_SITES } from '../operator/api/v1alpha1/kinds.ts';
import { readCustomResourceDefinitions, schemaOf, type StructuralSchema } from './custom-resource-definitions.ts';

const definitions = await readCustomResourceDefinitions();

/** Every field of every kind by its path, e.g. `CarbonAwareJob.spec.accelerators[].speed`. */
const fields = new Map(
  definitions.flatMap((definition) => [...walk(definition.spec.names.kind, schemaOf(definition))]),
);

function* walk(path: string, schema: StructuralSchema): Generator<[string, StructuralSchema]> {
  yield [path, schema];
  for (const [name, field] of Object.entries(schema.properties ?? {})) yield* walk(`${path}.${name}`, field);
  if (schema.items !== undefined) yield* walk(`${path}[]`, schema.items);
}

function pathsWhere(condition: (schema: StructuralSchema, path: string) => boolean): string[] {
  return [...fields].filter(([path, schema]) => condition(schema, path)).map(([path]) => path);
}

/** The last part of a path; with the part before it where fields of several objects have that name. */
const nameOf = (path: string) => path.replace(/^.*\.(?=(?:idle|underused)\.)|^(?!.*\.(?:idle|underused)\.).*\./, '');

const isMetadata = (path: string) => /^[A-Za-z]+\.metadata$/.test(path);
const isSpecOrStatus = (path: string) => /\.(spec|status)\b/.test(path);

describe('the CustomResourceDefinitions', () => {
  test('are of the kinds that the code speaks of', () => {
    const kinds = definitions.map(({ spec }) => ({
      group: spec.group,
      version: spec.versions[0]?.name,
      plural: spec.names.plural,
      kind: spec.names.kind,
      namespaced: spec.scope === 'Namespaced',
    }));
    expect(kinds).toEqual([CARBON_AWARE_JOBS, CARBON_POLICIES, COMPUTE_SITES]);
  });

  test('describe every field, in sentences', () => {
    const undescribed = pathsWhere(
      ({ description }, path) => !isMetadata(path) && !path.endsWith('[]') && !/[.]$/.test(description ?? ''),
    );
    expect(undescribed).toEqual([]);
  });

  test('have no floating-point number', () => {
    expect(
      pathsWhere(({ type }) => !['object', 'array', 'string', 'integer', 'boolean'].includes(String(type))),
    ).toEqual([]);
  });

  test('bound every text and every list, so that rules stay cheap and status small', () => {
    const texts = pathsWhere(
      (field, path) =>
        isSpecOrStatus(path) &&
        field.type === 'string' &&
        field.maxLength === undefined &&
        field.enum === undefined &&
        field.format !== 'date-time',
    );
    const lists = pathsWhere(({ type, maxItems }) => type === 'array' && maxItems === undefined);
    expect([...texts, ...lists]).toEqual([]);
  });

  test('say of every list how appliers share it', () => {
    expect(pathsWhere((field) => field.type === 'array' && field['x-kubernetes-list-type'] === undefined)).toEqual([]);
  });

  test('explain every rule with a message that states what is wrong and, after a semicolon, the remedy', () => {
    const messages = [...fields.values()].flatMap((field) => field['x-kubernetes-validations'] ?? []);
    expect(messages.length).toBeGreaterThan(20);
    expect(messages.filter(({ message }) => !/^[a-zA-Z.]+ .+; [a-z].+[^.]$/.test(message))).toEqual([]);
  });

  test('name every condition type that the code can set', () => {
    const described = (kind: string) => fields.get(`${kind}.status.conditions`)?.description ?? '';
    for (const type of JOB_CONDITIONS) expect(described('CarbonAwareJob')).toContain(type);
    for (const type of SITE_CONDITIONS) expect(described('ComputeSite')).toContain(type);
    for (const type of POLICY_CONDITIONS) expect(described('CarbonPolicy')).toContain(type);
  });

  test('take the longest message that the code writes', () => {
    for (const { spec } of definitions) {
      const path = `${spec.names.kind}.status.conditions[].message`;
      expect(fields.get(path)?.maxLength).toBe(MAX_MESSAGE_LENGTH);
    }
  });

  test('fill in the same defaults as the code does for objects that were stored before', () => {
    const { minimumRun, restartOverhead, moveOverhead, provisioningTime, idle, underused, ...others } = SCHEMA_DEFAULTS;
    const filledIn = Object.fromEntries(
      [...fields].flatMap(([path, field]) =>
        field.default === undefined || field.default === false ? [] : [[nameOf(path), field.default]],
      ),
    );
    expect(filledIn).toEqual({
      ...others,
      'idle.utilisationBelowPercent': idle.utilisationBelowPercent,
      'idle.for': formatDuration(idle.for),
      'idle.action': idle.action,
      'underused.utilisationBelowPercent': underused.utilisationBelowPercent,
      'underused.for': formatDuration(underused.for),
      speed: String(others.speed),
      pue: String(others.pue),
      minimumRun: formatDuration(minimumRun),
      restartOverhead: formatDuration(restartOverhead),
      moveOverhead: formatDuration(moveOverhead),
      provisioningTime: formatDuration(provisioningTime),
    });
  });
});
