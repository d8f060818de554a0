import type { EpochMs } from '../../operator/domain/units.ts';

export interface WrittenSeries {
  readonly metric: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** In order of time. */
  readonly samples: readonly (readonly [EpochMs, number])[];
}

/** Gauges as OpenMetrics text with timestamps: what Prometheus is backfilled with. */
export function openMetrics(series: readonly WrittenSeries[]): string {
  const metrics = [...new Set(series.map(({ metric }) => metric))];
  const families = metrics.flatMap((metric) => [
    `# TYPE ${metric} gauge`,
    ...series.filter((each) => each.metric === metric).flatMap(linesOf),
  ]);
  return [...families, '# EOF', ''].join('\n');
}

function linesOf({ metric, labels = {}, samples }: WrittenSeries): string[] {
  const written = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return samples.map(([at, value]) => `${metric}{${written.join(',')}} ${figure(value)} ${String(at / 1_000)}`);
}

function figure(value: number): string {
  return String(value).replace('Infinity', 'Inf').replace(/^Inf/, '+Inf');
}
