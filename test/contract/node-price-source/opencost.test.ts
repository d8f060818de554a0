import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { TOOL_SETUP_MS } from '../../../hack/controlplane/binaries/ensure.ts';
import { startPrometheus, type RunningPrometheus } from '../../../hack/prometheus/prometheus.ts';
import { PrometheusStandIn } from '../../../hack/stand-ins/prometheus.ts';
import { AxiosClient } from '../../../operator/adapters/http/axios-client.ts';
import { OpenCostSource, type OpenCostOptions } from '../../../operator/adapters/price/opencost/source.ts';
import { PrometheusClient } from '../../../operator/adapters/prometheus/prometheus-client.ts';
import { MINUTE_MS } from '../../../operator/domain/units.ts';
import { openMetrics } from '../../builders/open-metrics.ts';
import { FakeClock } from '../../fixtures/fake-clock.ts';
import { prometheusFaults } from '../prometheus-faults.ts';
import { changed, providerFaultsContract } from '../provider-faults.ts';
import { nodePriceSourceContract } from './contract.ts';

const NOW = Date.parse('2026-03-02T12:20:00Z');
const NEVER = new AbortController().signal;

/** As OpenCost writes it, scraped every minute until `until` by the job of one of its pods. */
function priced(
  node: string,
  price: number,
  { pod = 'opencost-a', until = NOW, metric = 'node_total_hourly_cost' } = {},
) {
  return {
    metric,
    labels: { node, instance: node, instance_type: 'p5en.48xlarge', region: 'eu-north-1', arch: 'amd64', pod },
    samples: Array.from({ length: 10 }, (_, k) => [until - (9 - k) * MINUTE_MS, price] as const),
  };
}

const HISTORY = openMetrics([
  priced('gpu-2', 67.72672),
  priced('gpu-1', 3.5),
  // Restarted two minutes ago, with a new price.
  priced('restarted', 0.9, { until: NOW - 2 * MINUTE_MS }),
  priced('restarted', 0.95, { pod: 'opencost-b' }),
  priced('unpriced', 0),
  priced('odd', NaN),
  priced('refunded', -1),
  priced('gone', 12, { until: NOW - 10 * MINUTE_MS }),
  { ...priced('', 5, { metric: 'by_instance' }), labels: { instance: 'gpu-1' } },
  { ...priced('', 5, { metric: 'by_nobody' }), labels: { host: 'gpu-1' } },
]);

let server: RunningPrometheus;
let http: AxiosClient;
beforeAll(async () => {
  http = new AxiosClient({ clock: new FakeClock(NOW) });
  server = await startPrometheus({ history: HISTORY });
}, TOOL_SETUP_MS);
afterAll(async () => {
  http.close();
  await server.stop();
});

function sourceAt(url: string, options: Partial<OpenCostOptions> = {}): OpenCostSource {
  const prometheus = new PrometheusClient({ http, url });
  return new OpenCostSource({ prometheus, clock: new FakeClock(NOW), currency: 'USD', ...options });
}

nodePriceSourceContract('opencost', async () => ({
  source: sourceAt(server.url),
  truth: {
    currency: 'USD',
    perHour: { 'gpu-1': 3.5, 'gpu-2': 67.72672, restarted: 0.95 },
    withoutPrice: ['unpriced', 'odd', 'refunded', 'gone'],
  },
}));

interface Vector {
  readonly data: { result: { metric: object; value: [number, string] }[] };
}

/** What the stand-in's one series would be of OpenCost. */
const withNode = changed<Vector>((body) => {
  body.data.result = [
    { metric: { node: 'gpu-1' }, value: [NOW / 1_000, '3.5'] },
    { metric: { node: 'gpu-2' }, value: [NOW / 1_000, 'NaN'] },
  ];
  return body;
});

describe('prices of nodes from opencost', () => {
  const prices = (options: Partial<OpenCostOptions> = {}) => sourceAt(server.url, options).nodePrices(NEVER);

  test('are those of the query that is configured, by the label instance where there is none of the node', async () => {
    const found = await prices({ query: '2 * by_instance', currency: 'EUR' });
    expect(found).toEqual([{ node: 'gpu-1', perHour: 10, currency: 'EUR' }]);
  });

  test('of several series of one node the dearest counts, also where the query does not see to it', async () => {
    const found = await prices({ query: 'node_total_hourly_cost{node="restarted"}' });
    expect(found).toEqual([{ node: 'restarted', perHour: 0.95, currency: 'USD' }]);
  });

  test('are refused where the series don’t say the node: one price would stand for all', async () => {
    const refusal = prices({ query: 'max by (node) (by_nobody)' });
    await expect(refusal).rejects.toMatchObject({ code: 'Malformed' });
    await expect(refusal).rejects.toThrow('neither label node nor instance');
  });

  test('where nobody scrapes OpenCost there are none, and it says so', async () => {
    const refusal = prices({ clock: new FakeClock(NOW + 60 * MINUTE_MS) });
    await expect(refusal).rejects.toMatchObject({ code: 'NoData' });
    await expect(refusal).rejects.toThrow('is OpenCost scraped?');
  });
});

providerFaultsContract(
  'opencost',
  async () => {
    const standIn = await new PrometheusStandIn({ figures: () => 3.5 }).start();
    const source = sourceAt(standIn.url);
    return { standIn, close: () => standIn.stop(), secrets: [], ask: (abort) => source.nodePrices(abort) };
  },
  prometheusFaults('it is asked for all nodes, and each price bears its own', { fault: withNode, rows: 1 }),
);
