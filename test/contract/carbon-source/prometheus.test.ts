import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { TOOL_SETUP_MS } from '../../../hack/controlplane/binaries/ensure.ts';
import { startPrometheus, type RunningPrometheus } from '../../../hack/prometheus/prometheus.ts';
import { PrometheusStandIn } from '../../../hack/stand-ins/prometheus.ts';
import { PrometheusSource, type PrometheusSourceOptions } from '../../../operator/adapters/carbon/prometheus/source.ts';
import { AxiosClient } from '../../../operator/adapters/http/axios-client.ts';
import { PrometheusClient } from '../../../operator/adapters/prometheus/prometheus-client.ts';
import { HOUR_MS, MINUTE_MS } from '../../../operator/domain/units.ts';
import type { CarbonQuery } from '../../../operator/ports/carbon.ts';
import { openMetrics } from '../../builders/open-metrics.ts';
import { FakeClock } from '../../fixtures/fake-clock.ts';
import { prometheusFaults, secondValueNaN } from '../prometheus-faults.ts';
import { providerFaultsContract } from '../provider-faults.ts';
import { carbonSourceContract } from './contract.ts';

const NOW = Date.parse('2026-03-02T12:20:00Z');
const HOUR = Date.parse('2026-03-02T12:00:00Z');
const NEVER = new AbortController().signal;
/** As grid-intensity-exporter writes it. */
const QUERY = 'avg_over_time(grid_intensity_carbon_average{location="{zone}"}[1h])';

/** Scraped every minute until `until`, with a figure for each hour: 100 more for each zone, 1 more for each hour of the day. */
function scraped(location: string, base: number, { from = HOUR - 24 * HOUR_MS, until = NOW, step = MINUTE_MS } = {}) {
  const instants = Array.from({ length: Math.ceil((until - from) / step) }, (_, k) => from + k * step);
  return {
    metric: 'grid_intensity_carbon_average',
    labels: { location, provider: 'ElectricityMap', node: 'worker-1', units: 'gCO2e per kWh' },
    samples: instants.map((at) => [at, base + (Math.floor(at / HOUR_MS) % 24)] as const),
  };
}

const NASTY = 'a"} or vector(7) # \\ \' `';
const HISTORY = openMetrics([
  scraped('SE-SE3', 20),
  scraped('DE', 400),
  scraped('N.', 100),
  scraped('NO', 200),
  scraped(NASTY, 300),
  scraped('PL', -50),
  // Down since two hours.
  scraped('FR', 50, { until: HOUR - 2 * HOUR_MS }),
  { ...scraped('DE', 410), metric: 'measured_by_two', labels: { location: 'DE', by: 'one' } },
  { ...scraped('DE', 430), metric: 'measured_by_two', labels: { location: 'DE', by: 'other' } },
]);

const known: CarbonQuery = {
  zone: 'SE-SE3',
  signal: 'Average',
  interval: { startsAt: HOUR - 4 * HOUR_MS, endsAt: HOUR },
};

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

function sourceAt(url: string, options: Partial<PrometheusSourceOptions> = {}): PrometheusSource {
  return new PrometheusSource({
    prometheus: new PrometheusClient({ http, url }),
    clock: new FakeClock(NOW),
    query: QUERY,
    signal: 'Average',
    scope: 'Lifecycle',
    step: HOUR_MS,
    ...options,
  });
}

carbonSourceContract('prometheus', async () => ({
  source: sourceAt(server.url),
  known,
  otherZones: ['DE', NASTY],
  unknownZone: 'XX-NOWHERE',
  missingSignal: 'Marginal',
  uncovered: { startsAt: HOUR - 48 * HOUR_MS, endsAt: HOUR - 30 * HOUR_MS },
  truth: { scope: 'Lifecycle', synthetic: false, estimated: [false, false, false, false], issuedBy: NOW },
  past: { interval: { startsAt: HOUR - 3 * HOUR_MS, endsAt: HOUR }, estimated: [false, false, false] },
  noForecastBecause: 'Prometheus has samples of the past only',
}));

providerFaultsContract(
  'prometheus',
  async () => {
    const standIn = await new PrometheusStandIn({ figures: (at) => 20 + ((at / HOUR_MS) % 24) }).start();
    const source = sourceAt(standIn.url);
    const ask = async (abort: AbortSignal) => (await source.history(known, abort)).samples;
    return { standIn, close: () => standIn.stop(), secrets: [], ask };
  },
  prometheusFaults('which label is the zone is for the query to say', { fault: secondValueNaN, rows: 3 }),
);

describe('carbon intensity from prometheus', () => {
  const history = (query: Partial<CarbonQuery> = {}, options: Partial<PrometheusSourceOptions> = {}) =>
    sourceAt(server.url, options).history({ ...known, ...query }, NEVER);

  test('a stretch has the mean of its own time, and begins at the full hour', async () => {
    const { samples } = await history({ interval: { startsAt: HOUR - 2 * HOUR_MS - 1, endsAt: HOUR - HOUR_MS - 1 } });
    // The sample at a full hour is the first with the next hour's figure, and the last one in the mean of the hour before.
    expect(samples).toEqual([
      {
        startsAt: HOUR - 2 * HOUR_MS - 1,
        endsAt: HOUR - 2 * HOUR_MS,
        gramsPerKilowattHour: expect.closeTo(29 + 1 / 60, 9),
        estimated: false,
      },
      {
        startsAt: HOUR - 2 * HOUR_MS,
        endsAt: HOUR - HOUR_MS - 1,
        gramsPerKilowattHour: expect.closeTo(30 + 1 / 60, 9),
        estimated: false,
      },
    ]);
  });

  test('a stretch that is not over yet is not known, though Prometheus would hold its last value for minutes', async () => {
    const future = { startsAt: HOUR - HOUR_MS, endsAt: HOUR + 24 * HOUR_MS };
    expect((await history({ interval: future })).samples.map(({ endsAt }) => endsAt)).toEqual([HOUR]);
    const plain = { query: 'grid_intensity_carbon_average{location="{zone}"}', step: MINUTE_MS };
    const { samples } = await history({ interval: { startsAt: NOW - 3 * MINUTE_MS, endsAt: NOW + HOUR_MS } }, plain);
    expect(samples.at(-1)).toMatchObject({ endsAt: NOW, gramsPerKilowattHour: 32 });
    await expect(history({ interval: { startsAt: NOW, endsAt: NOW + HOUR_MS } }, plain)).rejects.toMatchObject({
      code: 'NoData',
    });
  });

  test('an exporter that is down leaves a gap, and is told from a zone that nobody exports', async () => {
    const { samples } = await history({ zone: 'FR', interval: { startsAt: HOUR - 4 * HOUR_MS, endsAt: HOUR } });
    expect(samples.map(({ endsAt }) => endsAt)).toEqual([HOUR - 3 * HOUR_MS, HOUR - 2 * HOUR_MS]);
    const refusal = history({ zone: 'FR', interval: { startsAt: HOUR - HOUR_MS, endsAt: HOUR } });
    await expect(refusal).rejects.toMatchObject({ code: 'NoData' });
  });

  test('a zone is never taken for a pattern', async () => {
    const query = 'avg_over_time(grid_intensity_carbon_average{location=~"{zone}"}[1h])';
    const [first] = (await history({ zone: 'N.' }, { query })).samples;
    expect(first?.gramsPerKilowattHour).toBeCloseTo(108 + 1 / 60, 9);
  });

  test('of several series none is chosen: it names them and the remedy', async () => {
    const refusal = history({ zone: 'DE' }, { query: 'measured_by_two{location="{zone}"}' });
    await expect(refusal).rejects.toMatchObject({ code: 'Malformed' });
    await expect(refusal).rejects.toThrow(
      '2 series for zone DE: {"by":"one","location":"DE"}, {"by":"other","location":"DE"}; aggregate them',
    );
    const mean = await history({ zone: 'DE' }, { query: 'avg(measured_by_two{location="{zone}"})' });
    expect(mean.samples[0]?.gramsPerKilowattHour).toBeCloseTo(429, 9);
  });

  test('a negative figure is no intensity, and the query is to blame', async () => {
    const refusal = history({ zone: 'PL' });
    await expect(refusal).rejects.toMatchObject({ code: 'Malformed' });
    await expect(refusal).rejects.toThrow(/-4\d\.\d+ gCO2e\/kWh for zone PL at 2026-03-02T09:00:00\.000Z/);
  });

  test('figures are what they are configured to be', async () => {
    const options = { signal: 'Marginal', scope: 'Direct', estimated: true } as const;
    const series = await history({ signal: 'Marginal' }, options);
    expect(series).toMatchObject({ signal: 'Marginal', scope: 'Direct' });
    expect(new Set(series.samples.map(({ estimated }) => estimated))).toEqual(new Set([true]));
    await expect(history({ signal: 'Average' }, options)).rejects.toMatchObject({ code: 'SignalUnsupported' });
  });

  test('a query that would answer all zones alike is refused before it is asked', () => {
    expect(() => sourceAt(server.url, { query: 'grid_intensity' })).toThrow('has no {zone} within quotes');
    expect(() => sourceAt(server.url, { step: 0 })).toThrow('it must be 1 ms or more');
  });
});
