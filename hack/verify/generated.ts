/** Runs every `hack/update-*.ts` with `--check`: each says which of its files is stale and how to refresh it. */
import { readdirSync } from 'node:fs';

import { runCommand } from '../run/command.ts';

const scripts = readdirSync('hack').filter((name) => /^update-.*(?<!\.test)\.ts$/.test(name));
if (scripts.length === 0) throw new Error('no hack/update-*.ts was found: run this from the root of the project');

for (const script of scripts) {
  const path = `hack/${script}`;
  const { code, output } = await runCommand(process.execPath, [path, '--check'], { output: 'capture' });
  if (code === 0) continue;
  console.log(`${output.trimEnd()}\n${path} --check ended with exit code ${code}; refresh with: node ${path}`);
  process.exitCode = 1;
}
