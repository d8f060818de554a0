import { statusWritesOf, total } from '../observe/audit-tally.ts';
import { judgeWrites } from '../observe/status-change.ts';
import { OperatorProcess } from '../operator-process.ts';
import { step, type Progress } from '../progress.ts';
import type { CaseReport } from '../report/figure.ts';
import { REFERENCE, usageBreakdowns, usageFigures, usageFindings } from './figures.ts';
import type { Ground } from './ground.ts';
import { beginStretch, endStretch, type StretchUsage } from './stretch.ts';

/** Far beyond what any machine needs: past it something hangs. */
const LONGEST_MS_PER_JOB = 250;
const LONGEST_START_MS = 120_000;
/** The operator's default length of a slot. */
export const SLOT_MS = 300_000;

/** Starts the operator on jobs that nobody has planned yet, and waits until all are. The operator goes on running. */
export async function coldStart(
  ground: Ground,
  progress: Progress,
  abort: AbortSignal,
): Promise<{ readonly operator: OperatorProcess; readonly report: CaseReport }> {
  const { jobs, watch, launch } = ground;
  const limit = AbortSignal.timeout(LONGEST_START_MS + LONGEST_MS_PER_JOB * jobs.length);
  const ends = AbortSignal.any([abort, limit]);
  const begun = await beginStretch(ground);
  const operator = await OperatorProcess.start(launch);
  try {
    await step(progress, 'Starting the operator', () => operator.untilReady(ends));
    const readyMs = performance.now() - begun.at;
    await step(
      progress,
      'Planning every job',
      () => Promise.race([watch.untilPlanned(jobs.length, ends), operator.untilEnded()]),
      () => `${watch.planned} of ${jobs.length} planned`,
    );
    const usage = await endStretch(ground, operator, { begun, endedAt: performance.now() });
    return { operator, report: reportOf(ground, usage, readyMs) };
  } catch (error) {
    await operator.stop();
    throw error;
  }
}

function reportOf({ jobs, watch }: Ground, usage: StretchUsage, readyMs: number): CaseReport {
  const count = jobs.length;
  const { needless } = judgeWrites(usage.writes, SLOT_MS);
  return {
    name: 'cold-start',
    figures: [
      { id: 'jobs', label: 'jobs', value: count, unit: '', note: 'all planned at the end' },
      {
        id: 'cpuPerJob',
        label: 'CPU a job',
        value: usage.operatorCpuMs / count,
        unit: 'ms',
        reference: REFERENCE.cpuMsPerObject,
        note: 'start of the process, plans and Jobs included',
      },
      {
        id: 'statusWritesPerJob',
        label: 'status writes a job',
        value: statusWritesOf(usage.audit) / count,
        unit: '',
        reference: REFERENCE.statusWritesPerObject,
      },
      {
        id: 'writesPerJob',
        label: 'writes a job',
        value: total(usage.audit.writes) / count,
        unit: '',
        note: 'status, the suspended Job, events, the lease',
      },
      { id: 'requestsPerJob', label: 'API requests a job', value: total(usage.audit.requests) / count, unit: '' },
      { id: 'ready', label: 'start to ready', value: readyMs / 1_000, unit: 's', note: 'process, caches of all jobs' },
      ...usageFigures(usage),
    ],
    breakdowns: usageBreakdowns(usage),
    findings: [
      { claim: `every job has the condition Planned (${watch.planned} of ${count})`, holds: watch.planned === count },
      { claim: `no job was started while others were planned (started: ${watch.started})`, holds: watch.started === 0 },
      { claim: `no status was written without need (${needless.length} were)`, holds: needless.length === 0 },
      ...usageFindings(usage),
    ],
  };
}
