import type { DurationMs } from '../../../operator/domain/units.ts';
import { waitFor } from '../../controlplane/process/wait.ts';
import { statusWritesOf, tallyAudit, type AuditTally } from '../observe/audit-tally.ts';
import type { Scrape } from '../observe/metrics-text.ts';
import { processUsage } from '../observe/process-usage.ts';
import type { StatusWrite } from '../observe/status-change.ts';
import type { OperatorProcess } from '../operator-process.ts';
import { OPERATOR_USER, type Ground } from './ground.ts';

const LONGEST_AUDIT_MS: DurationMs = 30_000;

/** What was used and asked for in one stretch of a run. */
export interface StretchUsage {
  readonly wallMs: DurationMs;
  /** From the beginning to the last write of a status; 0 where there was none. */
  readonly lastWriteMs: DurationMs;
  readonly operatorCpuMs: DurationMs;
  /** Since the start of the operator, not of the stretch. */
  readonly operatorPeakMemoryBytes: number;
  /** CPU of etcd, API server and the others, by name. */
  readonly controlPlaneCpuMs: Readonly<Record<string, DurationMs>>;
  readonly audit: AuditTally;
  readonly writes: readonly StatusWrite[];
  /** The operator's own metrics at the end. */
  readonly scrape: Scrape;
  readonly longestLagMs: DurationMs;
}

interface Mark {
  readonly at: DurationMs;
  readonly operatorCpuMs: DurationMs;
  readonly controlPlaneCpuMs: Readonly<Record<string, DurationMs>>;
  readonly auditOffset: number;
}

/** Begins a stretch at the start of the operator, or, where it runs already, now. */
export async function beginStretch(ground: Ground, operator?: OperatorProcess): Promise<Mark> {
  ground.watch.takeWrites();
  if (operator !== undefined) {
    await operator.scrape();
    operator.takeLongestLag();
  }
  return {
    operatorCpuMs: operator === undefined ? 0 : (await operator.usage()).cpuMs,
    controlPlaneCpuMs: await controlPlaneCpu(ground),
    auditOffset: await ground.audit.mark(),
    at: performance.now(),
  };
}

/** @param endedAt when what is measured was done, by `performance.now()`: to find that out may have taken longer */
export async function endStretch(
  ground: Ground,
  operator: OperatorProcess,
  { begun, endedAt }: { readonly begun: Mark; readonly endedAt: DurationMs },
): Promise<StretchUsage> {
  const { cpuMs, peakMemoryBytes } = await operator.usage();
  const [scrape, cpuNow] = await Promise.all([operator.scrape(), controlPlaneCpu(ground)]);
  const writes = ground.watch.takeWrites();
  const audit = await auditOfAll(ground, begun, writes.length);
  return {
    wallMs: endedAt - begun.at,
    lastWriteMs: Math.max(begun.at, ...writes.slice(-1).map(({ at }) => at)) - begun.at,
    operatorCpuMs: cpuMs - begun.operatorCpuMs,
    operatorPeakMemoryBytes: peakMemoryBytes,
    controlPlaneCpuMs: differences(cpuNow, begun.controlPlaneCpuMs),
    audit,
    writes,
    scrape,
    longestLagMs: operator.takeLongestLag(),
  };
}

/** A watch may tell of a write before the API server has logged it. */
function auditOfAll({ audit }: Ground, begun: Mark, statusWrites: number): Promise<AuditTally> {
  return waitFor({ for: 'the audit log to tell of all writes', timeoutMs: LONGEST_AUDIT_MS }, async () => {
    const events = audit.between(begun.auditOffset, await audit.mark(), OPERATOR_USER);
    const tally = await tallyAudit(events, OPERATOR_USER);
    return statusWritesOf(tally) < statusWrites ? undefined : tally;
  });
}

async function controlPlaneCpu({ cluster }: Ground): Promise<Record<string, DurationMs>> {
  const usages = cluster.processes().map(async ({ name, pid }) => {
    const { cpuMs } = await processUsage(pid);
    return [name.slice(name.lastIndexOf(' ') + 1), cpuMs] as const;
  });
  return Object.fromEntries(await Promise.all(usages));
}

function differences(now: Readonly<Record<string, number>>, before: Readonly<Record<string, number>>) {
  return Object.fromEntries(Object.entries(now).map(([name, value]) => [name, value - (before[name] ?? 0)]));
}
