import { setTimeout as delay } from 'node:timers/promises';
import { ApiRequestError, type ApiClient } from '../../controlplane/client/api-client.ts';
import { DEMO_LABEL, DEMO_SELECTOR } from './labels.ts';

/** As much of the client as is needed. */
export type Requests = Pick<ApiClient, 'request'>;

interface Collection {
  /** As a person would name it to kubectl. */
  readonly kind: string;
  readonly path: string;
}

const SUNWARD = '/apis/sunward.dev/v1alpha1';
const ADMISSION = '/apis/admissionregistration.k8s.io/v1';
const RBAC = '/apis/rbac.authorization.k8s.io/v1';

const RESOURCES: readonly Collection[] = [
  { kind: 'carbonawarejobs', path: `${SUNWARD}/carbonawarejobs` },
  { kind: 'computesites', path: `${SUNWARD}/computesites` },
  { kind: 'carbonpolicies', path: `${SUNWARD}/carbonpolicies` },
];
const DEFINITIONS: Collection = {
  kind: 'customresourcedefinitions',
  path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
};

/** In this order: with its namespace goes what is in it, and the pods need their nodes to end on. */
const WAVES: readonly (readonly Collection[])[] = [
  [...RESOURCES.slice(1), { kind: 'namespaces', path: '/api/v1/namespaces' }],
  [
    { kind: 'nodes', path: '/api/v1/nodes' },
    { kind: 'validatingadmissionpolicybindings', path: `${ADMISSION}/validatingadmissionpolicybindings` },
    { kind: 'validatingadmissionpolicies', path: `${ADMISSION}/validatingadmissionpolicies` },
    { kind: 'clusterrolebindings', path: `${RBAC}/clusterrolebindings` },
    { kind: 'clusterroles', path: `${RBAC}/clusterroles` },
    DEFINITIONS,
  ],
];

const POLL_MS = 250;

interface Listed {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
}

/** `kind/name` of everything in the cluster that bears the demo's label. */
export async function demoObjects(api: Requests, abort: AbortSignal): Promise<readonly string[]> {
  const collections = [...WAVES.flat(), ...RESOURCES.slice(0, 1)];
  const found = await Promise.all(collections.map((collection) => listed(api, collection, abort)));
  return found.flat();
}

/**
 * Deletes what bears the demo's label, and waits until it is gone, as long as `abort` allows. Definitions stay where someone
 * else has made objects of them meanwhile.
 * @returns `kind/name` of what is still there
 */
export async function removeDemo(api: Requests, abort: AbortSignal): Promise<readonly string[]> {
  try {
    for (const wave of WAVES) {
      const removable: Collection[] = [];
      for (const collection of wave) {
        if (collection !== DEFINITIONS || !(await othersUseThem(api, abort))) removable.push(collection);
      }
      await removeAll(api, removable, abort);
    }
  } catch (error) {
    if (!abort.aborted) throw error;
  }
  // Asked even when the time is up: what is left must be named.
  return demoObjects(api, AbortSignal.timeout(10_000));
}

async function removeAll(api: Requests, collections: readonly Collection[], abort: AbortSignal): Promise<void> {
  for (;;) {
    const left = await Promise.all(
      collections.map(async (collection) => {
        const names = await namesOf(api, collection, DEMO_SELECTOR, abort);
        await Promise.all(names.map((name) => remove(api, `${collection.path}/${name}`, abort)));
        return names.length;
      }),
    );
    if (left.every((count) => count === 0)) return;
    await delay(POLL_MS, undefined, { signal: abort });
  }
}

async function remove(api: Requests, path: string, abort: AbortSignal): Promise<void> {
  try {
    await api.request(`${path}?propagationPolicy=Background`, { method: 'DELETE', abort });
  } catch (error) {
    // Gone, or going: a namespace that is being deleted answers 409.
    if (!(error instanceof ApiRequestError) || (error.status !== 404 && error.status !== 409)) throw error;
  }
}

async function othersUseThem(api: Requests, abort: AbortSignal): Promise<boolean> {
  const others = await Promise.all(RESOURCES.map((resource) => namesOf(api, resource, `!${DEMO_LABEL}`, abort)));
  return others.some((names) => names.length > 0);
}

async function listed(api: Requests, collection: Collection, abort: AbortSignal): Promise<readonly string[]> {
  const names = await namesOf(api, collection, DEMO_SELECTOR, abort);
  return names.map((name) => `${collection.kind}/${name}`);
}

async function namesOf(
  api: Requests,
  { path }: Collection,
  selector: string,
  abort: AbortSignal,
): Promise<readonly string[]> {
  try {
    const query = `labelSelector=${encodeURIComponent(selector)}`;
    const { items } = await api.request<{ items: readonly Listed[] }>(`${path}?${query}`, { abort });
    return items.map(({ metadata }) => metadata.name);
  } catch (error) {
    // The definitions are not there.
    if (error instanceof ApiRequestError && error.status === 404) return [];
    throw error;
  }
}
