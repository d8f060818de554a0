import { boundZone } from '../load/sites.ts';
import type { LoadJob } from '../load/jobs.ts';
import { statusWritesOf } from '../observe/audit-tally.ts';
import { judgeWrites, saysSomethingNew } from '../observe/status-change.ts';
import type { OperatorProcess } from '../operator-process.ts';
import { step, type Progress } from '../progress.ts';
import type { CaseReport } from '../report/figure.ts';
import { SLOT_MS } from './cold-start.ts';
import { usageBreakdowns, usageFigures, usageFindings } from './figures.ts';
import type { Ground } from './ground.ts';
import { planningCycles, untilQuiet } from './quiet.ts';
import { beginStretch, endStretch, type StretchUsage } from './stretch.ts';

/** The clean hours of one grid come later; all figures of all grids change a little, which nobody should be told of. */
const SECOND_EDITION = { cleanHoursMoved: { [boundZone]: 3 }, ripple: 0.01 };

/** Publishes a forecast that is about a tenth of the jobs, and measures until the operator has nothing left to do. */
export async function newForecast(
  ground: Ground,
  operator: OperatorProcess,
  progress: Progress,
  abort: AbortSignal,
): Promise<CaseReport> {
  const { watch, jobs } = ground;
  const ended = operator.untilEnded();
  await step(progress, 'Waiting until nothing is left to do', () =>
    Promise.race([untilQuiet(ground, operator, 0, abort), ended]),
  );
  const before = new Map(jobs.map((job) => [keyOf(job), watch.status(keyOf(job)) ?? {}]));
  const cyclesBefore = await planningCycles(operator);

  const begun = await beginStretch(ground, operator);
  await ground.publishForecast(SECOND_EDITION);
  const endedAt = await step(progress, 'Planning by a new forecast', () =>
    Promise.race([untilQuiet(ground, operator, cyclesBefore, abort), ended]),
  );
  const usage = await endStretch(ground, operator, { begun, endedAt });

  const moved = new Set(
    jobs.map(keyOf).filter((key) => saysSomethingNew(before.get(key) ?? {}, watch.status(key) ?? {}, SLOT_MS)),
  );
  return reportOf(jobs, usage, moved);
}

function reportOf(jobs: readonly LoadJob[], usage: StretchUsage, moved: ReadonlySet<string>): CaseReport {
  const written = judgeWrites(usage.writes, SLOT_MS);
  const concerned = jobs.filter(({ bound }) => bound).map(keyOf);
  const unmoved = concerned.filter((key) => !moved.has(key)).length;
  const writes = statusWritesOf(usage.audit);
  return {
    name: 'new-forecast',
    figures: [
      { id: 'jobs', label: 'jobs', value: jobs.length, unit: '' },
      { id: 'concerned', label: 'jobs that the forecast is about', value: concerned.length, unit: '' },
      { id: 'moved', label: 'plans that moved', value: moved.size, unit: '', note: 'statuses before and after' },
      { id: 'statusWrites', label: 'status writes', value: writes, unit: '', reference: moved.size },
      { id: 'needlessWrites', label: 'status writes without need', value: written.needless.length, unit: '' },
      {
        id: 'cpuPerMovedJob',
        label: 'CPU a plan that moved',
        value: usage.operatorCpuMs / Math.max(1, moved.size),
        unit: 'ms',
        note: 'planning all jobs anew included',
      },
      {
        id: 'lastWrite',
        label: 'new file to last status',
        value: usage.lastWriteMs / 1_000,
        unit: 's',
        note: 'events are written more slowly, 20 a second',
      },
      ...usageFigures(usage),
    ],
    breakdowns: usageBreakdowns(usage),
    findings: [
      { claim: `every plan that the forecast is about moved (${unmoved} did not)`, holds: unmoved === 0 },
      {
        claim: `status was written only where the plan moved (${written.needless.length} writes without need)`,
        holds: written.needless.length === 0,
      },
      {
        claim: `audit log and watch count the same writes (${writes}, ${written.writes})`,
        holds: writes === written.writes,
      },
      ...usageFindings(usage),
    ],
  };
}

function keyOf({ manifest: { metadata } }: LoadJob): string {
  return `${metadata.namespace}/${metadata.name}`;
}
