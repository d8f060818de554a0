import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessKeeper } from '../../controlplane/process/process-keeper.ts';

/** A folder for the demo's files, and the keeper of its processes: both go when the demo ends, in whatever way. */
export interface Workshop {
  readonly directory: string;
  readonly keeper: ProcessKeeper;
  close(): Promise<void>;
}

export async function openWorkshop(): Promise<Workshop> {
  const directory = await mkdtemp(join(tmpdir(), 'sunward-demo-'));
  const keep = process.env['SUNWARD_KEEP'] === '1';
  const keeper = await ProcessKeeper.start();
  if (!keep) keeper.removeAtEnd(directory);
  return {
    directory,
    keeper,
    close: async () => {
      await keeper.stop();
      if (!keep) await rm(directory, { recursive: true, force: true });
    },
  };
}

/** In one step: who reads it finds the old or the new, never half of it. */
export async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
