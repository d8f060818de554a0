import { join } from 'node:path';
import { writeKubeconfig } from '../client/kubeconfig.ts';
import type { ControlPlane } from '../control-plane.ts';
import { startControlPlane } from '../control-plane.ts';
import type { NodeGroup } from '../fake-nodes/nodes.ts';
import { errorText } from '../error-text.ts';
import { processStart } from '../process/process-identity.ts';
import type { DevelopmentState } from './state.ts';
import { developmentDirectory, removeDevelopmentDirectory, writeState } from './state.ts';

/** What the holder tells the `up` that started it. */
export type HolderReport = { readonly kind: 'up' } | { readonly kind: 'failed'; readonly message: string };

export interface HolderOptions {
  readonly clusters: number;
  /** Whether each cluster gets a few nodes with GPUs. */
  readonly nodes: boolean;
}

/** Three regions as different as their grids: hydro and nuclear, mixed, coal. */
const SAMPLE_NODES: readonly NodeGroup[] = ['swedencentral', 'germanywestcentral', 'polandcentral'].map((region) => ({
  region,
  zone: `${region}-1`,
  product: 'NVIDIA-H100-80GB-HBM3',
  gpus: 8,
  count: 2,
}));

/** Longest that a timer can wait; it only keeps the process alive. */
const FOREVER_MS = 2 ** 31 - 1;

/**
 * Holds a control plane until SIGTERM or SIGINT. Runs in the process that `up` leaves behind; before it has reported,
 * the end of `up` (Ctrl-C) is its end as well.
 */
export async function holdControlPlane(options: HolderOptions): Promise<void> {
  const directory = developmentDirectory();
  const end = new AbortController();
  const finish = (): void => {
    end.abort(new Error('asked to stop'));
  };
  process.once('SIGTERM', finish);
  process.once('SIGINT', finish);
  process.once('disconnect', finish);
  try {
    const controlPlane = await startControlPlane(
      { clusters: options.clusters, directory: join(directory, 'run') },
      end.signal,
    );
    if (options.nodes) {
      await Promise.all(controlPlane.clusters.map((cluster) => cluster.createNodes(SAMPLE_NODES, end.signal)));
    }
    await writeState(directory, await describe(controlPlane, directory));
    process.off('disconnect', finish);
    await report({ kind: 'up' });
    await untilAborted(end.signal);
    await controlPlane.stop();
    await removeDevelopmentDirectory(directory);
  } catch (error) {
    await report({ kind: 'failed', message: errorText(error) });
    process.exitCode = 1;
  }
}

async function describe(controlPlane: ControlPlane, directory: string): Promise<DevelopmentState> {
  const [first, ...others] = controlPlane.clusters;
  const kubeconfig = await writeKubeconfig(join(directory, 'kubeconfig'), [
    first.adminAccess(),
    ...others.map((cluster) => cluster.adminAccess()),
  ]);
  return {
    pid: process.pid,
    processStart: (await processStart(process.pid)) ?? '',
    startedAt: new Date().toISOString(),
    kubeconfig: kubeconfig.path,
    clusters: controlPlane.clusters.map((cluster) => ({
      name: cluster.name,
      server: cluster.server,
      logDirectory: cluster.logDirectory,
      processes: cluster.processes().map(({ name, pid }) => ({ name, pid })),
    })),
  };
}

/** And lets go of `up`, which may end now. */
async function report(message: HolderReport): Promise<void> {
  if (!process.connected) return;
  await new Promise((resolve) => process.send?.(message, resolve));
  process.disconnect();
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  const alive = setInterval(() => undefined, FOREVER_MS);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve());
  });
  clearInterval(alive);
}
