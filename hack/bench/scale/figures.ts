import { total } from '../observe/audit-tally.ts';
import { judgeRenewals } from '../observe/lease-renewals.ts';
import type { Breakdown, Figure, Finding } from '../report/figure.ts';
import type { StretchUsage } from './stretch.ts';

/** A controller in Go, on controller-runtime, that writes each of 10,000 statuses once, on a machine of 2 cores. */
export const REFERENCE = { cpuMsPerObject: 2.0, memoryMiB: 402, statusWritesPerObject: 1 } as const;

export const MIB = 2 ** 20;
/** The defaults of the operator, which the benchmark doesn't change. */
const RETRY_PERIOD_MS = 2_000;
const RENEW_DEADLINE_MS = 10_000;

/** What the operator used, whatever it was doing. */
export function usageFigures(usage: StretchUsage): readonly Figure[] {
  const cycles = usage.scrape.sum('sunward_planning_cycle_seconds_count');
  const renewals = judgeRenewals(usage.audit.leaseWritesAt, RETRY_PERIOD_MS);
  return [
    { id: 'wall', label: 'wall time', value: usage.wallMs / 1_000, unit: 's' },
    { id: 'cpu', label: 'CPU of the operator', value: usage.operatorCpuMs / 1_000, unit: 's' },
    {
      id: 'peakMemory',
      label: 'peak memory of the operator',
      value: usage.operatorPeakMemoryBytes / MIB,
      unit: 'MiB',
      reference: REFERENCE.memoryMiB,
    },
    {
      id: 'leaseLateness',
      label: 'latest renewal of the lease',
      value: renewals.latestBy / 1_000,
      unit: 's',
      note: `after its ${RETRY_PERIOD_MS / 1_000} s were over; lost at ${(RENEW_DEADLINE_MS - RETRY_PERIOD_MS) / 1_000} s`,
    },
    { id: 'leaseRenewals', label: 'renewals of the lease', value: renewals.renewals, unit: '' },
    { id: 'longestLag', label: 'longest lag of the event loop', value: usage.longestLagMs, unit: 'ms' },
    { id: 'cycles', label: 'planning cycles since the start', value: cycles, unit: '' },
    {
      id: 'cycleMean',
      label: 'mean planning cycle',
      value: cycles === 0 ? 0 : usage.scrape.sum('sunward_planning_cycle_seconds_sum') / cycles,
      unit: 's',
    },
    { id: 'requests', label: 'API requests', value: total(usage.audit.requests), unit: '' },
    { id: 'controlPlaneCpu', label: 'CPU of the control plane', value: controlPlaneCpuS(usage), unit: 's' },
  ];
}

export function usageBreakdowns({ audit, controlPlaneCpuMs }: StretchUsage): readonly Breakdown[] {
  const seconds = Object.entries(controlPlaneCpuMs).map(([name, ms]) => [name, ms / 1_000] as const);
  return [
    { title: 'requests of the operator, by verb and resource', counts: audit.requests },
    ...(total(audit.refusals) > 0 ? [{ title: 'requests that were refused', counts: audit.refusals }] : []),
    { title: 'CPU of the control plane, s', counts: Object.fromEntries(seconds) },
  ];
}

/** What has to hold of every stretch. */
export function usageFindings(usage: StretchUsage): readonly Finding[] {
  const { late } = judgeRenewals(usage.audit.leaseWritesAt, RETRY_PERIOD_MS);
  const byMetrics = usage.scrape.max('sunward_lease_renew_lateness_max_seconds') ?? NaN;
  return [
    { claim: `no renewal of the lease left out a period (late: ${late})`, holds: late === 0 },
    {
      claim: `the operator says so too: its latest renewal came ${byMetrics.toFixed(3)} s late`,
      holds: byMetrics < RETRY_PERIOD_MS / 1_000,
    },
  ];
}

function controlPlaneCpuS({ controlPlaneCpuMs }: StretchUsage): number {
  return Object.values(controlPlaneCpuMs).reduce((sum, ms) => sum + ms, 0) / 1_000;
}
