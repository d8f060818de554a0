import { openMetrics } from '../open-metrics.ts';
import { JOB_COUNTERS, JOB_SERIES } from './job-series.ts';
import { scraped } from './scrape.ts';
import { USAGE_COUNTERS, USAGE_SERIES } from './usage-series.ts';

/** Everything that is reported on the day, without labels of a scrape. */
export const REPORTED = [...USAGE_SERIES, ...JOB_SERIES, ...USAGE_COUNTERS, ...JOB_COUNTERS];

/** The day as Prometheus is backfilled with it. */
export function dashboardDay(): string {
  return openMetrics(scraped([...USAGE_SERIES, ...JOB_SERIES], [...USAGE_COUNTERS, ...JOB_COUNTERS]));
}
