import { describe, expect, test } from '@jest/globals';
import { ApiRequestError, type ApiRequest } from '../../controlplane/client/api-client.ts';
import { demoObjects, removeDemo, type Requests } from './removal.ts';

/** An API server of which some objects never go. */
class StubbornApi implements Requests {
  readonly deleted: string[] = [];
  readonly #objects: Map<string, { labelled: boolean; stays: boolean }>;

  constructor(objects: Readonly<Record<string, { labelled: boolean; stays: boolean }>>) {
    this.#objects = new Map(Object.entries(objects));
  }

  request<T = unknown>(path: string, { method = 'GET' }: ApiRequest = {}): Promise<T> {
    const url = new URL(path, 'https://any');
    if (method === 'DELETE') {
      this.deleted.push(url.pathname);
      if (this.#objects.get(url.pathname)?.stays === false) this.#objects.delete(url.pathname);
      return Promise.resolve({} as T);
    }
    if (url.pathname.includes('carbonpolicies')) return Promise.reject(new ApiRequestError(404, 'NotFound', 'unknown'));
    const labelled = url.searchParams.get('labelSelector')?.startsWith('!') === false;
    const found = [...this.#objects].filter(([each, object]) => {
      return each.slice(0, each.lastIndexOf('/')) === url.pathname && object.labelled === labelled;
    });
    const items = found.map(([each]) => ({ metadata: { name: each.slice(each.lastIndexOf('/') + 1) } }));
    return Promise.resolve({ items } as T);
  }
}

const ours = { labelled: true, stays: false };
const CRD = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/computesites.sunward.dev';

describe('removing the demo', () => {
  test('deletes what bears its label and nothing else', async () => {
    const others = { labelled: false, stays: false };
    const api = new StubbornApi({ '/api/v1/nodes/a': ours, '/api/v1/nodes/b': others, [CRD]: ours });
    expect(await removeDemo(api, AbortSignal.timeout(5_000))).toEqual([]);
    expect(api.deleted).toEqual(['/api/v1/nodes/a', CRD]);
  });

  test('gives up in time where a finalizer holds something, and names it', async () => {
    const api = new StubbornApi({ '/api/v1/namespaces/sunward-demo': { labelled: true, stays: true } });
    expect(await removeDemo(api, AbortSignal.timeout(50))).toEqual(['namespaces/sunward-demo']);
  });

  test('leaves definitions of which someone else has made objects meanwhile', async () => {
    const site = { labelled: false, stays: false };
    const api = new StubbornApi({ [CRD]: ours, '/apis/sunward.dev/v1alpha1/computesites/theirs': site });
    expect(await removeDemo(api, AbortSignal.timeout(5_000))).toEqual([
      'customresourcedefinitions/computesites.sunward.dev',
    ]);
    expect(api.deleted).toEqual([]);
  });

  test('finds what a demo before has left, also where the definitions are not there', async () => {
    const api = new StubbornApi({ '/api/v1/nodes/a': ours });
    expect(await demoObjects(api, AbortSignal.timeout(5_000))).toEqual(['nodes/a']);
  });
});
