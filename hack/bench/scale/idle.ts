import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { DurationMs } from '../../../operator/domain/units.ts';
import { tallyAudit, total } from '../observe/audit-tally.ts';
import { OperatorProcess, type OperatorLaunch } from '../operator-process.ts';
import { step, type Progress } from '../progress.ts';
import type { CaseReport } from '../report/figure.ts';
import { median } from '../speed/stopwatch.ts';
import { MIB } from './figures.ts';
import { OPERATOR_USER, type Ground } from './ground.ts';

const STARTS = 5;
const LONGEST_START_MS: DurationMs = 60_000;
/** Longer than the period of anything that the operator does by itself. */
const IDLE_MS: DurationMs = 120_000;
const READY_GOAL_S = 2;

/** The operator with its default configuration on a cluster with sites and without a job: what it costs to have it. */
export async function idle(ground: Ground, progress: Progress, abort: AbortSignal): Promise<CaseReport> {
  const launch = { ...ground.launch, configFile: await defaultConfig(ground.launch) };
  const ends = AbortSignal.any([abort, AbortSignal.timeout(STARTS * LONGEST_START_MS + IDLE_MS)]);
  const readyMs: number[] = [];
  const start = async (): Promise<OperatorProcess> => {
    const startedAt = performance.now();
    const operator = await OperatorProcess.start(launch);
    try {
      await operator.untilReady(ends);
    } catch (error) {
      await operator.stop();
      throw error;
    }
    readyMs.push(performance.now() - startedAt);
    return operator;
  };
  const operator = await step(
    progress,
    `Starting the operator ${STARTS} times`,
    async () => {
      while (readyMs.length < STARTS - 1) await (await start()).stop();
      return start();
    },
    () => `${readyMs.length} of ${STARTS}`,
  );
  try {
    const used = await step(progress, 'Watching it have nothing to do', () => untilIdle(ground, operator, ends));
    return reportOf(median(readyMs), used);
  } finally {
    await operator.stop();
  }
}

/** The defaults, beside the configuration that the other cases have, and on its port. */
async function defaultConfig({ configFile, port }: OperatorLaunch): Promise<string> {
  const path = `${configFile}.default.json`;
  await writeFile(path, JSON.stringify({ server: { host: '127.0.0.1', port } }));
  return path;
}

interface IdleUsage {
  /** Share of a core. */
  readonly cpu: number;
  readonly memoryBytes: number;
  readonly peakMemoryBytes: number;
  readonly requestsPerMinute: number;
}

async function untilIdle({ audit }: Ground, operator: OperatorProcess, abort: AbortSignal): Promise<IdleUsage> {
  const from = await audit.mark();
  const before = await operator.usage();
  const startedAt = performance.now();
  await delay(IDLE_MS, undefined, { signal: abort });
  const after = await operator.usage();
  const elapsed = performance.now() - startedAt;
  const { requests } = await tallyAudit(audit.between(from, await audit.mark(), OPERATOR_USER), OPERATOR_USER);
  return {
    cpu: (after.cpuMs - before.cpuMs) / elapsed,
    memoryBytes: after.memoryBytes,
    peakMemoryBytes: after.peakMemoryBytes,
    requestsPerMinute: total(requests) / (elapsed / 60_000),
  };
}

function reportOf(readyMs: number, { cpu, memoryBytes, peakMemoryBytes, requestsPerMinute }: IdleUsage): CaseReport {
  return {
    name: 'idle',
    figures: [
      {
        ...{ id: 'ready', label: `start to ready, median of ${STARTS}`, value: readyMs / 1_000, unit: 's' },
        ...{ reference: READY_GOAL_S, note: 'process, caches, health' },
      },
      { id: 'cpu', label: 'CPU', value: 1_000 * cpu, unit: 'm', note: 'thousandths of a core, as in a pod' },
      { id: 'memory', label: 'memory', value: memoryBytes / MIB, unit: 'MiB', note: 'resident, at the end' },
      { id: 'peakMemory', label: 'peak memory', value: peakMemoryBytes / MIB, unit: 'MiB' },
      { id: 'requests', label: 'API requests a minute', value: requestsPerMinute, unit: '' },
    ],
    breakdowns: [],
    findings: [],
  };
}
