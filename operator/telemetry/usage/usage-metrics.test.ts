import { describe, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import type { Holding, NodeUsage, UsageAssessment } from '../../domain/usage/assessment.ts';
import { watts } from '../../domain/units.ts';
import { aHolding, anIdleHolding } from '../../../test/builders/holding.ts';
import { aSiteUsage } from '../../../test/builders/site-use.ts';
import { UsageMetrics } from './usage-metrics.ts';
import type { UsageState } from './usage-state.ts';

const RATE = { power: watts(2_000), moneyPerHour: 8, gramsPerHour: 700 };

function aNode(overrides: Partial<NodeUsage> = {}): NodeUsage {
  return {
    node: 'node-1',
    site: 'frankfurt',
    product: 'H100',
    resource: 'nvidia.com/gpu',
    acceptsWork: true,
    capacity: 8,
    held: 5,
    active: 0.5,
    rate: RATE,
    powerBasis: 'Measured',
    stranded: undefined,
    ...overrides,
  };
}

function anAssessment(overrides: Partial<UsageAssessment> = {}): UsageAssessment {
  return { at: 0, holdings: [], nodes: [], sites: [], ...overrides };
}

function scraped(read?: () => UsageState | undefined) {
  const registry = new Registry();
  const metrics = new UsageMetrics(registry);
  metrics.limit({ workloads: 2, nodes: 2 });
  if (read !== undefined) metrics.observe(read);
  const valuesOf = async (name: string) =>
    (await registry.getSingleMetric(name)?.get())?.values.map(({ labels, value }) => ({ ...labels, value }));
  return { metrics, registry, valuesOf };
}

function showing(overrides: Partial<UsageAssessment>) {
  const assessment = anAssessment(overrides);
  return scraped(() => ({ assessment, currencyOf: () => 'EUR' }));
}

describe('nodes', () => {
  test('say what is held, free or unavailable, and what of it is stranded', async () => {
    const stranded = { devices: 3, rate: { ...RATE, power: watts(300), gramsPerHour: undefined }, message: '' };
    const { valuesOf } = showing({
      nodes: [
        aNode({ stranded }),
        aNode({ node: 'node-2', acceptsWork: false, held: 9, active: 0.9 }),
        aNode({ node: 'node-3', acceptsWork: false }),
      ],
    });
    const states = await valuesOf('sunward_node_gpus');
    const stateOf = (node_name: string) =>
      states?.filter((one) => 'node_name' in one && one.node_name === node_name).map(({ value }) => value);
    expect(stateOf('node-1')).toEqual([5, 3, 0]);
    // A node that accepts no work holds more than it still has.
    expect(stateOf('node-3')).toEqual([5, 0, 3]);
    expect(stateOf('(others)')).toEqual([9, 0, 0]);
    const labels = { node_name: 'node-1', site: 'frankfurt', product: 'H100' };
    expect(await valuesOf('sunward_node_stranded_gpus')).toEqual([{ ...labels, value: 3 }]);
    expect(await valuesOf('sunward_node_stranded_power_watts')).toEqual([{ ...labels, value: 300 }]);
    expect(await valuesOf('sunward_node_stranded_cost_per_hour')).toEqual([{ ...labels, currency: 'EUR', value: 8 }]);
    expect(await valuesOf('sunward_node_stranded_emissions_grams_per_hour')).toEqual([]);
  });

  test('have their mean over those of them of which it is known', async () => {
    const { valuesOf } = showing({ nodes: [aNode({ active: undefined }), aNode({ node: 'node-2', active: 0.25 })] });
    expect(await valuesOf('sunward_node_gpu_active_ratio')).toEqual([
      { node_name: 'node-2', site: 'frankfurt', product: 'H100', value: 0.25 },
    ]);
  });
});

describe('sites', () => {
  test('are the sums over all nodes and workloads, whoever has series', async () => {
    const idle = (name: string): Holding => anIdleHolding({ workload: { ...aHolding().workload, name } });
    const { valuesOf } = showing({
      holdings: ['a', 'b', 'c', 'd'].map(idle),
      nodes: [aNode(), aNode({ node: 'node-2' }), aNode({ node: 'node-3', acceptsWork: false })],
      sites: [aSiteUsage({ site: 'frankfurt', product: 'H100', active: undefined })],
    });
    const labels = { site: 'frankfurt', product: 'H100' };
    expect(await valuesOf('sunward_site_gpus')).toEqual([
      { ...labels, state: 'held', value: 15 },
      { ...labels, state: 'free', value: 6 },
      { ...labels, state: 'unavailable', value: 3 },
    ]);
    expect(await valuesOf('sunward_site_gpu_active_ratio')).toEqual([]);
    expect(await valuesOf('sunward_site_power_watts')).toEqual([{ ...labels, value: 5_000 }]);
    expect(await valuesOf('sunward_site_cost_per_hour')).toEqual([{ ...labels, currency: 'EUR', value: 40 }]);
    expect(await valuesOf('sunward_site_wasted_gpus')).toEqual([{ ...labels, class: 'Idle', value: 32 }]);
    expect(await valuesOf('sunward_site_wasted_cost_per_hour')).toEqual([
      { ...labels, class: 'Idle', currency: 'EUR', value: 48 },
    ]);
  });
});

describe('the source', () => {
  test('is known or not by figure, and its failures are counted', async () => {
    const { metrics, valuesOf } = scraped();
    expect(await valuesOf('sunward_usage_known')).toEqual([]);
    metrics.known('Activity', true);
    metrics.known('Power', false);
    metrics.failed('prometheus', 'Power', 'NoData');
    metrics.failed('prometheus', 'Power', 'NoData');
    metrics.collected(1_500);
    expect(await valuesOf('sunward_usage_known')).toEqual([
      { figure: 'Activity', value: 1 },
      { figure: 'Power', value: 0 },
    ]);
    expect(await valuesOf('sunward_usage_source_errors_total')).toEqual([
      { source: 'prometheus', figure: 'Power', code: 'NoData', value: 2 },
    ]);
    expect(await valuesOf('sunward_usage_collection_seconds')).toContainEqual({ value: 1.5 });
  });

  test('knows of devices that are held one by one, by node, or not', async () => {
    const { valuesOf } = showing({ holdings: [aHolding(), aHolding({ attribution: 'None', devices: 3 })] });
    expect(await valuesOf('sunward_usage_measured_gpus')).toEqual([
      { attribution: 'Exporter', value: 8 },
      { attribution: 'Node', value: 0 },
      { attribution: 'None', value: 3 },
      { attribution: 'Contested', value: 0 },
    ]);
  });
});

test('nothing is told before there is an assessment, nor once it says nothing of now', async () => {
  let state: UsageState | undefined = { assessment: anAssessment({ holdings: [aHolding()] }), currencyOf: () => 'EUR' };
  const { valuesOf } = scraped(() => state);
  expect(await valuesOf('sunward_workload_gpus')).toHaveLength(1);
  state = undefined;
  expect(await valuesOf('sunward_workload_gpus')).toEqual([]);
  expect(await valuesOf('sunward_usage_measured_gpus')).toEqual([]);
  expect(await scraped().valuesOf('sunward_workload_gpus')).toEqual([]);
});

test('series are made once for each assessment, not at each scrape', async () => {
  let asked = 0;
  const currencyOf = (): string => {
    asked += 1;
    return 'EUR';
  };
  let state: UsageState = { assessment: anAssessment({ holdings: [aHolding()] }), currencyOf };
  const { registry } = scraped(() => state);
  await registry.metrics();
  const once = asked;
  await registry.metrics();
  expect([once, asked]).toEqual([1, 1]);
  state = { assessment: anAssessment({ holdings: [aHolding({ devices: 9 })] }), currencyOf };
  expect(await registry.metrics()).toContain('sharing="Whole"} 9');
  expect(asked).toBe(2);
});

test('a thousand workloads on as many nodes have few series', async () => {
  const many = Array.from({ length: 1_000 }, (_, k) => String(k));
  const assessment = anAssessment({
    holdings: many.map((name) => anIdleHolding({ workload: { ...aHolding().workload, name } })),
    nodes: many.map((node) => aNode({ node })),
  });
  const registry = new Registry();
  new UsageMetrics(registry).observe(() => ({ assessment, currencyOf: () => 'EUR' }));
  const text = await registry.metrics();
  expect(text.split('\n').filter((line) => line.startsWith('sunward_workload_gpus{'))).toHaveLength(101);
  expect(text.split('\n').filter((line) => !line.startsWith('#')).length).toBeLessThan(3_200);
});
