import { parseArgs } from 'node:util';
import { ensureBinaries } from './binaries/ensure.ts';
import { TOOLS } from './binaries/tools.ts';
import { down } from './development/down.ts';
import { holdControlPlane } from './development/holder.ts';
import { status } from './development/status.ts';
import { up } from './development/up.ts';
import { errorText } from './error-text.ts';

const USAGE = `A real Kubernetes control plane on 127.0.0.1: etcd, API server, controllers, scheduler, and kwok for the nodes.

  node hack/controlplane/main.ts up [--clusters n] [--nodes]   start one that stays; --nodes adds a few with GPUs
  node hack/controlplane/main.ts status                        what runs; exit code 1 where nothing does
  node hack/controlplane/main.ts down                          stop it and remove its data
  node hack/controlplane/main.ts binaries [name ...]           find, build or download binaries, default all

Binaries come from SUNWARD_CONTROLPLANE_BIN, KUBEBUILDER_ASSETS or the cache (SUNWARD_CACHE, default ~/.cache/sunward).
What is missing is built with Go, or downloaded with BINARIES=download.`;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function binaries(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !TOOLS.some((tool) => tool.name === name));
  if (unknown.length > 0) {
    throw new Error(`unknown binary ${unknown.join(', ')}: there are ${TOOLS.map(({ name }) => name).join(', ')}`);
  }
  const wanted = TOOLS.filter(({ name }) => names.length === 0 || names.includes(name));
  const found = await ensureBinaries(wanted.map(({ name }) => name));
  for (const [name, { path, from }] of found.all) print(`${name.padEnd(24)} ${path} (${from})`);
}

function clusterCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 9) return count;
  throw new Error(`--clusters is "${text}": it must be a number from 1 to 9`);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      clusters: { type: 'string' },
      nodes: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [command, ...rest] = positionals;
  const clusters = values.clusters === undefined ? undefined : clusterCount(values.clusters);
  const { nodes } = values;
  if (values.help || command === undefined) print(USAGE);
  else if (command === 'up') await up({ clusters, nodes }, print);
  else if (command === 'down') await down(print);
  else if (command === 'status') process.exitCode = (await status(print)) ? 0 : 1;
  else if (command === 'binaries') await binaries(rest);
  else if (command === 'hold') await holdControlPlane({ clusters: clusters ?? 1, nodes });
  else throw new Error(`unknown command "${command}"\n\n${USAGE}`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${errorText(error)}\n`);
  process.exitCode = 1;
}
