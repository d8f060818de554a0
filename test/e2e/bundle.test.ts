import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { execFile, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buildBundle } from '../../hack/build/build-bundle.ts';
import { ensureBinaries } from '../../hack/controlplane/binaries/ensure.ts';
import { startControlPlane, type Cluster, type ControlPlane } from '../../hack/controlplane/control-plane.ts';
import { waitFor } from '../../hack/controlplane/process/wait.ts';
import { installResources } from '../../hack/resources/install.ts';
import { ImageTree } from '../fixtures/image-tree.ts';

jest.setTimeout(120_000);

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CONFIG = 'planning: {threadFrom: 1}\nserver: {host: 127.0.0.1, port: 0}\n';

let controlPlane: ControlPlane;
let cluster: Cluster;
let folder: string;
let image: ImageTree;
let atFirst: readonly string[];
let operator: ChildProcess;
let address: string;

/** What ships: the image, under the operator's own rights, with every plan made in the thread beside. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sunward-bundle-'));
  // The image's user reads what lies here.
  await chmod(folder, 0o755);
  await buildBundle();
  image = await ImageTree.layOut(ROOT);
  atFirst = await image.contents();
  controlPlane = await startControlPlane({ components: ['kube-controller-manager'] });
  [cluster] = controlPlane.clusters;
  await installResources(cluster);
  const mounted = { config: join(folder, 'config.yaml'), kubeconfig: join(folder, 'kubeconfig') };
  await copyFile((await cluster.kubeconfigForServiceAccount('sunward-system', 'sunward')).path, mounted.kubeconfig);
  await chmod(mounted.kubeconfig, 0o644);
  await writeFile(mounted.config, CONFIG);
  operator = image.start('--config', mounted.config, '--kubeconfig', mounted.kubeconfig);
  operator.stderr?.pipe(process.stderr);
  address = await servedAt(operator);
});

afterAll(async () => {
  operator.kill('SIGKILL');
  await controlPlane.stop();
  await image.dispose();
  await rm(folder, { recursive: true });
});

test('says how it is started, with nothing but Node beside it and no environment', async () => {
  const asked = image.start('--help');
  const [told, complaint] = await Promise.all([text(asked.stdout), text(asked.stderr), once(asked, 'exit')]);
  expect(told).toMatch(/^usage: sunward /);
  expect(complaint).toBe('');
  expect(asked.exitCode).toBe(0);
});

test('runs as the user of the image, never as root', async () => {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'uid=', '-p', String(operator.pid)]);
  expect(Number(stdout)).toBe(image.user.uid ?? process.getuid?.());
  expect(Number(stdout)).not.toBe(0);
});

test('holds no development package', async () => {
  const { inputs } = JSON.parse(await readFile(join(ROOT, 'dist/metafile.json'), 'utf8')) as { inputs: object };
  expect(Object.keys(inputs).filter((path) => path.includes('@dot-i/k8s-operator'))).toEqual([]);
});

test('plans a job in its thread, says so in metrics, and ends with SIGTERM, its lease given back', async () => {
  await cluster.applyManifests(await readFile(join(ROOT, 'crds/samples/computesite-local.yaml'), 'utf8'));
  await cluster.applyManifests(JOB);
  const plan = await waitFor({ for: 'a plan', timeoutMs: 30_000 }, async () => {
    const job = await cluster.request<{ status?: { plan?: { site?: string } } }>(JOB_PATH);
    return job.status?.plan;
  });
  expect(plan.site).toBe('stockholm');
  const metrics = await (await fetch(`${address}/metrics`)).text();
  expect(metrics).toMatch(/^sunward_planned_jobs\{reason="\w+"\} 1$/m);
  expect(metrics).toContain('sunward_planning_cycle_failures_total 0');
  expect((await fetch(`${address}/readyz`)).status).toBe(200);

  const ended = once(operator, 'exit');
  operator.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  const lease = await cluster.request<{ spec: { holderIdentity?: string } }>(LEASE_PATH);
  expect(lease.spec.holderIdentity ?? '').toBe('');
});

test('has written nothing beside itself', async () => {
  expect(await image.contents()).toEqual(atFirst);
  expect(atFirst.filter((line) => line.includes('app/'))).not.toEqual([]);
});

test('answers as a plugin of kubectl what was decided and what would happen, from the cluster and from what was saved of it', async () => {
  const kubectl = (await ensureBinaries(['kubectl'])).path('kubectl');
  await copyFile(join(ROOT, 'dist/kubectl-carbon'), join(folder, 'kubectl-carbon'));
  const env = {
    ...process.env,
    PATH: `${folder}:${process.env['PATH'] ?? ''}`,
    KUBECONFIG: cluster.adminKubeconfig.path,
  };
  const carbon = (...args: readonly string[]) => promisify(execFile)(kubectl, ['carbon', ...args], { cwd: ROOT, env });

  const explained = await carbon('explain', 'caj/bundled', '-o', 'json');
  const job = await cluster.request<{ status: { plan: { site: string; expected: { carbonGrams: string } } } }>(
    JOB_PATH,
  );
  const told = JSON.parse(explained.stdout) as { plan: { legs: readonly { site: string }[]; expected: object } };
  expect(told.plan.legs[0]?.site).toBe(job.status.plan.site);
  expect(told.plan.expected).toMatchObject({ scope: 'Lifecycle', rung: 'TypicalDay' });

  const planned = await carbon('plan', '-f', 'crds/samples/carbonawarejob-smallest.yaml');
  expect(planned.stdout).toContain('default/nightly-embeddings');
  const { items } = await cluster.request<{ items: readonly unknown[] }>(JOB_PATH.replace(/\/bundled$/, ''));
  expect(items).toHaveLength(1);

  const saved = await promisify(execFile)(kubectl, ['get', 'computesites,carbonawarejobs', '-A', '-o', 'yaml'], {
    env,
  });
  await writeFile(join(folder, 'saved.yaml'), saved.stdout);
  const offline = await carbon(
    'plan',
    '-f',
    'crds/samples/carbonawarejob-smallest.yaml',
    '--sites',
    join(folder, 'saved.yaml'),
  );
  expect(decisionIn(offline.stdout)).toBe(decisionIn(planned.stdout));
});

/** Where it runs: the time of it moves with the clock. */
function decisionIn(text: string): string | undefined {
  return /^Decision +(\w+)/m.exec(text)?.[1];
}

const JOB_PATH = '/apis/sunward.dev/v1alpha1/namespaces/default/carbonawarejobs/bundled';
const LEASE_PATH = '/apis/coordination.k8s.io/v1/namespaces/sunward-system/leases/sunward';
const JOB = `
apiVersion: sunward.dev/v1alpha1
kind: CarbonAwareJob
metadata: {name: bundled, namespace: default}
spec:
  expectedDuration: 1h
  template:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers: [{name: main, image: registry.example.com/main, resources: {limits: {nvidia.com/gpu: 1}}}]
`;

/** The address that the operator logs once it serves. */
async function servedAt({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('the operator has no output');
  for await (const line of createInterface(stdout)) {
    const { message, port } = JSON.parse(line) as { message: string; port?: number };
    if (message === 'serving metrics and health') {
      stdout.resume();
      return `http://127.0.0.1:${String(port)}`;
    }
  }
  throw new Error('the operator ended before it served');
}
