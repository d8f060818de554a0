import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { startControlPlane, type Cluster, type ControlPlane } from '../../hack/controlplane/control-plane.ts';
import { installResources } from '../../hack/resources/install.ts';
import { TypicalDaySource } from '../../operator/adapters/carbon/typical-day/typical-day-source.ts';
import type { ComputeSite, ComputeSiteSpec } from '../../operator/api/v1alpha1/compute-site.generated.ts';
import type { Condition } from '../../operator/api/v1alpha1/conditions.ts';
import { OPERATOR_NAME, OPERATOR_NAMESPACE } from '../../operator/api/v1alpha1/labels.ts';
import { HOUR_MS } from '../../operator/domain/units.ts';
import { H100 } from '../builders/planning.ts';
import { eventually } from '../fixtures/eventually.ts';
import { startSiteOperator, type RunningOperator } from '../fixtures/site-operator.ts';

const START_TIMEOUT_MS = 120_000;
const SITES = '/apis/sunward.dev/v1alpha1/computesites';

jest.setTimeout(60_000);

let plane: ControlPlane;
let cluster: Cluster;
let operator: RunningOperator;

beforeAll(async () => {
  plane = await startControlPlane({ components: ['kube-controller-manager', 'kwok'], audit: 'Metadata' });
  cluster = plane.clusters[0];
  await Promise.all([
    installResources(cluster),
    cluster.createNodes([
      { region: 'eu-north-1', product: H100, gpus: 8, count: 2, namePrefix: 'north' },
      { region: 'eu-central-1', product: H100, gpus: 8, namePrefix: 'central' },
      { region: 'dra', product: H100, gpus: 0, namePrefix: 'dra' },
    ]),
  ]);
  const { path } = await cluster.kubeconfigForServiceAccount(OPERATOR_NAMESPACE, OPERATOR_NAME);
  operator = await startSiteOperator(path, [new TypicalDaySource()]);
}, START_TIMEOUT_MS);

afterAll(async () => {
  await operator.stop();
  await plane.stop();
});

async function createSite(name: string, spec: Partial<ComputeSiteSpec>): Promise<void> {
  const body = {
    apiVersion: 'sunward.dev/v1alpha1',
    kind: 'ComputeSite',
    metadata: { name },
    spec: { cluster: { local: {} }, ...spec },
  };
  await cluster.request(SITES, { method: 'POST', body });
}

const deleteSite = (name: string) => cluster.request(`${SITES}/${name}`, { method: 'DELETE' });

type Status = NonNullable<ComputeSite['status']>;

async function statusOf(name: string): Promise<Status> {
  return (await cluster.request<ComputeSite>(`${SITES}/${name}`)).status ?? {};
}

function condition(status: Status, type: string): Condition | undefined {
  return status.conditions?.find((candidate) => candidate.type === type);
}

/** The status once it is as wanted; where it never is, the test shows what it was. */
async function statusOnce(name: string, isWanted: (status: Status) => boolean): Promise<Status> {
  let last: Status = {};
  try {
    await eventually(`site ${name} is as wanted`, async () => isWanted((last = await statusOf(name))), 15_000);
  } catch (error) {
    throw new Error(`the status of ${name} is ${JSON.stringify(last, null, 1)}`, { cause: error });
  }
  return last;
}

const readyIs = (reason: string) => (status: Status) => condition(status, 'Ready')?.reason === reason;

async function cordon(node: string, unschedulable: boolean): Promise<void> {
  const body = { spec: { unschedulable } };
  const contentType = 'application/merge-patch+json';
  await cluster.request(`/api/v1/nodes/${node}`, { method: 'PATCH', contentType, body });
}

/** A pod of no Job of ours, on that very node. */
async function createPod(name: string, nodeName: string, gpus: number): Promise<void> {
  const resources = { limits: { 'nvidia.com/gpu': String(gpus) } };
  const body = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: { nodeName, containers: [{ name: 'notebook', image: 'registry.example/notebook', resources }] },
  };
  await cluster.request('/api/v1/namespaces/default/pods', { method: 'POST', body });
}

describe('a site of nodes of this cluster', () => {
  beforeAll(() => createSite('lulea', { region: 'eu-north-1', pue: '1.1' }));

  test('becomes Ready, with the numbers of its nodes and of its grid zone', async () => {
    const status = await statusOnce('lulea', readyIs('Ready'));
    expect(status).toMatchObject({
      observedGeneration: 1,
      zone: 'SE-SE3',
      devices: { capacity: 16, free: 16 },
      accelerators: [{ product: H100, resource: 'nvidia.com/gpu', capacity: 16, allocated: 0, maxCapacity: 16 }],
      nodes: 2,
    });
    expect(condition(status, 'InventoryFresh')).toMatchObject({ status: 'True', reason: 'InventoryComplete' });
  });

  test('shows the intensity of the typical day as what it is', async () => {
    const status = await statusOnce('lulea', ({ intensity }) => intensity !== undefined);
    const { intensity, forecastUntil } = status;
    const at = Date.parse(intensity?.at ?? '');
    const abort = new AbortController().signal;
    const query = { zone: 'SE-SE3', signal: 'Average', interval: { startsAt: at, endsAt: at + HOUR_MS } } as const;
    const [sample] = (await new TypicalDaySource().forecast(query, abort)).samples;
    expect(intensity).toMatchObject({
      gramsPerKWh: Math.round(sample?.gramsPerKilowattHour ?? NaN),
      signal: 'Average',
      scope: 'Lifecycle',
      source: 'typical-day',
      estimated: true,
    });
    expect(Date.parse(forecastUntil ?? '')).toBeGreaterThanOrEqual(at + 24 * HOUR_MS);
    expect(condition(status, 'CarbonDataFresh')).toMatchObject({ status: 'False', reason: 'TypicalDay' });
  });

  test('loses the devices of a node that is cordoned, and has them back', async () => {
    await cordon('north-0', true);
    expect(await statusOnce('lulea', ({ nodes }) => nodes === 1)).toMatchObject({ devices: { capacity: 8, free: 8 } });
    await cordon('north-0', false);
    await statusOnce('lulea', ({ devices }) => devices?.capacity === 16);
  });

  test('gains those of a node that is added', async () => {
    await cluster.createNodes([{ region: 'eu-north-1', product: 'NVIDIA-L4', gpus: 4, namePrefix: 'added' }]);
    const status = await statusOnce('lulea', ({ devices }) => devices?.capacity === 20);
    expect(status.accelerators?.map(({ product, capacity }) => [product, capacity])).toEqual([
      [H100, 16],
      ['NVIDIA-L4', 4],
    ]);
    await cluster.request('/api/v1/nodes/added-0', { method: 'DELETE' });
    await statusOnce('lulea', ({ devices }) => devices?.capacity === 16);
  });

  test('shows what a pod of someone else holds, until it is gone', async () => {
    await createPod('notebook', 'north-1', 3);
    expect(await statusOnce('lulea', ({ devices }) => devices?.free === 13)).toMatchObject({
      accelerators: [{ allocated: 3 }],
    });
    await cluster.request('/api/v1/namespaces/default/pods/notebook?gracePeriodSeconds=0', { method: 'DELETE' });
    await statusOnce('lulea', ({ devices }) => devices?.free === 16);
  });

  test('is refused its region when an older one has it, and gets it when that goes', async () => {
    await statusOnce('lulea', readyIs('Ready'));
    // Creation times are whole seconds; of the same age the first by name is the older.
    await createSite('lulea-twin', { region: 'eu-north-1' });
    const status = await statusOnce('lulea-twin', readyIs('RegionTaken'));
    expect(condition(status, 'Ready')).toMatchObject({
      status: 'False',
      message: expect.stringContaining('belongs to the older ComputeSite lulea') as unknown,
    });
    expect(status).not.toHaveProperty('devices');
    await deleteSite('lulea');
    expect(await statusOnce('lulea-twin', readyIs('Ready'))).toMatchObject({ devices: { capacity: 16 } });
  });
});

describe('a site that is not as it should be', () => {
  test('asks for its zone where the region is of no known cloud, and is Ready once it has it', async () => {
    await createSite('basement', { region: 'dra' });
    const status = await statusOnce('basement', readyIs('ZoneUnknown'));
    expect(condition(status, 'Ready')?.message).toBe(
      'the grid zone of region "dra" is not known: set spec.zone, e.g. SE-SE3 or DE',
    );
    const contentType = 'application/merge-patch+json';
    await cluster.request(`${SITES}/basement`, { method: 'PATCH', contentType, body: { spec: { zone: 'PL' } } });
    expect(await statusOnce('basement', readyIs('Ready'))).toMatchObject({ observedGeneration: 2, zone: 'PL' });
    await statusOnce('basement', ({ intensity }) => intensity?.source === 'typical-day');
  });

  test('says that a node offers GPUs only as ResourceSlices, which are not counted', async () => {
    const body = {
      apiVersion: 'resource.k8s.io/v1',
      kind: 'ResourceSlice',
      metadata: { name: 'dra-0-gpus' },
      spec: {
        driver: 'gpu.nvidia.com',
        nodeName: 'dra-0',
        pool: { name: 'dra-0', generation: 1, resourceSliceCount: 1 },
        devices: [{ name: 'gpu-0' }, { name: 'gpu-1' }],
      },
    };
    await cluster.request('/apis/resource.k8s.io/v1/resourceslices', { method: 'POST', body });
    const status = await statusOnce('basement', (now) => condition(now, 'InventoryFresh')?.status === 'False');
    expect(condition(status, 'InventoryFresh')).toMatchObject({
      reason: 'InventoryPartial',
      message: expect.stringMatching(
        /^2 devices on node dra-0 are offered only as ResourceSlices of gpu.nvidia.com/,
      ) as unknown,
    });
    expect(status.accelerators).toEqual([]);
  });

  test('loses what it said of its electricity when its zone is corrected to one that no source knows', async () => {
    await createSite('frankfurt', { region: 'eu-central-1' });
    expect(await statusOnce('frankfurt', ({ intensity }) => intensity !== undefined)).toMatchObject({ zone: 'DE' });
    const contentType = 'application/merge-patch+json';
    await cluster.request(`${SITES}/frankfurt`, { method: 'PATCH', contentType, body: { spec: { zone: 'XX' } } });
    const status = await statusOnce(
      'frankfurt',
      (now) => condition(now, 'CarbonDataFresh')?.reason === 'ZoneUnknown' && now.intensity === undefined,
    );
    expect(status).toMatchObject({ zone: 'XX', devices: { capacity: 8 } });
    expect(status).not.toHaveProperty('forecastUntil');
    expect(condition(status, 'Ready')?.status).toBe('True');
  });

  test('is on paper where it says so, and has no nodes of this cluster', async () => {
    const accelerators = [{ product: H100, maxCapacity: 32 }];
    await createSite('paper', { region: 'eu-north-1', cluster: { inventory: {} }, accelerators });
    expect(await statusOnce('paper', readyIs('InventoryOnPaper'))).toMatchObject({
      nodes: 0,
      devices: { capacity: 0, free: 0 },
      accelerators: [{ product: H100, capacity: 0, maxCapacity: 32 }],
    });
  });
});

test('a site that does not change is not written, and nothing but statuses ever is', async () => {
  // Someone's own label: the site is looked at again, and there is nothing to say.
  const body = { metadata: { labels: { team: 'platform' } } };
  const contentType = 'application/merge-patch+json';
  const before = await cluster.request<ComputeSite>(`${SITES}/paper`, { method: 'PATCH', contentType, body });
  await createSite('marker', { region: 'nowhere', zone: 'DE' });
  await statusOnce('marker', readyIs('NoNodes'));
  const { metadata } = await cluster.request<ComputeSite>(`${SITES}/paper`);
  expect(metadata).toMatchObject({ generation: 1, resourceVersion: before.metadata.resourceVersion });
  const writes = (await cluster.auditEvents()).filter(
    ({ user, verb }) =>
      user.username === `system:serviceaccount:${OPERATOR_NAMESPACE}:${OPERATOR_NAME}` &&
      !['get', 'list', 'watch'].includes(verb),
  );
  expect(
    new Set(writes.map(({ objectRef }) => `${objectRef?.resource ?? ''}/${objectRef?.subresource ?? ''}`)),
  ).toEqual(new Set(['computesites/status']));
  expect(operator.logger.of('error')).toEqual([]);
});
