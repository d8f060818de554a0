import { CONFIG_SCHEMA } from '../../operator/config/schema.ts';
import { schemaOf, type CustomResourceDefinition, type StructuralSchema } from '../custom-resource-definitions.ts';

/** As much of JSON Schema as Helm judges values by. */
export interface ValuesSchema {
  readonly [keyword: string]: unknown;
  readonly properties?: Readonly<Record<string, ValuesSchema>>;
}

const text: ValuesSchema = { type: 'string' };
const flag: ValuesSchema = { type: 'boolean' };
/** What Kubernetes judges, e.g. a node selector. */
const anyObject: ValuesSchema = { type: 'object' };
const anyObjects: ValuesSchema = { type: 'array', items: anyObject };
const texts: ValuesSchema = { type: 'object', additionalProperties: text };
/** A name of Kubernetes: RFC 1123. */
const objectName: ValuesSchema = { type: 'string', pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$', maxLength: 253 };
const secretName: ValuesSchema = { anyOf: [{ const: '' }, objectName] };
const DURATION: ValuesSchema = { type: 'string', pattern: '^([0-9]+(ms|s|m|h))+$' };
const URL: ValuesSchema = { type: 'string', pattern: '^https?://' };

/** Known fields only: a misspelt value is refused, not ignored. */
function object(properties: Readonly<Record<string, ValuesSchema>>): ValuesSchema {
  return { type: 'object', additionalProperties: false, properties };
}

/** Of the chart's values: sites, policies and the configuration are judged before anything is sent to the cluster. */
export function valuesSchema(definitions: readonly CustomResourceDefinition[]): ValuesSchema {
  const specOf = (kind: string): ValuesSchema => specSchema(definitions, kind);
  const named = (kind: string): ValuesSchema => ({
    type: 'array',
    items: { ...object({ name: objectName, spec: specOf(kind) }), required: ['name', 'spec'] },
  });
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Values of the chart sunward',
    ...object({
      // What a chart that has this one as its part hands down to all of its parts.
      global: anyObject,
      replicas: { type: 'integer', minimum: 1, maximum: 9 },
      image: object({
        repository: { type: 'string', minLength: 1 },
        tag: text,
        digest: { type: 'string', pattern: '^(sha256:[0-9a-f]{64})?$' },
        pullPolicy: { enum: ['Always', 'IfNotPresent', 'Never'] },
      }),
      imagePullSecrets: { type: 'array', items: { ...object({ name: objectName }), required: ['name'] } },
      sites: named('ComputeSite'),
      policies: named('CarbonPolicy'),
      defaultPolicy: object({ create: flag, spec: specOf('CarbonPolicy') }),
      config: configSchema(),
      providerKeys: object({
        electricityMaps: object({ secretName, key: text }),
        wattTime: object({ secretName, usernameKey: text, passwordKey: text }),
        prometheus: object({ secretName, tokenKey: text }),
      }),
      extraVolumes: anyObjects,
      extraVolumeMounts: anyObjects,
      resources: anyObject,
      priorityClassName: text,
      nodeSelector: texts,
      tolerations: anyObjects,
      affinity: anyObject,
      podLabels: texts,
      podAnnotations: texts,
      serviceAccount: object({ annotations: texts }),
      rbac: object({ aggregateToUserRoles: flag }),
      podDisruptionBudget: object({ enabled: flag }),
      networkPolicy: object({ enabled: flag, metricsFrom: anyObjects, egress: anyObjects }),
      monitoring: object({
        serviceMonitor: object({ enabled: flag, interval: DURATION, labels: texts }),
        rules: object({ enabled: flag, labels: texts }),
        dashboards: object({ enabled: flag, labels: texts, annotations: texts }),
      }),
    }),
  };
}

/** That of the operator's own configuration, less what the chart sets itself. */
function configSchema(): ValuesSchema {
  const { server: _, leaderElection, ...others } = CONFIG_SCHEMA.properties;
  const { enabled: __, ...timing } = leaderElection.properties;
  return asHelmReads(object({ ...others, leaderElection: object(timing) }));
}

/** Without what only the operator's validator knows: Helm's ignores formats that are not its own, and fills in no defaults. */
function asHelmReads(schema: ValuesSchema): ValuesSchema {
  const { format, default: _, description: __, ...rest } = schema;
  const known = format === 'sunward-duration' ? DURATION : format === 'sunward-url' ? URL : rest;
  return mapSchema(known, asHelmReads);
}

/** Of the spec of a kind: its structure. Rules in CEL are the API server's to judge. */
function specSchema(definitions: readonly CustomResourceDefinition[], kind: string): ValuesSchema {
  const definition = definitions.find(({ spec }) => spec.names.kind === kind);
  const spec = definition && schemaOf(definition).properties?.['spec'];
  if (spec === undefined) throw new Error(`there is no CustomResourceDefinition of ${kind} with a spec`);
  return structural(spec);
}

const KEPT = [
  'type',
  'enum',
  'required',
  'pattern',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
  'minLength',
  'maxLength',
];

function structural(schema: StructuralSchema | ValuesSchema): ValuesSchema {
  const all = schema as ValuesSchema;
  const kept = Object.fromEntries(KEPT.filter((keyword) => keyword in all).map((keyword) => [keyword, all[keyword]]));
  const { additionalProperties, items, properties } = all;
  const isOpen = all['x-kubernetes-preserve-unknown-fields'] === true || additionalProperties !== undefined;
  const parts = { ...kept, ...(properties && { properties }), ...(items !== undefined && { items }) };
  const closed = properties === undefined || isOpen ? {} : { additionalProperties: false };
  const table = typeof additionalProperties === 'object' ? { additionalProperties } : {};
  return mapSchema({ ...parts, ...closed, ...table }, structural);
}

/** The same with what lies below it changed. */
function mapSchema(schema: ValuesSchema, change: (below: ValuesSchema) => ValuesSchema): ValuesSchema {
  const { additionalProperties, items, properties } = schema;
  const isSchema = (value: unknown): value is ValuesSchema => typeof value === 'object' && value !== null;
  return {
    ...schema,
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, below]) => [name, change(below)])),
    }),
    ...(isSchema(items) && { items: change(items) }),
    ...(isSchema(additionalProperties) && { additionalProperties: change(additionalProperties) }),
  };
}
