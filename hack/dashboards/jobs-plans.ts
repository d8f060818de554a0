import type { Row } from './dashboard.ts';
import { perHour, sumBy, told } from './promql.ts';

const FORECAST = ['source', 'zone', 'signal', 'lead_hours'] as const;

const errorOf = (predictor: string): string =>
  told('sunward_carbon_forecast_mean_absolute_percentage_error_ratio', FORECAST, `predictor="${predictor}"`);

const cycleQuantile = (quantile: number): string =>
  `histogram_quantile(${String(quantile)}, sum by (le) (rate(sunward_planning_cycle_seconds_bucket{cluster=~"$cluster"}[$__rate_interval])))`;

const PLANS: Row = {
  title: 'Plans',
  panels: [
    {
      kind: 'timeseries',
      title: 'Decisions by reason',
      description: 'Why jobs run where and when the plan says: the reasons of docs/reference/api.md.',
      width: 24,
      unit: 'short',
      stacked: true,
      queries: [{ expr: sumBy('reason', told('sunward_planned_jobs', ['reason'])), legend: '{{reason}}' }],
    },
    {
      kind: 'timeseries',
      title: 'Changes of mind',
      description:
        'Decisions that differed from the cycle before by enough to act on. Many of them are a plan that wavers.',
      width: 8,
      unit: 'suffix:per hour',
      queries: [{ expr: perHour('sunward_decision_changes_total', ['cluster']), legend: 'changes {{cluster}}' }],
    },
    {
      kind: 'timeseries',
      title: 'Duration of a planning cycle',
      description: 'From the snapshot to the published plan: the median, and what one in a hundred exceeds.',
      width: 8,
      unit: 's',
      queries: [
        { expr: cycleQuantile(0.5), legend: 'median' },
        { expr: cycleQuantile(0.99), legend: '99 %' },
      ],
    },
    {
      kind: 'timeseries',
      title: 'Planning cycles that failed',
      description: 'The plan before stays in force.',
      width: 8,
      unit: 'suffix:per hour',
      queries: [{ expr: perHour('sunward_planning_cycle_failures_total', ['cluster']), legend: 'failed {{cluster}}' }],
    },
  ],
};

const FORECASTS: Row = {
  title: 'Forecasts against what came',
  panels: [
    {
      kind: 'table',
      title: 'Errors of forecasts',
      description:
        'Mean of |predicted - came| / came over the last days, by how far ahead, beside that of persistence: the same hour of the days before. A bias above zero: it was cleaner than predicted.',
      width: 14,
      sortedBy: 'Forecast',
      columns: [
        { title: 'Cluster', label: 'cluster' },
        { title: 'Zone', label: 'zone' },
        { title: 'Source', label: 'source' },
        { title: 'Signal', label: 'signal' },
        { title: 'Hours ahead', label: 'lead_hours' },
        { title: 'Forecast', expr: errorOf('forecast'), unit: 'percentunit' },
        { title: 'Persistence', expr: errorOf('persistence'), unit: 'percentunit' },
        {
          title: 'Bias',
          expr: told('sunward_carbon_forecast_bias_grams_per_kilowatt_hour', FORECAST, 'predictor="forecast"'),
          unit: 'suffix:g/kWh',
        },
      ],
    },
    {
      kind: 'timeseries',
      title: 'What plans rest on',
      description:
        'Zones by the rung of the ladder that their intensity is from: a live forecast, a cached one, persistence, a typical day, or nothing.',
      width: 10,
      unit: 'short',
      stacked: true,
      queries: [
        {
          expr: sumBy('rung', told('sunward_carbon_outlook_info', ['zone', 'signal', 'rung'])),
          legend: '{{rung}}',
        },
      ],
    },
  ],
};

export const JOBS_PLANS: readonly Row[] = [PLANS, FORECASTS];
