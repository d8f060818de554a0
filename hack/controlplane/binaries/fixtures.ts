import { mkdir, mkdtemp, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { BinarySettings } from './settings.ts';

/** For the tests beside: settings that see nothing of the machine but the given folder. */
export function isolatedSettings(directory: string, overrides: Partial<BinarySettings> = {}): BinarySettings {
  return {
    folders: [],
    cacheDirectory: join(directory, 'cache'),
    missing: 'build',
    baseUrls: {},
    platform: { os: 'linux', arch: 'amd64' },
    go: join(directory, 'no-go'),
    ...overrides,
  };
}

export async function temporaryDirectory(): Promise<string> {
  return realpath(await mkdtemp(join(tmpdir(), 'sunward-test-')));
}

export async function writeExecutable(path: string, text = '#!/bin/sh\n'): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text, { mode: 0o755 });
  return path;
}

/**
 * A `go` that answers `version` and, for `build`, writes an executable to `-o` and a line with the package to
 * `builds.log` beside itself.
 */
export function writeFakeGo(directory: string, options: { version?: string; build?: string } = {}): Promise<string> {
  const { version = '1.26.8', build = ':' } = options;
  return writeExecutable(
    join(directory, 'go'),
    `#!/bin/sh
case "$1" in
version) echo "go version go${version} linux/amd64" ;;
build)
  ${build}
  while [ $# -gt 1 ]; do [ "$1" = -o ] && output=$2; shift; done
  echo "$1" >> '${directory}/builds.log'
  printf '#!/bin/sh\\necho built\\n' > "$output"
  chmod +x "$output" ;;
esac
`,
  );
}
