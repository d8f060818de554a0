import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { startControlPlane, type Cluster, type ControlPlane } from '../../hack/controlplane/control-plane.ts';
import { waitFor } from '../../hack/controlplane/process/wait.ts';
import { DemoProcess } from '../fixtures/demo-process.ts';
import { everyObject } from '../fixtures/whole-cluster.ts';

/** Without kwok, as any cluster. */
const COMPONENTS = ['kube-controller-manager', 'kube-scheduler'] as const;

const RUN_LIMIT_MS = 240_000;

let plane: ControlPlane;
let cluster: Cluster;
let demo: DemoProcess;

beforeAll(async () => {
  plane = await startControlPlane({ components: COMPONENTS });
  [cluster] = plane.clusters;
  // What a new cluster makes for itself is there before anyone looks at what the demo makes.
  await waitFor({ for: 'each namespace to have its service account', timeoutMs: 60_000 }, async () => {
    const objects = await everyObject(cluster);
    const ofItsOwn = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];
    const isThere = (name: string): boolean => objects.includes(`/api/v1/serviceaccounts ${name}/default`);
    return ofItsOwn.every(isThere) ? true : undefined;
  });
}, RUN_LIMIT_MS);

afterEach(() => demo.dispose());
afterAll(() => plane.stop());

const onCluster = (...args: readonly string[]): Promise<DemoProcess> =>
  DemoProcess.start(['--speed', 'fast', '--kubeconfig', cluster.adminKubeconfig.path, ...args]);

/** What goes in the background, such as the service account of a namespace, gets a moment. */
async function expectAsBefore(before: readonly string[]): Promise<void> {
  const difference = async (): Promise<readonly string[]> => {
    const now = await everyObject(cluster);
    return [...now.filter((one) => !before.includes(one)), ...before.filter((one) => !now.includes(one))];
  };
  await waitFor({ for: 'the cluster to be as before', timeoutMs: 15_000, intervalMs: 250 }, async () =>
    (await difference()).length === 0 ? true : undefined,
  ).catch(() => undefined);
  expect(await difference()).toEqual([]);
}

/** A demo that had no chance to clean up. Its operator's lease is taken away, so that no one waits for it to run out. */
async function killOneBefore(): Promise<void> {
  const before = await onCluster('--yes');
  await before.untilPrinted('evaluation     Started');
  await before.kill();
  await waitFor({ for: 'its processes to end', timeoutMs: 15_000 }, async () =>
    (await before.leftBehind()).length === 0 ? true : undefined,
  );
  await before.dispose();
  const lease = '/apis/coordination.k8s.io/v1/namespaces/sunward-system/leases/sunward';
  await cluster.request(lease, { method: 'DELETE' });
}

async function createPod(name: string): Promise<void> {
  const spec = { containers: [{ name: 'any', image: 'registry.example.com/any:1' }] };
  const body = { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec };
  await cluster.request('/api/v1/namespaces/default/pods', { method: 'POST', body });
}

test(
  'without a word of consent it creates nothing, and says what it would create',
  async () => {
    const before = await everyObject(cluster);
    demo = await onCluster();
    expect(await demo.exitCode()).toBe(2);
    expect(demo.output).toContain('10 nodes that are not real');
    expect(demo.output).toContain('Say --yes');
    await expectAsBefore(before);
  },
  RUN_LIMIT_MS,
);

test(
  "it runs there though one before was killed, leaves the cluster as it was, and takes in no one else's pod",
  async () => {
    await createPod('of-another-team');
    const before = await everyObject(cluster);
    await killOneBefore();
    demo = await onCluster('--yes');
    await demo.untilAllWasSo();
    expect(demo.output).toContain('Left from a demo before');
    expect(await demo.leftBehind()).toEqual([]);
    await expectAsBefore(before);
    const { spec } = await cluster.request<{ spec: { nodeName?: string } }>(
      '/api/v1/namespaces/default/pods/of-another-team',
    );
    expect(spec.nodeName).toBeUndefined();
  },
  RUN_LIMIT_MS,
);

test(
  'interrupted, it removes what it made and leaves definitions that were there before',
  async () => {
    await cluster.applyManifests(await readFile('crds/sunward.dev_computesites.yaml', 'utf8'));
    const before = await everyObject(cluster);
    demo = await onCluster('--yes');
    await demo.untilPrinted('evaluation     Started');
    demo.interrupt();
    expect(await demo.exitCode()).toBe(130);
    expect(demo.output).toContain('nothing of the demo is left');
    expect(await demo.leftBehind()).toEqual([]);
    await expectAsBefore(before);
  },
  RUN_LIMIT_MS,
);

test(
  'it stays away from a cluster whose sites its operator would act on',
  async () => {
    await cluster.applyManifests(await readFile('crds/sunward.dev_computesites.yaml', 'utf8'));
    await cluster.applyManifests(await readFile('crds/samples/computesite-local.yaml', 'utf8'));
    const before = await everyObject(cluster);
    demo = await onCluster('--yes');
    expect(await demo.exitCode()).toBe(2);
    expect(demo.output).toContain('there are computesites already (stockholm)');
    await expectAsBefore(before);
  },
  RUN_LIMIT_MS,
);
