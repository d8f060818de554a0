import { expect, test } from '@jest/globals';
import { FakeClock } from '../../../test/fixtures/fake-clock.ts';
import { KubernetesApiError, type KubernetesObject, type ListWatch } from '../../ports/kubernetes-api.ts';
import { optionalListWatch } from './optional-list-watch.ts';

const never = new AbortController().signal;

/** A server that gets to know the kind when `served` is set. */
function server() {
  const state = { served: false };
  const listWatch: ListWatch<KubernetesObject> = {
    resource: {
      group: 'resource.k8s.io',
      version: 'v1',
      plural: 'resourceslices',
      kind: 'ResourceSlice',
      namespaced: false,
    },
    list: () =>
      state.served
        ? Promise.resolve({ items: [{ metadata: { name: 'slice' } }], resourceVersion: '7' })
        : Promise.reject(new KubernetesApiError({ status: 404, reason: 'NotFound', message: 'not found' })),
    async *watch() {
      await Promise.resolve();
      yield { type: 'BOOKMARK', resourceVersion: '8' };
    },
  };
  return { state, listWatch };
}

test('a kind that is not served is an empty list', async () => {
  const { listWatch } = server();
  const page = await optionalListWatch(listWatch, new FakeClock()).list({ limit: 500 }, never);
  expect(page.items).toEqual([]);
});

test('it is looked for again, with a sign of life each time, until it is served: then it is listed anew', async () => {
  const { state, listWatch } = server();
  const clock = new FakeClock();
  const optional = optionalListWatch(listWatch, clock);
  const { resourceVersion } = await optional.list({ limit: 500 }, never);
  const watch = optional.watch({ resourceVersion, timeoutSeconds: 300 }, never)[Symbol.asyncIterator]();

  const first = watch.next();
  await clock.advance(60_000);
  expect(await first).toMatchObject({ value: { type: 'BOOKMARK' } });

  state.served = true;
  const second = watch.next();
  const refused = expect(second).rejects.toMatchObject({ status: 410 });
  await clock.advance(60_000);
  await refused;
  expect((await optional.list({ limit: 500 }, never)).items).toHaveLength(1);
});

test('a kind that is served is watched as it is', async () => {
  const { state, listWatch } = server();
  state.served = true;
  const optional = optionalListWatch(listWatch, new FakeClock());
  const { resourceVersion } = await optional.list({ limit: 500 }, never);
  const watch = optional.watch({ resourceVersion, timeoutSeconds: 300 }, never)[Symbol.asyncIterator]();
  expect(await watch.next()).toMatchObject({ value: { resourceVersion: '8' } });
});
