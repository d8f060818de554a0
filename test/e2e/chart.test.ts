import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startControlPlane, type Cluster, type ControlPlane } from '../../hack/controlplane/control-plane.ts';
import { ensureBinaries, TOOL_SETUP_MS } from '../../hack/controlplane/binaries/ensure.ts';
import { freePort } from '../../hack/controlplane/process/ports.ts';
import { waitFor } from '../../hack/controlplane/process/wait.ts';
import { install, rollback, uninstall, upgrade } from '../../hack/helm/helm.ts';
import { ElectricityMapsStandIn } from '../../hack/stand-ins/electricity-maps.ts';
import type { CarbonAwareJob } from '../../operator/api/v1alpha1/carbon-aware-job.generated.ts';
import { DeployedOperator } from '../fixtures/chart/deployed-operator.ts';
import { grantedRights, usesOf } from '../fixtures/chart/used-rights.ts';
import { everyObject } from '../fixtures/whole-cluster.ts';

jest.setTimeout(120_000);

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CHART = join(ROOT, 'charts/sunward');
const NAMESPACE = 'sunward-system';
const JOBS = '/apis/batch/v1/namespaces/default/jobs';
const CARBON_AWARE_JOBS = '/apis/sunward.dev/v1alpha1/namespaces/default/carbonawarejobs';
const LEASE = `/apis/coordination.k8s.io/v1/namespaces/${NAMESPACE}/leases/sunward`;
const HOUR_MS = 3_600_000;
const H100 = 'NVIDIA-H100-80GB-HBM3';

const KEY = 'of-the-test';
const SECRET = 'electricity-maps';

const values = (baseUrl: string) => ({
  sites: [
    { name: 'stockholm', spec: { region: 'eu-north-1', cluster: { local: {} } } },
    { name: 'frankfurt', spec: { region: 'eu-central-1', cluster: { local: {} } } },
  ],
  providerKeys: { electricityMaps: { secretName: SECRET } },
  config: {
    providers: { electricityMaps: { baseUrl, budget: { requests: 1_000, per: 'Hour' } } },
    // So that what it learns, and what it asks, goes on while the test looks.
    carbon: { sources: [{ electricityMaps: {} }], refresh: '1s' },
    planning: { settle: '50ms' },
  },
});

let plane: ControlPlane;
let cluster: Cluster;
let folder: string;
let previous: string;
let inCluster: { kubeconfig: string; release: string; namespace: string };
let release: typeof inCluster & { values: ReturnType<typeof values> };
let before: readonly string[];
/** Of the pods that the Deployment would have. */
let pods: readonly DeployedOperator[] = [];

/** Power is dirty until four hours from now, then clean. */
const cleanFrom = Date.now() + 4 * HOUR_MS;
const provider = new ElectricityMapsStandIn({
  key: KEY,
  zones: ['SE-SE3', 'DE'],
  figures: (zone, at) => (zone === 'DE' ? 300 : 100) * (at < cleanFrom ? 2 : 1),
  now: () => Date.now(),
});

beforeAll(async () => {
  await ensureBinaries(['helm', 'kubectl']);
  await promisify(execFile)(process.execPath, ['hack/build/main.ts'], { cwd: ROOT });
  folder = await mkdtemp(join(tmpdir(), 'sunward-chart-'));
  // What an installation has before an upgrade.
  previous = join(folder, 'previous');
  await cp(CHART, previous, { recursive: true });
  const chart = await readFile(join(previous, 'Chart.yaml'), 'utf8');
  await writeFile(join(previous, 'Chart.yaml'), chart.replaceAll(/ersion: 0\.1\.0$/gm, 'ersion: 0.0.9'));
  plane = await startControlPlane({ audit: 'Metadata' });
  [cluster] = plane.clusters;
  await cluster.createNodes(['eu-north-1', 'eu-central-1'].map((region) => ({ region, product: H100, gpus: 8 })));
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } };
  const metadata = { name: SECRET, namespace: NAMESPACE };
  await cluster.applyManifests([
    namespace,
    { apiVersion: 'v1', kind: 'Secret', metadata, stringData: { key: KEY } } as never,
  ]);
  await provider.start(await freePort());
  inCluster = { kubeconfig: cluster.adminKubeconfig.path, release: 'sunward', namespace: NAMESPACE };
  release = { ...inCluster, values: values(`${provider.url}/v4`) };
}, TOOL_SETUP_MS);

afterAll(async () => {
  await Promise.all(pods.map((pod) => pod.dispose()));
  await provider.stop();
  await plane.stop();
  await rm(folder, { recursive: true });
});

/** What the Deployment controller and the kubelets would do: new pods are ready before the old ones go. */
async function rollOut(): Promise<void> {
  const revision = Math.random().toString(36).slice(2, 7);
  const old = pods;
  pods = await Promise.all([0, 1].map((i) => DeployedOperator.start(cluster, NAMESPACE, `sunward-${revision}-${i}`)));
  await Promise.all(pods.map((pod) => pod.untilReady()));
  for (const pod of old) {
    expect(await pod.terminate()).toBe(0);
    await pod.dispose();
  }
}

async function submit(name: string, spec: object, annotations: object = {}): Promise<void> {
  const container = { name: 'main', image: 'example.com/main', resources: { limits: { 'nvidia.com/gpu': 1 } } };
  const { template, ...rest } = spec as { template?: object };
  const pod = { metadata: { annotations }, spec: { restartPolicy: 'Never', containers: [container] } };
  await cluster.request(CARBON_AWARE_JOBS, {
    method: 'POST',
    body: {
      apiVersion: 'sunward.dev/v1alpha1',
      kind: 'CarbonAwareJob',
      metadata: { name },
      spec: {
        expectedDuration: '1h',
        objective: 'Carbon',
        ...rest,
        template: { spec: { ...template, template: pod } },
      },
    },
  });
}

function until(name: string, phase: string): Promise<CarbonAwareJob> {
  let last: object | undefined;
  return waitFor({ for: `${name} to be ${phase}`, timeoutMs: 30_000 }, async () => {
    const job = await cluster.request<CarbonAwareJob>(`${CARBON_AWARE_JOBS}/${name}`);
    last = job.status;
    return job.status?.phase === phase ? job : undefined;
  }).catch((error: unknown) => {
    throw new Error(`it is ${JSON.stringify(last, undefined, 1)}`, { cause: error });
  });
}

interface Job {
  readonly metadata: { readonly uid: string; readonly generation: number };
  readonly status: { readonly startTime?: string; readonly active?: number };
}

/** What must not change when the operator is another one. */
async function whatJobsAre(): Promise<object> {
  const { items } = await cluster.request<{ items: readonly (Job & CarbonAwareJob)[] }>(JOBS);
  const plans = await cluster.request<{ items: readonly CarbonAwareJob[] }>(CARBON_AWARE_JOBS);
  return {
    jobs: items.map(({ metadata: { uid, generation }, status }) => [uid, generation, status.startTime]),
    plans: plans.items.map(({ metadata, status }) => [metadata.name, status?.phase, status?.plan?.windows?.[0]?.start]),
  };
}

describe('the chart, installed by Helm', () => {
  test('has pods that become ready, one of which leads', async () => {
    before = await everyObject(cluster);
    const { stdout } = await install(previous, release);
    expect(stdout).toContain('Sunward 0.0.9 is installed in namespace sunward-system.');
    await rollOut();
    const { spec } = await waitFor({ for: 'a leader', timeoutMs: 30_000 }, () =>
      cluster.request<{ spec: { holderIdentity: string } }>(LEASE),
    );
    expect(pods.map(({ name }) => name)).toContain(spec.holderIdentity.split('_')[0]);
  });

  test('runs one job at once, to its end, and lets another wait for cleaner power', async () => {
    await submit('now', { maxDelay: '1m', template: { ttlSecondsAfterFinished: 0 } });
    await submit('later', { maxDelay: '12h' });
    await submit('long', { maxDelay: '1m' }, { 'sunward.dev/run-for': '10m' });
    await submit('lost', { maxDelay: '1m' }, { 'sunward.dev/run-for': '10m' });
    const later = await until('later', 'Waiting');
    expect(later.status?.plan).toMatchObject({ site: 'stockholm', dataSource: 'electricity-maps (LiveForecast)' });
    expect(Date.parse(later.status?.plan?.starts ?? '')).toBeGreaterThan(cleanFrom - HOUR_MS);
    await until('now', 'Succeeded');
    await until('long', 'Running');
    await until('lost', 'Running');
    await cluster.request(`${JOBS}/lost`, { method: 'DELETE', body: { propagationPolicy: 'Background' } });
    await until('lost', 'Failed');
    // The pod of the one that goes on has begun.
    await waitFor({ for: 'long to be active', timeoutMs: 30_000 }, async () =>
      (await cluster.request<Job>(`${JOBS}/long`)).status.active === 1 ? true : undefined,
    );
  });

  test('is upgraded, and rolled back, without a touch on jobs that wait or run', async () => {
    const jobs = await whatJobsAre();
    const { stdout } = await upgrade(CHART, release);
    expect(stdout).toContain('Sunward 0.1.0');
    await rollOut();
    expect(await whatJobsAre()).toEqual(jobs);
    await rollback(inCluster);
    await rollOut();
    expect(await whatJobsAre()).toEqual(jobs);
  });

  test('is taken away with all that it brought but the definitions, and leaves every job', async () => {
    const jobs = await whatJobsAre();
    for (const pod of pods) expect(await pod.terminate()).toBe(0);
    await uninstall(inCluster);
    expect(await whatJobsAre()).toEqual(jobs);
    const left = (await everyObject(cluster)).filter((object) => !before.includes(object));
    expect(left.filter((object) => object.includes('sunward') && !object.includes(' default/'))).toEqual([
      '/api/v1/configmaps sunward-system/sunward-carbon-memory',
      '/api/v1/configmaps sunward-system/sunward-request-budgets',
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions /carbonawarejobs.sunward.dev',
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions /carbonpolicies.sunward.dev',
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions /computesites.sunward.dev',
      '/apis/apiregistration.k8s.io/v1/apiservices /v1alpha1.sunward.dev',
      '/apis/coordination.k8s.io/v1/leases sunward-system/sunward',
    ]);
  });

  test('is installed again, and goes on where it was', async () => {
    await install(CHART, release);
    await rollOut();
    await submit('after', { maxDelay: '1m' });
    await until('after', 'Succeeded');
    await until('later', 'Waiting');
    await until('long', 'Running');
  });

  test('grants each right that the operator uses, and none that it does not', async () => {
    const user = `system:serviceaccount:${NAMESPACE}:sunward`;
    const events = (await cluster.auditEvents()).filter((event) => event.user.username === user);
    expect(events.filter(({ responseStatus }) => responseStatus?.code === 403)).toEqual([]);
    const granted = await grantedRights(cluster, NAMESPACE, 'sunward');
    const used = usesOf(events, granted);
    expect(used.filter((right) => !granted.includes(right))).toEqual([]);
    // Asked of nobody: the API server looks for it where a Job's ownerReference blocks a deletion.
    const held = 'update sunward.dev/carbonawarejobs/finalizers';
    expect(granted.filter((right) => !used.includes(right))).toEqual([held]);
  });
});
