import { describe, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { gramsPerKilowattHour } from '../domain/units.ts';
import { CarbonMetrics, type OutlookState } from './carbon-metrics.ts';

const NOW = Date.UTC(2026, 5, 1, 12);
const HOUR_MS = 3_600_000;
const ZONE = { zone: 'DE', signal: 'Average' } as const;

function scraped(...states: readonly Partial<OutlookState>[]) {
  const registry = new Registry();
  const metrics = new CarbonMetrics(registry);
  const common: OutlookState = {
    ...ZONE,
    rung: 'LiveForecast',
    source: 'watttime',
    scope: 'Lifecycle',
    now: gramsPerKilowattHour(240),
    coversUntil: NOW + 48 * HOUR_MS,
    issuedAt: NOW - HOUR_MS,
  };
  if (states.length > 0) {
    metrics.observe(() => ({ now: NOW, outlooks: states.map((state) => ({ ...common, ...state })), unknown: [] }));
  }
  const valuesOf = async (name: string) =>
    (await registry.getSingleMetric(`sunward_carbon_${name}`)?.get())?.values.map(({ labels, value }) => ({
      ...labels,
      value,
    }));
  return { metrics, registry, valuesOf };
}

describe('what is known of a zone', () => {
  test('is told with all that says what the figure counts, and where it is from', async () => {
    const { valuesOf } = scraped({});
    expect(await valuesOf('intensity_grams_per_kilowatt_hour')).toEqual([
      { ...ZONE, scope: 'Lifecycle', source: 'watttime', value: 240 },
    ]);
    expect(await valuesOf('outlook_info')).toEqual([{ ...ZONE, rung: 'LiveForecast', source: 'watttime', value: 1 }]);
    expect(await valuesOf('forecast_horizon_seconds')).toEqual([{ ...ZONE, value: 48 * 3_600 }]);
    expect(await valuesOf('forecast_age_seconds')).toEqual([{ ...ZONE, value: 3_600 }]);
  });

  test('by two signals is two quantities', async () => {
    const { valuesOf } = scraped({}, { signal: 'Marginal', scope: 'Operational', now: gramsPerKilowattHour(700) });
    expect(await valuesOf('intensity_grams_per_kilowatt_hour')).toEqual([
      { ...ZONE, scope: 'Lifecycle', source: 'watttime', value: 240 },
      { ...ZONE, signal: 'Marginal', scope: 'Operational', source: 'watttime', value: 700 },
    ]);
  });

  test('has no figure in a gap: an outage is never zero grams', async () => {
    const { valuesOf } = scraped({ now: undefined });
    expect(await valuesOf('intensity_grams_per_kilowatt_hour')).toEqual([]);
    expect(await valuesOf('outlook_info')).toHaveLength(1);
  });

  test('of a grid that emits nothing is zero grams', async () => {
    const { valuesOf } = scraped({ now: gramsPerKilowattHour(0) });
    expect(await valuesOf('intensity_grams_per_kilowatt_hour')).toMatchObject([{ value: 0 }]);
  });

  test('has no age where no provider issued it', async () => {
    const { valuesOf } = scraped({ issuedAt: undefined, rung: 'TypicalDay' });
    expect(await valuesOf('forecast_age_seconds')).toEqual([]);
  });

  test('is that nothing is: a rung of its own, without a figure, an age or a horizon', async () => {
    const { metrics, valuesOf } = scraped({});
    metrics.observe(() => ({ now: NOW, outlooks: [], unknown: [ZONE] }));
    expect(await valuesOf('outlook_info')).toEqual([{ ...ZONE, rung: 'None', source: '', value: 1 }]);
    for (const name of ['intensity_grams_per_kilowatt_hour', 'forecast_horizon_seconds', 'forecast_age_seconds']) {
      expect(await valuesOf(name)).toEqual([]);
    }
  });

  test('reaches no time ahead once it has ended', async () => {
    const { valuesOf } = scraped({ coversUntil: NOW - HOUR_MS });
    expect(await valuesOf('forecast_horizon_seconds')).toEqual([{ ...ZONE, value: 0 }]);
  });

  test('moves to another rung without leaving the old one behind', async () => {
    const { metrics, valuesOf } = scraped({});
    await valuesOf('outlook_info');
    metrics.observe(() => ({ now: NOW, outlooks: [], unknown: [] }));
    for (const name of ['outlook_info', 'intensity_grams_per_kilowatt_hour', 'forecast_horizon_seconds']) {
      expect(await valuesOf(name)).toEqual([]);
    }
  });
});

describe('questions', () => {
  test('are counted by signal and rung, and timed; failures by source and code', async () => {
    const { metrics, registry, valuesOf } = scraped();
    metrics.answered('Average', 'LiveForecast', 300);
    metrics.answered('Average', 'None', 100);
    metrics.failed('watttime', 'PersistenceBetter');
    expect(await valuesOf('requests_total')).toEqual([
      { signal: 'Average', rung: 'LiveForecast', value: 1 },
      { signal: 'Average', rung: 'None', value: 1 },
    ]);
    expect(await valuesOf('source_errors_total')).toEqual([
      { source: 'watttime', code: 'PersistenceBetter', value: 1 },
    ]);
    expect(await registry.metrics()).toContain('sunward_carbon_request_seconds_sum 0.4');
  });

  test('that nobody asked are no values, nor is what nobody observes', async () => {
    const { registry } = scraped();
    const lines = (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines.filter((line) => !line.includes('request_seconds'))).toEqual([]);
  });
});
