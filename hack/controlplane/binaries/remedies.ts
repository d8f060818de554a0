import type { GoVersion } from './go/go-version.ts';
import type { BinarySettings } from './settings.ts';
import type { Tool } from './tools.ts';

export interface MissingToolchain {
  readonly missing: readonly Tool[];
  readonly settings: BinarySettings;
  readonly installed: GoVersion | undefined;
  readonly required: GoVersion;
}

/** What is missing, why it can't be built, and each thing that helps. */
export function missingToolchainMessage({ missing, settings, installed, required }: MissingToolchain): string {
  const tools = missing.map((tool) => `${tool.name} ${tool.source.version}`).join(', ');
  const need = `Go ${required.join('.')} or newer`;
  const have = installed === undefined ? `"${settings.go}" is not installed` : `this is Go ${installed.join('.')}`;
  const folders = settings.folders.map(({ variable, path }) => `${variable} (${path})`);
  return [
    `Binaries are missing: ${tools}.`,
    `Looked in ${[...folders, `the cache (${settings.cacheDirectory})`].join(', ')}.`,
    `Building them needs ${need}, and ${have}. One of these helps:`,
    `  - install ${need}: https://go.dev/doc/install (they are built once, some minutes in all)`,
    '  - BINARIES=download: takes the official releases and checks their published checksums',
    '  - SUNWARD_CONTROLPLANE_BIN=<folder>: a folder that holds these binaries',
    '  - KUBEBUILDER_ASSETS=<folder>: the folder of setup-envtest (etcd, kube-apiserver and kubectl only)',
  ].join('\n');
}
