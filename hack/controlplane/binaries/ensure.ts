import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { withBuildLock } from './build-lock.ts';
import { buildTool } from './go/build.ts';
import { downloadTool } from './release/download.ts';
import { findBinary } from './find.ts';
import type { FoundBinary } from './find.ts';
import { installedGo, isAtLeast, requiredGo } from './go/go-version.ts';
import type { Progress } from './progress.ts';
import { progressToStandardError, timed } from './progress.ts';
import { missingToolchainMessage } from './remedies.ts';
import type { BinarySettings } from './settings.ts';
import { cachedPath, settingsFromEnvironment } from './settings.ts';
import type { Tool, ToolName } from './tools.ts';
import { toolNamed } from './tools.ts';

/** How long a test may take to set up what needs a tool: where it isn't there yet it is built, which takes some minutes. */
export const TOOL_SETUP_MS = 900_000;

export interface EnsureOptions {
  readonly settings?: BinarySettings;
  readonly progress?: Progress | undefined;
  readonly abort?: AbortSignal | undefined;
}

export interface Binaries {
  /** @throws Error for a tool that wasn't asked for */
  path(tool: ToolName): string;
  readonly all: ReadonlyMap<ToolName, FoundBinary>;
}

/**
 * Finds the binaries: in a folder that the environment names, in the cache; what is missing is built, or downloaded
 * with BINARIES=download, into the cache. Only what is asked for, one at a time, by one process at a time.
 * @throws Error with remedies when something is missing and can't be had
 */
export async function ensureBinaries(names: readonly ToolName[], options: EnsureOptions = {}): Promise<Binaries> {
  const settings = options.settings ?? settingsFromEnvironment();
  const progress = options.progress ?? progressToStandardError;
  const found = new Map<ToolName, FoundBinary>();
  const lookUp = async (): Promise<Tool[]> => {
    const missing: Tool[] = [];
    for (const tool of names.map(toolNamed)) {
      const binary = await findBinary(tool, settings);
      if (binary === undefined) missing.push(tool);
      else found.set(tool.name, binary);
    }
    return missing;
  };
  const missing = await lookUp();
  if (missing.length > 0) {
    if (settings.missing === 'build') await requireGo(missing, settings);
    const lock = join(settings.cacheDirectory, 'binaries.lock');
    await withBuildLock(lock, { progress, abort: options.abort }, async () => {
      // Another process may have made some while we waited.
      const tools = await lookUp();
      for (const [index, tool] of tools.entries()) {
        await provide(tool, {
          settings,
          progress,
          abort: options.abort,
          position: `${index + 1} of ${tools.length}`,
        });
      }
    });
    await lookUp();
  }
  return {
    all: found,
    path: (name) => {
      const binary = found.get(name);
      if (binary === undefined) throw new Error(`${name} was not asked for`);
      return binary.path;
    },
  };
}

interface ProvideOptions {
  readonly settings: BinarySettings;
  readonly progress: Progress;
  readonly abort: AbortSignal | undefined;
  /** e.g. `1 of 4` */
  readonly position: string;
}

/** Makes the binary in a folder of its own and moves it into the cache in one step. */
async function provide(tool: Tool, { settings, progress, abort, position }: ProvideOptions): Promise<void> {
  abort?.throwIfAborted();
  const target = cachedPath(tool, settings);
  await mkdir(dirname(target), { recursive: true });
  const directory = await mkdtemp(join(settings.cacheDirectory, 'incomplete-'));
  const what = `${tool.name} ${tool.source.version}`;
  const words =
    settings.missing === 'build'
      ? { doing: `building ${what} (${position})`, done: `built ${what}` }
      : { doing: `downloading ${what} (${position})`, done: `downloaded ${what}, checksum ok,` };
  try {
    await timed(progress, words, async () => {
      const make = settings.missing === 'build' ? buildTool : downloadTool;
      await rename(await make(tool, settings, directory, abort), target);
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function requireGo(missing: readonly Tool[], settings: BinarySettings): Promise<void> {
  const installed = await installedGo(settings);
  const requirements = await Promise.all(missing.map(requiredGo));
  const required = requirements.reduce((newest, version) => (isAtLeast(version, newest) ? version : newest));
  if (installed !== undefined && isAtLeast(installed, required)) return;
  throw new Error(missingToolchainMessage({ missing, settings, installed, required }));
}
