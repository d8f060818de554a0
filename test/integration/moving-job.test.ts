import { afterEach, expect, jest, test } from '@jest/globals';
import { ElectricityMapsStandIn } from '../../hack/stand-ins/electricity-maps.ts';
import type { CarbonAwareJob } from '../../operator/api/v1alpha1/carbon-aware-job.generated.ts';
import type { ComputeSite } from '../../operator/api/v1alpha1/compute-site.generated.ts';
import { CARBON_AWARE_JOBS, COMPUTE_SITES } from '../../operator/api/v1alpha1/kinds.ts';
import { NAMESPACES } from '../../operator/controllers/carbonpolicy/policy-record.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../operator/domain/units.ts';
import { FakeClock } from '../fixtures/fake-clock.ts';
import { InMemoryKubernetesApi } from '../fixtures/in-memory-kubernetes-api/in-memory-kubernetes-api.ts';
import { SimulatedCluster } from '../fixtures/simulated-day/simulated-cluster.ts';
import { SimulatedOperator } from '../fixtures/simulated-day/simulated-operator.ts';

jest.setTimeout(120_000);

const MIDNIGHT = Date.parse('2026-11-23T00:00:00Z');
const KEY = 'of-the-simulation';
const NEVER = new AbortController().signal;
const WRITE = { fieldManager: 'test' } as const;
const STEP_MS = 30 * SECOND_MS;
const CONFIG = (baseUrl: string): string => `
providers: {electricityMaps: {baseUrl: '${baseUrl}/v4', keyFile: /keys/electricity-maps}}
carbon: {sources: [{electricityMaps: {}}], refresh: 5m}
planning: {slot: 5m, settle: 1s, interval: 5m}
`;

/** Hours of the day in which the power of a zone is clean. */
const CLEAN: Readonly<Record<string, readonly number[]>> = { north: [7, 8, 12, 13], south: [18, 19, 20] };

const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function aDay() {
  const clock = new FakeClock(MIDNIGHT + 6 * HOUR_MS);
  const api = new InMemoryKubernetesApi(() => clock.now());
  const cluster = new SimulatedCluster(api, clock);
  const isClean = (zone: string, at: number): boolean => CLEAN[zone]?.includes(new Date(at).getUTCHours()) === true;
  const standIn = await new ElectricityMapsStandIn({
    ...{ key: KEY, zones: Object.keys(CLEAN), now: () => clock.now() },
    figures: (zone, at) => (isClean(zone, at) ? 20 : 600),
  }).start();
  opened.push(() => standIn.stop());
  await api.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'research' } }, WRITE, NEVER);
  for (const name of Object.keys(CLEAN)) {
    await cluster.addRegion(name, 1);
    const spec: ComputeSite['spec'] = { region: name, zone: name, pue: '1.2', cluster: { local: {} } };
    await api.create(
      COMPUTE_SITES,
      { apiVersion: 'sunward.dev/v1alpha1', kind: 'ComputeSite', metadata: { name }, spec },
      WRITE,
      NEVER,
    );
  }
  const operator = (): SimulatedOperator => {
    const started = new SimulatedOperator({ clock, api, config: CONFIG(standIn.url), key: KEY, standIns: [standIn] });
    opened.push(() => started.stop());
    return started;
  };
  return { api, clock, cluster, operator };
}

function aJob(): CarbonAwareJob {
  const container = {
    name: 'train',
    image: 'registry.example.com/train',
    resources: { limits: { 'nvidia.com/gpu': 4 } },
  };
  return {
    apiVersion: 'sunward.dev/v1alpha1',
    kind: 'CarbonAwareJob',
    metadata: { name: 'train', namespace: 'research' },
    spec: {
      ...{ expectedDuration: '6h', maxDelay: '16h', objective: 'Carbon' },
      interruptible: { minimumRun: '20m', restartOverhead: '0s', moveOverhead: '1h', maxPauses: 3 },
      template: { spec: { template: { spec: { restartPolicy: 'Never', containers: [container] } } } },
    },
  };
}

test('a job runs two windows at one site and goes on at another, over a crash of the operator in between', async () => {
  const { api, clock, cluster, operator } = await aDay();
  // Six hours of work and the hour that the move takes, a little less than was said.
  const work = { work: 6.9 * HOUR_MS, gpus: 4, runs: [], completedAt: undefined };
  cluster.works.set('research/train', work);
  await api.create(CARBON_AWARE_JOBS, aJob(), WRITE, NEVER);
  const read = () => api.get<CarbonAwareJob>(CARBON_AWARE_JOBS, { name: 'train', namespace: 'research' }, NEVER);
  const step = () => cluster.step();
  const untilHour = (hour: number): number => MIDNIGHT + hour * HOUR_MS - clock.now();

  const first = operator();
  await first.advance(untilHour(15), STEP_MS, step);
  const promised = (await read()).status?.plan;
  expect(promised).toMatchObject({ site: 'south', windows: [{ start: '2026-11-23T18:00:00Z' }] });
  expect(promised).not.toHaveProperty('moves');
  await first.stop();

  const second = operator();
  await second.advance(30 * MINUTE_MS, STEP_MS, step);
  expect((await read()).status?.plan).toMatchObject({ site: 'south', windows: promised?.windows ?? [] });
  await second.advance(untilHour(22), STEP_MS, step);

  const hoursOf = (at: number | undefined): number => Math.round((10 * ((at ?? NaN) - MIDNIGHT)) / HOUR_MS) / 10;
  const runs = cluster.works.get('research/train')?.runs ?? [];
  expect(runs.map(({ region, from, until }) => [region, hoursOf(from), hoursOf(until)])).toEqual([
    ['north', 7, 9],
    ['north', 12, 14],
    ['south', 18, 20.9],
  ]);
  const { status } = await read();
  expect(status?.phase).toBe('Succeeded');
  expect(status?.attempts?.map(({ site, reason }) => [site, reason])).toEqual([
    ['north', 'Paused'],
    ['north', 'Paused'],
    ['south', 'Completed'],
  ]);
  expect(cluster.mostPodsOfAJob).toBe(1);
  expect([...first.logger.of('error'), ...second.logger.of('error')]).toEqual([]);
});
