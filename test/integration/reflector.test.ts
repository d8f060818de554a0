import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { startControlPlane } from '../../hack/controlplane/control-plane.ts';
import type { Cluster, ControlPlane } from '../../hack/controlplane/control-plane.ts';
import { loadKubeConfig } from '../../operator/adapters/kubernetes/client/kube-config.ts';
import type { RestClient } from '../../operator/adapters/kubernetes/client/rest-client.ts';
import type { KubernetesObject, ListScope, WatchEvent } from '../../operator/ports/kubernetes-api.ts';
import { Reflector } from '../../operator/runtime/cache/reflector.ts';
import { Store } from '../../operator/runtime/cache/store.ts';
import { steadyClock } from '../../operator/runtime/clocks.ts';
import { ReflectorMetrics } from '../../operator/telemetry/reflector-metrics.ts';
import { eventually } from '../fixtures/eventually.ts';
import { RecordingLogger } from '../fixtures/recording-logger.ts';
import { restClient } from '../fixtures/rest-client.ts';
import { TcpProxy } from '../fixtures/tcp-proxy.ts';

const START_TIMEOUT_MS = 120_000;
const TEST_TIMEOUT_MS = 60_000;
const WAIT_MS = 30_000;
const SILENCE_MS = 3_000;
const CONFIG_MAPS = { group: '', version: 'v1', plural: 'configmaps', kind: 'ConfigMap', namespaced: true };
const NAMESPACES = { group: '', version: 'v1', plural: 'namespaces', kind: 'Namespace', namespaced: false };
const never = new AbortController().signal;

interface ConfigMap extends KubernetesObject {
  readonly data?: Readonly<Record<string, string>>;
}

let plane: ControlPlane;
let cluster: Cluster;
let api: RestClient;
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  plane = await startControlPlane({ components: [] });
  [cluster] = plane.clusters;
  ({ api } = restClient(await loadKubeConfig({ path: cluster.adminKubeconfig.path })));
}, START_TIMEOUT_MS);

afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

afterAll(async () => {
  api.close();
  await plane.stop();
});

let namespaces = 0;
async function newNamespace(): Promise<string> {
  namespaces += 1;
  const name = `reflected-${namespaces}`;
  await api.create(NAMESPACES, { metadata: { name } }, { fieldManager: 'test' }, never);
  return name;
}

const set = (namespace: string, name: string, value: string) => {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name }, data: { value } };
  return api.apply(CONFIG_MAPS, object, { fieldManager: 'test', force: true }, never);
};
const remove = (namespace: string, name: string) =>
  api.delete(CONFIG_MAPS, { namespace, name }, { propagationPolicy: 'Background' }, never);

/** A reflector of the namespace's ConfigMaps that reaches the API server through a wire of its own. */
async function reflect(scope: ListScope) {
  const kubeConfig = await loadKubeConfig({ path: cluster.adminKubeconfig.path });
  const wire = await TcpProxy.start(kubeConfig.server);
  const server = new URL(kubeConfig.server);
  server.port = String(wire.port);
  const credentials = { server, read: () => kubeConfig.read() };
  const { api: wired, registry: requests } = restClient(credentials, { watchSilenceMs: SILENCE_MS });
  const registry = new Registry();
  const store = new Store<string>();
  const changes: string[] = [];
  const reflector = new Reflector<ConfigMap, string>({
    listWatch: wired.listWatch<ConfigMap>(CONFIG_MAPS, scope),
    store,
    project: ({ data }) => data?.['value'] ?? '',
    onChange: ({ type, key }) => changes.push(`${type} ${key}`),
    clock: steadyClock,
    random: Math.random,
    logger: new RecordingLogger(),
    metrics: new ReflectorMetrics(registry),
    backoff: { initialMs: 100, maxMs: 1_000, resetAfterMs: 10_000 },
  });
  const stop = new AbortController();
  const ended = reflector.run(stop.signal);
  stops.push(async () => {
    stop.abort(new Error('the test is over'));
    await ended;
    wired.close();
    await wire.stop();
  });
  await reflector.whenSynced(AbortSignal.timeout(WAIT_MS));
  const count = async (name: string, labels: string): Promise<number> => {
    const text = (await requests.metrics()) + (await registry.metrics());
    const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`) && line.includes(labels));
    return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  };
  const holds = (expected: Readonly<Record<string, string>>): Promise<void> => {
    const wanted = JSON.stringify(Object.values(expected).sort());
    const keys = Object.keys(expected).map((name) => `${scope.namespace ?? ''}/${name}`);
    return eventually(
      `the store holds ${Object.keys(expected).join(', ')}`,
      () => keys.every((key) => store.has(key)) && JSON.stringify([...store.list()].sort()) === wanted,
      WAIT_MS,
    );
  };
  return { reflector, store, changes, wire, count, holds };
}

async function inParallel(tasks: readonly (() => Promise<unknown>)[]): Promise<void> {
  await Promise.all(tasks.map((task) => task()));
}

describe('the reflector on a real API server', () => {
  test(
    'lists 5,000 objects in ten pages and follows them',
    async () => {
      const namespace = await newNamespace();
      const names = Array.from({ length: 5_000 }, (_, i) => `cm-${i}`);
      const create = (name: string): Promise<unknown> =>
        api.create(CONFIG_MAPS, { metadata: { namespace, name } }, { fieldManager: 'test' }, never);
      await inParallel(names.map((name) => () => create(name)));
      const { store, changes, count } = await reflect({ namespace });
      expect(store.size).toBe(5_000);
      expect(changes).toHaveLength(5_000);
      expect(await count('sunward_kubernetes_requests_total', 'verb="list"')).toBe(10);
      await set(namespace, 'cm-17', 'changed');
      await eventually('the change came', () => store.get(`${namespace}/cm-17`) === 'changed', WAIT_MS);
      const leaving = names.slice(0, 100);
      await inParallel(leaving.map((name) => () => remove(namespace, name)));
      await eventually('they are gone', () => store.size === 4_900, WAIT_MS);
    },
    3 * TEST_TIMEOUT_MS,
  );

  test(
    'finds what happened while its connection was down',
    async () => {
      const namespace = await newNamespace();
      await set(namespace, 'a', '1');
      await set(namespace, 'gone', '1');
      const { wire, holds, count, changes } = await reflect({ namespace });
      wire.cut();
      await set(namespace, 'a', '2');
      await set(namespace, 'new', '1');
      await remove(namespace, 'gone');
      wire.mend();
      await holds({ a: '2', new: '1' });
      expect(changes).toContain(`deleted ${namespace}/gone`);
      expect(await count('sunward_reflector_lists_total', 'result="Success"')).toBe(1);
    },
    TEST_TIMEOUT_MS,
  );

  test(
    'survives a connection that is half open',
    async () => {
      const namespace = await newNamespace();
      await set(namespace, 'a', '1');
      const { wire, holds, count } = await reflect({ namespace });
      await eventually(
        'it watches',
        async () => (await count('sunward_kubernetes_requests_total', 'verb="watch"')) > 0,
      );
      wire.freeze();
      await set(namespace, 'a', '2');
      await remove(namespace, 'a');
      await set(namespace, 'b', '1');
      await holds({ b: '1' });
      expect(await count('sunward_reflector_errors_total', 'reason="Silent"')).toBeGreaterThan(0);
    },
    TEST_TIMEOUT_MS,
  );

  test(
    'survives the API server: killed, started again, its history compacted',
    async () => {
      const namespace = await newNamespace();
      await set(namespace, 'a', '1');
      await set(namespace, 'gone', '1');
      const { reflector, wire, holds, count, changes } = await reflect({ namespace });

      await cluster.killApiServer();
      await eventually(
        'it lost the watch',
        async () => (await count('sunward_reflector_errors_total', '')) > 1,
        WAIT_MS,
      );
      await cluster.startApiServer();
      await set(namespace, 'a', '2');
      await holds({ a: '2', gone: '1' });

      wire.cut();
      await remove(namespace, 'gone');
      await set(namespace, 'b', '1');
      await cluster.killApiServer();
      await cluster.compact();
      await cluster.startApiServer();
      wire.mend();
      await holds({ a: '2', b: '1' });
      expect(await count('sunward_reflector_errors_total', 'reason="Expired"')).toBeGreaterThan(0);
      expect(changes).toContain(`deleted ${namespace}/gone`);

      await set(namespace, 'a', '3');
      await holds({ a: '3', b: '1' });
      expect(reflector.ageMs()).toBeLessThan(WAIT_MS);
    },
    2 * TEST_TIMEOUT_MS,
  );

  test(
    'reads back what it wrote, at once',
    async () => {
      const namespace = await newNamespace();
      const { reflector, store, changes } = await reflect({ namespace });
      reflector.observe(await set(namespace, 'mine', '1'));
      expect(store.get(`${namespace}/mine`)).toBe('1');
      await set(namespace, 'later', '1');
      await eventually('the next one came', () => store.has(`${namespace}/later`), WAIT_MS);
      expect(changes).toEqual([`added ${namespace}/mine`, `added ${namespace}/later`]);
    },
    TEST_TIMEOUT_MS,
  );
});

describe('a watch of a real API server', () => {
  test(
    'is told by a bookmark how far it is, though nothing happens in its scope',
    async () => {
      const [watched, other] = [await newNamespace(), await newNamespace()];
      const listWatch = api.listWatch<ConfigMap>(CONFIG_MAPS, { namespace: watched });
      const { resourceVersion } = await listWatch.list({ limit: 500 }, never);
      const events: WatchEvent<ConfigMap>[] = [];
      const read = async (): Promise<void> => {
        // The server sends a bookmark 2 s before it ends a watch.
        for await (const event of listWatch.watch({ resourceVersion, timeoutSeconds: 8 }, never)) events.push(event);
      };
      const ended = read();
      const elsewhere = await set(other, 'a', '1');
      for (let i = 2; events.length === 0; i += 1) await set(other, 'a', String(i));
      await ended;
      const bookmarks = events.flatMap((event) => (event.type === 'BOOKMARK' ? [Number(event.resourceVersion)] : []));
      expect(bookmarks).toHaveLength(events.length);
      expect(bookmarks.at(-1)).toBeGreaterThanOrEqual(Number(elsewhere.metadata.resourceVersion));
    },
    TEST_TIMEOUT_MS,
  );

  test(
    'and a page of a list, asked for from before a compaction, are expired',
    async () => {
      const namespace = await newNamespace();
      await inParallel(['a', 'b', 'c'].map((name) => () => set(namespace, name, '1')));
      const listWatch = api.listWatch<ConfigMap>(CONFIG_MAPS, { namespace });
      const page = await listWatch.list({ limit: 2 }, never);
      await set(namespace, 'a', '2');
      await cluster.killApiServer();
      await cluster.compact();
      await cluster.startApiServer();
      const next = listWatch.list({ limit: 2, continue: page.continue ?? '' }, never);
      await expect(next).rejects.toMatchObject({ status: 410, reason: 'Expired' });
      const watch = listWatch.watch({ resourceVersion: page.resourceVersion, timeoutSeconds: 5 }, never);
      const read = async (): Promise<void> => {
        for await (const event of watch) expect(event).toBeUndefined();
      };
      await expect(read()).rejects.toMatchObject({ status: 410, reason: 'Expired' });
    },
    TEST_TIMEOUT_MS,
  );
});
