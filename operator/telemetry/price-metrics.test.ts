import { expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { PriceMetrics, type PriceState } from './price-metrics.ts';

const NOW = Date.UTC(2026, 5, 1, 12);
const PRICE = 'sunward_electricity_price_per_kilowatt_hour';
const HORIZON = 'sunward_electricity_price_horizon_seconds';

function scraped(...states: readonly Partial<PriceState>[]) {
  const registry = new Registry();
  const metrics = new PriceMetrics(registry);
  const common = { zone: 'DE', currency: 'EUR', source: 'energy-charts', now: 0.12, publishedUntil: NOW + 3_600_000 };
  if (states.length > 0)
    metrics.observe(() => ({ now: NOW, prices: states.map((state) => ({ ...common, ...state })) }));
  const valuesOf = async (name: string) =>
    (await registry.getSingleMetric(name)?.get())?.values.map(({ labels, value }) => ({ ...labels, value }));
  return { metrics, valuesOf };
}

test('a price has its zone, its currency and its source, and may be below zero', async () => {
  const { valuesOf } = scraped({}, { zone: 'GB', currency: 'GBP', source: 'octopus', now: -0.03 });
  expect(await valuesOf(PRICE)).toEqual([
    { zone: 'DE', currency: 'EUR', source: 'energy-charts', value: 0.12 },
    { zone: 'GB', currency: 'GBP', source: 'octopus', value: -0.03 },
  ]);
});

test('a gap has no price, and is never free', async () => {
  const { valuesOf } = scraped({ now: undefined });
  expect(await valuesOf(PRICE)).toEqual([]);
  expect(await valuesOf(HORIZON)).toEqual([{ zone: 'DE', value: 3_600 }]);
});

test('prices that have ended reach no time ahead, and none back', async () => {
  const { valuesOf } = scraped({ publishedUntil: NOW - 7_200_000 });
  expect(await valuesOf(HORIZON)).toEqual([{ zone: 'DE', value: 0 }]);
});

test('nothing is told before there is anything to observe', async () => {
  const { valuesOf } = scraped();
  expect(await valuesOf(PRICE)).toEqual([]);
  expect(await valuesOf(HORIZON)).toEqual([]);
});

test('failures are counted by source and code', async () => {
  const { metrics, valuesOf } = scraped();
  metrics.failed('octopus', 'NoData');
  metrics.failed('octopus', 'NoData');
  metrics.failed('opencost', 'Unavailable');
  expect(await valuesOf('sunward_price_source_errors_total')).toEqual([
    { source: 'octopus', code: 'NoData', value: 2 },
    { source: 'opencost', code: 'Unavailable', value: 1 },
  ]);
});
