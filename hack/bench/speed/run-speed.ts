import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { NODE_FLAGS } from '../operator-process.ts';
import type { BenchOptions, CaseName } from '../options.ts';
import { step, type Progress } from '../progress.ts';
import { environmentNow } from '../report/environment.ts';
import type { Report } from '../report/write-report.ts';
import type { MemoryMeasured, TimesMeasured } from './measurement.ts';
import { speedReport } from './speed-figures.ts';

export const SPEED_CASES: readonly CaseName[] = [
  { name: 'speed', description: 'CPU and memory of one plan, and of the next one when little has changed' },
];

const PROBE = fileURLToPath(new URL('probe.ts', import.meta.url));
/** As the operator runs, and with a collector that can be called. */
const FLAGS = [...NODE_FLAGS, '--expose-gc'];

/** Measures in processes of their own, one after the other. */
export async function runSpeed({ jobs }: BenchOptions, progress: Progress, abort: AbortSignal): Promise<Report> {
  const times = await step(progress, `Times of planning ${String(jobs)} jobs`, () =>
    probe<TimesMeasured>('times', jobs, abort),
  );
  const memory = await step(progress, `Memory of planning ${String(jobs)} jobs`, () =>
    probe<MemoryMeasured>('memory', jobs, abort),
  );
  return {
    environment: await environmentNow({}),
    settings: { jobs, nodeFlags: FLAGS },
    cases: [speedReport(jobs, times, memory)],
  };
}

async function probe<T>(what: 'times' | 'memory', jobs: number, abort: AbortSignal): Promise<T> {
  const { stdout } = await promisify(execFile)(process.execPath, [...FLAGS, PROBE, what, String(jobs)], {
    signal: abort,
  });
  return JSON.parse(stdout) as T;
}
