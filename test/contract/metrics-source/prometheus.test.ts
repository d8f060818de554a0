import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { TOOL_SETUP_MS } from '../../../hack/controlplane/binaries/ensure.ts';
import { waitFor } from '../../../hack/controlplane/process/wait.ts';
import { startPrometheus, type RunningPrometheus } from '../../../hack/prometheus/prometheus.ts';
import { startGpuExporter, type GpuExporter } from '../../../hack/stand-ins/gpu-exporter.ts';
import { BUSY, IDLE } from '../../../hack/stand-ins/gpus/behaviour.ts';
import { PrometheusStandIn } from '../../../hack/stand-ins/prometheus.ts';
import { AxiosClient } from '../../../operator/adapters/http/axios-client.ts';
import {
  PrometheusMetricsSource,
  type PrometheusMetricsOptions,
} from '../../../operator/adapters/metrics/prometheus/source.ts';
import { PrometheusClient } from '../../../operator/adapters/prometheus/prometheus-client.ts';
import { gridBefore } from '../../../operator/domain/usage/usage-grid.ts';
import { HOUR_MS, SECOND_MS } from '../../../operator/domain/units.ts';
import type { UsageAnswer } from '../../../operator/ports/metrics-source.ts';
import { openMetrics } from '../../builders/open-metrics.ts';
import { FakeClock } from '../../fixtures/fake-clock.ts';
import { prometheusFaults, secondValueNaN } from '../prometheus-faults.ts';
import { changed, providerFaultsContract } from '../provider-faults.ts';
import { keyOf, metricsSourceContract } from './contract.ts';
import { activeOf, GRID, historyOf, NODE_POWER, POD_POWER, POWER } from './gpu-hour.ts';

const NEVER = new AbortController().signal;
const END = GRID.startsAt + GRID.columns * GRID.step;

/** An exporter that calls the UUID by a name of its own. */
const renamed = {
  metric: 'renamed_activity',
  labels: { GPU_UUID: 'GPU-1', Hostname: 'node-1', job: 'dcgm' },
  samples: [[END - SECOND_MS, 0.5]] as const,
};

let server: RunningPrometheus;
let http: AxiosClient;
beforeAll(async () => {
  http = new AxiosClient({ clock: new FakeClock(END) });
  const history = historyOf().replace('# EOF', openMetrics([renamed]).trimEnd());
  server = await startPrometheus({ history });
}, TOOL_SETUP_MS);
afterAll(async () => {
  http.close();
  await server.stop();
});

function sourceAt(url: string, options: Partial<PrometheusMetricsOptions> = {}): PrometheusMetricsSource {
  return new PrometheusMetricsSource({ prometheus: new PrometheusClient({ http, url }), ...options });
}

const LABELS = { UUID: 'GPU-1', pod: 'p', namespace: 'n', node: 'node-1' };

metricsSourceContract('prometheus', async () => {
  const standIn = await new PrometheusStandIn({ figures: () => 0.5, labels: LABELS }).start();
  standIn.failAlways(changed<object>((body) => ({ ...body, warnings: ['a store is away'] })));
  return {
    source: sourceAt(server.url),
    grid: GRID,
    truth: { active: activeOf(), power: POWER, pods: POD_POWER, nodes: NODE_POWER },
    empty: { ...GRID, startsAt: GRID.startsAt - 48 * HOUR_MS },
    down: sourceAt('http://127.0.0.1:9'),
    inPart: sourceAt(standIn.url),
    close: () => standIn.stop(),
  };
});

providerFaultsContract(
  'a source of metrics in prometheus',
  async () => {
    const standIn = await new PrometheusStandIn({ figures: () => 0.5, labels: LABELS }).start();
    const source = sourceAt(standIn.url);
    const grid = { ...GRID, columns: 3 };
    /** Columns of activity; what is a gap of all figures alike is thrown. */
    const ask = async (abort: AbortSignal) => {
      const { devices, gaps } = await source.usage(grid, abort);
      expect(new Set(gaps.map(({ error }) => error.code)).size).toBeLessThanOrEqual(1);
      if (gaps[0] !== undefined) throw gaps[0].error;
      return devices.flatMap(({ active }) =>
        active.filter((share) => !Number.isNaN(share)).map((share) => ({ share })),
      );
    };
    return { standIn, close: () => standIn.stop(), secrets: [], ask };
  },
  prometheusFaults('it is asked for all devices, and each series bears its own', { fault: secondValueNaN, rows: 2 }),
);

describe('the use of devices from prometheus', () => {
  const usage = (options: Partial<PrometheusMetricsOptions> = {}): Promise<UsageAnswer> =>
    sourceAt(server.url, options).usage(GRID, NEVER);

  test('says what is missing where nobody scrapes an exporter, and how to see it', async () => {
    const yesterday = { ...GRID, startsAt: GRID.startsAt - 24 * HOUR_MS };
    const { gaps } = await sourceAt(server.url).usage(yesterday, NEVER);
    expect(gaps.map(({ error }) => error.message)).toEqual([
      expect.stringMatching(/activity of GPUs; is the DCGM exporter scraped\?.*avg_over_time\(DCGM_FI_PROF_GR_ENGINE/),
      expect.stringMatching(/power of GPUs; is the DCGM exporter scraped\?/),
      expect.stringMatching(/processors that pods cause; is Kepler \(0\.10 or newer\) scraped\?/),
    ]);
  });

  test('of a label with another name says which there are, and takes the name that is configured', async () => {
    const queries = { activity: ['avg_over_time(renamed_activity[{window}])'] };
    const { gaps } = await usage({ queries });
    expect(gaps).toHaveLength(1);
    expect(gaps[0]).toMatchObject({ figure: 'Activity', error: { code: 'Malformed' } });
    expect(gaps[0]?.error.message).toMatch(/they have GPU_UUID, Hostname, job; set usage\.prometheus\.labels\.gpu/);
    const { devices, gaps: none } = await usage({ queries, labels: { gpu: ['UUID', 'GPU_UUID'] } });
    expect(none).toEqual([]);
    expect(devices.find(({ gpu }) => gpu === 'GPU-1')).toMatchObject({ node: 'node-1', pod: undefined });
  });

  test('is of no series that does not fulfil the matchers, whatever it is called', async () => {
    const others = await usage({ matchers: ['job="nobody"'] });
    expect([others.devices, others.pods, others.nodes]).toEqual([[], [], []]);
    expect(others.gaps.map(({ error }) => error.message)).toEqual([
      expect.stringContaining('avg_over_time(DCGM_FI_PROF_GR_ENGINE_ACTIVE{job="nobody"}['),
      expect.stringContaining('avg_over_time(DCGM_FI_DEV_POWER_USAGE{job="nobody"}['),
      expect.stringContaining('job="nobody"'),
    ]);
    const queries = { activity: ['avg_over_time(renamed_activity{{matchers}}[{window}])'] };
    const labels = { gpu: ['GPU_UUID'] };
    const asked = async (matchers: readonly string[]): Promise<number> =>
      (await usage({ queries, labels, matchers })).devices.filter(({ gpu }) => gpu === 'GPU-1').length;
    expect(await asked(['job=~"dcgm|kepler"', 'Hostname!=""'])).toBe(1);
    expect(await asked(['job!~"dcgm|kepler"'])).toBe(0);
  });

  test('a query that Prometheus can’t read is a gap of its figure alone, with Prometheus’ words', async () => {
    const { devices, gaps } = await usage({ queries: { power: ['rate(watts['] } });
    expect(devices.length).toBeGreaterThan(20);
    expect(gaps.map(({ figure, error }) => [figure, error.code])).toEqual([['Power', 'Malformed']]);
    expect(gaps[0]?.error.message).toContain('parse error');
  });

  test('tells instances with their profile and their GPU, and where each device is', async () => {
    const { devices } = await usage();
    const cut = devices.filter(({ gpu }) => gpu === 'cut').map(({ instance }) => instance);
    expect(cut).toEqual([
      { id: '1', profile: '3g.40gb' },
      { id: '2', profile: '1g.10gb' },
    ]);
    expect(new Set(devices.map(({ node }) => node))).toEqual(new Set(['node-1', 'node-2']));
  });

  test('a counter that begins anew is never negative power, and none that is far too high', async () => {
    const { devices } = await usage();
    const counted = devices.find(({ gpu }) => gpu === 'counter-alone')?.power ?? [];
    expect(counted).toHaveLength(GRID.columns);
    // What was drawn between the last scrape before a reset and the reset is not known.
    for (const watts of counted) expect(watts > 600 && watts < 660).toBe(true);
  });
});

describe('scraped by a Prometheus', () => {
  const STEP = { step: 2 * SECOND_MS, lookBack: 10 * SECOND_MS };
  const POD = { namespace: 'research', name: 'train-0' };
  let exporter: GpuExporter;
  let scraping: RunningPrometheus;
  beforeAll(async () => {
    exporter = await startGpuExporter({
      gpus: [
        { uuid: 'GPU-1', node: 'node-1', behaviour: BUSY, pods: [POD] },
        { uuid: 'GPU-2', node: 'node-1', index: 1, behaviour: IDLE },
      ],
      hosts: [{ node: 'node-1', zones: { package: 100 }, pods: [{ ...POD, zones: { package: 25 } }] }],
    });
    scraping = await startPrometheus({ config: scrapeConfig(new URL(exporter.url).host) });
  }, TOOL_SETUP_MS);
  afterAll(async () => {
    await scraping.stop();
    await exporter.stop();
  });

  const now = () => sourceAt(scraping.url).usage(gridBefore(Date.now(), STEP), NEVER);
  const until = (what: string, condition: (answer: UsageAnswer) => boolean) =>
    waitFor({ for: what, timeoutMs: 45_000, intervalMs: 200 }, async () => {
      const answer = await now();
      return condition(answer) ? answer : undefined;
    });
  const newest = ({ devices }: UsageAnswer, key: string) => devices.find((one) => keyOf(one) === key)?.active.at(-1);

  test('the pod is the one that holds the device, whether Prometheus honours labels or not; of a free device it may be the exporter’s', async () => {
    const answer = await until('all figures', ({ devices, gaps }) => gaps.length === 0 && devices.length >= 3);
    // One job honours labels, the other one doesn't: of the free device they tell differently.
    expect(answer.devices.map(keyOf).sort()).toEqual([
      'GPU-1 research/train-0',
      'GPU-2 -',
      'GPU-2 monitoring/exporter',
    ]);
    expect(answer.pods).toEqual([{ ...POD, node: 'node-1', power: 25 }]);
    expect(answer.nodes).toEqual([{ node: 'node-1', power: 100 }]);
  });

  test('what a device does is seen when it changes, and to whom it goes', async () => {
    await until('a busy GPU-1', (answer) => newest(answer, 'GPU-1 research/train-0') === 0.97);
    exporter.set('GPU-1', { behaviour: IDLE });
    await until('an idle GPU-1', (answer) => newest(answer, 'GPU-1 research/train-0') === 0);
    exporter.set('GPU-2', { pods: [{ namespace: 'research', name: 'next' }], behaviour: BUSY });
    await until('a busy GPU-2', (answer) => newest(answer, 'GPU-2 research/next') === 0.97);
  });

  test.each([
    ['a fault of its own', { status: 500, body: 'collecting metrics: timeout' }],
    ['no answer', 'hang'],
  ] as const)('an exporter with %s is unknown within a column, and known again after it', async (_, fault) => {
    exporter.failAlways(fault);
    const without = await until('nothing', ({ devices }) => devices.length === 0);
    expect(without.gaps.map(({ error }) => error.code)).toEqual(['NoData', 'NoData', 'NoData']);
    exporter.failAlways(undefined);
    await until('all figures', ({ gaps }) => gaps.length === 0);
  });

  test('an exporter that is gone is unknown in its columns, never 0', async () => {
    await exporter.stop();
    const { devices } = await until('a gap', (answer) => Number.isNaN(newest(answer, 'GPU-1 research/train-0')));
    for (const { power } of devices) for (const watts of power) expect(watts).not.toBe(0);
    await exporter.start();
    await until('all figures', ({ gaps }) => gaps.length === 0);
  });
});

/** Twice each half a second: once with the labels of the exporter, once with those of Prometheus. */
function scrapeConfig(target: string): string {
  const jobs = [true, false].map(
    (honours) => `
  - job_name: dcgm-${String(honours)}
    honor_labels: ${String(honours)}
    static_configs:
      - targets: ['${target}']
        labels: {${honours ? '' : 'namespace: monitoring, pod: exporter'}}`,
  );
  return `global: {scrape_interval: 500ms, scrape_timeout: 400ms}\nscrape_configs:${jobs.join('')}\n`;
}
