import { availableParallelism, arch, cpus, release, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';
import { runCommand } from '../../run/command.ts';

/** Where and on what the figures came about. */
export interface Environment {
  readonly measuredAt: string;
  readonly machine: {
    readonly system: string;
    readonly cpu: string;
    readonly cores: number;
    readonly memoryGiB: number;
  };
  readonly versions: Readonly<Record<string, string>>;
  /** Commit of the work tree; with `-dirty` where files differ from it. */
  readonly commit: string;
}

const GIB = 2 ** 30;
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** @param versions of what was measured against, e.g. the API server */
export async function environmentNow(versions: Readonly<Record<string, string>>): Promise<Environment> {
  return {
    measuredAt: new Date().toISOString(),
    machine: {
      system: `${type()} ${release()} ${arch()}`,
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: availableParallelism(),
      memoryGiB: Math.round(totalmem() / GIB),
    },
    versions: { node: process.versions.node, ...versions },
    commit: await commit(),
  };
}

/** A tree that came without git has none. */
async function commit(): Promise<string> {
  const { code, output } = await runCommand('git', ['describe', '--always', '--dirty', '--abbrev=12', '--exclude=*'], {
    output: 'capture',
    cwd: ROOT,
  });
  return code === 0 ? output.trim() : 'unknown';
}
