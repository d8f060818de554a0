export interface Check {
  readonly name: string;
  /** What it holds, in the words of the house. */
  readonly holds: string;
  /** A program of node_modules/.bin or `node`, and its arguments. */
  readonly command: readonly [string, ...string[]];
  /** What to do when it fails, beyond what its own output says. */
  readonly remedy?: string;
}

const incremental = (name: string): string[] => ['--incremental', '--tsBuildInfoFile', `out/cache/${name}.tsbuildinfo`];

/** The longest first, so that two processors end at about the same time. */
export const CHECKS: readonly Check[] = [
  {
    name: 'lint',
    holds: 'strict types, sizes of files and functions, no clock or I/O in the core',
    command: ['eslint', '--max-warnings', '0', '.'],
  },
  {
    name: 'types',
    holds: 'the whole project compiles',
    command: ['tsc', '-p', 'tsconfig.json', ...incremental('types')],
  },
  {
    name: 'pure types',
    holds: 'domain, planning, accounting and simulation compile without Node and without a browser',
    command: ['tsc', '-p', 'tsconfig.pure.json', ...incremental('pure-types')],
  },
  {
    name: 'format',
    holds: "every file is in the house's format",
    command: ['prettier', '--check', '--log-level', 'warn', '--cache', '--cache-location', 'out/cache/prettier', '.'],
    remedy: 'run: make format',
  },
  {
    name: 'generated',
    holds: 'what hack/update-*.ts writes is fresh',
    command: ['node', 'hack/verify/generated.ts'],
  },
  {
    name: 'imports',
    holds: 'the import table, type-only imports included, and no cycles',
    command: [
      'depcruise',
      '--config',
      '.dependency-cruiser.js',
      '--output-type',
      'err-long',
      'operator',
      'hack',
      'test',
    ],
  },
  { name: 'dead code', holds: 'every file, export and dependency is used', command: ['knip', '--no-progress'] },
  {
    name: 'layout',
    holds: 'at most 15 files a folder, kebab-case, no barrels',
    command: ['node', 'hack/verify/layout.ts'],
  },
  {
    name: 'Dockerfile',
    holds: 'the language, images by version, no root, no shell, its own stages alone',
    command: ['node', 'hack/verify/dockerfile.ts'],
  },
  {
    name: 'workflows',
    holds: 'few rights, fixed versions, nothing of strangers in a script',
    command: ['node', 'hack/verify/workflows.ts'],
  },
  {
    name: 'lockfile',
    holds: 'exact versions, checksums, no registry and no credential',
    command: ['node', 'hack/verify/lockfile.ts'],
  },
];
