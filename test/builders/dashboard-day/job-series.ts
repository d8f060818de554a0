import { PHASES } from '../../../operator/controllers/carbonawarejob/status/running.ts';
import { DAY_STARTS, type OverTheDay, type ReportedCounter, type ReportedSeries } from './scrape.ts';
import { SITES } from './sites.ts';
import { between } from './workloads.ts';

const isLate = between(15, 17);
const isFailing = between(3, 3.5);
const isSlow = between(12, 13);
const isCleanNow = between(10, 16);

/** Most wait for ten o'clock. */
const PHASE_COUNTS: Readonly<Record<string, OverTheDay<number>>> = {
  Waiting: (hour) => (hour < 10 ? 6 : isCleanNow(hour) ? 2 : 4),
  Running: (hour) => (hour < 10 ? 3 : isCleanNow(hour) ? 7 : 1),
  Paused: (hour) => (hour < 16 ? 0 : 2),
  Succeeded: (hour) => 20 + Math.floor(hour),
};

const REASON_COUNTS: Readonly<Record<string, OverTheDay<number>>> = {
  RunsNow: () => 3,
  BetterWindow: (hour) => (hour < 10 ? 5 : 2),
  DeadlineAtRisk: (hour) => (isLate(hour) ? 1 : 0),
};

function countSeries(
  metric: string,
  label: string,
  counts: Readonly<Record<string, OverTheDay<number>>>,
): readonly ReportedSeries[] {
  return Object.entries(counts).map(([name, value]) => ({ metric, labels: { [label]: name }, value }));
}

/** Of a planning cycle each minute, ten seconds before the scrape. */
function lastSuccess(hour: number): number {
  const at = isFailing(hour) ? 3 - 1 / 60 : hour;
  return DAY_STARTS / 1_000 + at * 3_600 - 10;
}

const ZERO_PHASES = Object.fromEntries(PHASES.map((phase) => [phase, (): number => 0]));

const JOB_GAUGES: readonly ReportedSeries[] = [
  ...countSeries('sunward_jobs', 'phase', { ...ZERO_PHASES, ...PHASE_COUNTS }),
  ...countSeries('sunward_planned_jobs', 'reason', REASON_COUNTS),
  { metric: 'sunward_jobs_deadline_at_risk', labels: {}, value: (hour) => (isLate(hour) ? 1 : 0) },
  {
    metric: 'sunward_job_deadline_at_risk',
    labels: { job_namespace: 'research', job_name: 'late-eval', owner: 'nlp', site: 'south' },
    value: (hour) => (isLate(hour) ? 1 : undefined),
  },
  {
    metric: 'sunward_job_observed_slowdown_ratio',
    labels: { workload_namespace: 'research', workload: 'llama', site: 'south' },
    value: () => 0.2,
  },
  {
    metric: 'sunward_job_observed_slowdown_ratio',
    labels: { workload_namespace: 'batch', workload: 'sweep', site: 'north' },
    value: () => -0.05,
  },
  { metric: 'sunward_planning_last_success_timestamp_seconds', labels: {}, value: lastSuccess },
];

const ERRORS: readonly (readonly [lead: string, forecast: number, persistence: number, bias: number])[] = [
  ['1', 0.04, 0.12, 2],
  ['24', 0.09, 0.15, -6],
];

const FORECAST_GAUGES: readonly ReportedSeries[] = ERRORS.flatMap(([lead_hours, forecast, persistence, bias]) => {
  const labels = { source: 'electricity-maps', zone: 'ES', signal: 'Average', lead_hours };
  const series = (figure: string, predictor: string, value: number): ReportedSeries => ({
    metric: `sunward_carbon_forecast_${figure}`,
    labels: { ...labels, predictor },
    value: () => value,
  });
  return [
    series('mean_absolute_percentage_error_ratio', 'forecast', forecast),
    series('mean_absolute_percentage_error_ratio', 'persistence', persistence),
    series('bias_grams_per_kilowatt_hour', 'forecast', bias),
    series('bias_grams_per_kilowatt_hour', 'persistence', 0),
  ];
});

/** The rung of the ladder each zone is on. */
const RUNGS: Readonly<Record<string, OverTheDay<string>>> = {
  'SE-SE3': () => 'LiveForecast',
  ES: (hour) => (between(5, 7)(hour) ? 'CachedForecast' : 'LiveForecast'),
  XX: () => 'None',
};

const CARBON_GAUGES: readonly ReportedSeries[] = SITES.flatMap(({ zone, gramsPerKilowattHour }) => {
  const rungs = ['LiveForecast', 'CachedForecast', 'None'].map((rung): ReportedSeries => {
    const source = rung === 'None' ? '' : 'electricity-maps';
    return {
      metric: 'sunward_carbon_outlook_info',
      labels: { zone, signal: 'Average', rung, source },
      value: (hour) => (RUNGS[zone]?.(hour) === rung ? 1 : undefined),
    };
  });
  if (gramsPerKilowattHour === undefined) return rungs;
  const labels = { zone, signal: 'Average', scope: 'Lifecycle', source: 'electricity-maps' };
  const metric = 'sunward_carbon_intensity_grams_per_kilowatt_hour';
  return [...rungs, { metric, labels, value: gramsPerKilowattHour }];
});

/** What is reported of jobs, plans and forecasts. */
export const JOB_SERIES: readonly ReportedSeries[] = [...JOB_GAUGES, ...FORECAST_GAUGES, ...CARBON_GAUGES];

/** Two cycles a minute: each takes 10 to 50 ms, and 0.5 to 1 s from 12 to 13. */
const cycles = ['0.001', '0.01', '0.05', '0.1', '0.5', '1', '5', '15', '60', '+Inf'].map((le): ReportedCounter => {
  const bound = Number(le.replace('+Inf', 'Infinity'));
  return {
    metric: 'sunward_planning_cycle_seconds_bucket',
    labels: { le },
    perMinute: (hour) => (bound >= (isSlow(hour) ? 1 : 0.05) ? 2 : 0),
  };
});

export const JOB_COUNTERS: readonly ReportedCounter[] = [
  ...cycles,
  { metric: 'sunward_planning_cycle_failures_total', labels: {}, perMinute: (hour) => (isFailing(hour) ? 1 : 0) },
  { metric: 'sunward_decision_changes_total', labels: {}, perMinute: (hour) => (between(6, 7)(hour) ? 1 : 0) },
  {
    metric: 'sunward_events_total',
    labels: { reason: 'Started', result: 'Written' },
    perMinute: (hour) => (between(10, 11)(hour) ? 1 : 0),
  },
  // The same again is not written, and has happened all the same.
  {
    metric: 'sunward_events_total',
    labels: { reason: 'Paused', result: 'Written' },
    perMinute: (hour) => (between(16, 17)(hour) ? 1 : 0),
  },
  {
    metric: 'sunward_events_total',
    labels: { reason: 'Paused', result: 'Repeated' },
    perMinute: (hour) => (between(16, 17)(hour) ? 1 : 0),
  },
  { metric: 'sunward_events_total', labels: { reason: 'Planned', result: 'Written' }, perMinute: () => 1 },
];
