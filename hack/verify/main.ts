/** `make verify`: every check side by side, a line for each, then proof that they left the work tree as it was. */
import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';

import { type CommandResult, formatDuration, interruption, runCommand } from '../run/command.ts';
import { CHECKS, type Check } from './checks.ts';
import { changedPaths, readTreeState } from './tree-state.ts';

interface Failure {
  readonly check: Check;
  readonly output: string;
}

/** Colours would turn up as control characters in a log. */
const PLAIN = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' };
const NAME_WIDTH = Math.max(...CHECKS.map(({ name }) => name.length));

function tableLine(check: Check, { code, durationMs }: CommandResult): string {
  const verdict = code === 0 ? 'ok  ' : 'FAIL';
  return `    ${verdict}  ${check.name.padEnd(NAME_WIDTH)}  ${formatDuration(durationMs).padStart(8)}  ${check.holds}`;
}

async function runChecks(interrupted: AbortSignal): Promise<Failure[]> {
  const waiting = [...CHECKS];
  const failures: Failure[] = [];
  const work = async (): Promise<void> => {
    for (let check = waiting.shift(); check !== undefined && !interrupted.aborted; check = waiting.shift()) {
      const [program, ...args] = check.command;
      const result = await runCommand(program, args, { output: 'capture', env: PLAIN });
      console.log(tableLine(check, result));
      if (result.code !== 0) failures.push({ check, output: result.output });
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return failures;
}

function explain({ check, output }: Failure): void {
  console.log(`\n==> ${check.name} failed: ${check.command.join(' ')}`);
  console.log(output.trim());
  if (check.remedy !== undefined) console.log(`    ${check.remedy}`);
}

mkdirSync('out/cache', { recursive: true });
console.log('==> Verifying');
const startedAt = performance.now();
const before = await readTreeState();
const interrupted = interruption();
const failures = await runChecks(interrupted);
const touched = changedPaths(before, await readTreeState());
failures.forEach(explain);
if (touched.length > 0) {
  console.log(`\n==> The work tree changed while it was verified:\n${touched.join('\n')}`);
}

const isSound = !interrupted.aborted && failures.length === 0 && touched.length === 0;
const verdict = isSound
  ? `all ${CHECKS.length} checks hold, the work tree is as it was`
  : `failed: ${[...failures.map(({ check }) => check.name), ...(touched.length > 0 ? ['work tree'] : []), ...(interrupted.aborted ? ['interrupted'] : [])].join(', ')}`;
console.log(`\nverify: ${verdict} (${formatDuration(performance.now() - startedAt)})`);
process.exitCode = isSound ? 0 : 1;
