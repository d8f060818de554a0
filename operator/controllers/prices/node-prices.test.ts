import { describe, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { H100, hours } from '../../../test/builders/planning.ts';
import { FakeClock, settle } from '../../../test/fixtures/fake-clock.ts';
import { RecordingLogger } from '../../../test/fixtures/recording-logger.ts';
import type { NodePrice } from '../../ports/price.ts';
import { SourceError } from '../../ports/source-error.ts';
import { PriceMetrics } from '../../telemetry/price-metrics.ts';
import type { NodeAccelerators, NodeFacts } from '../inventory/node-facts.ts';
import { devicePrices, NodePrices } from './node-prices.ts';

const A100 = 'NVIDIA-A100-SXM4-80GB';

function devices(allocatable: number, product: string | undefined = H100): NodeAccelerators {
  return { resource: 'nvidia.com/gpu', product, allocatable };
}

function aNode(name: string, overrides: Partial<NodeFacts> = {}): NodeFacts {
  return { name, region: 'north', acceptsWork: true, accelerators: [devices(8)], ...overrides };
}

const costs = (node: string, perHour: number, currency = 'USD'): NodePrice => ({ node, perHour, currency });

function pricesIn(nodes: readonly NodeFacts[], prices: readonly NodePrice[], region = 'north', product = H100) {
  return devicePrices(nodes, prices).get(`${region} ${product}`);
}

describe('the price of a device', () => {
  test('is what the nodes of a region cost together, by the devices that they have together', () => {
    const nodes = [aNode('a'), aNode('b', { accelerators: [devices(4)] }), aNode('c', { region: 'south' })];
    const prices = [costs('a', 16), costs('b', 20), costs('c', 80)];
    expect(pricesIn(nodes, prices)).toEqual({ perHour: 3, currency: 'USD' });
    expect(pricesIn(nodes, prices, 'south')).toEqual({ perHour: 10, currency: 'USD' });
  });

  test('is that of each product by itself', () => {
    const nodes = [aNode('a'), aNode('b', { accelerators: [devices(8, A100)] })];
    const prices = [costs('a', 16), costs('b', 8)];
    expect(pricesIn(nodes, prices)?.perHour).toBe(2);
    expect(pricesIn(nodes, prices, 'north', A100)?.perHour).toBe(1);
  });

  test('leaves out nodes of two products: nobody can tell which of them costs what', () => {
    const mixed = aNode('mixed', { accelerators: [devices(4), devices(4, A100)] });
    expect(pricesIn([mixed], [costs('mixed', 16)])).toBeUndefined();
    expect(pricesIn([mixed, aNode('a')], [costs('mixed', 16), costs('a', 24)])?.perHour).toBe(3);
  });

  test('leaves out nodes without a price, and is none where no node has one', () => {
    expect(pricesIn([aNode('a'), aNode('b')], [costs('a', 16)])?.perHour).toBe(2);
    expect(pricesIn([aNode('a')], [costs('gone', 16)])).toBeUndefined();
  });

  test('leaves out nodes without devices, product or region', () => {
    const nodes = [
      aNode('cpu', { accelerators: [] }),
      aNode('none', { accelerators: [devices(0)] }),
      aNode('unlabelled', { accelerators: [{ ...devices(8), product: undefined }] }),
      aNode('nowhere', { region: undefined }),
    ];
    expect(
      devicePrices(
        nodes,
        nodes.map(({ name }) => costs(name, 16)),
      ),
    ).toEqual(new Map());
  });

  test('is never a sum of two currencies', () => {
    const nodes = [aNode('a'), aNode('b')];
    expect(pricesIn(nodes, [costs('a', 16, 'EUR'), costs('b', 800, 'SEK')])).toEqual({ perHour: 2, currency: 'EUR' });
  });
});

function anOperator(answers: readonly (readonly NodePrice[] | Error)[]) {
  const [clock, logger, registry] = [new FakeClock(), new RecordingLogger(), new Registry()];
  const world = { nodes: [aNode('a')] as readonly NodeFacts[], asked: 0, changes: 0 };
  const source = {
    name: 'opencost',
    nodePrices: async () => {
      const answer = answers[Math.min(world.asked++, answers.length - 1)] ?? [];
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const prices = new NodePrices({
    source: answers.length === 0 ? undefined : source,
    nodes: () => world.nodes,
    onChange: () => (world.changes += 1),
    clock,
    random: () => 0,
    logger,
    metrics: new PriceMetrics(registry),
    intervalMs: hours(1),
  });
  const errors = async () => (await registry.getSingleMetric('sunward_price_source_errors_total')?.get())?.values;
  return { world, prices, clock, logger, errors, abort: new AbortController() };
}

describe('the prices of nodes', () => {
  test('are kept by region and product, and a listener is told where they are others than before', async () => {
    const { prices, world, abort } = anOperator([[costs('a', 16)], [costs('a', 16)], [costs('a', 24)]]);
    expect(prices.devicePrice('north', H100)).toBeUndefined();
    await prices.refresh(abort.signal);
    await prices.refresh(abort.signal);
    expect(prices.devicePrice('north', H100)).toEqual({ perHour: 2, currency: 'USD' });
    expect(prices.devicePrice('south', H100)).toBeUndefined();
    expect(world.changes).toBe(1);
    await prices.refresh(abort.signal);
    expect(world.changes).toBe(2);
  });

  test('stand where the source fails, and are laid on the nodes that there are by then', async () => {
    const down = new SourceError('Unavailable', 'no route');
    const { prices, world, errors, abort } = anOperator([[costs('a', 16), costs('b', 32)], down]);
    await prices.refresh(abort.signal);
    await prices.refresh(abort.signal);
    expect(prices.devicePrice('north', H100)?.perHour).toBe(2);
    world.nodes = [aNode('b')];
    await prices.refresh(abort.signal);
    expect(prices.devicePrice('north', H100)?.perHour).toBe(4);
    expect(await errors()).toMatchObject([{ labels: { source: 'opencost', code: 'Unavailable' }, value: 2 }]);
  });

  test('survive a fault in the source', async () => {
    const { prices, errors, abort } = anOperator([new TypeError('a fault in the code')]);
    await prices.refresh(abort.signal);
    expect(prices.devicePrice('north', H100)).toBeUndefined();
    expect(await errors()).toMatchObject([{ labels: { code: 'Unavailable' } }]);
  });

  test('are asked for at once and by the hour, until the process is told to end', async () => {
    const { prices, world, clock, logger, abort } = anOperator([[costs('a', 16)]]);
    const running = prices.run(abort.signal);
    await settle();
    expect(world.asked).toBe(1);
    await clock.advance(hours(1));
    expect(world.asked).toBe(2);
    abort.abort();
    await running;
    expect(logger.lines).toEqual([]);
  });

  test('are asked of nobody where there is no source, and that is no end', async () => {
    const { prices, abort } = anOperator([]);
    await prices.refresh(abort.signal);
    await prices.run(abort.signal);
    expect(prices.devicePrice('north', H100)).toBeUndefined();
  });
});
