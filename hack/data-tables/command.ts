import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { updateGenerated, type GeneratedFile } from '../generated-files.ts';

/** A table that is derived from published data and committed: made by a script, never by hand. */
export interface DataTable {
  /** How it is called, e.g. `hack/update-regions.ts`. */
  readonly script: string;
  /** The files as the data folder says that they should be. */
  render(dataFolder: string): Promise<readonly GeneratedFile[]>;
  /** The files as the committed rows say that they should be: what else is made of them, and a change by hand. */
  committed(): readonly GeneratedFile[];
  /** What is wrong with the committed files, as far as they tell without the data folder. */
  problems(read: ReadCommitted): Promise<readonly string[]>;
}

/** Reads a committed file by its path from the root of the repository. */
export type ReadCommitted = (path: string) => Promise<string>;

/**
 * Called at the root of the repository. `--data FOLDER` writes the table; without it, only the page in docs/ that
 * follows from the committed one. `--check` says whether the committed table is sound, and with `--data` whether it is
 * what the data gives. Exit code: 0 done or sound, 1 not sound.
 */
export async function runDataTable(table: DataTable, args: readonly string[], report = console.log): Promise<0 | 1> {
  const { values } = parseArgs({ args: [...args], options: { data: { type: 'string' }, check: { type: 'boolean' } } });
  const { data, check = false } = values;
  const command = `node ${table.script} --data ${data ?? 'FOLDER'}`;
  if (!check) {
    const files = data === undefined ? table.committed().filter(isPage) : await table.render(data);
    return updateGenerated(files, { check, command, report });
  }
  const problems = await table.problems((path) => readFile(path, 'utf8'));
  for (const problem of problems) report(problem);
  const wanted = data === undefined ? table.committed() : await table.render(data);
  const stale = await updateGenerated(wanted, { check, command, report });
  return problems.length === 0 ? stale : 1;
}

const isPage = ({ path }: GeneratedFile) => path.endsWith('.md');
