/**
 * `make build`: what ships, in dist/. The operator is main.js with its planning thread plan-worker.js; the command line is
 * kubectl-carbon. Beside each: what it is made of (`*.cdx.json`) and the licences of that (`*.licences.txt`).
 * metafile.json says what went into the operator. docs/image.md tells what comes of it.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

import { build, type BuildOptions, type BuildResult } from 'esbuild';

import { formatDuration } from '../run/command.ts';
import { billOfMaterials } from './bill-of-materials.ts';
import { bundledPackages, importedByProject, packagesOf, strayPackages, type Lockfile } from './contents.ts';
import { licenceFaults, licenceList, licensedData, licensedPackages } from './licences.ts';

type Built = BuildResult<{ metafile: true; write: false }>;

interface Manifest {
  readonly version: string;
  readonly description: string;
  readonly license: string;
}

const startedAt = performance.now();
const MANIFEST = readFileSync('package.json', 'utf8');
const LOCKFILE = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lockfile;
const { version, description, license } = JSON.parse(MANIFEST) as Manifest;
// Packages in CommonJS ask for Node's own modules with require, which an ES module does not have.
const REQUIRE = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`;
const common = {
  bundle: true,
  platform: 'node',
  target: 'node22.19',
  format: 'esm',
  metafile: true,
  write: false,
  logLevel: 'warning',
} as const satisfies BuildOptions;

const operator = await build({
  ...common,
  // The planner's thread is a program of its own beside the operator's.
  entryPoints: { main: 'operator/main.ts', 'plan-worker': 'operator/controllers/planning-cycle/plan-worker.ts' },
  outdir: 'dist',
  banner: { js: REQUIRE },
  sourcemap: 'linked',
  legalComments: 'linked',
});
// One file that can be put anywhere on the path: kubectl finds plugins by their name.
const plugin = await build({
  ...common,
  entryPoints: ['operator/cli/main.ts'],
  outfile: 'dist/kubectl-carbon',
  banner: { js: `#!/usr/bin/env node\n${REQUIRE}` },
  legalComments: 'inline',
});

const products = { sunward: operator, 'kubectl-carbon': plugin };
const contents = Object.entries(products).map(([name, built]) => contentsOf(name, built));
const faults = contents.flatMap(({ stray, code, data }) => [...stray, ...licenceFaults({ code, data })]);
if (faults.length > 0) {
  console.error([...new Set(faults)].join('\n'));
  process.exitCode = 1;
} else {
  for (const each of contents) write(each);
  put('dist/metafile.json', JSON.stringify(operator.metafile));
  // Where nothing but dist/ is, this says that the operator is made of ES modules, and its name to who looks into an image.
  put('dist/package.json', `${JSON.stringify({ name: 'sunward', version, private: true, type: 'module' })}\n`);
  const kibibytes = Math.round((operator.metafile.outputs['dist/main.js']?.bytes ?? 0) / 1024);
  const count = new Set(Object.values(products).flatMap(({ metafile }) => packagesOf(metafile))).size;
  console.log(
    `    dist/main.js: ${kibibytes} KiB of ${count} packages in ${formatDuration(performance.now() - startedAt)}`,
  );
}

/** What a product is made of, and what of it may not ship. */
function contentsOf(name: string, { metafile, outputFiles }: Built) {
  const packages = bundledPackages(metafile, LOCKFILE);
  const stray = strayPackages(packagesOf(metafile), MANIFEST).map(
    (other) => `${other}, a development package, is in the bundle: dist/metafile.json says which file imports it`,
  );
  const imports = importedByProject(metafile);
  return {
    ...{ name, outputFiles, stray },
    product: { name, version, description, licence: license, packages, imports },
    code: licensedPackages(packages),
    data: licensedData(metafile),
  };
}

function write({ name, outputFiles, product, code, data }: ReturnType<typeof contentsOf>): void {
  for (const { path, contents: bytes } of outputFiles)
    put(path, bytes, path.endsWith('kubectl-carbon') ? 0o755 : 0o644);
  put(`dist/${name}.licences.txt`, licenceList(name, [...code, ...data]));
  put(`dist/${name}.cdx.json`, billOfMaterials(product));
}

/** Whole or not at all: an operator may be starting from the file that this one takes the place of. */
function put(path: string, content: string | Uint8Array, mode = 0o644): void {
  mkdirSync('dist', { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, content, { mode });
  renameSync(unfinished, path);
}
