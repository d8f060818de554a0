/** House rules on files and folders: how many, how they are named, no barrels. */
import { pathToFileURL } from 'node:url';

import { runCommand } from '../run/command.ts';

const MAX_FILES_A_FOLDER = 15;
const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*$/;
/** Words that say nothing about what is inside. */
const EMPTY_WORDS = new Set(['util', 'utils', 'helper', 'helpers', 'manager', 'service', 'processor', 'misc']);

/** What is wrong with these TypeScript files, by path from the project's root; empty when nothing is. */
export function layoutFaults(paths: readonly string[]): string[] {
  return [...crowdedFolders(paths), ...paths.flatMap(badNames), ...paths.filter(isBarrel).map(barrelFault)];
}

function crowdedFolders(paths: readonly string[]): string[] {
  const countByFolder = new Map<string, number>();
  for (const path of paths.filter((each) => !each.endsWith('.test.ts'))) {
    const folder = path.slice(0, path.lastIndexOf('/'));
    countByFolder.set(folder, (countByFolder.get(folder) ?? 0) + 1);
  }
  return [...countByFolder]
    .filter(([, count]) => count > MAX_FILES_A_FOLDER)
    .map(([folder, count]) => `${folder}/ has ${count} files, at most ${MAX_FILES_A_FOLDER}: split it by subject`);
}

function badNames(path: string): string[] {
  const parts = path.split('/').map((part) => part.split('.')[0] ?? '');
  const faults: string[] = [];
  if (!parts.every((part) => KEBAB_CASE.test(part))) faults.push(`${path}: file and folder names are kebab-case`);
  const word = parts.flatMap((part) => part.split('-')).find((each) => EMPTY_WORDS.has(each));
  if (word !== undefined) faults.push(`${path}: "${word}" says nothing, name it by what it does`);
  return faults;
}

function isBarrel(path: string): boolean {
  return /^operator\/(?!adapters\/).*\bindex\.ts$/.test(path);
}

function barrelFault(path: string): string {
  return `${path}: no barrels in operator/, an index.ts is only the door of an adapter; import the file itself`;
}

async function typeScriptFiles(): Promise<string[]> {
  const listing = ['ls-files', '--cached', '--others', '--exclude-standard', 'operator/*.ts', 'hack/*.ts', 'test/*.ts'];
  const { code, output } = await runCommand('git', listing, { output: 'capture' });
  if (code !== 0) throw new Error(`listing the project's files: ${output}`);
  return output.split('\n').filter((line) => line !== '');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const faults = layoutFaults(await typeScriptFiles());
  for (const fault of faults) console.log(fault);
  process.exitCode = faults.length > 0 ? 1 : 0;
}
