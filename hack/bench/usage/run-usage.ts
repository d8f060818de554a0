import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { HOUR_MS, MINUTE_MS } from '../../../operator/domain/units.ts';
import { systemClock } from '../../../operator/runtime/clocks.ts';
import { waitFor } from '../../controlplane/process/wait.ts';
import { startPrometheus, type RunningPrometheus } from '../../prometheus/prometheus.ts';
import { startGpuExporter } from '../../stand-ins/gpu-exporter.ts';
import type { Gpu } from '../../stand-ins/gpus/gpu.ts';
import { processUsage } from '../observe/process-usage.ts';
import { NODE_FLAGS } from '../operator-process.ts';
import type { BenchOptions, CaseName } from '../options.ts';
import { step, type Progress } from '../progress.ts';
import { environmentNow } from '../report/environment.ts';
import type { Report } from '../report/write-report.ts';
import { fleetOf, GPUS_A_WORKLOAD, NAMESPACE, type Fleet, type FleetGpu } from './fleet.ts';
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
/** More than the operator looks back on. */
const HISTORY = { back: 6 * HOUR_MS + 10 * MINUTE_MS };
const SCRAPED_WITHIN_MS = 60_000;
const LONGEST_OUTPUT = 1_000_000;

/**
 * An exporter of so many GPUs, a real Prometheus that scrapes it and has what it told for hours, and a process of its own that looks
 * at it as the operator does.
 */
export async function runUsage({ jobs }: BenchOptions, progress: Progress, abort: AbortSignal): Promise<Report> {
  const workloads = Math.max(1, Math.round(jobs / 10));
  const gpus = GPUS_A_WORKLOAD * workloads;
  const fleet = fleetOf(workloads, systemClock.now());
  const exporter = await startGpuExporter({ gpus: fleet.gpus.map(exported) });
  try {
    const prometheus = await step(progress, `A Prometheus that has hours of ${String(gpus)} GPUs`, () =>
      scraping(fleet, exporter.url, abort),
    );
    try {
      const { cpuMs: before } = await processUsage(prometheus.process.pid);
      const measured = await step(progress, `Looking at ${String(gpus)} GPUs`, () =>
        probe(workloads, prometheus, abort),
      );
      const { cpuMs: after } = await processUsage(prometheus.process.pid);
      return {
        environment: await environmentNow({}),
        settings: { gpus, workloads, nodeFlags: FLAGS },
        cases: [usageReport(measured, after - before)],
      };
    } finally {
      await prometheus.stop();
    }
  } finally {
    await exporter.stop();
  }
}

function exported({ active, index, node, pod, uuid, watts }: FleetGpu): Gpu {
  return {
    uuid,
    node,
    index,
    pods: [{ namespace: NAMESPACE, name: pod }],
    behaviour: [{ for: HOUR_MS, active, watts }],
  };
}

/** Ready once it has scraped what there is now. */
async function scraping(fleet: Fleet, exporter: string, abort: AbortSignal): Promise<RunningPrometheus> {
  const now = systemClock.now();
  const target = { targets: [new URL(exporter).host] };
  const config = {
    global: { scrape_interval: '5s' },
    scrape_configs: [{ job_name: 'dcgm-exporter', honor_labels: true, static_configs: [target] }],
  };
  const history = historyOf(fleet, { from: now - HISTORY.back, until: now });
  // YAML is a superset of JSON.
  const prometheus = await startPrometheus({ history, config: JSON.stringify(config) }, abort);
  try {
    await waitFor({ for: 'every GPU to be scraped', timeoutMs: SCRAPED_WITHIN_MS, abort }, async () => {
      const query = encodeURIComponent('count(DCGM_FI_DEV_GPU_UTIL)');
      const answer = await (await fetch(`${prometheus.url}/api/v1/query?query=${query}`)).text();
      return answer.includes(`"${String(fleet.gpus.length)}"]`) ? true : undefined;
    });
    return prometheus;
  } catch (error) {
    await prometheus.stop();
    throw error;
  }
}

async function probe(workloads: number, { url }: RunningPrometheus, abort: AbortSignal): Promise<UsageMeasured> {
  const args = [...FLAGS, PROBE, String(workloads), url];
  const { stdout } = await promisify(execFile)(process.execPath, args, { signal: abort, maxBuffer: LONGEST_OUTPUT });
  return JSON.parse(stdout) as UsageMeasured;
}
