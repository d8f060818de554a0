import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBinaries } from '../binaries/ensure.ts';
import { timed } from '../binaries/progress.ts';
import type { Progress } from '../binaries/progress.ts';
import type { HolderOptions, HolderReport } from './holder.ts';
import type { DevelopmentState } from './state.ts';
import { developmentDirectory, isRunning, readState, removeDevelopmentDirectory } from './state.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

export interface UpOptions {
  /** Default: as many as are up, or one. */
  readonly clusters: number | undefined;
  /** Whether new clusters get sample nodes. */
  readonly nodes: boolean;
}

/** Starts a control plane that stays, or says that one is there. */
export async function up({ clusters, nodes }: UpOptions, print: Progress): Promise<void> {
  const directory = developmentDirectory();
  const running = await readState(directory);
  if (running !== undefined && (await isRunning(running))) {
    refuseOtherSize(running, clusters);
    print(`It is up already, since ${running.startedAt}.`);
    print(whatNext(running, (await ensureBinaries(['kubectl'])).path('kubectl')));
    return;
  }
  const binaries = await ensureBinaries([
    'etcd',
    'kube-apiserver',
    'kube-controller-manager',
    'kube-scheduler',
    'kwok',
    'kubectl',
  ]);
  const options = { clusters: clusters ?? 1, nodes };
  await removeDevelopmentDirectory(directory);
  await mkdir(directory, { recursive: true });
  const what =
    options.clusters === 1
      ? 'a development control plane'
      : `a development control plane of ${options.clusters} clusters`;
  await timed(print, { doing: `Starting ${what}`, done: 'It is up' }, () => startHolder(options, directory));
  const state = await readState(directory);
  if (state === undefined) throw new Error(`starting ${what}: it left no state in ${directory}`);
  print(whatNext(state, binaries.path('kubectl')));
}

function refuseOtherSize(running: DevelopmentState, clusters: number | undefined): void {
  if (clusters === undefined || clusters === running.clusters.length) return;
  throw new Error(
    `a control plane of ${running.clusters.length} is up, and --clusters is ${clusters}: stop it first with "make down"`,
  );
}

/** The holder is a process of its own group, so that Ctrl-C of what comes later in this shell doesn't reach it. */
async function startHolder(options: HolderOptions, directory: string): Promise<void> {
  const logFile = join(directory, 'holder.log');
  const log = openSync(logFile, 'a');
  const args = ['hold', `--clusters=${options.clusters}`, ...(options.nodes ? ['--nodes'] : [])];
  const holder = fork(MAIN, args, { detached: true, execArgv: [], stdio: ['ignore', log, log, 'ipc'] });
  closeSync(log);
  const report = await firstReport(holder);
  if (report.kind === 'failed') throw new Error(report.message);
  holder.unref();

  async function firstReport(child: ChildProcess): Promise<HolderReport> {
    return new Promise((resolve, reject) => {
      child.once('message', (message: HolderReport) => {
        resolve(message);
      });
      child.once('exit', (code) => {
        reject(new Error(`the control plane's holder ended with code ${String(code)}, see ${logFile}`));
      });
    });
  }
}

function whatNext(state: DevelopmentState, kubectl: string): string {
  const contexts = state.clusters.map((cluster) => cluster.name).join(', ');
  return [
    '',
    `  export KUBECONFIG=${state.kubeconfig}     # contexts: ${contexts}`,
    `  ${kubectl} get nodes     # or any kubectl that you have`,
    '  make down     # stops it and removes its data',
  ].join('\n');
}
