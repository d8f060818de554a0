/** One series as an exporter writes it, without timestamps: labels in its order. */
export interface Line {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  /** As it is written: `NaN`, and whole numbers above 2^53, too. */
  readonly value: string;
}

/** Metrics in the order in which they are written, with their type and the words of the exporter. */
const METRICS: Readonly<Record<string, readonly [type: 'gauge' | 'counter', help: string]>> = {
  DCGM_FI_DEV_POWER_USAGE: ['gauge', 'Power draw (in W).'],
  DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION: ['counter', 'Total energy consumption since boot (in mJ).'],
  DCGM_FI_DEV_GPU_UTIL: ['gauge', 'GPU utilization (in %).'],
  DCGM_FI_PROF_GR_ENGINE_ACTIVE: ['gauge', 'Ratio of time the graphics engine is active.'],
  kepler_node_cpu_watts: ['gauge', 'Power consumption of cpu at node level in watts'],
  kepler_node_gpu_watts: ['gauge', 'Power consumption of gpu at node level in watts'],
  kepler_pod_cpu_watts: ['gauge', 'Power consumption of cpu at pod level in watts'],
};

/** The text format of Prometheus, one family behind the other. */
export function expositionOf(lines: readonly Line[]): string {
  const byMetric = new Map<string, string[]>();
  for (const { metric, labels, value } of lines) {
    const written = Object.entries(labels).map(([name, text]) => `${name}=${JSON.stringify(text)}`);
    const line = `${metric}{${written.join(',')}} ${value}`;
    const known = byMetric.get(metric);
    if (known === undefined) byMetric.set(metric, [line]);
    else known.push(line);
  }
  const families = Object.entries(METRICS).flatMap(([metric, [type, help]]) => {
    const its = byMetric.get(metric);
    return its === undefined ? [] : [`# HELP ${metric} ${help}`, `# TYPE ${metric} ${type}`, ...its];
  });
  return [...families, ''].join('\n');
}
