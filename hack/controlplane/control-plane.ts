import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBinaries } from './binaries/ensure.ts';
import type { ToolName } from './binaries/tools.ts';
import type { Progress } from './binaries/progress.ts';
import { progressToStandardError } from './binaries/progress.ts';
import type { Cluster } from './cluster/cluster.ts';
import type { ClusterOptions } from './cluster/options.ts';
import { ALL_OPTIONAL_COMPONENTS } from './cluster/options.ts';
import { startCluster } from './cluster/start-cluster.ts';
import { ProcessKeeper } from './process/process-keeper.ts';

export type { AuditEvent } from './cluster/audit.ts';
export type { Cluster } from './cluster/cluster.ts';
export type { ClusterOptions } from './cluster/options.ts';
export type { Kubeconfig } from './client/kubeconfig.ts';
export type { Manifest } from './client/apply.ts';
export type { NodeGroup, Taint } from './fake-nodes/nodes.ts';

export interface ControlPlaneOptions extends ClusterOptions {
  /** How many alike, or the options of each, which go before those beside it; default 1. */
  readonly clusters?: number | readonly ClusterOptions[];
  /** For data, keys and logs; default a new folder under the system's temporary one. Must not hold anything else. */
  readonly directory?: string;
  /** For each process to serve; default 90 s. */
  readonly startTimeoutMs?: number;
  /** Told what is built or downloaded; default standard error. */
  readonly progress?: Progress;
}

export interface ControlPlane {
  readonly clusters: readonly [Cluster, ...Cluster[]];
  readonly directory: string;
  /** Stops every process and removes the folder, unless SUNWARD_KEEP=1. May be called twice. */
  stop(): Promise<void>;
}

const DEFAULT_START_TIMEOUT_MS = 90_000;

/**
 * Starts real control planes on 127.0.0.1, each with its own etcd, all at once. Everything stops with {@link
 * ControlPlane.stop}, and also when this process ends in whatever way: by itself, Ctrl-C, SIGKILL.
 * @throws Error that says which process did not start, with the end of its log
 */
export async function startControlPlane(options: ControlPlaneOptions = {}, abort?: AbortSignal): Promise<ControlPlane> {
  const perCluster = clusterOptions(options);
  const progress = options.progress ?? progressToStandardError;
  const binaries = await ensureBinaries(neededTools(perCluster), { progress, abort });
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'sunward-')));
  const keeper = await ProcessKeeper.start();
  const keep = process.env['SUNWARD_KEEP'] === '1';
  if (!keep) keeper.removeAtEnd(directory);
  const stop = async (): Promise<void> => {
    await keeper.stop();
    if (keep) progress(`SUNWARD_KEEP=1: data and logs are in ${directory}`);
    else await rm(directory, { recursive: true, force: true });
  };
  try {
    const clusters = await Promise.all(
      perCluster.map((cluster) => {
        const clusterDirectory = join(directory, cluster.name);
        return startCluster(
          keeper,
          {
            name: cluster.name,
            options: cluster,
            directory: clusterDirectory,
            startTimeoutMs: options.startTimeoutMs ?? DEFAULT_START_TIMEOUT_MS,
            abort,
            binary: (tool) => binaries.path(tool),
            logFile: (name) => join(clusterDirectory, 'logs', `${name}.log`),
          },
          async () => (await ensureBinaries(['kubectl'], { progress })).path('kubectl'),
        );
      }),
    );
    keeper.runInBackground();
    keeper.onUnexpectedExit(({ name, logFile }, { code, signal }) => {
      progress(`${name} ended by itself with ${code === null ? String(signal) : `code ${code}`}, see ${logFile}`);
    });
    return { clusters: clusters as [Cluster, ...Cluster[]], directory, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type NamedClusterOptions = ClusterOptions & { readonly name: string };

function clusterOptions(options: ControlPlaneOptions): NamedClusterOptions[] {
  const { clusters = 1, directory: _directory, startTimeoutMs: _timeout, progress: _progress, ...shared } = options;
  const own = typeof clusters === 'number' ? Array.from({ length: clusters }, (): ClusterOptions => ({})) : clusters;
  if (own.length === 0) throw new Error('starting a control plane: clusters is 0, it must be at least 1');
  const named = own.map((cluster, index) => ({ name: `cluster-${index + 1}`, ...shared, ...cluster }));
  const names = new Set(named.map((cluster) => cluster.name));
  if (names.size < named.length) throw new Error('starting a control plane: two clusters have the same name');
  return named;
}

function neededTools(clusters: readonly ClusterOptions[]): ToolName[] {
  const optional = clusters.flatMap((cluster) => cluster.components ?? ALL_OPTIONAL_COMPONENTS);
  return [...new Set<ToolName>(['etcd', 'kube-apiserver', ...optional])];
}
