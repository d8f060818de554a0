/** `make record`: records what a provider really answers and runs its contract suite on that. `--help` says how. */
import { basename } from 'node:path';
import { runRecorder } from './recordings/command.ts';
import { interruption, runCommand } from './run/command.ts';

const SUITE = 'test/contract/recordings/recordings.test.ts';

// The recording proxy is on loopback, also where the provider is reached through a proxy of the company.
const direct = process.env['no_proxy'] ?? process.env['NO_PROXY'];
process.env['no_proxy'] = [...(direct === undefined ? [] : [direct]), '127.0.0.1'].join(',');

async function runSuite(file: string): Promise<boolean> {
  const name = basename(file).replaceAll('.', String.raw`\.`);
  const { code } = await runCommand(process.execPath, ['hack/run/tests.ts', '--file', SUITE, '--name', name], {
    output: 'inherit',
    env: { ...process.env, SUNWARD_RECORDING: file },
  });
  return code === 0;
}

process.exitCode = await runRecorder(
  process.argv.slice(2),
  { now: Date.now(), print: console.log, complain: console.error, runSuite },
  interruption(),
);
