import type { CaseReport, Figure, Finding } from '../report/figure.ts';
import { least, median } from '../speed/stopwatch.ts';
import type { UsageMeasured } from './measurement.ts';

/** What one look at so many GPUs may take, on one core. */
const LIMITS = { gpus: 2_000, turnMs: 5_000 } as const;
/** As the operator is configured by default: workloads and nodes with series of their own. */
const MOST_SERIES = 4_000;
const MB = 1_000_000;

/** Times are of CPU, all threads of the process together; those of wall time say so. */
export function usageReport(measured: UsageMeasured, prometheusCpuMs: number): CaseReport {
  const { gpus, workloads } = measured;
  return {
    name: `usage: ${String(gpus)} GPUs held by ${String(workloads)} workloads, CPU time`,
    figures: figuresOf(measured, prometheusCpuMs),
    breakdowns: [],
    findings: findingsOf(measured),
  };
}

function figuresOf(measured: UsageMeasured, prometheusCpuMs: number): readonly Figure[] {
  const { assessment, bytes, columnsAtFirst, first, gpus, next, peak, scrape, series } = measured;
  const limit = gpus === LIMITS.gpus ? { reference: LIMITS.turnMs } : {};
  return [
    {
      ...{ id: 'firstTurn', label: 'first look', value: least(first.cpuMs), unit: 'ms', ...limit },
      note: `asks for ${String(columnsAtFirst)} columns of each GPU`,
    },
    { id: 'firstTurnWall', label: 'first look, wall time', value: least(first.wallMs), unit: 'ms' },
    {
      ...{ id: 'turn', label: 'each look after it, median', value: median(next.cpuMs), unit: 'ms', ...limit },
      note: 'asks for what is new',
    },
    { id: 'turnWall', label: 'each look after it, wall time', value: median(next.wallMs), unit: 'ms' },
    {
      ...{ id: 'assessment', label: 'the assessment alone, median', value: median(assessment.cpuMs), unit: 'ms' },
      note: 'who holds, does and wastes what',
    },
    { id: 'scrape', label: 'a scrape of what is reported, median', value: median(scrape.cpuMs), unit: 'ms' },
    { id: 'series', label: 'series reported', value: series, unit: '', reference: MOST_SERIES },
    { id: 'text', label: 'text of a scrape', value: bytes / 1_024, unit: 'KiB' },
    { id: 'peakMemory', label: 'peak memory', value: peak / MB, unit: 'MB' },
    { id: 'prometheus', label: 'Prometheus, all questions together', value: prometheusCpuMs, unit: 'ms' },
  ];
}

function findingsOf({ gaps, series, wasted, wastedInTruth }: UsageMeasured): readonly Finding[] {
  const notKepler = gaps.filter((gap) => !gap.startsWith('HostPower'));
  return [
    { claim: 'every question about activity and power was answered', holds: notKepler.length === 0 },
    {
      claim: `the ${String(wastedInTruth)} GPUs that do nothing are found, and no others`,
      holds: wasted === wastedInTruth,
    },
    { claim: `no more than ${String(MOST_SERIES)} series`, holds: series <= MOST_SERIES },
  ];
}
