import { beforeEach, describe, expect, test } from '@jest/globals';
import { InMemoryKubernetesApi } from '../../test/fixtures/in-memory-kubernetes-api/in-memory-kubernetes-api.ts';
import { interceptedKubernetesApi } from '../../test/fixtures/intercepted-kubernetes-api.ts';
import { KubernetesApiError } from '../ports/kubernetes-api.ts';
import type { KubernetesApi, KubernetesObject, ResourceType } from '../ports/kubernetes-api.ts';
import { Finalizer } from './finalizer.ts';

const never = new AbortController().signal;
const widgets: ResourceType = {
  group: 'example.io',
  version: 'v1',
  plural: 'widgets',
  kind: 'Widget',
  namespaced: true,
};
const ref = { name: 'a', namespace: 'default' };
const name = 'example.io/cleanup';
const write = { fieldManager: 'test' };

let api: InMemoryKubernetesApi;
let patches: number;
let finalizer: Finalizer<KubernetesObject>;

beforeEach(() => {
  api = new InMemoryKubernetesApi();
  patches = 0;
  finalizer = finalizerOver(api);
});

function finalizerOver(kubernetes: KubernetesApi): Finalizer<KubernetesObject> {
  const counted = interceptedKubernetesApi(kubernetes, (call, proceed) => {
    if (call.verb === 'jsonPatch') patches += 1;
    return proceed();
  });
  return new Finalizer({ api: counted, resource: widgets, name, fieldManager: 'test' });
}

function create(finalizers?: string[]): Promise<KubernetesObject> {
  return api.create(widgets, { metadata: { ...ref, ...(finalizers && { finalizers }) } }, write, never);
}

async function setFinalizers(finalizers: string[] | null): Promise<void> {
  await api.mergePatch(widgets, ref, { metadata: { finalizers } }, write, never);
}

async function finalizers(): Promise<readonly string[]> {
  return (await api.get(widgets, ref, never)).metadata.finalizers ?? [];
}

const remove = (): Promise<void> => api.delete(widgets, ref, { propagationPolicy: 'Background' }, never);
const isGone = (): Promise<boolean> =>
  api.get(widgets, ref, never).then(
    () => false,
    (error: unknown) => (error as KubernetesApiError).status === 404,
  );

describe('adding a finalizer', () => {
  test('sets it on an object that has none, and gives the object as it is now', async () => {
    const added = await finalizer.add(await create(), never);
    expect(added).toEqual(await api.get(widgets, ref, never));
    expect(added?.metadata.finalizers).toEqual([name]);
  });

  test('leaves those of others', async () => {
    await finalizer.add(await create(['other.io/x']), never);
    expect(await finalizers()).toEqual(['other.io/x', name]);
  });

  test('a second time asks the server nothing', async () => {
    const added = await finalizer.add(await create(), never);
    expect(await finalizer.add(added!, never)).toEqual(added);
    expect(patches).toBe(1);
  });

  test('with an old picture of the object loses nothing that came since', async () => {
    const old = await create();
    await setFinalizers(['other.io/x']);
    await finalizer.add(old, never);
    expect(await finalizers()).toEqual(['other.io/x', name]);
  });

  test('with an old picture of the object brings nothing back that has gone since', async () => {
    const old = await create(['other.io/x', 'other.io/y']);
    await setFinalizers(['other.io/y']);
    await finalizer.add(old, never);
    expect(await finalizers()).toEqual(['other.io/y', name]);
  });

  test('to an object that is being deleted is not tried', async () => {
    const old = await create(['other.io/x']);
    await remove();
    expect(await finalizer.add(old, never)).toBeUndefined();
    expect(await finalizer.add(await api.get(widgets, ref, never), never)).toBeUndefined();
    expect(await finalizers()).toEqual(['other.io/x']);
  });

  test('to an object that is gone, or has been made anew, does nothing', async () => {
    const old = await create();
    await remove();
    expect(await finalizer.add(old, never)).toBeUndefined();
    await create();
    expect(await finalizer.add(old, never)).toBeUndefined();
    expect(await finalizers()).toEqual([]);
  });
});

describe('removing a finalizer', () => {
  test('lets a deleted object go', async () => {
    const added = await finalizer.add(await create(), never);
    await remove();
    expect(await isGone()).toBe(false);
    await finalizer.remove(added!, never);
    expect(await isGone()).toBe(true);
  });

  test('leaves those of others, wherever they stand', async () => {
    const object = await create(['other.io/x', name, 'other.io/y']);
    await finalizer.remove(object, never);
    expect(await finalizers()).toEqual(['other.io/x', 'other.io/y']);
  });

  test('with an old picture of the object takes out its own entry and no other', async () => {
    const old = await create(['other.io/x', name]);
    await setFinalizers([name, 'other.io/y']);
    await finalizer.remove(old, never);
    expect(await finalizers()).toEqual(['other.io/y']);
  });

  test('twice, or from an object that is gone, is fine', async () => {
    const object = await create([name]);
    await finalizer.remove(object, never);
    await finalizer.remove(object, never);
    await remove();
    await finalizer.remove(object, never);
    expect(await isGone()).toBe(true);
  });

  test('leaves alone an object of the same name that was made since', async () => {
    const old = await create([name]);
    await setFinalizers(null);
    await remove();
    await create([name]);
    await finalizer.remove(old, never);
    expect(await finalizers()).toEqual([name]);
  });
});

describe('a finalizer that can not be patched', () => {
  test('says so: the caller must not take it for done', async () => {
    const down = new KubernetesApiError({
      status: 503,
      reason: 'ServiceUnavailable',
      message: 'apiserver is shutting down',
    });
    const object = await create();
    const failing = finalizerOver(interceptedKubernetesApi(api, () => Promise.reject(down)));
    await expect(failing.add(object, never)).rejects.toBe(down);
  });

  test('because it is contended for ever gives up after a few attempts', async () => {
    const contended = interceptedKubernetesApi(api, async (call, proceed) => {
      if (call.verb === 'jsonPatch') await setFinalizers([`other.io/${patches}`]);
      return proceed();
    });
    const object = await create();
    await expect(finalizerOver(contended).add(object, never)).rejects.toMatchObject({ status: 422 });
    expect(patches).toBe(5);
  });
});
