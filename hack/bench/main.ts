import { errorText } from '../controlplane/error-text.ts';
import { readOptions, usage, UsageError, type BenchOptions } from './options.ts';
import type { Progress } from './progress.ts';
import { QUALITY_NAMES, runQuality } from './quality/run-quality.ts';
import { caseTable } from './report/table.ts';
import { writeReport } from './report/write-report.ts';
import { runScale, SCALE_CASES } from './scale/scale.ts';

const SUITES = { quality: QUALITY_NAMES, scale: SCALE_CASES };

/** Exit codes: 0 measured and everything holds; 1 something broke or does not hold; 2 the command line can't be used. */
async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), SUITES);
  if (options === undefined) {
    process.stdout.write(`${usage(SUITES)}\n`);
    return 0;
  }
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      interrupted.abort(new Error('interrupted'));
    });
  }
  const progress: Progress = (line) => process.stderr.write(`${line}\n`);
  const print = (text: string) => process.stdout.write(text);
  const everythingHolds =
    options.suite === 'quality'
      ? await runQuality(options, { progress, print }, interrupted.signal)
      : await measureScale(options, progress, interrupted.signal);
  print(`\nwritten to ${options.outputFile}\n`);
  return everythingHolds ? 0 : 1;
}

async function measureScale(options: BenchOptions, progress: Progress, abort: AbortSignal): Promise<boolean> {
  const report = await runScale(options, progress, abort);
  await writeReport(options.outputFile, report);
  for (const one of report.cases) process.stdout.write(`\n${caseTable(one)}\n`);
  return report.cases.every(({ findings }) => findings.every(({ holds }) => holds));
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${errorText(error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
