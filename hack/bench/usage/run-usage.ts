import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { HOUR_MS, MINUTE_MS } from '../../../operator/domain/units.ts';
import { systemClock } from '../../../operator/runtime/clocks.ts';
import { startPrometheus, type RunningPrometheus } from '../../prometheus/prometheus.ts';
import { processUsage } from '../observe/process-usage.ts';
import { NODE_FLAGS } from '../operator-process.ts';
import type { BenchOptions, CaseName } from '../options.ts';
import { step, type Progress } from '../progress.ts';
import { environmentNow } from '../report/environment.ts';
import type { Report } from '../report/write-report.ts';
import { fleetOf, GPUS_A_WORKLOAD } from './fleet.ts';
import { historyOf } from './history.ts';
import type { UsageMeasured } from './measurement.ts';
import { usageReport } from './usage-figures.ts';

export const USAGE_CASES: readonly CaseName[] = [
  {
    name: 'usage',
    description: 'CPU and series of looking at what GPUs do; a tenth as many workloads as --jobs, two GPUs each',
  },
];

const PROBE = fileURLToPath(new URL('probe.ts', import.meta.url));
/** As the operator runs, and with a collector that can be called. */
const FLAGS = [...NODE_FLAGS, '--expose-gc'];
/** More than the operator looks back on, and as far ahead as the measurement may take. */
const HISTORY = { back: 6 * HOUR_MS + 10 * MINUTE_MS, ahead: 10 * MINUTE_MS };
const LONGEST_OUTPUT = 1_000_000;

/** A real Prometheus that has what the exporter told for hours, and a process of its own that looks at it as the operator does. */
export async function runUsage({ jobs }: BenchOptions, progress: Progress, abort: AbortSignal): Promise<Report> {
  const workloads = Math.max(1, Math.round(jobs / 10));
  const gpus = GPUS_A_WORKLOAD * workloads;
  const prometheus = await step(progress, `A Prometheus that has hours of ${String(gpus)} GPUs`, () =>
    started(workloads, abort),
  );
  try {
    const { cpuMs: before } = await processUsage(prometheus.process.pid);
    const measured = await step(progress, `Looking at ${String(gpus)} GPUs`, () => probe(workloads, prometheus, abort));
    const { cpuMs: after } = await processUsage(prometheus.process.pid);
    return {
      environment: await environmentNow({}),
      settings: { gpus, workloads, nodeFlags: FLAGS },
      cases: [usageReport(measured, after - before)],
    };
  } finally {
    await prometheus.stop();
  }
}

function started(workloads: number, abort: AbortSignal): Promise<RunningPrometheus> {
  const now = systemClock.now();
  const history = historyOf(fleetOf(workloads, now), { from: now - HISTORY.back, until: now + HISTORY.ahead });
  return startPrometheus({ history }, abort);
}

async function probe(workloads: number, { url }: RunningPrometheus, abort: AbortSignal): Promise<UsageMeasured> {
  const args = [...FLAGS, PROBE, String(workloads), url];
  const { stdout } = await promisify(execFile)(process.execPath, args, { signal: abort, maxBuffer: LONGEST_OUTPUT });
  return JSON.parse(stdout) as UsageMeasured;
}
