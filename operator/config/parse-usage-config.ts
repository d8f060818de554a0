import { formatDuration } from '../domain/duration.ts';
import { HOUR_MS, SECOND_MS, type DurationMs } from '../domain/units.ts';
import { MOST_COLUMNS } from '../domain/usage/usage-grid.ts';
import type { MeasuredByPrometheus, UsageConfig } from './usage-config.ts';

/** Section `usage` as written, with its defaults filled in. */
export interface RawUsageConfig {
  readonly interval: string;
  readonly lookBack: string;
  readonly topWorkloads: number;
  readonly topNodes: number;
  readonly ownerLabels: readonly string[];
  readonly prometheus?: MeasuredByPrometheus;
}

const SHORTEST_INTERVAL_MS = SECOND_MS;

export function usageConfigOf(raw: RawUsageConfig, ms: (text: string) => DurationMs): UsageConfig {
  return { ...raw, interval: ms(raw.interval), lookBack: ms(raw.lookBack), prometheus: raw.prometheus };
}

/** What a schema can't say. */
export function contradictionsInUsage({ interval, lookBack }: UsageConfig): readonly string[] {
  const [each, all] = [formatDuration(interval), formatDuration(lookBack)];
  if (interval < SHORTEST_INTERVAL_MS || interval > HOUR_MS) {
    return [`usage.interval is ${each}; it must be from 1s to 1h`];
  }
  if (lookBack < interval) return [`usage.lookBack is ${all}; it must not be shorter than usage.interval, ${each}`];
  if (lookBack > MOST_COLUMNS * interval) {
    const most = formatDuration(MOST_COLUMNS * interval);
    return [
      `usage.lookBack is ${all}; with usage.interval ${each} it can be ${most} at most: make the interval longer`,
    ];
  }
  return [];
}
