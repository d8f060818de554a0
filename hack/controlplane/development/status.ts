import type { Progress } from '../binaries/progress.ts';
import { residentMebibytes } from '../process/process-identity.ts';
import type { DevelopmentState } from './state.ts';
import { developmentDirectory, isRunning, readState } from './state.ts';

/** Prints what runs. @returns whether something does */
export async function status(print: Progress): Promise<boolean> {
  const state = await readState(developmentDirectory());
  if (state === undefined || !(await isRunning(state))) {
    print('No development control plane is up. Start one with "make up".');
    return false;
  }
  print(`Up since ${state.startedAt}, KUBECONFIG=${state.kubeconfig}`);
  for (const cluster of state.clusters) await describeCluster(cluster, print);
  return true;
}

async function describeCluster(cluster: DevelopmentState['clusters'][number], print: Progress): Promise<void> {
  print(`\n${cluster.name}  ${cluster.server}  logs in ${cluster.logDirectory}`);
  for (const { name, pid } of cluster.processes) {
    const mebibytes = await residentMebibytes(pid);
    const memory = mebibytes === undefined ? 'ended' : `${mebibytes} MiB`;
    print(`  ${name.replace(`${cluster.name} `, '').padEnd(24)} pid ${String(pid).padEnd(8)} ${memory.padStart(8)}`);
  }
}
