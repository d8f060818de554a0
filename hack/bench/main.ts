import { errorText } from '../controlplane/error-text.ts';
import { readOptions, usage, UsageError, type BenchOptions } from './options.ts';
import { QUALITY_NAMES, runQuality } from './quality/run-quality.ts';
import { caseTable } from './report/table.ts';
import { writeReport } from './report/write-report.ts';
import { runScale, SCALE_CASES } from './scale/scale.ts';
import { runSpeed, SPEED_CASES } from './speed/run-speed.ts';
import { runUsage, USAGE_CASES } from './usage/run-usage.ts';

const SUITES = { quality: QUALITY_NAMES, speed: SPEED_CASES, usage: USAGE_CASES, scale: SCALE_CASES };

const MEASURES = { speed: runSpeed, usage: runUsage, scale: runScale };

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
  let everythingHolds = true;
  for (const one of options) {
    const holds = await measure(one, interrupted.signal);
    print(`\nwritten to ${one.outputFile}\n`);
    everythingHolds &&= holds;
  }
  return everythingHolds ? 0 : 1;
}

/** False where something does not hold that must. */
async function measure(options: BenchOptions, abort: AbortSignal): Promise<boolean> {
  if (options.suite === 'quality') return runQuality(options, { progress, print }, abort);
  const report = await MEASURES[options.suite](options, progress, abort);
  await writeReport(options.outputFile, report);
  for (const one of report.cases) print(`\n${caseTable(one, options.suite === 'scale' ? 'reference' : 'limit')}\n`);
  return report.cases.every(({ findings }) => findings.every(({ holds }) => holds));
}

function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}

function print(text: string): void {
  process.stdout.write(text);
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${errorText(error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
