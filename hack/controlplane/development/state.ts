import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorText } from '../error-text.ts';
import { processStart } from '../process/process-identity.ts';

/** What `up` leaves behind for `down` and `status`. */
export interface DevelopmentState {
  /** Of the process that holds the control plane. */
  readonly pid: number;
  readonly processStart: string;
  readonly startedAt: string;
  /** A context a cluster. */
  readonly kubeconfig: string;
  readonly clusters: readonly {
    readonly name: string;
    readonly server: string;
    readonly logDirectory: string;
    readonly processes: readonly { readonly name: string; readonly pid: number }[];
  }[];
}

/** Folder of the development control plane: one a work tree, ignored by git. */
export function developmentDirectory(env: NodeJS.ProcessEnv = process.env): string {
  return env['SUNWARD_DEVELOPMENT_DIR'] ?? fileURLToPath(new URL('../../../.controlplane', import.meta.url));
}

export async function readState(directory: string): Promise<DevelopmentState | undefined> {
  try {
    return JSON.parse(await readFile(stateFile(directory), 'utf8')) as DevelopmentState;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`reading ${stateFile(directory)}: ${errorText(error)}`, { cause: error });
  }
}

export async function writeState(directory: string, state: DevelopmentState): Promise<void> {
  await mkdir(directory, { recursive: true });
  const draft = `${stateFile(directory)}.new`;
  await writeFile(draft, JSON.stringify(state, undefined, 2));
  await rename(draft, stateFile(directory));
}

/** All of it: state, kubeconfig, data and logs. */
export async function removeDevelopmentDirectory(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true, maxRetries: 3 });
}

/** Whether the very process that the state names still runs. */
export async function isRunning(state: DevelopmentState): Promise<boolean> {
  return (await processStart(state.pid)) === state.processStart;
}

function stateFile(directory: string): string {
  return join(directory, 'state.json');
}
