import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import type { BinarySettings } from './settings.ts';
import { cachedPath } from './settings.ts';
import type { Tool } from './tools.ts';

export interface FoundBinary {
  readonly path: string;
  /** The variable that named the folder, or `cache`. */
  readonly from: string;
}

/** A folder that someone named goes before the cache. Nothing is built or downloaded here. */
export async function findBinary(tool: Tool, settings: BinarySettings): Promise<FoundBinary | undefined> {
  const candidates = [
    ...settings.folders.map(({ variable, path }) => ({ from: variable, path: join(path, tool.name) })),
    { from: 'cache', path: cachedPath(tool, settings) },
  ];
  for (const candidate of candidates) if (await isExecutable(candidate.path)) return candidate;
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
