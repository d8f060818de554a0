import { access } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { ApiRequestError } from '../../hack/controlplane/client/api-client.ts';
import type { Cluster, ControlPlane } from '../../hack/controlplane/control-plane.ts';
import { startControlPlane } from '../../hack/controlplane/control-plane.ts';
import { isRunning } from '../../hack/controlplane/process/process-identity.ts';
import { waitFor } from '../../hack/controlplane/process/wait.ts';

jest.setTimeout(120_000);

const JOBS = '/apis/batch/v1/namespaces/default/jobs';
const PODS = '/api/v1/namespaces/default/pods';

interface Job {
  readonly status: {
    readonly active?: number;
    readonly succeeded?: number;
    readonly failed?: number;
    readonly terminating?: number;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string }[];
  };
}

interface Pod {
  readonly spec: { readonly nodeName?: string };
  readonly status: { readonly phase: string };
}

interface JobOptions {
  readonly annotations?: Record<string, string>;
  readonly spec?: object;
  readonly region?: string;
  readonly gpus?: number;
}

function inRegion(region: string): object {
  const term = { matchExpressions: [{ key: 'topology.kubernetes.io/region', operator: 'In', values: [region] }] };
  return { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } } };
}

function job(name: string, { annotations = {}, spec = {}, region, gpus = 1 }: JobOptions = {}) {
  const container = { name: 'train', image: 'train', resources: { limits: { 'nvidia.com/gpu': String(gpus) } } };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name },
    spec: {
      backoffLimit: 0,
      ...spec,
      template: {
        metadata: { annotations },
        spec: {
          restartPolicy: 'Never',
          containers: [container],
          ...(region === undefined ? {} : { affinity: inRegion(region) }),
        },
      },
    },
  };
}

function untilJob(cluster: Cluster, name: string, what: string, holds: (job: Job) => boolean): Promise<Job> {
  return waitFor({ for: `Job ${name}: ${what}`, timeoutMs: 30_000 }, async () => {
    const found = await cluster.request<Job>(`${JOBS}/${name}`);
    return holds(found) ? found : undefined;
  });
}

function hasCondition(type: string): (job: Job) => boolean {
  return ({ status }) =>
    status.conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false;
}

async function podsOf(cluster: Cluster, name: string): Promise<readonly Pod[]> {
  const list = await cluster.request<{ items: readonly Pod[] }>(
    `${PODS}?labelSelector=batch.kubernetes.io/job-name=${name}`,
  );
  return list.items;
}

function patch(cluster: Cluster, name: string, body: object): Promise<Job> {
  return cluster.request<Job>(`${JOBS}/${name}`, {
    method: 'PATCH',
    contentType: 'application/merge-patch+json',
    body,
  });
}

let controlPlane: ControlPlane;
let current: Cluster;
let older: Cluster;

beforeAll(async () => {
  const clusters = [
    { name: 'current', audit: 'Metadata' as const },
    { name: 'older', emulatedVersion: '1.35' },
  ];
  controlPlane = await startControlPlane({ clusters });
  [current, older] = controlPlane.clusters as [Cluster, Cluster];
  await Promise.all(
    controlPlane.clusters.map((cluster) =>
      cluster.createNodes([
        { region: 'se', product: 'NVIDIA-H100-80GB-HBM3', gpus: 8 },
        { region: 'pl', product: 'NVIDIA-H100-80GB-HBM3', gpus: 8, count: 2 },
      ]),
    ),
  );
});

afterAll(() => controlPlane.stop());

describe('Jobs on fake nodes', () => {
  test('really complete, after the time that their annotation gives', async () => {
    const startedAt = Date.now();
    await current.applyManifests([
      job('trains', { annotations: { 'sunward.dev/run-for': '3s' }, spec: { completions: 2, parallelism: 2 } }),
    ]);
    const done = await untilJob(current, 'trains', 'complete', hasCondition('Complete'));
    expect(done.status.succeeded).toBe(2);
    expect(Date.now() - startedAt).toBeGreaterThan(2_500);
    expect((await podsOf(current, 'trains')).map(({ status }) => status.phase)).toEqual(['Succeeded', 'Succeeded']);
  });

  test('fail when their annotation says so', async () => {
    await current.applyManifests([job('breaks', { annotations: { 'sunward.dev/fail-after': '200ms' } })]);
    const failed = await untilJob(current, 'breaks', 'failed', hasCondition('Failed'));
    expect(failed.status.conditions?.find(({ type }) => type === 'Failed')?.reason).toBe('BackoffLimitExceeded');
    expect(failed.status.failed).toBe(1);
  });

  test('land in the region that their affinity asks for, where there is room', async () => {
    const spec = { completions: 2, parallelism: 2 };
    const annotations = { 'sunward.dev/run-for': '100ms' };
    await current.applyManifests([
      job('polish', { region: 'pl', gpus: 8, spec, annotations }),
      job('nowhere', { region: 'fr' }),
    ]);
    await untilJob(current, 'polish', 'complete', hasCondition('Complete'));
    const nodes = (await podsOf(current, 'polish')).map(({ spec: { nodeName } }) => nodeName).sort();
    expect(nodes).toEqual(['pl-nvidia-h100-80gb-hbm3-0', 'pl-nvidia-h100-80gb-hbm3-1']);
    expect((await podsOf(current, 'nowhere')).map(({ spec: { nodeName } }) => nodeName)).toEqual([undefined]);
  });

  test('give their pods up when suspended, and go with their pods when deleted', async () => {
    await current.applyManifests([job('paused', { annotations: { 'sunward.dev/run-for': '10m' } })]);
    await untilJob(current, 'paused', 'active', ({ status }) => status.active === 1);
    await patch(current, 'paused', { spec: { suspend: true } });
    await untilJob(current, 'paused', 'suspended', hasCondition('Suspended'));
    const gone = (count: number) =>
      waitFor({ for: 'the pods to go', timeoutMs: 20_000 }, async () =>
        (await podsOf(current, 'paused')).length === count ? true : undefined,
      );
    await gone(0);
    await patch(current, 'paused', { spec: { suspend: false } });
    await untilJob(current, 'paused', 'active again', ({ status }) => status.active === 1);
    await current.request(`${JOBS}/paused`, { method: 'DELETE', body: { propagationPolicy: 'Background' } });
    await gone(0);
  });
});

describe('emulating an older version', () => {
  /** Runs a Job, suspends it, and tries to send it elsewhere. */
  async function replace(cluster: Cluster): Promise<unknown> {
    await cluster.applyManifests([job('moves', { region: 'pl', annotations: { 'sunward.dev/run-for': '10m' } })]);
    await untilJob(cluster, 'moves', 'active', ({ status }) => status.active === 1);
    await patch(cluster, 'moves', { spec: { suspend: true } });
    await untilJob(
      cluster,
      'moves',
      'suspended',
      (found) => hasCondition('Suspended')(found) && (found.status.active ?? 0) === 0,
    );
    return patch(cluster, 'moves', { spec: { template: { spec: { affinity: inRegion('se') } } } }).catch(
      (error: unknown) => error,
    );
  }

  test('refuses to re-place a Job that ran, as 1.35 does; the current version lets it', async () => {
    const [now, then] = await Promise.all([replace(current), replace(older)]);
    expect(now).toMatchObject({ kind: 'Job' });
    expect(then).toBeInstanceOf(ApiRequestError);
    expect(then).toMatchObject({ status: 422, message: expect.stringMatching(/spec\.template.*field is immutable/s) });
  });

  test('is what the API server reports', async () => {
    expect(await older.request('/version')).toMatchObject({
      major: '1',
      minor: '36',
      emulationMajor: '1',
      emulationMinor: '35',
    });
  });
});

describe('who may do what', () => {
  test('a user without rights gets 403, and what RBAC grants to a group its members may', async () => {
    const ada = await current.kubeconfigFor({ user: 'ada', groups: ['research'] });
    const before = await current.kubectl(['get', 'jobs'], { kubeconfig: ada });
    expect(before.code).toBe(1);
    expect(before.stderr).toContain('(Forbidden): jobs.batch is forbidden: User "ada" cannot list resource "jobs"');
    await current.applyManifests(`
      {apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: research}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}, subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: research}]}`);
    const after = await waitFor({ for: 'the role to count', timeoutMs: 10_000 }, async () => {
      const result = await current.kubectl(['get', 'jobs', '--output=name'], { kubeconfig: ada });
      return result.code === 0 ? result : undefined;
    });
    expect(after.stdout).toContain('job.batch/');
    const write = await current.kubectl(['delete', 'job', 'nowhere'], { kubeconfig: ada });
    expect(write.stderr).toContain('(Forbidden)');
  });

  test('a service account has its own kubeconfig', async () => {
    await current.applyManifests([
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'robot', namespace: 'kube-system' } },
    ]);
    const robot = await current.kubeconfigForServiceAccount('kube-system', 'robot');
    const { stdout } = await current.kubectl(['auth', 'whoami', '--output=jsonpath={.status.userInfo.username}'], {
      kubeconfig: robot,
    });
    expect(stdout).toBe('system:serviceaccount:kube-system:robot');
  });

  test('the audit log tells who asked for what and how it ended', async () => {
    await expect(current.request(`${JOBS}/no-such-job`)).rejects.toMatchObject({ status: 404, reason: 'NotFound' });
    const event = await waitFor({ for: 'the audit event', timeoutMs: 5_000 }, async () =>
      (await current.auditEvents()).find(({ objectRef }) => objectRef?.name === 'no-such-job'),
    );
    expect(event).toMatchObject({ verb: 'get', user: { username: 'admin' }, responseStatus: { code: 404 } });
  });
});

describe('two at once', () => {
  test('start beside each other, are apart, and stop without a trace', async () => {
    const both = await Promise.all([startControlPlane({ components: [] }), startControlPlane({ components: [] })]);
    const [one, two] = both.map(({ clusters: [cluster] }) => cluster) as [Cluster, Cluster];
    const pids = [one, two].flatMap((cluster) => cluster.processes().map(({ pid }) => pid));
    try {
      await one.applyManifests([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'only-here' } }]);
      await expect(one.request('/api/v1/namespaces/only-here')).resolves.toMatchObject({
        metadata: { name: 'only-here' },
      });
      await expect(two.request('/api/v1/namespaces/only-here')).rejects.toMatchObject({ status: 404 });
      expect(pids).toHaveLength(4);
    } finally {
      await Promise.all(both.map((each) => each.stop()));
    }
    expect(await Promise.all(pids.map(isRunning))).toEqual([false, false, false, false]);
    for (const { directory } of both) await expect(access(directory)).rejects.toThrow('ENOENT');
  });
});
