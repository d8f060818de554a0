import { describe, expect, test } from '@jest/globals';
import {
  ago,
  aHoldingPod,
  aUsageNode,
  aUsageSite,
  aUsageSnapshot,
  aWorkload,
  columns,
  deviceUsages,
  GPU_RESOURCE,
  measuredUsage,
  USAGE_NOW,
} from '../../../test/builders/usage.ts';
import { H100 } from '../../../test/builders/planning.ts';
import { HOST_SHARE_OF_TDP, powerOf } from '../../domain/accelerators/accelerator-power.ts';
import type { DeviceUsage, MeasuredUsage } from '../../domain/usage/device-usage.ts';
import { HOUR_MS, MINUTE_MS, watts } from '../../domain/units.ts';
import { assessUsage } from './assess.ts';
import type { UsageSnapshot } from './usage-snapshot.ts';

function onlyHolding(overrides: Partial<UsageSnapshot>) {
  const { holdings } = assessUsage(aUsageSnapshot(overrides));
  expect(holdings).toHaveLength(1);
  return holdings[0]!;
}

const measured = (devices: readonly DeviceUsage[]) => ({ measured: measuredUsage(devices) });
const nobody = { pod: undefined };
/** As Prometheus labels what it scrapes, where nobody else holds the device. */
const exporters = { pod: { namespace: 'monitoring', name: 'dcgm-exporter-x' } };

describe('devices that a workload holds', () => {
  test('are told with what they do, draw, cost and emit', () => {
    const holding = onlyHolding(measured(deviceUsages(8)));
    const host = powerOf(H100).idle * (HOST_SHARE_OF_TDP / 0.595);
    const power = 8 * (600 + host) * 1.25;
    expect(holding).toMatchObject({
      workload: { kind: 'Job', name: 'train' },
      owner: 'team-x',
      site: 'oslo',
      product: H100,
      resource: GPU_RESOURCE,
      pods: 1,
      devices: 8,
      sharing: 'Whole',
      attribution: 'Exporter',
      heldSince: USAGE_NOW - 24 * HOUR_MS,
      active: expect.closeTo(0.9),
      idleFor: 0,
      powerBasis: 'Measured',
      waste: undefined,
    });
    expect(holding.rate.power).toBeCloseTo(power);
    expect(holding.rate.moneyPerHour).toBeCloseTo(8 * 2 + (power / 1_000) * 0.1);
    expect(holding.rate.gramsPerHour).toBeCloseTo((power / 1_000) * 200);
  });

  test('are expected to work as jobs do where nothing is measured', () => {
    const holding = onlyHolding({});
    expect(holding).toMatchObject({
      attribution: 'None',
      active: undefined,
      idleFor: undefined,
      powerBasis: 'Modelled',
    });
    expect(holding.rate.power).toBeCloseTo(8 * powerOf(H100).busy * 1.25);
    expect(holding.waste).toBeUndefined();
  });

  test('draw by their activity where their power is not measured', () => {
    const { rate } = onlyHolding(measured(deviceUsages(8, { active: columns(0), power: columns(NaN) })));
    expect(rate.power).toBeCloseTo(8 * powerOf(H100).idle * 1.25);
  });

  test('are at no site, without price and emissions, where their node belongs to none', () => {
    const holding = onlyHolding({ ...measured(deviceUsages(8)), nodes: [aUsageNode({ site: undefined })] });
    expect(holding).toMatchObject({ site: '', product: H100, active: expect.closeTo(0.9) });
    expect(holding.rate).toMatchObject({ moneyPerHour: 0, gramsPerHour: undefined });
  });

  test('are there though no node shows them any more', () => {
    const { holdings, nodes } = assessUsage(aUsageSnapshot({ nodes: [] }));
    expect(holdings).toMatchObject([{ site: '', product: '', devices: 8 }]);
    expect(nodes).toEqual([]);
  });

  test('are told together for all pods of a workload at one site, and apart for others', () => {
    const pods = [
      aHoldingPod({ name: 'a', node: 'n1', heldSince: USAGE_NOW - 3 * HOUR_MS }),
      aHoldingPod({ name: 'b', node: 'n2', heldSince: USAGE_NOW - HOUR_MS }),
      aHoldingPod({ name: 'c', node: 'n3' }),
    ];
    const nodes = [aUsageNode(), aUsageNode({ name: 'n2' }), aUsageNode({ name: 'n3', site: 'turin' })];
    const sites = [aUsageSite(), aUsageSite({ name: 'turin' })];
    const { holdings } = assessUsage(aUsageSnapshot({ pods, nodes, sites }));
    expect(holdings).toMatchObject([
      { site: 'oslo', pods: 2, devices: 16, heldSince: USAGE_NOW - 3 * HOUR_MS },
      { site: 'turin', pods: 1, devices: 8 },
    ]);
  });

  test('use what their host measures, and its idle part by their share of the node', () => {
    const host = {
      pods: [{ namespace: 'research', name: 'train-0', node: undefined, power: watts(300) }],
      nodes: [{ node: 'n1', power: watts(1_100) }],
    };
    const pods = [aHoldingPod({ devices: 4 })];
    const { holdings, nodes } = assessUsage(aUsageSnapshot({ pods, measured: measuredUsage(deviceUsages(4), host) }));
    expect(holdings[0]?.rate.power).toBeCloseTo((4 * 600 + 300 + 800 / 2) * 1.25);
    expect(nodes[0]?.rate.power).toBeCloseTo((4 * 600 + 4 * powerOf(H100).idle - 4 * 336.4 + 1_100) * 1.25, 0);
  });

  test('use nothing of what other pods on their host cause, whether these hold devices or not', () => {
    const train = { namespace: 'research', name: 'train-0', power: watts(300) };
    const spark = { namespace: 'etl', name: 'spark-0', power: watts(700) };
    const nodes = [aUsageNode(), aUsageNode({ name: 'n2', accelerators: [] })];
    const powerWith = (...pods: MeasuredUsage['pods']): number => {
      const measured = measuredUsage(deviceUsages(4), { pods, nodes: [{ node: 'n1', power: watts(2_000) }] });
      const four = [aHoldingPod({ devices: 4 })];
      return onlyHolding({ nodes, pods: four, measured }).rate.power / 1.25 - 4 * 600;
    };
    const half = (rest: number): number => rest / 2;
    expect(powerWith({ ...train, node: 'n1' })).toBeCloseTo(300 + half(1_700));
    expect(powerWith({ ...train, node: 'n1' }, { ...spark, node: 'n1' })).toBeCloseTo(300 + half(1_000));
    expect(powerWith({ ...train, node: 'n1' }, { ...spark, node: 'n2' })).toBeCloseTo(300 + half(1_700));
    // A pod that had the name before, elsewhere; and pods whose node is called otherwise there.
    expect(powerWith({ ...train, node: 'n1' }, { ...train, node: 'n2' })).toBeCloseTo(300 + half(1_700));
    expect(powerWith({ ...train, node: 'n1.example' }, { ...spark, node: 'n1.example' })).toBeCloseTo(
      300 + half(1_700),
    );
  });
});

describe('what a device does', () => {
  test('is not taken for that of the pod that had the name before', () => {
    const pods = [aHoldingPod({ heldSince: USAGE_NOW - 10 * MINUTE_MS })];
    const holding = onlyHolding({ pods, ...measured(deviceUsages(8, { active: columns(0) })) });
    expect(holding.idleFor).toBe(10 * MINUTE_MS);
    const before = deviceUsages(8, { active: columns((k) => (ago(k) > 30 ? 0 : undefined)), power: columns(NaN) });
    expect(onlyHolding({ pods, ...measured(before) })).toMatchObject({ attribution: 'None', active: undefined });
  });

  test('is unknown of devices that the source does not tell of', () => {
    expect(onlyHolding(measured(deviceUsages(3)))).toMatchObject({ active: undefined, powerBasis: 'Modelled' });
    expect(onlyHolding(measured(deviceUsages(4)))).toMatchObject({ active: expect.closeTo(0.9), idleFor: undefined });
  });

  test('is not told where more devices are said to be a pod’s than it asks for', () => {
    const theirs = deviceUsages(8, { active: columns(0.9) });
    const [claimed] = deviceUsages(1, { active: columns(0) });
    const holding = onlyHolding(measured([...theirs, { ...claimed!, gpu: 'GPU-of-another' }]));
    expect(holding).toMatchObject({
      attribution: 'Contested',
      active: undefined,
      idleFor: undefined,
      waste: undefined,
    });
    const gone = {
      ...claimed!,
      gpu: 'GPU-before',
      active: columns((k) => (ago(k) > 30 ? 0 : undefined)),
      power: columns(NaN),
    };
    expect(onlyHolding(measured([...theirs, gone]))).toMatchObject({
      attribution: 'Exporter',
      active: expect.closeTo(0.9),
    });
  });

  test('is nobody’s where a pod is named that holds nothing', () => {
    const pods = [aHoldingPod({ devices: 4 })];
    const devices = [
      ...deviceUsages(4, { active: columns(0.4) }),
      ...deviceUsages(8, { ...exporters, active: columns(0) }).slice(4),
    ];
    expect(onlyHolding({ pods, ...measured(devices) })).toMatchObject({
      attribution: 'Exporter',
      devices: 4,
      active: 0.4,
    });
  });

  test.each([
    ['nobody', nobody],
    ['the exporter', exporters],
  ])('is that of the workload that holds all of a node where %s is named', (_, named) => {
    const pods = [aHoldingPod({ devices: 4 }), aHoldingPod({ name: 'train-1', devices: 4 })];
    const holding = onlyHolding({ pods, ...measured(deviceUsages(8, { ...named, active: columns(0) })) });
    expect(holding).toMatchObject({ attribution: 'Node', active: 0, idleFor: 3 * HOUR_MS, powerBasis: 'Measured' });
    expect(holding.waste).toMatchObject({ class: 'Idle' });
  });

  test.each<[string, Partial<UsageSnapshot>, Partial<DeviceUsage> | ((k: number) => Partial<DeviceUsage>)]>([
    ['some are free', { pods: [aHoldingPod({ devices: 4 })] }, nobody],
    [
      'two workloads hold some',
      {
        pods: [aHoldingPod({ devices: 4 }), aHoldingPod({ name: 'x', devices: 4, workload: aWorkload({ name: 'x' }) })],
      },
      nobody,
    ],
    ['others are named', {}, (k) => ({ pod: { namespace: 'else', name: String(k) } })],
  ])('is not told where nobody is named and %s', (_, overrides, named) => {
    const devices = deviceUsages(8, (k) => ({
      active: columns(0),
      ...(typeof named === 'function' ? named(k) : named),
    }));
    const { holdings, nodes } = assessUsage(aUsageSnapshot({ ...overrides, ...measured(devices) }));
    for (const holding of holdings)
      expect(holding).toMatchObject({ attribution: 'None', active: undefined, waste: undefined });
    expect(nodes[0]?.active).toBe(0);
  });

  test('is that of the GPU as it is cut now, whatever instances it had before', () => {
    const before = deviceUsages(7, (k) => ({
      ...{ gpu: 'GPU-0', instance: { id: String(k), profile: '1g.10gb' }, pod: undefined },
      ...{ active: columns((c) => (ago(c) >= 90 ? 0.5 : undefined)), power: columns(NaN) },
    }));
    const now = { active: columns((c) => (ago(c) < 60 ? 0 : undefined)), power: columns(80) };
    const [whole] = deviceUsages(1, now);
    const [cut] = deviceUsages(1, { ...now, instance: { id: '9', profile: '7g.80gb' } });
    const held = (device: DeviceUsage, others: readonly DeviceUsage[]) =>
      onlyHolding({
        pods: [aHoldingPod({ devices: 1, heldSince: USAGE_NOW - HOUR_MS })],
        nodes: [aUsageNode({ allocatable: 1 })],
        ...measured([...others, device]),
      });
    for (const device of [whole!, cut!]) {
      expect(held(device, before)).toEqual(held(device, []));
      expect(held(device, before)).toMatchObject({ attribution: 'Exporter', waste: { class: 'Idle' } });
    }
  });

  test('is of the node where it is, also where the pod that held it is elsewhere under its name', () => {
    const moved = 100;
    const series = (
      gpu: string,
      node: string,
      share: number,
      isThen: (c: number) => boolean,
    ): Partial<DeviceUsage> => ({
      ...{ gpu, node, active: columns((c) => (isThen(c) ? share : undefined)) },
      power: columns((c) => (isThen(c) ? 600 : undefined)),
    });
    const { nodes, sites } = assessUsage(
      aUsageSnapshot({
        nodes: [aUsageNode({ allocatable: 1 }), aUsageNode({ name: 'n2', site: 'paris', allocatable: 1 })],
        sites: [aUsageSite(), aUsageSite({ name: 'paris' })],
        pods: [aHoldingPod({ devices: 1, node: 'n2', heldSince: USAGE_NOW - moved * MINUTE_MS })],
        ...measured([
          ...deviceUsages(
            1,
            series('GPU-0', 'n1', 0.9, (c) => ago(c) > moved),
          ),
          ...deviceUsages(1, { ...series('GPU-0', 'n1', 0, (c) => ago(c) <= moved), ...exporters }),
          ...deviceUsages(
            1,
            series('GPU-9', 'n2', 0.9, (c) => ago(c) < moved),
          ),
        ]),
      }),
    );
    expect(nodes.map(({ active, node }) => [node, active])).toEqual([
      ['n1', 0],
      ['n2', expect.closeTo(0.9)],
    ]);
    expect(sites.map(({ measured: { idle }, site }) => [site, idle === undefined])).toEqual([
      ['oslo', false],
      ['paris', true],
    ]);
  });

  test('does not count for a node that was made anew under its name', () => {
    const gone = deviceUsages(1, {
      ...{ gpu: 'GPU-before', ...nobody },
      ...{ active: columns((c) => (ago(c) > 90 ? 0.9 : undefined)), power: columns(NaN) },
    });
    const shared = `${H100}-SHARED`;
    const of = (devices: readonly DeviceUsage[]) =>
      assessUsage(
        aUsageSnapshot({
          pods: [aHoldingPod({ devices: 4 })],
          nodes: [aUsageNode({ allocatable: 4, product: shared })],
          sites: [aUsageSite({ productNames: [shared] })],
          ...measured(devices),
        }),
      );
    expect(of([...gone, ...deviceUsages(1)])).toEqual(of(deviceUsages(1)));
  });

  test('is not told where nobody is named and one that has failed is measured as well', () => {
    const devices = deviceUsages(8, (k) => ({ ...nobody, active: columns(k === 3 ? 0 : 0.9) }));
    const holding = onlyHolding({
      pods: [aHoldingPod({ devices: 7 })],
      nodes: [aUsageNode({ allocatable: 7 })],
      ...measured(devices),
    });
    expect(holding).toMatchObject({ attribution: 'None', active: undefined, waste: undefined });
  });

  test('is unknown after an outage, however idle it was before', () => {
    const holding = onlyHolding(measured(deviceUsages(8, { active: columns((k) => (ago(k) < 3 ? undefined : 0)) })));
    expect(holding).toMatchObject({ active: undefined, idleFor: undefined, waste: undefined });
    const late = onlyHolding({ now: USAGE_NOW + 4 * MINUTE_MS, ...measured(deviceUsages(8, { active: columns(0) })) });
    expect(late).toMatchObject({ active: undefined, idleFor: undefined, waste: undefined });
  });
});

describe('a GPU that several hold', () => {
  const pod = (name: string, devices = 1) => aHoldingPod({ name, devices, workload: aWorkload({ name }) });
  const of = (name: string) => ({ pod: { namespace: 'research', name } });

  test('is shared out evenly, and marked', () => {
    const devices = [...deviceUsages(1, of('a')), ...deviceUsages(1, of('b'))];
    const { holdings } = assessUsage(aUsageSnapshot({ pods: [pod('a'), pod('b')], ...measured(devices) }));
    const host = powerOf(H100).idle * (HOST_SHARE_OF_TDP / 0.595);
    for (const holding of holdings) {
      expect(holding).toMatchObject({ sharing: 'Shared', active: 0.45, powerBasis: 'Measured', waste: undefined });
      expect(holding.rate.power).toBeCloseTo(((600 + host) / 2) * 1.25);
    }
  });

  test('makes nobody idle while it works for one of them', () => {
    const one = { active: columns(0.08), power: columns(100) };
    const devices = ['a', 'b'].flatMap((name) => deviceUsages(1, { ...one, ...of(name) }));
    const { holdings } = assessUsage(aUsageSnapshot({ pods: [pod('a'), pod('b')], ...measured(devices) }));
    expect(holdings.map(({ active, idleFor }) => [active, idleFor])).toEqual([
      [0.04, 0],
      [0.04, 0],
    ]);
  });

  test('counts once where its product is shared and the source names one pod of it', () => {
    const product = `${H100}-SHARED`;
    const snapshot = aUsageSnapshot({
      pods: ['a', 'b', 'c', 'd'].map((name) => pod(name)),
      nodes: [aUsageNode({ product, allocatable: 8 })],
      sites: [aUsageSite({ productNames: [product] })],
      ...measured([...deviceUsages(1, of('a')), ...deviceUsages(2, nobody).slice(1)]),
    });
    const { holdings, nodes } = assessUsage(snapshot);
    const { busy, idle } = powerOf(H100);
    const host = idle * (HOST_SHARE_OF_TDP / 0.595);
    expect(holdings.every(({ sharing }) => sharing === 'Shared')).toBe(true);
    const known = holdings.find(({ workload }) => workload.name === 'a');
    // Four shares are held of two GPUs.
    expect(known?.rate.power).toBeCloseTo(((600 + host) / 2) * 1.25);
    const unknown = holdings.find(({ workload }) => workload.name === 'b');
    expect(unknown?.rate.power).toBeCloseTo((busy / 4) * 1.25);
    expect(nodes[0]?.rate.power).toBeCloseTo(2 * (600 + host) * 1.25);
    expect(nodes[0]).toMatchObject({ capacity: 8, held: 4, active: expect.closeTo(0.9) });
  });
});

describe('an instance of a GPU', () => {
  const product = `${H100}-MIG-1g.10gb`;
  const instance = (id: number, profile: string, name: string | undefined): Partial<DeviceUsage> => ({
    gpu: 'GPU-0',
    instance: { id: String(id), profile },
    pod: name === undefined ? undefined : { namespace: 'research', name },
    power: columns(490),
  });
  const sites = [aUsageSite({ productNames: [product, `${H100}-MIG-3g.40gb`] })];

  test('has its part of the power by compute slices', () => {
    const devices = deviceUsages(7, (k) => instance(k, '1g.10gb', k < 2 ? 'train-0' : undefined));
    const nodes = [aUsageNode({ product, allocatable: 7 })];
    const snapshot = aUsageSnapshot({ pods: [aHoldingPod({ devices: 2 })], nodes, sites, ...measured(devices) });
    const assessment = assessUsage(snapshot);
    const host = powerOf(product).idle * (HOST_SHARE_OF_TDP / 0.595);
    expect(assessment.holdings).toMatchObject([{ sharing: 'Mig', product, devices: 2, powerBasis: 'Measured' }]);
    expect(assessment.holdings[0]?.rate.power).toBeCloseTo(2 * (490 / 7 + host) * 1.25);
    expect(assessment.nodes[0]).toMatchObject({ capacity: 7, held: 2, powerBasis: 'Measured' });
    expect(assessment.nodes[0]?.rate.power).toBeCloseTo((490 + 7 * host) * 1.25);
  });

  test('is of the resource of its profile where each profile has one', () => {
    const accelerators = [
      { resource: 'nvidia.com/mig-1g.10gb', product, allocatable: 4 },
      { resource: 'nvidia.com/mig-3g.40gb', product: `${H100}-MIG-3g.40gb`, allocatable: 1 },
    ];
    const holds = accelerators.map(({ resource }) => ({ resource, devices: 1 }));
    const devices = [
      ...deviceUsages(1, { ...instance(1, '1g.10gb', 'train-0'), active: columns(0) }),
      ...deviceUsages(1, { ...instance(2, '3g.40gb', 'train-0'), active: columns(0.9) }),
      // The whole GPU tells nothing of its instances, but its power.
      ...deviceUsages(1, { pod: undefined, active: columns(0.5), power: columns(490) }),
    ];
    const nodes = [aUsageNode({ accelerators })];
    const assessment = assessUsage(
      aUsageSnapshot({ pods: [aHoldingPod({ holds })], nodes, sites, ...measured(devices) }),
    );
    const found = (name: string) => assessment.holdings.find(({ resource }) => resource.endsWith(name));
    expect(found('1g.10gb')).toMatchObject({ active: 0, sharing: 'Mig', waste: { class: 'Idle', devices: 1 } });
    expect(found('3g.40gb')).toMatchObject({ active: expect.closeTo(0.9), waste: undefined });
    const gpuPower = (name: string) =>
      (found(name)?.rate.power ?? 0) / 1.25 - powerOf(found(name)?.product ?? '').idle * (HOST_SHARE_OF_TDP / 0.595);
    expect(gpuPower('1g.10gb')).toBeCloseTo(490 / 7);
    expect(gpuPower('3g.40gb')).toBeCloseTo((490 * 3) / 7);
  });
});
