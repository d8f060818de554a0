import { describe, expect, test } from '@jest/globals';
import {
  ago,
  aHoldingPod,
  aUsageNode,
  aUsageSite,
  aUsageSnapshot,
  aWaitingPod,
  GPU_RESOURCE,
  columns,
  deviceUsages,
  measuredUsage,
  USAGE_NOW,
} from '../../../../test/builders/usage.ts';
import { H100 } from '../../../../test/builders/planning.ts';
import { hostPowerOf, powerOf } from '../../../domain/accelerators/accelerator-power.ts';
import type { DeviceUsage } from '../../../domain/usage/device-usage.ts';
import { MINUTE_MS } from '../../../domain/units.ts';
import { assessUsage } from '../assess.ts';
import type { UsageSnapshot } from '../usage-snapshot.ts';

const assess = (overrides: Partial<UsageSnapshot>) => assessUsage(aUsageSnapshot(overrides));
const node = (overrides: Partial<UsageSnapshot>) => assess(overrides).nodes[0]!;
const { busy, idle } = powerOf(H100);
const host = hostPowerOf(powerOf(H100));
const PUE = 1.25;

const half = [aHoldingPod({ devices: 4 })];
/** Four work, four are free. */
const halfUsed = measuredUsage(
  deviceUsages(8, (k) => (k < 4 ? {} : { pod: undefined, active: columns(0), power: columns(80) })),
);

describe('a node', () => {
  test('is told with all its devices, those that nobody holds included', () => {
    const usage = node({ pods: half, measured: halfUsed });
    expect(usage).toMatchObject({
      node: 'n1',
      site: 'oslo',
      capacity: 8,
      held: 4,
      active: expect.closeTo(0.45),
      powerBasis: 'Measured',
    });
    expect(usage.rate.power).toBeCloseTo((4 * 600 + 4 * 80 + 8 * host) * PUE);
    expect(usage.rate.moneyPerHour).toBeCloseTo(8 * 2 + (usage.rate.power / 1_000) * 0.1);
  });

  test('is expected to work where it is held and idle where it is free, as far as nothing is measured', () => {
    expect(node({ pods: half })).toMatchObject({ active: undefined, powerBasis: 'Modelled' });
    expect(node({ pods: half }).rate.power).toBeCloseTo(4 * (busy + idle) * PUE);
    const some = node({ pods: half, measured: measuredUsage(deviceUsages(3)) });
    expect(some).toMatchObject({ active: undefined, powerBasis: 'Modelled' });
    expect(some.rate.power).toBeCloseTo((3 * (600 + host) + busy + 4 * idle) * PUE);
  });

  test('draws by its activity where only that is measured', () => {
    const measured = measuredUsage(deviceUsages(8, { active: columns(0), power: columns(NaN) }));
    expect(node({ measured })).toMatchObject({ powerBasis: 'Modelled' });
    expect(node({ measured }).rate.power).toBeCloseTo(8 * idle * PUE);
  });

  test('holds no more than it has', () => {
    expect(node({ pods: [aHoldingPod({ devices: 12 })] })).toMatchObject({ capacity: 8, held: 8 });
  });

  test('that offers no devices for a while is not told, and what its pods hold is told as ever', () => {
    const { holdings, nodes, sites } = assess({ nodes: [aUsageNode({ allocatable: 0 })] });
    expect([nodes, sites]).toEqual([[], []]);
    expect(holdings).toMatchObject([{ site: 'oslo', product: H100, devices: 8 }]);
    expect(holdings[0]?.rate).toEqual(assess({}).holdings[0]?.rate);
  });

  test('is where its pods are, whatever the label of a series says', () => {
    const measured = measuredUsage(deviceUsages(8, { node: 'n2' }));
    const { nodes } = assess({ measured, nodes: [aUsageNode(), aUsageNode({ name: 'n2' })] });
    expect(nodes.map(({ node: name, active }) => [name, active])).toEqual([
      ['n1', expect.closeTo(0.9)],
      ['n2', undefined],
    ]);
  });
});

describe('free devices whose series call their node otherwise', () => {
  /** Half of them work; where those are is told by their pod. */
  const calledOtherwise = (node: string | undefined) =>
    measuredUsage(deviceUsages(8, (k) => ({ node, ...(k >= 4 && { pod: undefined, active: columns(0) }) })));

  test.each([['exporter-7'], [undefined]])('leave it unknown what node and site do: %s', (called) => {
    const { nodes, sites } = assess({ pods: half, measured: calledOtherwise(called) });
    expect([nodes[0]?.active, sites[0]?.active]).toEqual([undefined, undefined]);
    expect(sites[0]?.unplaced).toEqual({ devices: 4, node: 'n1', calledAs: called ?? '' });
  });

  test('do so at a site of which most devices are on nodes that are held as a whole', () => {
    const names = ['n1', 'n2', 'n3'];
    const { nodes, sites } = assess({
      nodes: names.map((name) => aUsageNode({ name })),
      pods: ['n1', 'n2'].map((name) => aHoldingPod({ name, node: name })),
      measured: measuredUsage(
        deviceUsages(24, (k) => {
          const name = names[Math.floor(k / 8)]!;
          return { node: `of-${name}`, pod: name === 'n3' ? undefined : { namespace: 'research', name } };
        }),
      ),
    });
    expect(nodes.map(({ active }) => active)).toEqual([expect.closeTo(0.9), expect.closeTo(0.9), undefined]);
    expect(sites[0]?.active).toBeUndefined();
    expect(sites[0]?.unplaced).toEqual({ devices: 8, node: 'n1', calledAs: 'of-n1' });
  });

  test('are no fault of devices of another cluster, nor where none is free, nor where none is measured', () => {
    const elsewhere = { gpu: 'GPU-elsewhere', node: 'gpu-of-another-cluster', pod: undefined };
    const others = deviceUsages(9, (k) => (k === 8 ? elsewhere : k < 4 ? {} : { pod: undefined }));
    expect(assess({ pods: half, measured: measuredUsage(others) }).sites[0]?.unplaced).toBeUndefined();
    const allHeld = deviceUsages(9, (k) => (k === 8 ? elsewhere : { node: 'exporter-7' }));
    expect(assess({ measured: measuredUsage(allHeld) }).sites[0]).toMatchObject({
      active: expect.closeTo(0.9),
      unplaced: undefined,
    });
    const heldAlone = measuredUsage(deviceUsages(4, { node: 'exporter-7' }));
    expect(assess({ pods: half, measured: heldAlone }).sites[0]).toMatchObject({
      active: undefined,
      unplaced: undefined,
    });
  });

  test('change nothing where they are few', () => {
    const nodes = [aUsageNode({ allocatable: 16 })];
    const measured = measuredUsage(deviceUsages(15));
    expect(node({ nodes, measured, pods: [aHoldingPod({ devices: 15 })] }).active).toBeCloseTo(0.9);
  });
});

describe('free devices of a node', () => {
  const waiting = [aWaitingPod(), aWaitingPod({ name: 'waiting-1', devices: 6 })];

  test('are stranded where the pods that wait ask for more', () => {
    const { rate, stranded } = node({ pods: half, measured: halfUsed, waiting });
    expect(stranded).toMatchObject({
      devices: 4,
      message: '4 nvidia.com/gpu are free while 2 pods wait for more: the smallest, research/waiting-1, asks for 6',
    });
    expect(stranded?.rate.power).toBeCloseTo(4 * idle * PUE);
    expect(stranded?.rate.moneyPerHour).toBeCloseTo(4 * 2 + ((4 * idle * PUE) / 1_000) * 0.1);
    expect(stranded?.rate.power).toBeLessThan(rate.power);
  });

  test('are stranded for a pod that may be at its site and have its product', () => {
    const asks = [{ resource: GPU_RESOURCE, devices: 8, products: [H100] }];
    expect(node({ pods: half, waiting: [aWaitingPod({ sites: ['oslo'], asks })] }).stranded?.devices).toBe(4);
  });

  test('are stranded for the pods that would fit if nobody held the others', () => {
    const asking = [3, 4, 5, 9].map((devices) => aWaitingPod({ name: `asks-${String(devices)}`, devices }));
    expect(node({ pods: half, waiting: asking }).stranded?.message).toBe(
      '4 nvidia.com/gpu are free while 1 pod waits for more: the smallest, research/asks-5, asks for 5',
    );
  });

  test.each<[string, Partial<UsageSnapshot>]>([
    ['nobody waits', {}],
    [
      'nobody has waited for ten minutes',
      { waiting: [aWaitingPod({ unschedulableSince: USAGE_NOW - 9 * MINUTE_MS })] },
    ],
    [
      'those that wait ask for no more: something else keeps them off',
      { waiting: [aWaitingPod({ devices: 1 }), aWaitingPod({ name: 'waiting-1', devices: 4 })] },
    ],
    ['those that wait ask for more than the node has', { waiting: [aWaitingPod({ devices: 9 })] }],
    ['others wait for something else', { waiting: [aWaitingPod({ asks: [{ resource: 'amd.com/gpu', devices: 8 }] })] }],
    ['those that wait may not be at its site', { waiting: [aWaitingPod({ sites: ['turin'] })] }],
    [
      'those that wait may not have its product',
      { waiting: [aWaitingPod({ asks: [{ resource: GPU_RESOURCE, devices: 8, products: ['NVIDIA-L40S'] }] })] },
    ],
    ['nobody holds any of it', { waiting, pods: [] }],
    ['there are none', { waiting, pods: [aHoldingPod()] }],
    ['it accepts no work', { waiting, nodes: [aUsageNode({ acceptsWork: false })] }],
  ])('are not stranded where %s', (_, overrides) => {
    expect(node({ pods: half, ...overrides }).stranded).toBeUndefined();
  });
});

describe('a site', () => {
  test('is the sum of its nodes', () => {
    const nodes = [
      aUsageNode(),
      aUsageNode({ name: 'n2' }),
      aUsageNode({ name: 'n3', site: 'turin' }),
      aUsageNode({ name: 'n4', site: undefined }),
    ];
    const assessment = assess({
      nodes,
      pods: half,
      measured: halfUsed,
      sites: [aUsageSite(), aUsageSite({ name: 'turin', currency: 'USD' })],
    });
    expect(assessment.sites).toMatchObject([
      { site: 'oslo', product: H100, capacity: 16, held: 4, active: expect.closeTo(0.45), currency: 'EUR' },
      { site: 'turin', product: H100, capacity: 8, held: 0, active: undefined, currency: 'USD' },
    ]);
    const [n1, n2] = assessment.nodes;
    expect(assessment.sites[0]?.rate.power).toBeCloseTo(n1!.rate.power + n2!.rate.power);
    expect(assessment.sites[0]?.rate.gramsPerHour).toBeCloseTo(n1!.rate.gramsPerHour! + n2!.rate.gramsPerHour!);
  });

  describe('with nodes that accept no work', () => {
    const shut = aUsageNode({ name: 'n2', acceptsWork: false });

    test('leaves out what nobody holds there, whether it is measured or not', () => {
      const held = { nodes: [aUsageNode(), shut], pods: [aHoldingPod()] };
      const site = { capacity: 16, usable: 8, held: 8, active: expect.closeTo(0.9) as unknown };
      expect(assess({ ...held, measured: measuredUsage(deviceUsages(8)) }).sites).toMatchObject([site]);
      const all = deviceUsages(16, (k) => (k < 8 ? {} : { node: 'n2', pod: undefined, active: columns(0) }));
      expect(assess({ ...held, measured: measuredUsage(all) }).sites).toMatchObject([site]);
    });

    test('counts what pods hold there', () => {
      const pods = [aHoldingPod(), aHoldingPod({ name: 'train-1', node: 'n2', devices: 4 })];
      const devices = deviceUsages(16, (k) => {
        if (k < 8) return {};
        return { node: 'n2', pod: k < 12 ? { namespace: 'research', name: 'train-1' } : undefined, active: columns(0) };
      });
      const { nodes, sites } = assess({ nodes: [aUsageNode(), shut], pods, measured: measuredUsage(devices) });
      expect(sites[0]).toMatchObject({ usable: 12, held: 12, active: expect.closeTo((8 * 0.9) / 12) });
      expect(nodes[1]?.active).toBe(0);
    });

    test('does not know what it does where only what accepts no work is measured', () => {
      const measured = measuredUsage(deviceUsages(8, { node: 'n2', pod: undefined }));
      expect(assess({ nodes: [aUsageNode(), shut], measured }).sites[0]?.active).toBeUndefined();
      expect(assess({ nodes: [shut], pods: [], measured }).sites[0]).toMatchObject({ usable: 0, active: undefined });
    });
  });

  test('does not know its emissions where it does not know its intensity', () => {
    const sites = [aUsageSite({ averageIntensity: undefined })];
    expect(assess({ sites }).sites[0]?.rate.gramsPerHour).toBeUndefined();
  });

  const measured = (devices: readonly DeviceUsage[], overrides: Partial<UsageSnapshot> = {}) =>
    assess({ measured: measuredUsage(devices), ...overrides }).sites[0]?.measured;

  test('has the measured power of a device that works, and of one that does not, with its share of the host', () => {
    const devices = deviceUsages(2, {
      active: columns((k) => (ago(k) < 60 ? 0.9 : ago(k) < 120 ? 0.2 : 0)),
      power: columns((k) => (ago(k) < 60 ? 500 : ago(k) < 120 ? 7_000 : 90)),
    });
    const power = measured(devices);
    expect(power?.busy).toBeCloseTo(500 + host);
    expect(power?.idle).toBeCloseTo(90 + host);
  });

  test('says nothing of power that was measured for less than half an hour of a device', () => {
    const works = (minutes: number) => columns((k) => (ago(k) < minutes ? 0.9 : undefined));
    expect(measured(deviceUsages(1, { active: works(29) }))).toEqual({ busy: undefined, idle: undefined });
    expect(measured(deviceUsages(2, { active: works(15) }))?.busy).toBeCloseTo(600 + host);
  });

  test('says nothing of the power of parts of GPUs', () => {
    const product = `${H100}-MIG-1g.10gb`;
    const nodes = [aUsageNode({ product })];
    const instances = deviceUsages(8, { instance: { id: '1', profile: '1g.10gb' } });
    expect(measured(instances, { nodes })).toEqual({ busy: undefined, idle: undefined });
  });
});
