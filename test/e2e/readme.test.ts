import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildBundle } from '../../hack/build/build-bundle.ts';
import { startControlPlane, type Cluster, type ControlPlane } from '../../hack/controlplane/control-plane.ts';
import { ensureBinaries, TOOL_SETUP_MS } from '../../hack/controlplane/binaries/ensure.ts';
import { waitFor } from '../../hack/controlplane/process/wait.ts';
import { DeployedOperator } from '../fixtures/chart/deployed-operator.ts';

jest.setTimeout(120_000);

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const OPERATOR = 'make run';

/** The commands of the README, a block each, in its order. */
async function blocksOf(path: string): Promise<readonly string[]> {
  const text = await readFile(path, 'utf8');
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block.trim());
}

const blocks = await blocksOf(join(ROOT, 'README.md'));
const onACluster = blocks.filter((block) => block.includes('kubectl'));
const [fromSource = ''] = (await blocksOf(join(ROOT, 'CONTRIBUTING.md'))).filter((block) => block.includes(OPERATOR));

describe('commands of the README that stand alone', () => {
  test.each([
    ['make demo', 'node hack/demo/main.ts'],
    ['make test', 'node hack/run/tests.ts'],
  ])('%s is one of the commands that the other tests and CI run', async (command, program) => {
    expect(blocks).toContain(command);
    expect(await shell(command.replace('make', 'make --dry-run'), ROOT, {})).toContain(program);
  });

  test('there are no others', () => {
    const others = blocks.filter((block) => !onACluster.includes(block));
    expect(others).toEqual(['make demo', 'make test']);
  });
});

describe('on a cluster that one has', () => {
  let controlPlane: ControlPlane;
  let checkout: string;

  beforeAll(async () => {
    await ensureBinaries(['helm', 'kubectl']);
    await buildBundle();
    controlPlane = await startControlPlane({ clusters: 2 });
    for (const cluster of controlPlane.clusters) {
      await cluster.createNodes([{ region: 'eu-north-1', product: 'NVIDIA-H100-80GB-HBM3', gpus: 8 }]);
    }
    checkout = await checkoutOfItsOwn();
  }, TOOL_SETUP_MS);

  afterAll(async () => {
    await controlPlane.stop();
    await rm(checkout, { recursive: true });
  });

  /** As in the reader's shell, with nothing of ours. */
  async function environmentFor(cluster: Cluster): Promise<NodeJS.ProcessEnv> {
    const binaries = await ensureBinaries(['helm', 'kubectl']);
    const folders = [...binaries.all.values()].map(({ path }) => dirname(path));
    const path = [...folders, join(ROOT, 'node_modules', '.bin'), process.env['PATH']].join(':');
    return { PATH: path, HOME: checkout, KUBECONFIG: cluster.adminKubeconfig.path };
  }

  /** What the commands print once the job of the samples has run. */
  function untilJobHasRun(commands: string, environment: NodeJS.ProcessEnv): Promise<string> {
    return waitFor({ for: 'the job to have run', timeoutMs: 60_000 }, async () => {
      const text = await shell(commands, checkout, environment);
      return /nightly-embeddings +Succeeded +stockholm/.test(text) ? text : undefined;
    });
  }

  const SITE = /computesite.sunward.dev\/stockholm +eu-north-1 +SE-SE3 +\d+ +(?:Rising|Falling|Steady) +typical-day/;
  const [install = '', use = '', ...more] = onACluster;

  test('every command does what the README says, and the job of the samples runs', async () => {
    const [cluster] = controlPlane.clusters;
    const environment = await environmentFor(cluster);
    expect(more).toEqual([]);
    expect(await shell(install, checkout, environment)).toContain(
      'Sunward 0.1.0 is installed in namespace sunward-system',
    );
    // The fake nodes run no image: the pod is a process here.
    const pod = await DeployedOperator.start(cluster, 'sunward-system', 'sunward-0');
    try {
      expect(await untilJobHasRun(use, environment)).toMatch(SITE);
    } finally {
      await pod.dispose();
    }
  });

  test('the operator runs from source with the commands of CONTRIBUTING', async () => {
    const cluster = controlPlane.clusters[1] ?? controlPlane.clusters[0];
    const environment = await environmentFor(cluster);
    const lines = fromSource.split('\n');
    await shell(lines.filter((line) => !line.startsWith(OPERATOR)).join('\n'), checkout, environment);
    await shell('kubectl apply -f crds/samples/computesite-local.yaml', checkout, environment);
    const run = lines.find((line) => line.startsWith(OPERATOR)) ?? '';
    const operator = spawn('bash', ['-c', `exec ${run}`], {
      ...{ cwd: checkout, env: environment, stdio: 'ignore' },
      detached: true,
    });
    try {
      expect(await untilJobHasRun(use, environment)).toMatch(SITE);
    } finally {
      await stopped(operator);
    }
  });
});

/** What the commands write stays out of the real one. */
async function checkoutOfItsOwn(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sunward-readme-'));
  for (const name of await readdir(ROOT)) {
    if (name === '.git' || name === 'operator.kubeconfig') continue;
    // kubectl doesn't look into a folder that is a link.
    if (name === 'crds' || name === 'charts') await cp(join(ROOT, name), join(folder, name), { recursive: true });
    else await symlink(join(ROOT, name), join(folder, name));
  }
  return folder;
}

/** Runs commands as a reader would paste them; rejects with what they printed where one fails. */
async function shell(commands: string, cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn('bash', ['-e', '-o', 'pipefail', '-c', commands], { cwd, env: { ...process.env, ...env } });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  const printed = Buffer.concat(chunks).toString();
  if (code !== 0) throw new Error(`${commands}\nended with ${String(code)}:\n${printed}`);
  return printed;
}

/** Ends make and what it has started: they are a process group of their own. */
async function stopped(child: ChildProcess | undefined): Promise<void> {
  if (child?.pid === undefined || child.exitCode !== null) return;
  const ended = once(child, 'exit');
  process.kill(-child.pid, 'SIGTERM');
  await ended;
}
