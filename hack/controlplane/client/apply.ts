import { parseAllDocuments } from 'yaml';
import { waitFor } from '../process/wait.ts';
import type { ApiClient } from './api-client.ts';

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

interface DiscoveredResource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

const FIELD_MANAGER = 'sunward-controlplane';
/** How long a new CRD may take to be served. */
const DISCOVERY_TIMEOUT_MS = 15_000;

/** @throws Error that names the document which isn't a Kubernetes object or not YAML. */
export function parseManifests(yaml: string): Manifest[] {
  return parseAllDocuments(yaml).flatMap((document, index) => {
    const [error] = document.errors;
    if (error !== undefined) throw new Error(`reading manifests: document ${index + 1}: ${error.message}`);
    const object: unknown = document.toJS();
    if (object === null) return [];
    if (!isManifest(object)) {
      throw new Error(`reading manifests: document ${index + 1} lacks apiVersion, kind or metadata.name`);
    }
    return [object];
  });
}

/**
 * Server-side apply with force, one after the other, in the order given. An object whose CRD came just before waits
 * until that is served.
 * @returns what the API server stored
 */
export async function applyManifests(
  client: ApiClient,
  manifests: readonly Manifest[],
  abort?: AbortSignal,
): Promise<Manifest[]> {
  const applied: Manifest[] = [];
  for (const manifest of manifests) {
    const path = await resourcePath(client, manifest, abort);
    applied.push(
      await client.request<Manifest>(`${path}?fieldManager=${FIELD_MANAGER}&force=true`, {
        method: 'PATCH',
        contentType: 'application/apply-patch+yaml',
        body: manifest,
        abort,
      }),
    );
  }
  return applied;
}

/** The object's path, by the plural and scope that the API server tells for its kind. */
export async function resourcePath(client: ApiClient, manifest: Manifest, abort?: AbortSignal): Promise<string> {
  const { apiVersion, kind, metadata } = manifest;
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const resource = await waitFor(
    { for: `the API server to know ${kind} in ${apiVersion}`, timeoutMs: DISCOVERY_TIMEOUT_MS, intervalMs: 100, abort },
    async () => {
      const { resources } = await client.request<{ resources: readonly DiscoveredResource[] }>(root, { abort });
      return resources.find((candidate) => candidate.kind === kind && !candidate.name.includes('/'));
    },
  );
  const scope = resource.namespaced ? `/namespaces/${metadata.namespace ?? 'default'}` : '';
  return `${root}${scope}/${resource.name}/${metadata.name}`;
}

function isManifest(object: unknown): object is Manifest {
  const { apiVersion, kind, metadata } = object as Partial<Manifest>;
  return typeof apiVersion === 'string' && typeof kind === 'string' && typeof metadata?.name === 'string';
}
