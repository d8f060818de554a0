import { MINUTE_MS, type EpochMs } from '../../../operator/domain/units.ts';
import type { WrittenSeries } from '../open-metrics.ts';

/** A day of which everything is made up; it ends with the sample at midnight. */
export const DAY_STARTS: EpochMs = Date.UTC(2026, 10, 24);
const MINUTES = 24 * 60;
export const DAY_ENDS: EpochMs = DAY_STARTS + MINUTES * MINUTE_MS;

/** `undefined`: not reported. The argument is in hours since midnight, from 0 to 24. */
export type OverTheDay<T> = (hour: number) => T;

/** What the operator reports of one series. */
export interface ReportedSeries {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: OverTheDay<number | undefined>;
}

/** By how much a counter grows each minute. It begins at 0 with each process. */
export interface ReportedCounter {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly perMinute: OverTheDay<number>;
}

/** Another one takes the lead in the evening; for some minutes both are scraped. */
const PODS: readonly { readonly pod: string; readonly from: number; readonly to: number }[] = [
  { pod: 'sunward-0', from: 0, to: 18 * 60 + 2 },
  { pod: 'sunward-1', from: 18 * 60 - 2, to: MINUTES },
];

const TARGET = {
  cluster: 'prod',
  container: 'operator',
  endpoint: 'http',
  job: 'sunward',
  namespace: 'sunward-system',
  service: 'sunward',
};

/** What Prometheus has of it after a scrape each minute, with the labels of the target. */
export function scraped(
  gauges: readonly ReportedSeries[],
  counters: readonly ReportedCounter[],
): readonly WrittenSeries[] {
  return PODS.flatMap((pod) => [
    ...gauges.map(({ metric, labels, value }) => written(pod, { metric, labels, valueAt: (m) => value(m / 60) })),
    ...counters.map(({ metric, labels, perMinute }) => {
      let count = 0;
      return written(pod, { metric, labels, valueAt: (minute) => (count += perMinute(minute / 60)) });
    }),
  ]).filter(({ samples }) => samples.length > 0);
}

function written(
  { pod, from, to }: (typeof PODS)[number],
  series: {
    readonly metric: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly valueAt: (minute: number) => number | undefined;
  },
): WrittenSeries {
  const minutes = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const samples = minutes.flatMap((minute) => {
    const value = series.valueAt(minute);
    return value === undefined ? [] : [[DAY_STARTS + minute * MINUTE_MS, value] as const];
  });
  return { metric: series.metric, labels: withTarget(pod, series.labels), samples };
}

/** Labels of the target win, and a metric's own label of the same name is renamed: so it is unless labels are honoured. */
function withTarget(pod: string, labels: Readonly<Record<string, string>>): Record<string, string> {
  const target: Readonly<Record<string, string>> = { ...TARGET, pod, instance: `${pod}:8080` };
  const all: Record<string, string> = { ...target };
  for (const [name, value] of Object.entries(labels)) {
    // An empty label is no label.
    if (value !== '') all[name in target ? `exported_${name}` : name] = value;
  }
  return all;
}
