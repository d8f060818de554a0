import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { runCommand } from '../run/command.ts';

/** Every path that differs from the last commit, with a digest of what it holds now. */
export type TreeState = ReadonlyMap<string, string>;

/** Reads the state of the git work tree that `folder` is the root of. */
export async function readTreeState(folder = '.'): Promise<TreeState> {
  const status = ['status', '--porcelain=v1', '-z', '--no-renames', '--untracked-files=all'];
  const { code, output } = await runCommand('git', status, { output: 'capture', cwd: folder });
  if (code !== 0) throw new Error(`reading the state of the work tree: ${output}`);
  const entries = output.split('\0').filter((entry) => entry !== '');
  return new Map(
    entries.map((entry) => [entry.slice(3), `${entry.slice(0, 2)} ${digest(join(folder, entry.slice(3)))}`]),
  );
}

function digest(path: string): string {
  if (!existsSync(path) || !statSync(path).isFile()) return 'absent';
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

/** Paths whose state is not the same in both. */
export function changedPaths(before: TreeState, after: TreeState): string[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter((path) => before.get(path) !== after.get(path)).sort();
}
