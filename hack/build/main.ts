/**
 * `make build`: the operator as dist/main.js, its planning thread as dist/plan-worker.js, the command line as dist/kubectl-carbon,
 * and dist/metafile.json, which says what went into the operator.
 */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';

import { build, type BuildOptions } from 'esbuild';

import { formatDuration } from '../run/command.ts';
import { packagesOf, strayPackages } from './contents.ts';

const startedAt = performance.now();
// Packages in CommonJS ask for Node's own modules with require, which an ES module does not have.
const REQUIRE = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`;
const common = {
  bundle: true,
  platform: 'node',
  target: 'node22.19',
  format: 'esm',
  metafile: true,
  logLevel: 'warning',
} as const satisfies BuildOptions;
const { metafile } = await build({
  ...common,
  // The planner's thread is a program of its own beside the operator's.
  entryPoints: { main: 'operator/main.ts', 'plan-worker': 'operator/controllers/planning-cycle/plan-worker.ts' },
  outdir: 'dist',
  banner: { js: REQUIRE },
  sourcemap: 'linked',
  legalComments: 'linked',
});
writeFileSync('dist/metafile.json', JSON.stringify(metafile));

// One file that can be put anywhere on the path: kubectl finds plugins by their name.
const plugin = 'dist/kubectl-carbon';
const commandLine = await build({
  ...common,
  entryPoints: ['operator/cli/main.ts'],
  outfile: plugin,
  banner: { js: `#!/usr/bin/env node\n${REQUIRE}` },
  legalComments: 'inline',
});
chmodSync(plugin, 0o755);

const packages = [...new Set([metafile, commandLine.metafile].flatMap(packagesOf))];
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
