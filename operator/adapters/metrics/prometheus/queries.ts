import { MINUTE_MS, type DurationMs } from '../../../domain/units.ts';

/** PromQL of a figure; its wrapping is {@link promqlOf}'s. */
export interface UsageQuery {
  /**
   * `{window}` becomes the length of a column, `{longWindow}` the same or 5 minutes, whichever is longer, and `{matchers}` the
   * label matchers that every series is to fulfil.
   */
  readonly promql: string;
  /** Labels over which a figure is the sum of its series. */
  readonly sumOver?: readonly string[];
}

/** For each figure, best first: of each series and column the first that knows it counts. */
export interface UsageQueries {
  /** Share of time active, 0 to 1. */
  readonly activity: readonly UsageQuery[];
  /** Power of whole GPUs, watts. */
  readonly power: readonly UsageQuery[];
  /** Power of processors and memory that pods cause, watts. */
  readonly podPower: readonly UsageQuery[];
  /** The same of nodes, idle power included. */
  readonly nodePower: readonly UsageQuery[];
}

/** Long enough for a rate over scrapes that are two minutes apart. */
const SHORTEST_RATE_MS = 5 * MINUTE_MS;

/** Zones of RAPL contain each other: `core` is in `package`, and `psys` has all of them. Those of several sockets are added. */
const keplerWatts = (metric: string, more = ''): readonly UsageQuery[] =>
  ['psys', 'package.*|dram.*'].map((zones) => ({
    promql: `avg_over_time(${metric}{zone=~"${zones}"${more},{matchers}}[{window}])`,
    sumOver: ['zone', 'path'],
  }));

/**
 * Metrics of NVIDIA's DCGM exporter (etc/default-counters.csv of 4.5) and of Kepler from 0.10 on (docs/user/metrics.md).
 *
 * - `GPU_UTIL` is the share of time in which some kernel ran, and there is none of MIG instances. `GR_ENGINE_ACTIVE` is of
 *   both, and data-centre GPUs alone have it.
 * - The gauge of power counts before the energy counter: it follows within the column, and the pod that holds the device has
 *   it from its first scrape on. A rate needs two scrapes in its window and looks back over five columns of a minute, so that
 *   a device that has just become idle would draw as if it still worked. It mends a gauge that is not exported.
 * - Kepler's GPUs are of the node: its own pod, which Prometheus adds, holds none. Pods that have ended are told of for a while.
 */
export const DEFAULT_QUERIES: UsageQueries = {
  activity: [
    { promql: 'avg_over_time(DCGM_FI_PROF_GR_ENGINE_ACTIVE{{matchers}}[{window}])' },
    { promql: 'avg_over_time(DCGM_FI_DEV_GPU_UTIL{GPU_I_ID="",{matchers}}[{window}]) / 100' },
  ],
  power: [
    { promql: 'avg_over_time(DCGM_FI_DEV_POWER_USAGE{{matchers}}[{window}])' },
    {
      // Millijoules; a counter that begins anew is a reset and no negative power. What was not scraped within the column does
      // not draw any more, and a blank is above 1e15 and stays the same: that would be a power of 0.
      promql:
        'rate(DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{{matchers}}[{longWindow}]) / 1000 and last_over_time(DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{{matchers}}[{window}]) < 1e15',
    },
    { promql: 'max by (gpu_uuid, node_name) (avg_over_time(kepler_node_gpu_watts{{matchers}}[{window}]))' },
  ],
  podPower: keplerWatts('kepler_pod_cpu_watts', ',state!="terminated"'),
  nodePower: keplerWatts('kepler_node_cpu_watts'),
};

/** Figures are rounded there: an answer has half the length, and nothing hangs on more. */
const PRECISION = { activity: '0.0001', power: '0.1', podPower: '0.1', nodePower: '0.1' } as const;

/** What fills the places that queries leave. */
export interface QueryTerms {
  readonly step: DurationMs;
  /** As in PromQL, `job="dcgm-exporter"`. */
  readonly matchers: readonly string[];
}

/** Before it is aggregated. */
export function rawPromql({ promql }: UsageQuery, { matchers, step }: QueryTerms): string {
  return promql
    .replaceAll('{matchers}', () => matchers.join(','))
    .replaceAll('{window}', `${String(step)}ms`)
    .replaceAll('{longWindow}', `${String(Math.max(step, SHORTEST_RATE_MS))}ms`);
}

/**
 * One series for whatever the labels tell apart, whoever scraped it how often: two replicas of Prometheus, or an exporter whose
 * pod is another one now. Of two that differ the higher counts: nothing is idle because one of them says so.
 */
export function promqlOf(
  query: UsageQuery,
  {
    figure,
    labels,
    ...terms
  }: QueryTerms & { readonly figure: keyof UsageQueries; readonly labels: readonly string[] },
): string {
  const { sumOver = [] } = query;
  const by = (names: readonly string[]): string => names.join(', ');
  const one = `max by (${by([...labels, ...sumOver])}) (${rawPromql(query, terms)})`;
  const all = sumOver.length === 0 ? one : `sum by (${by(labels)}) (${one})`;
  return `round(${all}, ${PRECISION[figure]})`;
}
