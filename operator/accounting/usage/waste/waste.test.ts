import { describe, expect, test } from '@jest/globals';
import {
  ago,
  aHoldingPod,
  aUsageNode,
  aUsageSnapshot,
  aWorkload,
  columns,
  deviceUsages,
  measuredUsage,
  USAGE_NOW,
  USAGE_POLICY,
} from '../../../../test/builders/usage.ts';
import { H100 } from '../../../../test/builders/planning.ts';
import { powerOf } from '../../../domain/accelerators/accelerator-power.ts';
import type { Holding, WorkloadRef } from '../../../domain/usage/assessment.ts';
import { HOUR_MS, MINUTE_MS } from '../../../domain/units.ts';
import { assessUsage } from '../assess.ts';
import type { HoldingPod, UsageSnapshot } from '../usage-snapshot.ts';

type Course = (ago: number, device: number) => number | undefined;

/** Eight GPUs of one workload that do as is said, by minutes ago and device. */
function holdingThat(
  does: Course,
  overrides: Partial<HoldingPod> = {},
  snapshot: Partial<UsageSnapshot> = {},
): Holding {
  const measured = measuredUsage(deviceUsages(8, (device) => ({ active: columns((k) => does(ago(k), device)) })));
  const pods = [aHoldingPod(overrides)];
  return assessUsage(aUsageSnapshot({ measured, pods, ...snapshot })).holdings[0]!;
}

const worksUntil =
  (minutes: number): Course =>
  (back) =>
    back >= minutes ? 0.9 : 0.01;

describe('devices that did nothing for as long as the policy says', () => {
  test('are idle, all of them and all that they draw', () => {
    const { rate, waste } = holdingThat(worksUntil(40));
    expect(waste).toEqual({
      class: 'Idle',
      devices: 8,
      since: USAGE_NOW - 40 * MINUTE_MS,
      rate,
      message: `8 ${H100} have been idle for 40 min`,
      remedy: expect.stringMatching(/^Delete or suspend the Job; as a CarbonAwareJob/),
    });
  });

  test.each([
    [29, undefined],
    [30, 'Idle'],
  ])('for %i minutes of 30 are %s', (minutes, found) => {
    expect(holdingThat(worksUntil(minutes)).waste?.class).toBe(found);
  });

  test('are not idle where one works, or may have', () => {
    expect(holdingThat((_, device) => (device === 3 ? 0.9 : 0)).waste?.class).not.toBe('Idle');
    expect(holdingThat((_, device) => (device === 3 ? undefined : 0)).waste?.class).not.toBe('Idle');
    expect(holdingThat((back) => (back >= 10 && back < 13 ? undefined : 0)).waste?.class).not.toBe('Idle');
    expect(holdingThat((back) => (back >= 10 && back < 12 ? undefined : 0)).waste?.class).toBe('Idle');
  });

  test('are not idle where they have not been held for so long', () => {
    const heldSince = USAGE_NOW - 20 * MINUTE_MS;
    expect(holdingThat(() => 0, { heldSince })).toMatchObject({ idleFor: 20 * MINUTE_MS, waste: undefined });
  });

  test('are not idle where the policy waits longer than anybody looks back', () => {
    const policy = { ...USAGE_POLICY, idle: { ...USAGE_POLICY.idle, for: 4 * HOUR_MS } };
    expect(holdingThat(() => 0, { policy })).toMatchObject({ idleFor: 3 * HOUR_MS });
    expect(holdingThat(() => 0, { policy }).waste?.class).not.toBe('Idle');
  });

  test.each<[Partial<WorkloadRef>, RegExp]>([
    [{ kind: 'Deployment' }, /^Scale the Deployment down to 0/],
    [{ kind: 'PyTorchJob' }, /^Delete or suspend the PyTorchJob$/],
    [{ kind: 'CarbonAwareJob' }, /^Delete the CarbonAwareJob or set its spec.suspend/],
    [{ kind: 'Notebook' }, /^Stop the Notebook$/],
    [{ kind: 'RayCluster' }, /^Delete the RayCluster or scale its workers/],
    [{ kind: 'Pod' }, /^Delete the Pod$/],
    [{ kind: 'Widget' }, /^Delete the Widget or scale it down$/],
  ])('are let go by the owner of %j: %s', (workload, remedy) => {
    expect(holdingThat(() => 0, { workload: aWorkload(workload) }).waste?.remedy).toMatch(remedy);
  });
});

describe('devices of which some never did anything while others worked', () => {
  const twoWork: Course = (_, device) => (device < 2 ? 0.9 : 0);

  test('are too many by those', () => {
    const { rate, waste } = holdingThat(twoWork);
    expect(waste).toMatchObject({
      class: 'Oversized',
      devices: 6,
      message: `6 of 8 ${H100} have been idle for 2 h while others worked`,
      remedy: 'Lower nvidia.com/gpu in the pod template of the Job, from 8 to 2 in all',
    });
    expect(waste?.rate.power).toBeCloseTo(rate.power * (6 / 8));
    expect(waste?.rate.moneyPerHour).toBeCloseTo(rate.moneyPerHour * (6 / 8));
  });

  test('are not where each worked at some time, or none is known never to have', () => {
    expect(holdingThat((back, device) => (Math.floor(back / 10) % 8 === device ? 1 : 0)).waste?.class).toBe(
      'Underused',
    );
    expect(holdingThat((_, device) => (device < 2 ? 0.9 : undefined)).waste).toBeUndefined();
  });

  test('are too many only by those that are known', () => {
    expect(holdingThat((_, device) => (device < 5 ? 0.9 : device < 7 ? undefined : 0)).waste?.devices).toBe(1);
  });

  test('need the longer of the two times, and a device that worked for a share of it', () => {
    expect(holdingThat(twoWork, { heldSince: USAGE_NOW - 119 * MINUTE_MS }).waste).toBeUndefined();
    expect(holdingThat((back, device) => (device === 0 && back >= 40 && back < 44 ? 1 : 0)).waste?.class).toBe('Idle');
  });

  test('are not told apart by what one may have done while nobody looked', () => {
    const { waste } = holdingThat((back, device) => (device === 0 && back >= 10 && back < 25 ? undefined : 0));
    expect(waste).toMatchObject({ class: 'Underused', remedy: expect.stringMatching(/^Delete or suspend the Job/) });
  });

  test('name replicas where there are some', () => {
    const { waste } = holdingThat(twoWork, { workload: aWorkload({ kind: 'Deployment' }) });
    expect(waste?.remedy).toMatch(/^Lower nvidia.com\/gpu in the pod template of the Deployment, or its replicas/);
    const pod = holdingThat(twoWork, { workload: aWorkload({ kind: 'Pod' }) });
    expect(pod.waste?.remedy).toMatch(/^Make the Pod anew with less nvidia.com\/gpu/);
  });
});

describe('devices that work little', () => {
  test('are underused by what they fall short of a device in a job, at the power of idle ones', () => {
    const { rate, waste } = holdingThat(() => 0.2);
    expect(waste).toMatchObject({
      class: 'Underused',
      devices: expect.closeTo(6),
      since: USAGE_NOW - 2 * HOUR_MS,
      message: `8 ${H100} have worked at most 20 % of the last 2 h`,
      remedy: expect.stringMatching(/^Lower nvidia.com\/gpu .* instance \(MIG\) of one$/),
    });
    expect(waste?.rate.power).toBeCloseTo(6 * powerOf(H100).idle * 1.25);
    expect(waste?.rate.power).toBeLessThan(rate.power);
  });

  test.each([
    ['work as much as the policy wants', () => 0.3, {}],
    ['were held for less than its time', () => 0.2, { heldSince: USAGE_NOW - 119 * MINUTE_MS }],
    ['may have worked more where it is unknown', (back: number) => (back < 15 ? 0.2 : back < 31 ? undefined : 0.2), {}],
    ['are not known now', (back: number) => (back < 3 ? undefined : 0.2), {}],
  ])('are not underused where they %s', (_, does, overrides) => {
    expect(holdingThat(does, overrides).waste).toBeUndefined();
  });

  test('are underused also where that is true whatever is unknown', () => {
    expect(holdingThat((back) => (back === 60 ? undefined : 0.2)).waste?.message).toContain('worked at most 21 %');
    expect(holdingThat((_, device) => (device === 0 ? undefined : 0.1)).waste?.class).toBe('Underused');
  });

  test('are all wasted where they work less than counts as idle, but every now and then', () => {
    const { waste } = holdingThat((back) => (back % 20 === 10 ? 0.06 : 0));
    expect(waste).toMatchObject({
      class: 'Underused',
      devices: 8,
      message: `8 ${H100} have worked at most 1 % of the last 2 h`,
      remedy: expect.stringMatching(/^(Delete|Scale|Stop) /),
    });
    expect(waste?.rate.power).toBeCloseTo(8 * powerOf(H100).idle * 1.25);
  });

  test('are not underused by a policy that wants more than anybody can do', () => {
    const policy = { ...USAGE_POLICY, underused: { below: 1, for: HOUR_MS } };
    expect(holdingThat(() => 0.9, { policy }).waste).toBeUndefined();
  });
});

describe('devices outside their hours', () => {
  // It is half past twelve in UTC, and half past one in Berlin.
  const clocks = new Map([['Europe/Berlin', [{ startsAt: -Infinity, endsAt: Infinity, offsetMs: HOUR_MS }]]]);
  const held = (does: Course, activeHours: string | undefined, overrides: Partial<HoldingPod> = {}) =>
    holdingThat(does, { activeHours, ...overrides }, { clocks });

  test('are wasted, and the owner has said so', () => {
    const { rate, waste } = held(() => 0.1, 'Mon 08:00-12:00 Europe/Berlin');
    expect(waste).toMatchObject({
      class: 'OutsideHours',
      devices: 8,
      since: USAGE_NOW - 90 * MINUTE_MS,
      rate,
      message: `8 ${H100} have been held for 1 h 30 min outside the active hours "Mon 08:00-12:00 Europe/Berlin", without much work`,
    });
  });

  test('are wasted also where nobody knows what they do', () => {
    expect(held(() => undefined, 'Mon 08:00-12:00').waste).toMatchObject({
      class: 'OutsideHours',
      message: expect.stringMatching(/with nothing known of what they do now$/),
    });
  });

  test('are told as what they are where something is known of some alone', () => {
    const some = (known: number): string | undefined =>
      held((_, device) => (device < known ? 0 : undefined), 'Mon 08:00-12:00').waste?.message;
    expect(some(1)).toMatch(/with nothing known of what 7 of them do now$/);
    expect(some(7)).toMatch(/with nothing known of what one of them does now$/);
  });

  test('are idle as well, where they are', () => {
    expect(held(worksUntil(40), 'Mon 08:00-12:00')).toMatchObject({
      waste: { class: 'OutsideHours', since: USAGE_NOW - 30 * MINUTE_MS },
      idle: { since: USAGE_NOW - 40 * MINUTE_MS, message: `8 ${H100} have been idle for 40 min` },
    });
    expect(held(worksUntil(20), 'Mon 08:00-11:00').idle).toBeUndefined();
  });

  test.each<[string, Course, string | undefined]>([
    ['within', () => 0.2, 'Mon 08:00-14:00 Europe/Berlin'],
    ['a few minutes after', () => 0.2, 'Mon 08:00-13:01 Europe/Berlin'],
    ['in use', (_, device) => (device === 0 ? 0.9 : 0), 'Mon 08:00-12:00'],
    ['lately in use, as far as anyone knows', (back) => (back < 5 ? undefined : 0.9), 'Mon 08:00-12:00'],
    ['lately in use', (back, device) => (device === 0 && back > 20 ? 0.9 : 0), 'Mon 08:00-12:00'],
    ['without any', () => 0.2, undefined],
    ['with some that nobody can read', () => 0.2, 'in the morning'],
    ['in a time zone that nobody knows', () => 0.2, 'Mon 08:00-12:00 Europe/Atlantis'],
  ])('are not: %s', (_, does, activeHours) => {
    expect(held(does, activeHours).waste?.class).not.toBe('OutsideHours');
  });

  test('are not where they were just started, on purpose', () => {
    const heldSince = USAGE_NOW - 20 * MINUTE_MS;
    expect(held(() => 0, 'Mon 08:00-12:00', { heldSince }).waste).toBeUndefined();
  });

  test('need all pods to be outside of theirs', () => {
    const pods = [
      aHoldingPod({ devices: 4, activeHours: 'Mon 08:00-12:00' }),
      aHoldingPod({ name: 'train-1', devices: 4, activeHours: 'Mon 08:00-13:00' }),
    ];
    expect(assessUsage(aUsageSnapshot({ pods })).holdings[0]?.waste).toBeUndefined();
  });
});

describe('holdings', () => {
  test('come by what they waste: power, then devices, then by name', () => {
    const pod = (name: string, node: string) => aHoldingPod({ name, node, workload: aWorkload({ name }) });
    const pods = [pod('c', 'n1'), pod('b', 'n2'), pod('a', 'n3'), pod('d', 'n4')];
    const nodes = [
      aUsageNode(),
      aUsageNode({ name: 'n2' }),
      aUsageNode({ name: 'n3' }),
      aUsageNode({ name: 'n4', site: undefined }),
    ];
    const device = (gpu: string, name: string, node: string, does: number) =>
      deviceUsages(8, (k) => ({
        gpu: `${gpu}${String(k)}`,
        pod: { namespace: 'research', name },
        node,
        active: columns(does),
      }));
    const measured = measuredUsage([
      ...device('A', 'c', 'n1', 0.9),
      ...device('B', 'b', 'n2', 0.9),
      ...device('C', 'a', 'n3', 0),
      ...device('D', 'd', 'n4', 0),
    ]);
    const { holdings } = assessUsage(aUsageSnapshot({ pods, nodes, measured }));
    expect(holdings.map(({ workload, waste }) => [workload.name, waste?.class])).toEqual([
      ['a', 'Idle'],
      ['d', 'Idle'],
      ['b', undefined],
      ['c', undefined],
    ]);
  });
});
