import { describe, expect, test } from '@jest/globals';
import { ConfigError } from './config.ts';
import { parseConfig } from './parse-config.ts';

function problemsIn(text: string): string {
  try {
    parseConfig(text, 'config.yaml');
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('the configuration was taken');
}

test('an empty file is a whole configuration', () => {
  const config = parseConfig('', 'config.yaml');
  expect(config.planning).toMatchObject({ slot: 300_000, hysteresisShare: 0.05 });
  expect(config.carbon.sources).toEqual([{ kind: 'typicalDay', zones: undefined }]);
  expect(config.leaderElection).toEqual({
    enabled: true,
    leaseDuration: 15_000,
    renewDeadline: 10_000,
    retryPeriod: 2_000,
  });
});

test('sources keep their order of preference', () => {
  const text = 'carbon: {sources: [{file: {path: /data/day.csv, rung: LiveForecast}}, {typicalDay: {}}]}';
  expect(parseConfig(text, 'config.yaml').carbon.sources).toEqual([
    { kind: 'file', path: '/data/day.csv', rung: 'LiveForecast', synthetic: true, zones: undefined },
    { kind: 'typicalDay', zones: undefined },
  ]);
});

test('providers are reached where they are published, and as often as one likes', () => {
  const { providers } = parseConfig('', 'config.yaml');
  expect(providers.electricityMaps).toEqual({
    baseUrl: 'https://api.electricitymaps.com/v4',
    keyFile: undefined,
    budget: undefined,
  });
  expect(providers.awattar.baseUrls.AT).toBe('https://api.awattar.at');
  expect(providers.prometheus.baseUrl).toBe('');
});

test('a provider that fails is left alone for half a minute at first and ten minutes at most, or as long as one says', () => {
  expect(parseConfig('', 'config.yaml').circuitBreaker).toEqual({ firstPause: 30_000, longestPause: 600_000 });
  const text = 'providers: {circuitBreaker: {firstPause: 1m, longestPause: 1h}}';
  expect(parseConfig(text, 'config.yaml').circuitBreaker).toEqual({ firstPause: 60_000, longestPause: 3_600_000 });
});

test('sources, their zones, their providers and prices are read as they are written', () => {
  const text = `
providers:
  electricityMaps: {keyFile: /keys/em, baseUrl: 'http://maps.example.com/v3/', budget: {requests: 1000}}
  prometheus: {baseUrl: http://prometheus:9090}
carbon:
  sources:
    - electricityMaps: {emissionFactorType: direct}
      zones: [DE, FR]
    - prometheus: {query: 'grid{zone="{zone}"}', step: 30m}
    - typicalDay: {}
prices:
  electricity:
    - timeOfUse: {tariffs: {DE: {currency: EUR, timeZone: Europe/Berlin, otherwisePerKWh: 0.2}}}
  openCost: {}
`;
  const { providers, carbon, prices } = parseConfig(text, 'config.yaml');
  expect(providers.electricityMaps).toEqual({
    baseUrl: 'http://maps.example.com/v3',
    keyFile: '/keys/em',
    budget: { requests: 1_000, per: 'Day' },
  });
  expect(carbon.sources).toMatchObject([
    { kind: 'electricityMaps', emissionFactorType: 'direct', granularity: 'hourly', zones: ['DE', 'FR'] },
    { kind: 'prometheus', step: 1_800_000, signal: 'Average', scope: 'Lifecycle' },
    { kind: 'typicalDay' },
  ]);
  expect(prices.electricity).toMatchObject([
    { kind: 'timeOfUse', tariffs: { DE: { timeZone: 'Europe/Berlin', otherwisePerKWh: 0.2, windows: [] } } },
  ]);
  expect(prices.openCost).toEqual({ query: undefined, currency: 'USD' });
});

test('what devices do is asked for once a minute and for six hours back, from nobody unless told', () => {
  expect(parseConfig('', 'config.yaml').usage).toEqual({
    interval: 60_000,
    lookBack: 6 * 3_600_000,
    topWorkloads: 100,
    topNodes: 200,
    ownerLabels: ['sunward.dev/owner', 'owner', 'team'],
    prometheus: undefined,
  });
  const providers = 'providers: {prometheus: {baseUrl: http://prometheus:9090}}';
  const { usage } = parseConfig(`${providers}\nusage: {prometheus: {}}`, 'config.yaml');
  expect(usage.prometheus).toEqual({ matchers: [], labels: {}, queries: {} });
  const own = `{matchers: ['job=~"dcgm\\\\-exporter|kepler"'], labels: {gpu: [GPU_UUID]}, queries: {activity: ["avg_over_time(busy[{window}])"]}}`;
  expect(parseConfig(`${providers}\nusage: {prometheus: ${own}}`, 'config.yaml').usage.prometheus).toEqual({
    matchers: ['job=~"dcgm\\\\-exporter|kepler"'],
    labels: { gpu: ['GPU_UUID'] },
    queries: { activity: ['avg_over_time(busy[{window}])'] },
  });
});

describe('a problem names its field, its value and the remedy', () => {
  test.each([
    ['planing: {}', 'planing is unknown; remove it or correct its name'],
    ['planning: {slots: 5m}', 'planning.slots is unknown; remove it or correct its name'],
    ['planning: {slot: 5x}', 'planning.slot is "5x"; write a length of time like 5m, 90s or 1h30m'],
    ['planning: {slot: 2h}', 'planning.slot must be from 1s to 1h'],
    ['log: {level: loud}', 'log.level is "loud"; it must be one of debug, info, warn, error'],
    ['jobs: {concurrency: 0}', 'jobs.concurrency is 0: it must be >= 1'],
    ['carbon: {sources: [{file: {}}]}', 'carbon.sources.0.file.path is missing; add it'],
    [
      'leaderElection: {leaseDuration: 5s}',
      'leaderElection.leaseDuration must be longer than leaderElection.renewDeadline',
    ],
    ['providers: {circuitBreaker: {firstPause: 100ms}}', 'providers.circuitBreaker.firstPause must be 1s or longer'],
    [
      'providers: {circuitBreaker: {firstPause: 1h}}',
      'providers.circuitBreaker.longestPause must not be shorter than providers.circuitBreaker.firstPause',
    ],
    ['a: [', 'config.yaml is not YAML'],
    [
      'carbon: {sources: [{electricityMaps: {}}]}',
      'providers.electricityMaps.keyFile is missing; carbon.sources needs it',
    ],
    ['carbon: {sources: [{wattTime: {}}]}', 'providers.wattTime.passwordFile is missing; carbon.sources needs it'],
    ['prices: {openCost: {}}', 'providers.prometheus.baseUrl is missing; prices.openCost needs it'],
    ['usage: {prometheus: {}}', 'providers.prometheus.baseUrl is missing; usage.prometheus needs it'],
    ['usage: {interval: 100ms}', 'usage.interval is 100ms; it must be from 1s to 1h'],
    ['usage: {interval: 5m, lookBack: 1m}', 'usage.lookBack is 1m; it must not be shorter than usage.interval, 5m'],
    [
      'usage: {lookBack: 48h}',
      'usage.lookBack is 48h; with usage.interval 1m it can be 24h at most: make the interval longer',
    ],
    ['usage: {topNodes: 0}', 'usage.topNodes is 0: it must be >= 1'],
    ['usage: {prometheus: {matchers: [job=dcgm]}}', 'usage.prometheus.matchers.0 is "job=dcgm"'],
    [`usage: {prometheus: {matchers: ['job="a"} or up{b="c"']}}`, 'usage.prometheus.matchers.0 is '],
    ['usage: {prometheus: {labels: {gpu: [a-b]}}}', 'usage.prometheus.labels.gpu.0 is "a-b"'],
    ['usage: {prometheus: {labels: {pods: [{pod: p}]}}}', 'usage.prometheus.labels.pods.0.namespace is missing'],
    ['usage: {prometheus: {queries: {power: []}}}', 'usage.prometheus.queries.power'],
    ['carbon: {sources: [{zones: [DE]}]}', 'carbon.sources.0 names no kind of source; write one'],
    [
      'carbon: {sources: [{energyCharts: {}, typicalDay: {}}]}',
      'carbon.sources.0 names several kinds, energyCharts and typicalDay; write one, and a list item each',
    ],
    [
      'prices: {electricity: [{awattar: {}}, {awattar: {}}]}',
      'prices.electricity.1 is a second awattar; write its zones into the first',
    ],
    [
      'providers: {energyCharts: {baseUrl: "https://user:secret@example.com"}}',
      'write an address like https://api.example.com/v4, without a user or a key in it',
    ],
    ['providers: {energyCharts: {budget: {per: Day}}}', 'providers.energyCharts.budget.requests is missing; add it'],
    [
      'carbon: {sources: [{ukCarbonIntensity: {regions: {GB-LON: 18}}}]}',
      'carbon.sources.0.ukCarbonIntensity.regions.GB-LON is 18',
    ],
  ])('%s', (text, problem) => {
    expect(problemsIn(text)).toContain(problem);
  });

  test('and all of them at once', () => {
    const problems = problemsIn('planning: {slot: 5x}\nlog: {level: loud}');
    expect(problems).toContain('planning.slot');
    expect(problems).toContain('log.level');
  });
});
