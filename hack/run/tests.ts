/** `make test` and `make soak`: runs jest stage by stage and ends with "N passed, N failed" alone on the last line. */
import { availableParallelism, tmpdir } from 'node:os';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { TOOLS } from '../controlplane/binaries/tools.ts';
import { formatDuration, interruption, runCommand } from './command.ts';
import { type Selection, SelectionError, type TestKind, selectTests } from './selection.ts';
import { type JestReport, type Tally, closingLine, sum, tally } from './tally.ts';

interface Stage {
  readonly kinds: readonly TestKind[];
  readonly maxWorkers: number;
  /** How many of its tests start a control plane: where there is none to be had, those do not run that all do. */
  readonly needControlPlane: 'none' | 'some' | 'all';
  /** Past this something hangs: the stage is stopped and counts as failed. */
  readonly limitMs: number;
}

const MINUTE_MS = 60_000;

const STAGES: readonly Stage[] = [
  { kinds: ['unit'], maxWorkers: availableParallelism(), needControlPlane: 'none', limitMs: 10 * MINUTE_MS },
  { kinds: ['contract'], maxWorkers: availableParallelism(), needControlPlane: 'some', limitMs: 10 * MINUTE_MS },
  // Each worker starts control planes of its own: more than two at once only wait for each other.
  { kinds: ['integration'], maxWorkers: 2, needControlPlane: 'all', limitMs: 20 * MINUTE_MS },
  { kinds: ['e2e'], maxWorkers: 2, needControlPlane: 'all', limitMs: 30 * MINUTE_MS },
  { kinds: ['soak'], maxWorkers: 1, needControlPlane: 'all', limitMs: 360 * MINUTE_MS },
];

async function runStage(stage: Stage, selection: Selection): Promise<Tally> {
  const kinds = stage.kinds.filter((kind) => selection.kinds.includes(kind));
  const title = `${kinds.join(' and ')} tests`;
  console.log(`==> Running ${title}`);
  const folder = mkdtempSync(join(tmpdir(), 'sunward-tests-'));
  const reportFile = join(folder, 'report.json');
  try {
    const { code, durationMs } = await runCommand(
      process.execPath,
      jestArguments(stage, kinds, selection, reportFile),
      {
        output: 'inherit',
        limitMs: stage.limitMs,
      },
    );
    const counted = tally({
      title,
      exitCode: code,
      report: readReport(reportFile),
      selectedByName: selection.name !== undefined,
    });
    console.log(`    ${title}: ${counted.passed} passed, ${counted.failed} failed in ${formatDuration(durationMs)}`);
    return durationMs < stage.limitMs ? counted : overdue(title, stage.limitMs, counted);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function jestArguments(stage: Stage, kinds: readonly TestKind[], selection: Selection, reportFile: string): string[] {
  const nodeOptions = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const jest = [
    'node_modules/jest/bin/jest.js',
    '--selectProjects',
    ...kinds,
    '--maxWorkers',
    String(stage.maxWorkers),
  ];
  const report = ['--json', '--outputFile', reportFile];
  const named = selection.name === undefined ? [] : ['--testNamePattern', selection.name];
  const file = selection.file === undefined ? [] : ['--runTestsByPath', selection.file];
  return [...nodeOptions, ...jest, ...report, ...named, ...file];
}

function readReport(reportFile: string): JestReport | undefined {
  try {
    return JSON.parse(readFileSync(reportFile, 'utf8')) as JestReport;
  } catch {
    return undefined;
  }
}

function overdue(title: string, limitMs: number, counted: Tally): Tally {
  const remark = `${title}: stopped after ${formatDuration(limitMs)}; a test hangs or left a handle open`;
  return { ...counted, failed: counted.failed + 1, remarks: [...counted.remarks, remark] };
}

/** Modules of programs that only some kinds of tests ask for; all others are the control plane's. */
const FURTHER_PROGRAMS: Readonly<Record<string, readonly TestKind[]>> = {
  prometheus: ['contract', 'integration'],
  helm: ['integration', 'e2e'],
};

/** Finds or builds programs, so that their time is not counted as a test's. */
async function areThere(title: string, tools: typeof TOOLS): Promise<boolean> {
  console.log(`==> Finding or building ${title}`);
  const command = ['hack/controlplane/main.ts', 'binaries', ...tools.map(({ name }) => name)];
  const { code, durationMs } = await runCommand(process.execPath, command, { output: 'inherit' });
  console.log(`    ${title}: ${code === 0 ? 'ready' : 'missing'} after ${formatDuration(durationMs)}`);
  return code === 0;
}

/** Where one is missing, the tests that need it say so, and all others can run. */
async function prepareFurtherPrograms({ kinds, file }: Selection, interrupted: AbortSignal): Promise<void> {
  // One file says itself what it needs, and waits for it.
  if (file !== undefined) return;
  for (const [module, askedBy] of Object.entries(FURTHER_PROGRAMS)) {
    if (interrupted.aborted || !askedBy.some((kind) => kinds.includes(kind))) continue;
    const tools = TOOLS.filter(({ source }) => source.module === module);
    await areThere(tools.map(({ name }) => name).join(' and '), tools);
  }
}

/** Of one file of such as need it in part nobody knows before; it waits itself. */
function asksForControlPlane({ needControlPlane }: Stage, { file }: Selection): boolean {
  return needControlPlane === 'all' || (needControlPlane === 'some' && file === undefined);
}

async function prepareControlPlane(): Promise<Tally> {
  const controlPlane = TOOLS.filter(({ source }) => !(source.module in FURTHER_PROGRAMS));
  return (await areThere('the control-plane binaries', controlPlane))
    ? { passed: 0, failed: 0, remarks: [] }
    : { passed: 0, failed: 1, remarks: ['control-plane binaries are missing: the tests that need them did not run'] };
}

async function runStages(selection: Selection, interrupted: AbortSignal): Promise<Tally> {
  const tallies: Tally[] = [];
  let controlPlane: Tally | undefined;
  let arePrepared = false;
  for (const stage of STAGES.filter(({ kinds }) => kinds.some((kind) => selection.kinds.includes(kind)))) {
    if (interrupted.aborted) break;
    if (!arePrepared && stage.needControlPlane !== 'none') {
      arePrepared = true;
      await prepareFurtherPrograms(selection, interrupted);
    }
    if (controlPlane === undefined && asksForControlPlane(stage, selection)) {
      controlPlane = await prepareControlPlane();
      tallies.push(controlPlane);
    }
    if (stage.needControlPlane !== 'all' || controlPlane?.failed === 0) tallies.push(await runStage(stage, selection));
  }
  return sum(tallies);
}

async function main(): Promise<void> {
  const interrupted = interruption();
  const selection = selectTests(process.argv.slice(2), { soak: process.env.SUNWARD_SOAK === '1' });
  const total = await runStages(selection, interrupted);
  for (const remark of total.remarks) console.log(remark);
  console.log(closingLine(total));
  process.exitCode = total.failed > 0 || total.passed === 0 || interrupted.aborted ? 1 : 0;
}

try {
  await main();
} catch (error) {
  if (!(error instanceof SelectionError)) throw error;
  console.error(error.message);
  console.log(closingLine({ passed: 0, failed: 1, remarks: [] }));
  process.exitCode = 1;
}
