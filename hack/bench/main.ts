import { errorText } from '../controlplane/error-text.ts';
import { readOptions, usage, UsageError } from './options.ts';
import { caseTable } from './report/table.ts';
import { writeReport } from './report/write-report.ts';
import { runScale, SCALE_CASES } from './scale/scale.ts';

/** Exit codes: 0 measured and everything holds; 1 something broke or does not hold; 2 the command line can't be used. */
async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), SCALE_CASES);
  if (options === undefined) {
    process.stdout.write(`${usage(SCALE_CASES)}\n`);
    return 0;
  }
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      interrupted.abort(new Error('interrupted'));
    });
  }
  const report = await runScale(options, (line) => process.stderr.write(`${line}\n`), interrupted.signal);
  await writeReport(options.outputFile, report);
  for (const one of report.cases) process.stdout.write(`\n${caseTable(one)}\n`);
  process.stdout.write(`\nwritten to ${options.outputFile}\n`);
  return report.cases.every(({ findings }) => findings.every(({ holds }) => holds)) ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${errorText(error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
