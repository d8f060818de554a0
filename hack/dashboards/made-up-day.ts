import { MINUTE_MS } from '../../operator/domain/units.ts';
import { dashboardDay } from '../../test/builders/dashboard-day/day.ts';
import { DAY_ENDS, DAY_STARTS } from '../../test/builders/dashboard-day/scrape.ts';
import { startPrometheus, type PrometheusOptions, type RunningPrometheus } from '../prometheus/prometheus.ts';

/** With what the dashboards ask for of recording rules. */
export const RULE_FILES = ['monitoring/rules/gpu-usage.yaml'];

/** A real Prometheus that has been there for a day which is made up, and has evaluated its rules every minute of it. */
export function startMadeUpDay(
  options: Pick<PrometheusOptions, 'progress'> = {},
  abort?: AbortSignal,
): Promise<RunningPrometheus> {
  return startPrometheus(
    {
      ...options,
      history: dashboardDay(),
      recorded: {
        ruleFiles: RULE_FILES,
        span: { startsAt: DAY_STARTS, endsAt: DAY_ENDS },
        every: MINUTE_MS,
      },
      // What is backfilled has no marks where a series ends, as scrapes leave them: each sample holds until the next scrape alone.
      args: ['--query.lookback-delta=1m'],
    },
    abort,
  );
}
