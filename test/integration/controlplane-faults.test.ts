import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Cluster, ControlPlane } from '../../hack/controlplane/control-plane.ts';
import { startControlPlane } from '../../hack/controlplane/control-plane.ts';
import { isRunning } from '../../hack/controlplane/process/process-identity.ts';
import { waitFor } from '../../hack/controlplane/process/wait.ts';

jest.setTimeout(120_000);

const LIBRARY = new URL('../../hack/controlplane/control-plane.ts', import.meta.url).href;
const COMMAND = fileURLToPath(new URL('../../hack/controlplane/main.ts', import.meta.url));

function untilGone(pids: readonly number[]): Promise<true> {
  return waitFor({ for: `processes ${pids.join(', ')} to be gone`, timeoutMs: 10_000 }, async () =>
    (await Promise.all(pids.map(isRunning))).includes(true) ? undefined : true,
  );
}

describe('an API server that is killed', () => {
  let controlPlane: ControlPlane;
  let cluster: Cluster;

  beforeAll(async () => {
    controlPlane = await startControlPlane();
    [cluster] = controlPlane.clusters;
    await cluster.createNodes([{ region: 'se', product: 'NVIDIA-H100-80GB-HBM3', gpus: 8 }]);
  });

  afterAll(() => controlPlane.stop());

  test('comes back on its port with what it had, and everything else goes on', async () => {
    const job = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'survivor' },
      spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'train', image: 'train' }] } } },
    };
    const { server } = cluster;
    await cluster.killApiServer();
    await expect(cluster.request('/readyz')).rejects.toThrow(/ECONNREFUSED|ECONNRESET|socket hang up/);
    expect(cluster.processes().map(({ name }) => name)).not.toContain('cluster-1 kube-apiserver');
    await cluster.startApiServer();
    expect(cluster.server).toBe(server);
    await cluster.applyManifests([job]);
    await waitFor({ for: 'the Job to complete', timeoutMs: 60_000 }, async () => {
      const found = await cluster.request<{ status: { succeeded?: number } }>(
        '/apis/batch/v1/namespaces/default/jobs/survivor',
      );
      return found.status.succeeded === 1 ? true : undefined;
    });
    expect(cluster.processes()).toHaveLength(5);
  });

  test('answers 410 to an old continue token and to an old watch, once history was compacted', async () => {
    const path = '/api/v1/namespaces/kube-system/serviceaccounts';
    const page = await cluster.request<{ metadata: { continue: string; resourceVersion: string } }>(`${path}?limit=1`);
    await cluster.applyManifests([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'later' } }]);
    await cluster.killApiServer();
    await cluster.compact();
    await cluster.startApiServer();
    const next = cluster.request(`${path}?limit=1&continue=${page.metadata.continue}`);
    await expect(next).rejects.toMatchObject({ status: 410, reason: 'Expired' });
    const event = await cluster.request(
      `${path}?watch=true&timeoutSeconds=1&resourceVersion=${page.metadata.resourceVersion}`,
    );
    expect(event).toMatchObject({ type: 'ERROR', object: { code: 410, reason: 'Expired' } });
  });
});

describe('a start that cannot succeed', () => {
  test('says which process ended and why, and leaves nothing', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'sunward-test-'));
    const starting = startControlPlane({ components: [], directory, apiServerFlags: ['--no-such-flag'] });
    await expect(starting).rejects.toThrow(
      /^cluster-1 kube-apiserver ended at its start:\n.*unknown flag: --no-such-flag/s,
    );
    await expect(access(directory)).rejects.toThrow('ENOENT');
  });

  test('ends when told to, and leaves nothing', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'sunward-test-'));
    const stop = new AbortController();
    const starting = startControlPlane({ components: [], directory }, stop.signal);
    setImmediate(() => {
      stop.abort(new Error('changed my mind'));
    });
    await expect(starting).rejects.toThrow();
    await expect(access(directory)).rejects.toThrow('ENOENT');
  });
});

test.each(['SIGKILL', 'SIGINT'] as const)('nothing is left after %s of the program that started it', async (signal) => {
  const program = `
    import { startControlPlane } from ${JSON.stringify(LIBRARY)};
    const { clusters: [cluster], directory } = await startControlPlane({ components: ['kwok'] });
    console.log(JSON.stringify({ directory, pids: cluster.processes().map(({ pid }) => pid) }));
    setInterval(() => undefined, 60_000);
  `;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(parent.stdout), 'line')) as [string];
  const { directory, pids } = JSON.parse(line) as { directory: string; pids: number[] };
  expect(await Promise.all(pids.map(isRunning))).toEqual([true, true, true]);
  parent.kill(signal);
  await untilGone(pids);
  await waitFor({ for: 'its folder to be gone', timeoutMs: 10_000 }, () =>
    access(directory).then(
      () => undefined,
      () => true,
    ),
  );
});

describe('the development control plane', () => {
  let directory: string;

  async function command(...args: string[]): Promise<{ code: number | null; output: string }> {
    const child = spawn(process.execPath, [COMMAND, ...args], {
      env: { ...process.env, SUNWARD_DEVELOPMENT_DIR: join(directory, 'development') },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
    return { code, output: stdout + stderr };
  }

  async function pids(): Promise<number[]> {
    const { output } = await command('status');
    return [...output.matchAll(/pid (\d+)/g)].map(([, pid]) => Number(pid));
  }

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sunward-test-'));
  });

  afterAll(async () => {
    await command('down');
    await rm(directory, { recursive: true });
  });

  test('stays up until it is taken down, and a second up is friendly', async () => {
    expect(await command('status')).toMatchObject({
      code: 1,
      output: expect.stringContaining('No development control plane'),
    });
    const first = await command('up', '--nodes');
    expect(first).toMatchObject({ code: 0, output: expect.stringMatching(/It is up in \d+ s/) });
    const kubeconfig = /export KUBECONFIG=(\S+)/.exec(first.output)?.[1];
    expect(kubeconfig).toBe(join(directory, 'development', 'kubeconfig'));
    expect(await command('up')).toMatchObject({ code: 0, output: expect.stringContaining('It is up already') });
    expect(await command('up', '--clusters', '2')).toMatchObject({
      code: 1,
      output: expect.stringContaining('make down'),
    });
    const running = await pids();
    expect(running).toHaveLength(5);
    expect(await command('down')).toEqual({ code: 0, output: 'Stopped, and its data removed.\n' });
    await untilGone(running);
    await expect(access(join(directory, 'development'))).rejects.toThrow('ENOENT');
    expect(await command('down')).toMatchObject({
      code: 0,
      output: expect.stringContaining('No development control plane'),
    });
  });
});
