import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';

/** Content of one generated file, by its path from the root of the repository. */
export interface GeneratedFile {
  readonly path: string;
  readonly content: string;
}

/** What a generator was asked to do: write its files, or only say which of them are stale. */
export interface GeneratorRun {
  readonly check: boolean;
  /** The command that writes the files, for the message of a failed check. */
  readonly command: string;
  readonly report: (line: string) => void;
}

/**
 * Writes the files that differ, or with `check` reports them.
 * Resolves to the exit code: 0, or 1 where a check found a stale file.
 */
export async function updateGenerated(files: readonly GeneratedFile[], run: GeneratorRun): Promise<0 | 1> {
  let stale = 0;
  for (const file of files) {
    const wanted = await format(file.content, { ...(await resolveConfig(file.path)), filepath: file.path });
    if ((await readIfThere(file.path)) === wanted) continue;
    stale += 1;
    if (run.check) run.report(`${file.path} is stale: run "${run.command}" and commit it`);
    else {
      await writeFile(file.path, wanted);
      run.report(`wrote ${file.path}`);
    }
  }
  return run.check && stale > 0 ? 1 : 0;
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
