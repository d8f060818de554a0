import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import type { Clock, DurationMs } from '../../ports/clock.ts';
import { KubernetesApiError } from '../../ports/kubernetes-api.ts';
import type { KubernetesApi, KubernetesObject, ResourceType } from '../../ports/kubernetes-api.ts';

/** The fields of a CustomResourceDefinition that its registration needs. */
export interface Definition extends KubernetesObject {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly plural: string };
    readonly versions: readonly { readonly name: string }[];
  };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

const DEFINITIONS: ResourceType = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
  kind: 'CustomResourceDefinition',
  namespaced: false,
};
const POLL_MS: DurationMs = 100;

export async function readDefinition(path: string): Promise<Definition> {
  const definition = parse(await readFile(path, 'utf8')) as Partial<Definition> | null;
  if (definition?.apiVersion?.startsWith('apiextensions.k8s.io/') !== true) {
    throw new Error(`${path} is no CustomResourceDefinition: its apiVersion is ${definition?.apiVersion ?? 'missing'}`);
  }
  return definition as Definition;
}

/** Creates the definition where it isn't there, leaves one alone that is, and waits until its resource is served. */
export async function registerDefinition(
  definition: Definition,
  { api, clock, fieldManager }: { api: KubernetesApi; clock: Clock; fieldManager: string },
  abort: AbortSignal,
): Promise<'Created' | 'Present'> {
  let result: 'Created' | 'Present' = 'Created';
  try {
    await api.create(DEFINITIONS, definition, { fieldManager }, abort);
  } catch (error) {
    if (!(error instanceof KubernetesApiError && error.reason === 'AlreadyExists')) throw error;
    result = 'Present';
  }
  while (!isEstablished(await api.get<Definition>(DEFINITIONS, definition.metadata, abort)))
    await clock.sleep(POLL_MS, abort);
  return result;
}

function isEstablished({ status }: Definition): boolean {
  return (
    status?.conditions?.some((condition) => condition.type === 'Established' && condition.status === 'True') ?? false
  );
}
