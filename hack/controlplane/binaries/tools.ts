import { readFileSync } from 'node:fs';

export type ToolName =
  | 'etcd'
  | 'kube-apiserver'
  | 'kube-controller-manager'
  | 'kube-scheduler'
  | 'kubectl'
  | 'kwok'
  | 'prometheus'
  | 'promtool'
  | 'helm';

export interface Checksum {
  /** `file`: its first word. `list`: the line of the file. `github-release`: the digest that GitHub took at the upload. */
  readonly kind: 'file' | 'list' | 'github-release';
  readonly url: string;
  readonly algorithm: 'sha256' | 'sha512';
}

export interface Download {
  readonly url: string;
  /** Path inside, where the URL is a tar.gz. */
  readonly member?: string;
  readonly platforms: readonly string[];
  readonly checksum: Checksum;
}

/** Tools that come from one Go module and one release. */
export interface Source {
  /** Folder under hack/tools whose go.mod and go.sum pin what is built. */
  readonly module: string;
  /** Of the release. */
  readonly version: string;
  /** Of the Go module, where it is another: Prometheus 3.13.5 is module version v0.313.5. */
  readonly moduleVersion?: string;
  /** Main package by tool. */
  readonly packages: Readonly<Record<string, string>>;
  /** Build tags. */
  readonly tags?: readonly string[];
  /** Variables that the linker sets, the same in each package. */
  readonly versionVariables?: {
    readonly packages: readonly string[];
    readonly values: Readonly<Record<string, string>>;
  };
  readonly download: Download;
}

export interface Tool {
  readonly name: ToolName;
  readonly package: string;
  readonly source: Source;
}

const { sources } = JSON.parse(readFileSync(new URL('./tools.json', import.meta.url), 'utf8')) as {
  readonly sources: readonly Source[];
};

/** All rows of tools.json. */
export const TOOLS: readonly Tool[] = sources.flatMap((source) =>
  Object.entries(source.packages).map(([name, mainPackage]) => ({
    name: name as ToolName,
    package: mainPackage,
    source,
  })),
);

export function toolNamed(name: ToolName): Tool {
  const tool = TOOLS.find((candidate) => candidate.name === name);
  if (tool === undefined) throw new Error(`looking up tool "${name}": tools.json has no such row`);
  return tool;
}

export interface Platform {
  /** As Go says it: `linux`, `darwin`. */
  readonly os: string;
  /** As Go says it: `amd64`, `arm64`. */
  readonly arch: string;
}

export function currentPlatform(): Platform {
  return { os: process.platform, arch: process.arch === 'x64' ? 'amd64' : process.arch };
}

/** Fills `{version}`, `{number}` (without its v), `{major}`, `{minor}`, `{os}`, `{arch}`, `{tool}` and what else is given. */
export function expand(
  template: string,
  tool: Tool,
  platform: Platform,
  further: Readonly<Record<string, string>> = {},
): string {
  const number = tool.source.version.replace(/^v/, '');
  const [major = '', minor = ''] = number.split('.');
  const values: Readonly<Record<string, string>> = {
    version: tool.source.version,
    number,
    major,
    minor,
    ...platform,
    tool: tool.name,
    ...further,
  };
  return template.replace(/\{([a-z-]+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`tools.json: "${template}" names {${name}}, which is unknown`);
    return value;
  });
}
