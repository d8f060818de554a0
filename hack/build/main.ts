/** `make build`: the operator as dist/main.js, its planning thread as dist/plan-worker.js, and dist/metafile.json, which says what went into it. */
import { readFileSync, writeFileSync } from 'node:fs';

import { build } from 'esbuild';

import { formatDuration } from '../run/command.ts';
import { packagesOf, strayPackages } from './contents.ts';

const startedAt = performance.now();
const { metafile } = await build({
  // The planner's thread is a program of its own beside the operator's.
  entryPoints: { main: 'operator/main.ts', 'plan-worker': 'operator/controllers/planning-cycle/plan-worker.ts' },
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node22.19',
  format: 'esm',
  // Packages in CommonJS ask for Node's own modules with require, which an ES module does not have.
  banner: { js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);` },
  sourcemap: 'linked',
  legalComments: 'linked',
  metafile: true,
  logLevel: 'warning',
});
writeFileSync('dist/metafile.json', JSON.stringify(metafile));

const packages = packagesOf(metafile);
const stray = strayPackages(packages, readFileSync('package.json', 'utf8'));
if (stray.length > 0) {
  console.error(
    `development packages are in the bundle: ${stray.join(', ')}; dist/metafile.json says which file imports them`,
  );
  process.exitCode = 1;
}
const kibibytes = Math.round((metafile.outputs['dist/main.js']?.bytes ?? 0) / 1024);
console.log(
  `    dist/main.js: ${kibibytes} KiB of ${packages.length} packages in ${formatDuration(performance.now() - startedAt)}`,
);
