import { expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { ForecastMetrics, type AccuracyState, type ForecastState } from './forecast-metrics.ts';

const ERROR = 'sunward_carbon_forecast_mean_absolute_error_grams_per_kilowatt_hour';
const SHARE = 'sunward_carbon_forecast_mean_absolute_percentage_error_ratio';
const BIAS = 'sunward_carbon_forecast_bias_grams_per_kilowatt_hour';
const TRUSTED = 'sunward_carbon_forecast_trusted';
const ZONE = { source: 'vendor', zone: 'DE', signal: 'Average' } as const;

function anAccuracy(overrides: Partial<AccuracyState> = {}): AccuracyState {
  return { meanAbsoluteError: 10, meanAbsolutePercentageError: 0.1, bias: -4, ...overrides };
}

function scraped(...states: readonly Partial<ForecastState>[]) {
  const registry = new Registry();
  const metrics = new ForecastMetrics(registry);
  metrics.observe(() => states.map((state) => ({ ...ZONE, trusted: true, skills: [], ...state })));
  return async (name: string) =>
    (await registry.getSingleMetric(name)?.get())?.values.map(({ labels, value }) => ({ ...labels, value }));
}

test('errors are told by lead, the forecast beside persistence', async () => {
  const persistence = anAccuracy({ meanAbsoluteError: 20, meanAbsolutePercentageError: 0.2, bias: 5 });
  const valuesOf = scraped({ skills: [{ lead: 24, forecast: anAccuracy(), persistence }] });
  const both = (forecast: number, other: number) => [
    { ...ZONE, lead_hours: 24, predictor: 'forecast', value: forecast },
    { ...ZONE, lead_hours: 24, predictor: 'persistence', value: other },
  ];
  expect(await valuesOf(ERROR)).toEqual(both(10, 20));
  expect(await valuesOf(SHARE)).toEqual(both(0.1, 0.2));
  expect(await valuesOf(BIAS)).toEqual(both(-4, 5));
});

test('a share that is not known has no value, and the error beside it has one', async () => {
  const unknown = anAccuracy({ meanAbsolutePercentageError: undefined });
  const valuesOf = scraped({ skills: [{ lead: 1, forecast: unknown, persistence: anAccuracy() }] });
  expect(await valuesOf(SHARE)).toEqual([{ ...ZONE, lead_hours: 1, predictor: 'persistence', value: 0.1 }]);
  expect(await valuesOf(ERROR)).toHaveLength(2);
});

test('a forecast is trusted or not, even while nothing was verified', async () => {
  const valuesOf = scraped({}, { zone: 'FR', trusted: false });
  expect(await valuesOf(TRUSTED)).toEqual([
    { ...ZONE, value: 1 },
    { ...ZONE, zone: 'FR', value: 0 },
  ]);
  expect(await valuesOf(ERROR)).toEqual([]);
});

test('a zone that is gone has no value any more', async () => {
  const registry = new Registry();
  const metrics = new ForecastMetrics(registry);
  const read = async () => (await registry.getMetricsAsJSON()).flatMap(({ values }) => values as object[]);
  expect(await read()).toEqual([]);
  metrics.observe(() => [
    { ...ZONE, trusted: true, skills: [{ lead: 1, forecast: anAccuracy(), persistence: anAccuracy() }] },
  ]);
  expect(await read()).toHaveLength(7);
  metrics.observe(() => []);
  expect(await read()).toEqual([]);
});
