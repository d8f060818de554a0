import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { BinarySettings } from '../settings.ts';
import type { Tool } from '../tools.ts';

/** hack/tools */
export const TOOL_MODULES = fileURLToPath(new URL('../../../tools', import.meta.url));

/** As `[1, 26, 8]`. */
export type GoVersion = readonly [number, number, number];

/** Nothing but what is committed decides what is built. */
export const GO_ENVIRONMENT: Readonly<Record<string, string>> = {
  GOTOOLCHAIN: 'local',
  GOWORK: 'off',
  GOFLAGS: '',
  CGO_ENABLED: '0',
};

/** `undefined` where there is no Go. */
export async function installedGo(settings: BinarySettings): Promise<GoVersion | undefined> {
  try {
    const { stdout } = await promisify(execFile)(settings.go, ['version'], {
      env: { ...process.env, ...GO_ENVIRONMENT },
    });
    return parseGoVersion(stdout);
  } catch {
    return undefined;
  }
}

/** The `go` line of the tool's go.mod: with GOTOOLCHAIN=local an older Go refuses it. */
export async function requiredGo(tool: Tool): Promise<GoVersion> {
  const file = join(TOOL_MODULES, tool.source.module, 'go.mod');
  const version = parseGoVersion((await readFile(file, 'utf8')).match(/^go .*$/m)?.[0] ?? '');
  if (version === undefined) throw new Error(`reading ${file}: it has no line "go <version>"`);
  return version;
}

/** Finds `1.26`, `1.26.8` or `1.26rc1` in a text. */
export function parseGoVersion(text: string): GoVersion | undefined {
  const match = /\bgo ?(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  return match === null ? undefined : [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
}

export function isAtLeast(version: GoVersion, minimum: GoVersion): boolean {
  for (const [index, part] of minimum.entries()) {
    const difference = (version[index] ?? 0) - part;
    if (difference !== 0) return difference > 0;
  }
  return true;
}
