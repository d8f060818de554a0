import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Registry } from 'prom-client';
import type { Cluster } from '../../hack/controlplane/cluster/cluster.ts';
import { startControlPlane, type ControlPlane } from '../../hack/controlplane/control-plane.ts';
import { loadKubeConfig } from '../../operator/adapters/kubernetes/client/kube-config.ts';
import type { RestClient } from '../../operator/adapters/kubernetes/client/rest-client.ts';
import type { KubernetesObject, ResourceType } from '../../operator/ports/kubernetes-api.ts';
import { parseObjectKey } from '../../operator/runtime/cache/object-key.ts';
import { Reflector } from '../../operator/runtime/cache/reflector.ts';
import { Store } from '../../operator/runtime/cache/store.ts';
import { steadyClock } from '../../operator/runtime/clocks.ts';
import { Controller } from '../../operator/runtime/controller.ts';
import { Finalizer } from '../../operator/runtime/finalizer.ts';
import { ControllerMetrics } from '../../operator/telemetry/controller-metrics.ts';
import { ReflectorMetrics } from '../../operator/telemetry/reflector-metrics.ts';
import { eventually } from '../fixtures/eventually.ts';
import { RecordingLogger } from '../fixtures/recording-logger.ts';
import { restClient } from '../fixtures/rest-client.ts';

jest.setTimeout(60_000);

interface ConfigMap extends KubernetesObject {
  readonly data?: Readonly<Record<string, string>>;
}

const configMaps: ResourceType = {
  group: '',
  version: 'v1',
  plural: 'configmaps',
  kind: 'ConfigMap',
  namespaced: true,
};
const write = { fieldManager: 'test' };
const never = new AbortController().signal;

let plane: ControlPlane;
let cluster: Cluster;
let api: RestClient;
let namespace: string;
let namespaces = 0;

beforeAll(async () => {
  plane = await startControlPlane({ components: [] });
  cluster = plane.clusters[0];
}, 120_000);

afterAll(() => plane.stop());

beforeEach(async () => {
  ({ api } = restClient(await loadKubeConfig({ path: cluster.adminKubeconfig.path })));
  namespace = `test-${(namespaces += 1)}`;
  await cluster.applyManifests([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }]);
});

afterEach(() => {
  api.close();
});

function create(name: string, data: Record<string, string> = {}): Promise<ConfigMap> {
  const object: ConfigMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data };
  return api.create(configMaps, object, write, never);
}

function read(name: string): Promise<ConfigMap> {
  return api.get(configMaps, { name, namespace }, never);
}

/** Doubles `data.wanted` into `data.doubled`, by compare-and-swap on what the cache shows, as a controller does. */
function doubling(concurrency: number, justBeforeWriting: (key: string) => Promise<void> = () => Promise.resolve()) {
  const registry = new Registry();
  const logger = new RecordingLogger();
  const store = new Store<ConfigMap>();
  const controller = new Controller({
    reconciler: {
      name: 'doubling',
      reconcile: async (key, abort) => {
        const object = store.get(key);
        if (object?.data?.['wanted'] === undefined) return {};
        const doubled = String(2 * Number(object.data['wanted']));
        if (object.data['doubled'] === doubled) return {};
        const { resourceVersion = '' } = object.metadata;
        await justBeforeWriting(key);
        await api.mergePatch(
          configMaps,
          parseObjectKey(key),
          { metadata: { resourceVersion }, data: { doubled } },
          write,
          abort,
        );
        return {};
      },
    },
    clock: steadyClock,
    random: Math.random,
    logger,
    metrics: new ControllerMetrics(registry),
    concurrency,
    waitForSync: [(abort) => reflector.whenSynced(abort)],
  });
  const reflector = new Reflector<ConfigMap, ConfigMap>({
    listWatch: api.listWatch(configMaps, { namespace }),
    store,
    project: (object) => object,
    onChange: ({ key }) => {
      controller.enqueue(key);
    },
    clock: steadyClock,
    random: Math.random,
    logger,
    metrics: new ReflectorMetrics(registry),
  });
  const process = new AbortController();
  const ended = Promise.all([reflector.run(process.signal), controller.run(process.signal)]);
  const stop = async (): Promise<void> => {
    process.abort();
    await ended;
  };
  const allDoubled = (): boolean =>
    store.list().every(({ data }) => Number(data?.['doubled']) === 2 * Number(data?.['wanted'] ?? 0));
  return { registry, logger, store, stop, allDoubled };
}

describe('a controller on a real API server', () => {
  test('brings every object to what is wanted, also those that change under its hands, without a word', async () => {
    const names = Array.from({ length: 60 }, (_, i) => `object-${i}`);
    await Promise.all(names.map((name) => create(name, { wanted: '1' })));
    // Someone else writes all the while, and once to each object at the worst moment: that is a conflict.
    const disturbed = new Set<string>();
    const run = doubling(4, async (key) => {
      if (disturbed.has(key)) return;
      disturbed.add(key);
      await api.mergePatch(configMaps, parseObjectKey(key), { data: { disturbed: 'yes' } }, write, never);
    });
    for (let wanted = 2; wanted <= 5; wanted++) {
      const change = { data: { wanted: String(wanted) } };
      await Promise.all(names.map((name) => api.mergePatch(configMaps, { name, namespace }, change, write, never)));
    }
    await eventually('all are doubled', () => run.store.size === names.length && run.allDoubled(), 30_000);
    await run.stop();
    for (const name of names) expect((await read(name)).data).toEqual({ wanted: '5', doubled: '10', disturbed: 'yes' });
    expect(run.logger.of('error')).toEqual([]);
    const conflicts = /sunward_reconciles_total\{controller="doubling",result="Conflict"\} (\d+)/.exec(
      await run.registry.metrics(),
    );
    expect(Number(conflicts?.[1])).toBeGreaterThanOrEqual(names.length);
  });

  test('goes on where it was when the API server is killed and comes back', async () => {
    const run = doubling(2);
    await create('before', { wanted: '1' });
    await eventually('the first is doubled', async () => (await read('before')).data?.['doubled'] === '2');
    await cluster.killApiServer();
    await cluster.startApiServer();
    await create('after', { wanted: '2' });
    await eventually('the second is doubled', async () => (await read('after')).data?.['doubled'] === '4', 40_000);
    await run.stop();
  });
});

describe('a finalizer on a real API server', () => {
  const name = 'sunward.dev/test';

  function finalizer(): Finalizer<ConfigMap> {
    return new Finalizer({ api, resource: configMaps, name, fieldManager: 'test' });
  }

  const remove = (object: ConfigMap): Promise<void> =>
    api.delete(configMaps, object.metadata, { propagationPolicy: 'Background' }, never);

  test('is the first on an object, holds its deletion back, and lets it go', async () => {
    const object = await create('a');
    const added = await finalizer().add(object, never);
    expect(added?.metadata.finalizers).toEqual([name]);
    await remove(object);
    expect((await read('a')).metadata.deletionTimestamp).toBeDefined();
    await finalizer().remove(added ?? object, never);
    await expect(read('a')).rejects.toMatchObject({ status: 404 });
    await finalizer().remove(added ?? object, never);
  });

  test('loses no entry of others and brings none back, with an old picture of the object', async () => {
    const old = await create('a');
    const setFinalizers = (finalizers: string[] | null): Promise<unknown> =>
      api.mergePatch(configMaps, old.metadata, { metadata: { finalizers } }, write, never);
    await setFinalizers(['example.io/x']);
    const added = await finalizer().add(old, never);
    expect(added?.metadata.finalizers).toEqual(['example.io/x', name]);
    await setFinalizers([name, 'example.io/y']);
    await finalizer().remove(added ?? old, never);
    expect((await read('a')).metadata.finalizers).toEqual(['example.io/y']);
    await setFinalizers(null);
  });

  test('is not added to what is being deleted, nor to what was made anew under the name', async () => {
    const old = await create('a');
    await api.mergePatch(configMaps, old.metadata, { metadata: { finalizers: ['example.io/x'] } }, write, never);
    await remove(old);
    expect(await finalizer().add(old, never)).toBeUndefined();
    await api.mergePatch(configMaps, old.metadata, { metadata: { finalizers: null } }, write, never);
    expect(await finalizer().add(old, never)).toBeUndefined();
    await create('a');
    expect(await finalizer().add(old, never)).toBeUndefined();
    expect((await read('a')).metadata.finalizers).toBeUndefined();
  });

  test('of many that are added at once, each is there in the end', async () => {
    const object = await create('a');
    const names = ['a', 'b', 'c', 'd'].map((one) => `sunward.dev/${one}`);
    const all = names.map(
      (one) => new Finalizer<ConfigMap>({ api, resource: configMaps, name: one, fieldManager: 'test' }),
    );
    await Promise.all(all.map((one) => one.add(object, never)));
    expect([...((await read('a')).metadata.finalizers ?? [])].sort()).toEqual(names);
    await Promise.all(all.map(async (one) => one.remove(await read('a'), never)));
    expect((await read('a')).metadata.finalizers).toBeUndefined();
  });
});
