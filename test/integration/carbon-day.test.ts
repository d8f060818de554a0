import { afterEach, expect, jest, test } from '@jest/globals';
import { ElectricityMapsStandIn } from '../../hack/stand-ins/electricity-maps.ts';
import type { StandInFault } from '../../hack/stand-ins/stand-in.ts';
import type { CarbonAwareJob } from '../../operator/api/v1alpha1/carbon-aware-job.generated.ts';
import type { ComputeSite } from '../../operator/api/v1alpha1/compute-site.generated.ts';
import { CARBON_AWARE_JOBS, COMPUTE_SITES } from '../../operator/api/v1alpha1/kinds.ts';
import { NAMESPACES } from '../../operator/controllers/carbonpolicy/policy-record.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../operator/domain/units.ts';
import { changed } from '../contract/provider-faults.ts';
import { FakeClock } from '../fixtures/fake-clock.ts';
import { InMemoryKubernetesApi } from '../fixtures/in-memory-kubernetes-api/in-memory-kubernetes-api.ts';
import { SimulatedCluster, timeRun } from '../fixtures/simulated-day/simulated-cluster.ts';
import { SimulatedOperator } from '../fixtures/simulated-day/simulated-operator.ts';

jest.setTimeout(240_000);

const MORNING = Date.parse('2026-11-23T06:00:00Z');
const DAY_MS = 24 * HOUR_MS;
const REFRESH_MS = 5 * MINUTE_MS;
const KEY = 'of-the-simulation';
const NEVER = new AbortController().signal;
const WRITE = { fieldManager: 'test' } as const;

const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

/** Each zone is cleanest at an hour of its own, at a level of its own, and every day is a little different. */
function intensityAt(zone: string, at: number): number {
  const seed = Array.from(zone).reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  const hour = (at / HOUR_MS + seed) % 24;
  const day = Math.floor(at / DAY_MS) % 5;
  return Math.round((200 + (seed % 40)) * (1 + 0.4 * Math.cos((2 * Math.PI * hour) / 24)) + 5 * day);
}

async function aDay(zones: readonly string[]) {
  const clock = new FakeClock(MORNING);
  const api = new InMemoryKubernetesApi(() => clock.now());
  const standIn = await new ElectricityMapsStandIn({
    ...{ key: KEY, zones, figures: intensityAt, now: () => clock.now() },
  }).start();
  opened.push(() => standIn.stop());
  const config = `
providers: {electricityMaps: {baseUrl: '${standIn.url}/v4', keyFile: /keys/electricity-maps}}
carbon: {sources: [{electricityMaps: {}}, {typicalDay: {}}], refresh: ${String(REFRESH_MS / MINUTE_MS)}m}
planning: {slot: 5m, settle: 1s, interval: 5m}
`;
  return { clock, api, standIn, config, cluster: new SimulatedCluster(api, clock) };
}

async function createSite(api: InMemoryKubernetesApi, name: string, spec: ComputeSite['spec']): Promise<void> {
  const site = { apiVersion: 'sunward.dev/v1alpha1', kind: 'ComputeSite', metadata: { name }, spec };
  await api.create(COMPUTE_SITES, site, WRITE, NEVER);
}

test('a day of 50 zones costs at most one request per zone and refresh interval, history included', async () => {
  const zones = Array.from({ length: 50 }, (_, k) => `ZZ-${String(k)}`);
  const { clock, api, standIn, config } = await aDay(zones);
  for (const zone of zones) {
    const name = zone.toLowerCase();
    await createSite(api, name, { region: name, zone, pue: '1.2', cluster: { inventory: {} } });
  }
  const operator = new SimulatedOperator({ clock, api, config, key: KEY, standIns: [standIn] });
  opened.push(() => operator.stop());
  await operator.advance(DAY_MS, 30 * SECOND_MS);

  const intervals = DAY_MS / REFRESH_MS;
  const asked = new Map(zones.map((zone) => [zone, 0]));
  for (const { query } of standIn.requests) {
    const zone = query.get('zone') ?? '';
    asked.set(zone, (asked.get(zone) ?? 0) + 1);
  }
  expect(Math.max(...asked.values())).toBeLessThanOrEqual(intervals);
  // Nor does it get along with much less: every zone is kept up all day, by its forecast and by what came.
  expect(Math.min(...asked.values())).toBeGreaterThan(0.9 * intervals);
  const histories = standIn.requests.filter(({ path }) => path.endsWith('/history')).length;
  expect(histories / zones.length).toBeGreaterThan(20);
  expect(histories / zones.length).toBeLessThanOrEqual(25);

  const counted = await operator.metric('sunward_provider_requests_total');
  expect(counted).toEqual([
    expect.objectContaining({ labels: { provider: 'electricity-maps', code: 'OK' }, value: standIn.requests.length }),
  ]);
  const rungs = await operator.metric('sunward_carbon_outlook_info');
  expect(rungs.map(({ labels }) => labels['rung'])).toEqual(zones.map(() => 'LiveForecast'));
  await operator.stop();
});

/** Every way in which a call can fail, in turn. */
const FAULTS: readonly StandInFault[] = [
  { status: 401, body: { error: 'Invalid auth-token' } },
  {
    status: 401,
    body: { error: 'Request unauthorized for zoneKey=DE,requestType=forecast,dataType=carbon-intensity.' },
  },
  { status: 403, body: '<html><head><title>403 Forbidden</title></head></html>' },
  { status: 404, body: { error: 'No recent data for zone "DE"' } },
  { status: 429, body: 'slow down', headers: { 'Retry-After': '120' } },
  { status: 429, body: 'slow down' },
  { status: 500, body: 'oops' },
  { status: 503, body: '<html><head><title>Service Unavailable</title></head></html>' },
  'reset',
  'reset within the reply',
  'truncated',
  'hang',
  { slowMs: 20 },
  changed<object>((body) => ({ ...body, zone: 'FR' })),
  changed<object>((body) => ({ ...body, _disclaimer: 'SANDBOX MODE: this data is synthetic.' })),
  changed<Record<string, unknown>>((body) => ({
    ...body,
    ...('forecast' in body && {
      forecast: (body['forecast'] as object[]).map((row) => ({ ...row, carbonIntensity: null })),
    }),
  })),
];

test('24 hours in which every tenth call fails, in every way in turn, lose no job and crash nothing', async () => {
  const zones = ['DE', 'FR', 'SE-SE3', 'PL'];
  const { clock, api, standIn, config, cluster } = await aDay(zones);
  await api.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'research' } }, WRITE, NEVER);
  for (const zone of zones) {
    const region = zone.toLowerCase();
    await cluster.addRegion(region, 2);
    await createSite(api, region, { region, zone, pue: '1.2', cluster: { local: {} } });
  }
  let failed = 0;
  standIn.failBy((_, ordinal) => (ordinal % 10 === 0 ? FAULTS[failed++ % FAULTS.length] : undefined));
  const operator = new SimulatedOperator({ clock, api, config, key: KEY, standIns: [standIn] });
  opened.push(() => operator.stop());

  const deadlines = new Map<string, number>();
  let hour = 0;
  const between = async (): Promise<void> => {
    // A job an hour for the first sixteen hours, each with two hours of work and six in which to do it.
    if (hour < 16 && clock.now() >= MORNING + hour * HOUR_MS) {
      const name = `job-${String(hour)}`;
      const interruptible = { minimumRun: '20m', restartOverhead: '1m', maxPauses: 3 };
      const job = {
        ...aJob(name),
        spec: { ...aJob(name).spec, ...(hour % 4 === 3 && { interruptible }) },
      } as CarbonAwareJob;
      cluster.works.set(`research/${name}`, { work: 1.9 * HOUR_MS, gpus: 4, runs: [], completedAt: undefined });
      deadlines.set(`research/${name}`, clock.now() + 6 * HOUR_MS);
      await api.create(CARBON_AWARE_JOBS, job, WRITE, NEVER);
      hour += 1;
    }
    await cluster.step();
  };
  await operator.advance(DAY_MS, 30 * SECOND_MS, between);

  expect(failed).toBeGreaterThan(FAULTS.length * 3);
  expect(cluster.works.size).toBe(16);
  for (const [key, work] of cluster.works) {
    expect([key, work.completedAt !== undefined && work.completedAt <= (deadlines.get(key) ?? 0)]).toEqual([key, true]);
    expect(timeRun(work, clock.now())).toBeLessThan(2.5 * HOUR_MS);
  }
  expect(cluster.mostPodsOfAJob).toBe(1);
  const { items } = await api.listWatch<CarbonAwareJob>(CARBON_AWARE_JOBS).list({ limit: 0 }, NEVER);
  expect(items.map(({ status }) => status?.phase)).toEqual(items.map(() => 'Succeeded'));
  expect(operator.logger.of('error')).toEqual([]);
  // The faults have reached the plan, and it has had data all the same: never a moment without any.
  const answers = await operator.metric('sunward_carbon_requests_total');
  const byRung = new Map(answers.map(({ labels, value }) => [labels['rung'], value]));
  expect(byRung.get('LiveForecast')).toBeGreaterThan(4 * (byRung.get('CachedForecast') ?? Infinity));
  expect([...byRung.keys()].filter((rung) => rung === 'None')).toEqual([]);
  // Jobs were moved and made to wait, as on any day.
  const places = new Set([...cluster.works.values()].flatMap(({ runs }) => runs.map(({ region }) => region)));
  expect(places.size).toBeGreaterThan(1);
  await operator.stop();
});

function aJob(name: string): CarbonAwareJob {
  const container = {
    name: 'train',
    image: 'registry.example.com/train',
    resources: { limits: { 'nvidia.com/gpu': 4 } },
  };
  return {
    apiVersion: 'sunward.dev/v1alpha1',
    kind: 'CarbonAwareJob',
    metadata: { name, namespace: 'research' },
    spec: {
      expectedDuration: '2h',
      maxDelay: '4h',
      objective: 'Carbon',
      template: { spec: { template: { spec: { restartPolicy: 'Never', containers: [container] } } } },
    },
  };
}
