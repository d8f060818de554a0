import { expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { JobMetrics } from './job-metrics.ts';

const valuesOf = async (registry: Registry) => (await registry.getSingleMetric('sunward_jobs')?.get())?.values;

test('jobs are counted anew at each scrape, by phase', async () => {
  const registry = new Registry();
  let counts = new Map([
    ['Waiting', 2],
    ['Running', 0],
  ]);
  new JobMetrics(registry).observe(() => counts);
  expect(await valuesOf(registry)).toEqual([
    { labels: { phase: 'Waiting' }, value: 2 },
    { labels: { phase: 'Running' }, value: 0 },
  ]);
  counts = new Map([['Running', 2]]);
  expect(await valuesOf(registry)).toEqual([{ labels: { phase: 'Running' }, value: 2 }]);
});

test('nothing is told before there is anything to observe', async () => {
  const registry = new Registry();
  new JobMetrics(registry);
  expect(await valuesOf(registry)).toEqual([]);
});
