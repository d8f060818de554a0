import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { TOOL_SETUP_MS } from '../../hack/controlplane/binaries/ensure.ts';
import { startControlPlane, type ControlPlane, type Kubeconfig } from '../../hack/controlplane/control-plane.ts';
import { waitFor } from '../../hack/controlplane/process/wait.ts';
import { startPrometheus, type RunningPrometheus } from '../../hack/prometheus/prometheus.ts';
import { installResources } from '../../hack/resources/install.ts';
import { formatTime } from '../../operator/api/v1alpha1/timestamps.ts';
import { runCommandLine } from '../../operator/cli/command-line.ts';
import { HOUR_MS, MINUTE_MS } from '../../operator/domain/units.ts';
import { openMetrics } from '../builders/open-metrics.ts';
import { H100 } from '../builders/planning.ts';
import { aTerminal } from '../builders/terminal.ts';
import { TcpProxy } from '../fixtures/tcp-proxy.ts';

// A busy machine may take seconds for what takes tenths of one alone.
jest.setTimeout(60_000);

const WAIT_MS = 30_000;
const NOW = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
const HELD_SINCE = formatTime(NOW - 5 * HOUR_MS);
const SERVICE = 'service:monitoring/prometheus:9090';

let plane: ControlPlane;
let prometheus: RunningPrometheus;
let behindService: TcpProxy;
let ofResearch: Kubeconfig;

beforeAll(async () => {
  [plane, prometheus] = await Promise.all([
    // Nothing but the API server: whatever is there the test has put there.
    startControlPlane({ components: [], apiServerFlags: ['--disable-admission-plugins=ServiceAccount'] }),
    startPrometheus({ history: history() }),
  ]);
  await installResources(plane.clusters[0]);
  behindService = await TcpProxy.start(new URL(prometheus.url), ownAddress());
  await putCluster();
  ofResearch = await userOfResearch();
}, TOOL_SETUP_MS);

afterAll(async () => {
  await Promise.all([plane.stop(), prometheus.stop(), behindService.stop()]);
});

/** Three hours by the minute: chat does nothing, and finetune works. */
function history(): string {
  const samples = (value: number) =>
    Array.from({ length: 3 * 60 + 1 }, (_, k) => [NOW - 3 * HOUR_MS + k * MINUTE_MS, value] as const);
  const gpu = (UUID: string, namespace: string, pod: string, active: number) => ({
    metric: 'DCGM_FI_PROF_GR_ENGINE_ACTIVE',
    labels: {
      UUID,
      Hostname: 'gpu-1',
      exported_namespace: namespace,
      exported_pod: pod,
      pod: 'exporter',
      namespace: 'gpu',
    },
    samples: samples(active),
  });
  return openMetrics([
    ...['GPU-a', 'GPU-b'].map((uuid) => gpu(uuid, 'research', 'chat-5d-x', 0)),
    ...['GPU-c', 'GPU-d'].map((uuid) => gpu(uuid, 'speech', 'finetune-x', 0.9)),
  ]);
}

/** An API server proxies to no address on loopback, only to another of the machine's own. */
function ownAddress(): string {
  const own = Object.values(networkInterfaces()).flatMap((some) => some ?? []);
  const found = own.find(({ family, internal }) => family === 'IPv4' && !internal);
  if (found === undefined)
    throw new Error('this machine has no address but on loopback, and API servers proxy to none of those');
  return found.address;
}

async function putCluster(): Promise<void> {
  const [cluster] = plane.clusters;
  const put = (...manifests: readonly object[]) => cluster.applyManifests(manifests as never);
  const namespace = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  await put(...['research', 'speech', 'monitoring'].map(namespace));
  const prices = { electricityPerKWh: '0', accelerators: [{ product: H100, perHour: '2' }] };
  const spec = { region: 'north', zone: 'SE-SE3', cluster: { local: {} }, prices };
  await put({ apiVersion: 'sunward.dev/v1alpha1', kind: 'ComputeSite', metadata: { name: 'stockholm' }, spec });
  const labels = { 'topology.kubernetes.io/region': 'north', 'nvidia.com/gpu.product': H100 };
  await put({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'gpu-1', labels } });
  const conditions = [{ type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'it is' }];
  await patchStatus('node/gpu-1', {
    allocatable: { 'nvidia.com/gpu': '8' },
    capacity: { 'nvidia.com/gpu': '8' },
    conditions,
  });
  await putPod('research', 'chat-5d-x', await ownersOf('research', 'chat'));
  await putPod('speech', 'finetune-x', []);
  await putPod('speech', 'ended', [], { phase: 'Succeeded' });
  await putService();
}

async function patchStatus(what: string, status: object, namespace = 'default'): Promise<void> {
  const patch = JSON.stringify({ status });
  await plane.clusters[0].kubectl([
    'patch',
    what,
    '-n',
    namespace,
    '--subresource=status',
    '--type=merge',
    '-p',
    patch,
  ]);
}

/** A Deployment and the ReplicaSet between it and a pod, as the controllers would make them. */
async function ownersOf(namespace: string, name: string): Promise<readonly object[]> {
  const [cluster] = plane.clusters;
  const template = { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'a', image: 'b' }] } };
  const spec = { selector: { matchLabels: { app: name } }, template };
  const put = async (kind: string, of: string, ownerReferences: readonly object[]) => {
    const metadata = { name: of, namespace, ownerReferences };
    const [made] = await cluster.applyManifests([{ apiVersion: 'apps/v1', kind, metadata, spec }] as never);
    const { uid } = (made as unknown as { metadata: { uid: string } }).metadata;
    return [{ apiVersion: 'apps/v1', kind, name: of, uid, controller: true }];
  };
  return put('ReplicaSet', `${name}-5d`, await put('Deployment', name, []));
}

async function putPod(
  namespace: string,
  name: string,
  ownerReferences: readonly object[],
  { phase = 'Running' }: { phase?: string } = {},
): Promise<void> {
  const resources = { requests: { 'nvidia.com/gpu': '2' }, limits: { 'nvidia.com/gpu': '2' } };
  const spec = { nodeName: 'gpu-1', containers: [{ name: 'a', image: 'b', resources }] };
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, ownerReferences }, spec };
  await plane.clusters[0].applyManifests([pod] as never);
  const conditions = [{ type: 'PodScheduled', status: 'True', lastTransitionTime: HELD_SINCE }];
  await patchStatus(`pod/${name}`, { phase, conditions }, namespace);
}

/** A Service as of an installed Prometheus: behind it is the pod that it names, which has this machine's address. */
async function putService(): Promise<void> {
  const [cluster] = plane.clusters;
  const [address, { port }] = [ownAddress(), behindService];
  const containers = [{ name: 'a', image: 'b' }];
  const metadata = { name: 'prometheus-0', namespace: 'monitoring' };
  await cluster.applyManifests([
    { apiVersion: 'v1', kind: 'Pod', metadata, spec: { nodeName: 'gpu-1', containers } },
  ] as never);
  await patchStatus('pod/prometheus-0', { phase: 'Running', podIP: address, podIPs: [{ ip: address }] }, 'monitoring');
  const named = { name: 'prometheus', namespace: 'monitoring' };
  const targetRef = { kind: 'Pod', name: 'prometheus-0', namespace: 'monitoring' };
  const endpoints = [{ addresses: [address], conditions: { ready: true }, targetRef }];
  const slice = {
    ...{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', addressType: 'IPv4', endpoints },
    metadata: { ...named, labels: { 'kubernetes.io/service-name': 'prometheus' } },
    ports: [{ name: 'web', port }],
  };
  const subsets = [{ addresses: [{ ip: address, targetRef }], ports: [{ name: 'web', port }] }];
  await cluster.applyManifests([
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: named,
      spec: { ports: [{ name: 'web', port: 9090, targetPort: port }] },
    },
    slice,
    { apiVersion: 'v1', kind: 'Endpoints', metadata: named, subsets },
  ] as never);
}

/** May read what is Sunward's, and in one namespace what is there, with the Services of another but not what is behind them. */
async function userOfResearch(): Promise<Kubeconfig> {
  const [cluster] = plane.clusters;
  const role = (name: string, rules: readonly object[]) => {
    return { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name }, rules };
  };
  const binding = (kind: string, name: string, metadata: object) => ({
    ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind, metadata: { name, ...metadata } },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'rosa' }],
  });
  const verbs = ['get', 'list'];
  await cluster.applyManifests([
    role('reads-sites', [{ apiGroups: ['sunward.dev'], resources: ['computesites', 'carbonpolicies'], verbs }]),
    role('reads-pods', [{ apiGroups: ['', 'apps'], resources: ['pods', 'replicasets', 'deployments'], verbs }]),
    binding('ClusterRoleBinding', 'reads-sites', {}),
    binding('RoleBinding', 'reads-pods', { namespace: 'research' }),
  ] as never);
  const kubeconfig = await cluster.kubeconfigFor({ user: 'rosa' });
  await waitFor({ for: 'the user to have their roles', timeoutMs: WAIT_MS }, async () => {
    const { stdout } = await cluster.kubectl(['auth', 'can-i', 'list', 'pods', '-n', 'research'], { kubeconfig });
    return stdout.startsWith('yes') ? true : undefined;
  });
  return kubeconfig;
}

interface Answer {
  readonly activity: string;
  readonly workloads: readonly { readonly workload: { readonly kind: string; readonly name: string } }[];
  readonly unknownFigures: readonly { readonly figure: string; readonly message: string }[];
  readonly notes: readonly string[];
}

async function wasteFor({ path }: Kubeconfig, ...args: readonly string[]): Promise<Answer> {
  const terminal = aTerminal(NOW);
  const all = ['waste', '--kubeconfig', path, '-o', 'json', ...args];
  const code = await runCommandLine(all, terminal, new AbortController().signal);
  expect({ code, err: terminal.written.err }).toEqual({ code: 0, err: '' });
  return JSON.parse(terminal.written.out) as Answer;
}

describe('kubectl carbon waste on a cluster', () => {
  test('asks the Prometheus behind a Service through the API server, and names who wastes what', async () => {
    const answer = await wasteFor(plane.clusters[0].adminKubeconfig, '-A', '--prometheus', SERVICE);
    expect(answer).toMatchObject({ kind: 'Waste', activity: 'Known', notes: [] });
    expect(answer.workloads).toMatchObject([
      {
        workload: { kind: 'Deployment', namespace: 'research', name: 'chat' },
        ...{ owner: 'research', site: 'stockholm', accelerator: H100, devices: 2, heldSince: HELD_SINCE },
        ...{ attribution: 'Exporter', activePercent: 0, costPerHour: 4, currency: 'EUR' },
        waste: { class: 'Idle', devices: 2 },
      },
      { workload: { kind: 'Pod', namespace: 'speech', name: 'finetune-x' }, activePercent: 90 },
    ]);
  });

  test('shows to who may see one namespace what is there, and says what is not seen', async () => {
    const answer = await wasteFor(ofResearch, '-A', '-n', 'research', '--prometheus', prometheus.url);
    expect(answer.workloads).toMatchObject([
      { workload: { kind: 'Deployment', name: 'chat' }, waste: { class: 'Idle', devices: 2 } },
    ]);
    expect(answer.notes.map((note) => note.slice(0, 40))).toEqual([
      'pods of other namespaces than research c',
      "nodes can't be seen: of which product de",
    ]);
  });

  test('says which right is missing to ask through the API server, and still who holds what', async () => {
    const answer = await wasteFor(ofResearch, '-n', 'research', '--prometheus', SERVICE);
    expect(answer).toMatchObject({ activity: 'Unknown', workloads: [{ workload: { name: 'chat' } }] });
    const { message } = answer.unknownFigures.find(({ figure }) => figure === 'Activity') ?? { message: '' };
    expect(message).toContain('User "rosa" cannot get resource "services/proxy"');
    expect(message).toContain('ask an admin for the right to get services/proxy in monitoring');
  });

  test('says so where the Service is not there', async () => {
    const elsewhere = 'service:monitoring/thanos:9090';
    const answer = await wasteFor(plane.clusters[0].adminKubeconfig, '-A', '--prometheus', elsewhere);
    const { message } = answer.unknownFigures.find(({ figure }) => figure === 'Activity') ?? { message: '' };
    expect(message).toContain('services "thanos" not found');
    expect(message).toContain('kubectl get services -n monitoring lists what is there');
  });
});
