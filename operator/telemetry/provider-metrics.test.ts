import { expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { ProviderMetrics } from './provider-metrics.ts';

function scraped() {
  const registry = new Registry();
  const metrics = new ProviderMetrics(registry);
  const valuesOf = async (name: string) =>
    (await registry.getSingleMetric(`sunward_provider_${name}`)?.get())?.values.map(({ labels, value }) => ({
      ...labels,
      value,
    }));
  return { metrics, registry, valuesOf };
}

test('requests are counted by provider and by what came of them, and timed', async () => {
  const { metrics, registry, valuesOf } = scraped();
  metrics.asked('watttime', 'OK', 120);
  metrics.asked('watttime', 'OK', 80);
  metrics.asked('watttime', 'QuotaExceeded', 20);
  expect(await valuesOf('requests_total')).toEqual([
    { provider: 'watttime', code: 'OK', value: 2 },
    { provider: 'watttime', code: 'QuotaExceeded', value: 1 },
  ]);
  const text = await registry.metrics();
  expect(text).toContain('sunward_provider_request_seconds_sum{provider="watttime"} 0.22');
  expect(text).toContain('sunward_provider_request_seconds_bucket{le="0.1",provider="watttime"} 2');
});

test('the clock of a provider is ahead or behind by whole seconds, as it is told to the second', async () => {
  const { metrics, registry, valuesOf } = scraped();
  metrics.skewed('awattar', 999);
  metrics.skewed('octopus', -61_900);
  expect(await valuesOf('clock_skew_seconds')).toEqual([
    { provider: 'awattar', value: 0 },
    { provider: 'octopus', value: -61 },
  ]);
  metrics.skewed('awattar', -500);
  expect(await registry.metrics()).toContain('sunward_provider_clock_skew_seconds{provider="awattar"} 0\n');
});

test('a circuit is open or closed', async () => {
  const { metrics, valuesOf } = scraped();
  metrics.circuit('awattar', false);
  metrics.circuit('octopus', true);
  metrics.circuit('octopus', false);
  metrics.circuit('watttime', true);
  expect(await valuesOf('circuit_open')).toEqual([
    { provider: 'awattar', value: 0 },
    { provider: 'octopus', value: 0 },
    { provider: 'watttime', value: 1 },
  ]);
});

test('budgets are those of the moment of the scrape, and a provider without one has none', async () => {
  const { metrics, valuesOf } = scraped();
  expect(await valuesOf('budget_requests')).toEqual([]);
  let remaining = 7;
  metrics.observeBudgets(() => [{ provider: 'electricity-maps', limit: 50, remaining }]);
  expect(await valuesOf('budget_requests')).toEqual([{ provider: 'electricity-maps', value: 50 }]);
  expect(await valuesOf('budget_remaining_requests')).toEqual([{ provider: 'electricity-maps', value: 7 }]);
  remaining = 0;
  expect(await valuesOf('budget_remaining_requests')).toEqual([{ provider: 'electricity-maps', value: 0 }]);
  metrics.observeBudgets(() => []);
  expect(await valuesOf('budget_remaining_requests')).toEqual([]);
});

test('nothing is told of a provider that was never asked', async () => {
  const { registry } = scraped();
  expect((await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
});
