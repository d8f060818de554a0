import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  aDeviceUsage,
  aHoldingPod,
  aUsageNode,
  aUsageSite,
  aUsageSnapshot,
  aWorkload,
  measuredUsage,
  USAGE_NOW,
  USAGE_POLICY,
} from '../../../test/builders/usage.ts';
import { H100 } from '../../../test/builders/planning.ts';
import type { Holding } from '../../domain/usage/assessment.ts';
import { holdingKey } from '../../domain/usage/holding-key.ts';
import type { DeviceUsage } from '../../domain/usage/device-usage.ts';
import { MINUTE_MS, watts } from '../../domain/units.ts';
import { assessUsage } from './assess.ts';
import { heldDevices, type HeldDevice } from './devices/held-devices.ts';
import { measuredGpus } from './devices/measured-gpus.ts';
import { fleetOf } from './devices/node-accelerators.ts';
import { sumOver } from './sum-over.ts';
import type { HoldingPod, UsageNode, UsageSnapshot } from './usage-snapshot.ts';

const COLUMNS = 24;
const GRID = { startsAt: USAGE_NOW - COLUMNS * MINUTE_MS, step: MINUTE_MS, columns: COLUMNS };
const POLICY = {
  idle: { ...USAGE_POLICY.idle, for: 6 * MINUTE_MS },
  underused: { ...USAGE_POLICY.underused, for: 12 * MINUTE_MS },
};
const MIG = `${H100}-MIG-1g.10gb`;
const PRODUCTS = [H100, MIG, `${H100}-SHARED`] as const;

/** Stretches of one figure each, so that devices are idle and busy for a while, and unknown. */
const course = fc
  .array(fc.tuple(fc.constantFrom(0, 0.02, 0.04, 0.2, 0.9, NaN), fc.integer({ min: 1, max: 12 })), {
    minLength: 3,
    maxLength: 8,
  })
  .map((parts) => parts.flatMap(([figure, length]) => Array.from({ length }, () => figure)))
  .map((figures) => Array.from({ length: COLUMNS }, (_, k) => figures[k % figures.length] ?? NaN));
const draw = fc.array(fc.oneof(fc.integer({ min: 50, max: 700 }), fc.constant(NaN)), {
  minLength: COLUMNS,
  maxLength: COLUMNS,
});

const nodes = fc
  .array(
    fc.record({
      product: fc.constantFrom(...PRODUCTS),
      allocatable: fc.integer({ min: 0, max: 6 }),
      site: fc.constantFrom('oslo', 'turin', undefined),
      acceptsWork: fc.boolean(),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((some) => some.map((one, k): UsageNode => aUsageNode({ ...one, name: `n${String(k)}` })));

const podsOn = (count: number) =>
  fc
    .array(
      fc.record({
        node: fc.integer({ min: 0, max: count }).map((k) => `n${String(k)}`),
        devices: fc.integer({ min: 1, max: 4 }),
        workload: fc.constantFrom('a', 'b', 'c'),
        held: fc.integer({ min: 0, max: 40 }),
        activeHours: fc.option(fc.constantFrom('Mon 08:00-12:00', 'Mon 08:00-18:00', 'nonsense'), { nil: undefined }),
      }),
      { maxLength: 5 },
    )
    .map((some) =>
      some.map(({ activeHours, devices, held, node, workload }, k): HoldingPod =>
        aHoldingPod({
          name: `p${String(k)}`,
          node,
          devices,
          activeHours,
          heldSince: USAGE_NOW - held * MINUTE_MS,
          workload: aWorkload({ name: workload }),
          policy: POLICY,
        }),
      ),
    );

/** Some GPUs, whole and cut, that are told of with a pod that holds some, with another one, or with none. */
const devicesOf = (count: number) =>
  fc
    .array(
      fc.record({
        gpu: fc.integer({ min: 0, max: 5 }),
        instance: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined, freq: 3 }),
        node: fc.option(fc.integer({ min: 0, max: count }), { nil: undefined }),
        pod: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined }),
        active: course,
        power: draw,
      }),
      { maxLength: 12 },
    )
    .map((some) =>
      some.map(({ gpu, instance, node, pod, ...figures }): DeviceUsage =>
        aDeviceUsage({
          ...figures,
          gpu: `GPU-${String(gpu)}`,
          instance:
            instance === undefined ? undefined : { id: String(instance), profile: `${String(instance + 1)}g.10gb` },
          node: node === undefined ? undefined : `n${String(node)}`,
          pod: pod === undefined ? undefined : { namespace: 'research', name: `p${String(pod)}` },
        }),
      ),
    );

const snapshots = nodes.chain((some) =>
  fc
    .record({ pods: podsOn(some.length), devices: devicesOf(some.length), hostPower: fc.boolean() })
    .map(({ devices, hostPower, pods }): UsageSnapshot => {
      const host = {
        pods: pods.map(({ namespace, name, node }, k) => {
          return { namespace, name, node: k % 2 === 0 ? node : undefined, power: watts(100 * k) };
        }),
        nodes: [{ node: 'n0', power: watts(250) }],
      };
      return aUsageSnapshot({
        pods,
        nodes: some,
        sites: ['oslo', 'turin'].map((name) => aUsageSite({ name, productNames: PRODUCTS })),
        measured: measuredUsage(devices, { grid: GRID, ...(hostPower && host) }),
      });
    }),
);

/** Devices that are told of rightly: each pod with as many as it holds, whole, and each known at most of the time. */
const toldOf = fc.array(fc.array(fc.tuple(course, draw), { minLength: 1, maxLength: 2 }), {
  minLength: 1,
  maxLength: 2,
});
type Told = readonly (readonly (readonly [readonly number[], readonly number[]])[])[];

function rightly(told: Told, workloads: readonly string[] = ['a']): UsageSnapshot {
  const pods = told.map((devices, k) =>
    aHoldingPod({
      name: `p${String(k)}`,
      devices: devices.length,
      workload: aWorkload({ name: workloads[k % workloads.length]! }),
      policy: POLICY,
    }),
  );
  const devices = told.flatMap((some, k) =>
    some.map(([active, power], d) =>
      aDeviceUsage({
        gpu: `${String(k)}-${String(d)}`,
        pod: { namespace: 'research', name: `p${String(k)}` },
        active,
        power,
      }),
    ),
  );
  return aUsageSnapshot({
    pods,
    nodes: [aUsageNode({ allocatable: 16 })],
    measured: measuredUsage(devices, { grid: GRID }),
  });
}

function held({ measured, now, pods, ...rest }: UsageSnapshot): readonly HeldDevice[] {
  const columns = { grid: GRID, now };
  const fleet = fleetOf({ measured, now, pods, ...rest });
  const gpus = measuredGpus(measured?.devices ?? [], { columns, fleet, pods });
  return heldDevices({ columns, fleet, gpus, pods });
}

/** One GPU, in instances that one or several pods have; the last of them may be more than is left of it. */
function cutInto(
  instances: readonly { readonly slices: number; readonly sharers: number }[],
  power: readonly number[],
): UsageSnapshot {
  const users = instances.flatMap(({ sharers, slices }, k) =>
    Array.from({ length: sharers }, (_, u) => ({ slices, id: String(k), name: `p${String(k)}-${String(u)}` })),
  );
  return aUsageSnapshot({
    pods: users.map(({ name }) => aHoldingPod({ name, devices: 1, workload: aWorkload({ name }) })),
    measured: measuredUsage(
      users.map(({ id, name, slices }) =>
        aDeviceUsage({
          instance: { id, profile: `${String(slices)}g.10gb` },
          pod: { namespace: 'research', name },
          active: power.map(() => 0.5),
          power,
        }),
      ),
      { grid: GRID },
    ),
  });
}

function expectNoMoreThanDrawn(snapshot: UsageSnapshot): void {
  const drawn = new Map<string, number>();
  for (const { gpu, gpuPower } of held(snapshot)) {
    if (gpu !== undefined && Number.isFinite(gpuPower)) drawn.set(gpu, (drawn.get(gpu) ?? 0) + gpuPower);
  }
  for (const [gpu, power] of drawn) {
    const rows = (snapshot.measured?.devices ?? []).filter((device) => device.gpu === gpu);
    const last = rows.flatMap((device) => device.power.slice(-3).filter(Number.isFinite));
    expect(power).toBeLessThanOrEqual(Math.max(0, ...last) + 1e-6);
  }
}

const byKey = (holdings: readonly Holding[]) => new Map(holdings.map((one) => [holdingKey(one), one]));

describe('an assessment of any use', () => {
  test('tells of each device that pods hold once, and wastes no more than is held', () => {
    fc.assert(
      fc.property(snapshots, (snapshot) => {
        const { holdings } = assessUsage(snapshot);
        const asked = sumOver(snapshot.pods, ({ holds }) => sumOver(holds, ({ devices }) => devices));
        expect(sumOver(holdings, ({ devices }) => devices)).toBe(asked);
        expect(byKey(holdings).size).toBe(holdings.length);
        for (const { active, devices, idleFor, rate, waste } of holdings) {
          for (const figure of [rate.power, rate.moneyPerHour, rate.gramsPerHour ?? 0, active ?? 0, idleFor ?? 0]) {
            expect(figure).toBeGreaterThanOrEqual(0);
          }
          expect(active ?? 0).toBeLessThanOrEqual(1);
          if (waste === undefined) continue;
          expect(waste.devices).toBeGreaterThan(0);
          expect(waste.devices).toBeLessThanOrEqual(devices);
          expect(waste.rate.power).toBeLessThanOrEqual(rate.power + 1e-6);
          expect(waste.rate.moneyPerHour).toBeLessThanOrEqual(rate.moneyPerHour + 1e-6);
          expect(waste.rate.gramsPerHour ?? 0).toBeLessThanOrEqual((rate.gramsPerHour ?? 0) + 1e-6);
          expect(waste.since).toBeLessThanOrEqual(USAGE_NOW);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('never gives more of the power of a GPU than it draws', () => {
    fc.assert(
      fc.property(snapshots, (snapshot) => {
        expectNoMoreThanDrawn(snapshot);
      }),
      { numRuns: 200 },
    );
    const cut = fc.array(
      fc.record({ slices: fc.integer({ min: 1, max: 4 }), sharers: fc.integer({ min: 1, max: 3 }) }),
      {
        minLength: 1,
        maxLength: 4,
      },
    );
    fc.assert(
      fc.property(cut, draw, (instances, power) => {
        expectNoMoreThanDrawn(cutInto(instances, power));
      }),
    );
  });

  test('is the same in whatever order things come', () => {
    const order = fc.infiniteStream(fc.nat());
    fc.assert(
      fc.property(snapshots, order, (snapshot, ranks) => {
        const shuffled = <T>(items: readonly T[]): readonly T[] =>
          items
            .map((item) => ({ item, rank: ranks.next().value as number }))
            .sort((a, b) => a.rank - b.rank)
            .map(({ item }) => item);
        const { measured, nodes: before, pods, sites } = snapshot;
        const other = {
          ...snapshot,
          pods: shuffled(pods),
          nodes: shuffled(before),
          sites: shuffled(sites),
          measured: { ...measured!, devices: shuffled(measured!.devices), pods: shuffled(measured!.pods) },
        };
        expect(assessUsage(other)).toEqual(assessUsage(snapshot));
      }),
      { numRuns: 150 },
    );
  });

  test('adds up: nodes to sites, and what is held to no more than there is', () => {
    fc.assert(
      fc.property(snapshots, (snapshot) => {
        const { nodes: some, sites } = assessUsage(snapshot);
        for (const { capacity, held: used, active, rate } of some) {
          expect(used).toBeLessThanOrEqual(capacity);
          expect(active ?? 0).toBeLessThanOrEqual(1);
          expect(rate.power).toBeGreaterThanOrEqual(0);
        }
        for (const site of sites) {
          const own = some.filter((node) => node.site === site.site && node.product === site.product);
          expect(site.capacity).toBe(sumOver(own, ({ capacity }) => capacity));
          expect(site.held).toBe(sumOver(own, (node) => node.held));
          expect(site.rate.power).toBeCloseTo(sumOver(own, ({ rate }) => rate.power));
          expect(site.rate.moneyPerHour).toBeCloseTo(sumOver(own, ({ rate }) => rate.moneyPerHour));
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('what is not known', () => {
  interface Stretch {
    readonly from: number;
    readonly length: number;
  }
  const stretch = (longest: number) =>
    fc.record({ from: fc.integer({ min: 0, max: COLUMNS - 1 }), length: fc.integer({ min: 1, max: longest }) });
  /** Hardly does anything, but for some stretches; and what of it gets lost, most often just when it works. */
  const course = fc
    .record({
      works: fc.array(fc.tuple(stretch(4), fc.constantFrom(0.06, 0.5, 1)), { maxLength: 3 }),
      rest: fc.constantFrom(0, 0.04, 0.2),
      lost: fc.array(stretch(8), { maxLength: 2 }),
      losesWork: fc.boolean(),
    })
    .map(({ lost, losesWork, rest, works }) => {
      const before = columnsOf((k) => works.find(([within]) => isIn(within, k))?.[1] ?? rest);
      const gaps = losesWork
        ? [...lost, ...works.map(([{ from, length }]) => ({ from, length: Math.max(3, length) }))]
        : lost;
      return { before, after: before.map((figure, k) => (isLost(gaps, k, figure) ? NaN : figure)) };
    });
  const columnsOf = (of: (k: number) => number) => Array.from({ length: COLUMNS }, (_, k) => of(k));
  const isIn = ({ from, length }: Stretch, k: number) => k >= from && k < from + length;
  /** Work gets lost only with so much beside it that nobody takes the gap for a scrape that failed. */
  const isLost = (gaps: readonly Stretch[], k: number, figure: number) =>
    gaps.some((gap) => isIn(gap, k) && (figure < POLICY.idle.below || Math.min(gap.length, COLUMNS - gap.from) > 2));

  test('never makes a finding', () => {
    const courses = fc.array(course, { minLength: 1, maxLength: 3 });
    let found = 0;
    fc.assert(
      fc.property(courses, (some) => {
        const power = columnsOf(() => 100);
        const assessed = (which: 'before' | 'after') =>
          assessUsage(rightly([some.map((one) => [one[which], power] as const)])).holdings[0]?.waste;
        const [before, after] = [assessed('before'), assessed('after')];
        if (after !== undefined) expect(before).toBeDefined();
        if (after !== undefined) found += 1;
      }),
      { numRuns: 2_000 },
    );
    // Enough was left to find something now and then.
    expect(found).toBeGreaterThan(100);
  });

  test('makes nothing idle where it is of devices that come to those that are known', () => {
    fc.assert(
      fc.property(toldOf, fc.integer({ min: 1, max: 4 }), (told, more) => {
        const snapshot = rightly(told);
        const [first, ...others] = snapshot.pods;
        const holds = first!.holds.map((each) => ({ ...each, devices: each.devices + more }));
        const with_ = { ...snapshot, pods: [{ ...first!, holds }, ...others] };
        expect(assessUsage(with_).holdings[0]?.waste?.class).not.toBe('Idle');
        expect(assessUsage(with_).holdings[0]?.idleFor).toBeUndefined();
      }),
    );
  });

  test('is everything without a source: nothing is found, and everything has a price', () => {
    fc.assert(
      fc.property(snapshots, (snapshot) => {
        const pods = snapshot.pods.map((pod) => ({ ...pod, activeHours: undefined }));
        for (const holding of assessUsage({ ...snapshot, pods, measured: undefined }).holdings) {
          expect(holding).toMatchObject({
            active: undefined,
            idleFor: undefined,
            waste: undefined,
            attribution: 'None',
          });
          expect(holding.rate.power).toBeGreaterThan(0);
        }
      }),
    );
  });
});

describe('an assessment of a large fleet', () => {
  const GPUS_A_NODE = 8;
  const grid = { startsAt: USAGE_NOW - 360 * MINUTE_MS, step: MINUTE_MS, columns: 360 };

  /** Two GPUs to a workload, four workloads to a node. */
  function fleet(count: number): UsageSnapshot {
    const gpus = Array.from({ length: count }, (_, k) => k);
    const nodeOf = (k: number) => `n${String(Math.floor(k / GPUS_A_NODE))}`;
    const podOf = (k: number) => `p${String(Math.floor(k / 2))}`;
    const works = (k: number) => Math.floor(k / 2) % 5 !== 0;
    return aUsageSnapshot({
      pods: gpus
        .filter((k) => k % 2 === 0)
        .map((k) =>
          aHoldingPod({ name: podOf(k), node: nodeOf(k), devices: 2, workload: aWorkload({ name: podOf(k) }) }),
        ),
      nodes: gpus.filter((k) => k % GPUS_A_NODE === 0).map((k) => aUsageNode({ name: nodeOf(k) })),
      measured: measuredUsage(
        gpus.map((k) => {
          const active = Array.from({ length: grid.columns }, (_, c) => (works(k) ? ((c + k) % 7) / 7 : 0));
          return aDeviceUsage({
            gpu: `GPU-${String(k)}`,
            node: nodeOf(k),
            pod: { namespace: 'research', name: podOf(k) },
            active,
            power: active.map((share) => 80 + 600 * share),
          });
        }),
        { grid },
      ),
    });
  }

  test('of 2,000 GPUs and 1,000 workloads finds those that are idle', () => {
    const { holdings } = assessUsage(fleet(2_000));
    expect(holdings).toHaveLength(1_000);
    expect(holdings.filter(({ waste }) => waste?.class === 'Idle')).toHaveLength(200);
  });
});
