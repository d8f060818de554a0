import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Platform, Tool } from './tools.ts';
import { currentPlatform } from './tools.ts';

/** Where binaries come from, as the environment says. */
export interface BinarySettings {
  /** Looked in first, in this order, with the variable that named each. */
  readonly folders: readonly { readonly variable: string; readonly path: string }[];
  readonly cacheDirectory: string;
  /** What to do about a missing binary. */
  readonly missing: 'build' | 'download';
  /** By the name that tools.json uses. */
  readonly baseUrls: Readonly<Record<string, string>>;
  readonly platform: Platform;
  /** The Go command. */
  readonly go: string;
}

const FOLDER_VARIABLES = ['SUNWARD_CONTROLPLANE_BIN', 'KUBEBUILDER_ASSETS'];

/** @throws Error for a value of BINARIES that means nothing. */
export function settingsFromEnvironment(env: NodeJS.ProcessEnv = process.env): BinarySettings {
  const missing = nonEmpty(env['BINARIES']) ?? 'build';
  if (missing !== 'build' && missing !== 'download') {
    throw new Error(`BINARIES is "${missing}": it must be "build" (the default) or "download"`);
  }
  return {
    folders: FOLDER_VARIABLES.flatMap((variable) => {
      const path = nonEmpty(env[variable]);
      return path === undefined ? [] : [{ variable, path }];
    }),
    cacheDirectory:
      nonEmpty(env['SUNWARD_CACHE']) ?? join(nonEmpty(env['XDG_CACHE_HOME']) ?? join(homedir(), '.cache'), 'sunward'),
    missing,
    baseUrls: {
      kubernetes: nonEmpty(env['SUNWARD_KUBERNETES_DOWNLOADS']) ?? 'https://dl.k8s.io',
      github: nonEmpty(env['SUNWARD_GITHUB_DOWNLOADS']) ?? 'https://github.com',
      'github-api': nonEmpty(env['SUNWARD_GITHUB_API']) ?? 'https://api.github.com',
      helm: nonEmpty(env['SUNWARD_HELM_DOWNLOADS']) ?? 'https://get.helm.sh',
    },
    platform: currentPlatform(),
    go: nonEmpty(env['GO']) ?? 'go',
  };
}

/** Keyed by tool, version and platform, so that nothing is ever stale. */
export function cachedPath(tool: Tool, settings: BinarySettings): string {
  const { os, arch } = settings.platform;
  return join(settings.cacheDirectory, 'binaries', tool.name, tool.source.version, `${os}-${arch}`, tool.name);
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value;
}
