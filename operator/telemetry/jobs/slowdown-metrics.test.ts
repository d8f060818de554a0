import { expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { SlowdownMetrics, type WorkloadSlowdown } from './slowdown-metrics.ts';

const LLAMA: WorkloadSlowdown = { namespace: 'research', workload: 'llama', site: 'south', share: 0.2, runs: 12 };

function scraped(read?: () => readonly WorkloadSlowdown[]) {
  const registry = new Registry();
  const metrics = new SlowdownMetrics(registry);
  if (read !== undefined) metrics.observe(read);
  return async () => (await registry.getSingleMetric('sunward_job_observed_slowdown_ratio')?.get())?.values;
}

test('each kind of job has a series for each site where it is known, anew at each scrape', async () => {
  let known: readonly WorkloadSlowdown[] = [LLAMA, { ...LLAMA, site: 'east', share: -0.1 }];
  const values = scraped(() => known);
  const labels = { workload_namespace: 'research', workload: 'llama' };
  expect(await values()).toEqual([
    { labels: { ...labels, site: 'south' }, value: 0.2 },
    { labels: { ...labels, site: 'east' }, value: -0.1 },
  ]);
  known = [];
  expect(await values()).toEqual([]);
});

test('the hundred kinds with the most runs have series, with all their sites', async () => {
  const kinds = Array.from({ length: 150 }, (_, k) => ({ ...LLAMA, workload: `kind-${String(k)}`, runs: k }));
  const values = await scraped(() => kinds.flatMap((kind) => [kind, { ...kind, site: 'east' }]))();
  expect(values).toHaveLength(200);
  const named = new Set(values?.map(({ labels }) => labels['workload']));
  expect(named.has('kind-50')).toBe(true);
  expect(named.has('kind-49')).toBe(false);
});

test('nothing is told before there is anything to observe', async () => {
  expect(await scraped()()).toEqual([]);
});
