import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { USAGE_FIGURES, type DeviceUsage } from '../../../operator/domain/usage/device-usage.ts';
import type { UsageGrid } from '../../../operator/domain/usage/usage-grid.ts';
import type { MetricsSource, UsageAnswer } from '../../../operator/ports/metrics-source.ts';

/** What a device did: `gpu`, the id of its instance where it is one, and who holds it. */
export type DeviceKey = `${string} ${string}`;

export interface MetricsSourceUnderTest {
  readonly source: MetricsSource;
  /** For which it has figures of each kind. */
  readonly grid: UsageGrid;
  readonly truth: {
    /** By {@link keyOf}: a figure a column, NaN for what nobody knows. */
    readonly active: Readonly<Record<DeviceKey, readonly number[]>>;
    /** Of the last column. */
    readonly power: Readonly<Record<DeviceKey, number>>;
    readonly pods: Readonly<Record<string, number>>;
    readonly nodes: Readonly<Record<string, number>>;
  };
  /** For which it has nothing at all. */
  readonly empty: UsageGrid;
  /** The same where nobody answers it; or the reason why that can't be. */
  readonly down: MetricsSource | { readonly neverBecause: string };
  /** One that has figures for the grid, and says with each answer that it is but a part; or the reason why that can't be. */
  readonly inPart: MetricsSource | { readonly neverBecause: string };
  readonly close?: () => Promise<void>;
}

const NEVER = new AbortController().signal;

export function keyOf({ gpu, instance, pod }: Pick<DeviceUsage, 'gpu' | 'instance' | 'pod'>): DeviceKey {
  const device = instance === undefined ? gpu : `${gpu}/${instance.id}`;
  return `${device} ${pod === undefined ? '-' : `${pod.namespace}/${pod.name}`}`;
}

/** What every source of metrics owes its callers: one suite for the port, run by each adapter. */
export function metricsSourceContract(name: string, setUp: () => Promise<MetricsSourceUnderTest>): void {
  describe(`${name} as a source of metrics`, () => {
    let subject: MetricsSourceUnderTest;
    let answer: UsageAnswer;
    beforeAll(async () => {
      subject = await setUp();
      answer = await subject.source.usage(subject.grid, NEVER);
    }, 120_000);
    afterAll(async () => {
      await subject.close?.();
    });

    test('answers for the grid that it was asked for, with a figure a column', () => {
      expect(answer.grid).toEqual(subject.grid);
      expect(answer.devices.length).toBeGreaterThan(0);
      for (const { active, power } of answer.devices) {
        expect(active).toHaveLength(subject.grid.columns);
        expect(power).toHaveLength(subject.grid.columns);
      }
    });

    test('tells each device and holder once, and what it does in each column; what is not known is NaN', () => {
      const keys = answer.devices.map(keyOf);
      expect(new Set(keys).size).toBe(keys.length);
      const seen = answer.devices.filter(({ active }) => active.some((share) => !Number.isNaN(share))).map(keyOf);
      const known = Object.entries(subject.truth.active).filter(([, shares]) => shares.some((share) => share >= 0));
      expect(seen.sort()).toEqual(known.map(([key]) => key).sort());
      const wrong = Object.entries(subject.truth.active).filter(([key, expected]) => {
        const device = answer.devices.find((one) => keyOf(one) === key);
        return !expected.every((share, column) => isNear(device?.active[column], share, 0.001));
      });
      expect(wrong.map(([key]) => [key, answer.devices.find((one) => keyOf(one) === key)?.active])).toEqual([]);
    });

    test('tells watts of devices, pods and nodes', () => {
      const last = answer.devices.map((one) => [keyOf(one), one.power.at(-1)] as const);
      const known = Object.fromEntries(last.filter(([key]) => key in subject.truth.power));
      expect(known).toEqual(near(subject.truth.power, 1));
      const pods = answer.pods.map(({ name: pod, namespace, power }) => [`${namespace}/${pod}`, power] as const);
      expect(Object.fromEntries(pods)).toEqual(near(subject.truth.pods, 0.1));
      expect(Object.fromEntries(answer.nodes.map(({ node, power }) => [node, power]))).toEqual(
        near(subject.truth.nodes, 0.1),
      );
    });

    test('gives figures that can be, or NaN', () => {
      for (const { active, power } of answer.devices) {
        for (const share of active) expect(Number.isNaN(share) || (share >= 0 && share <= 1)).toBe(true);
        for (const watts of power) expect(Number.isNaN(watts) || (watts > 0 && watts < 10_000)).toBe(true);
      }
      expect(answer.gaps).toEqual([]);
    });

    test('where there is nothing it says so for each figure, and makes up no device', async () => {
      const { devices, gaps, nodes, pods } = await subject.source.usage(subject.empty, NEVER);
      expect([devices, pods, nodes]).toEqual([[], [], []]);
      expect(gaps.map(({ figure }) => figure)).toEqual([...USAGE_FIGURES]);
      for (const { error } of gaps) expect(error.code).toBe('NoData');
    });

    test('where nobody answers it says so for each figure, and makes up no device', async () => {
      if ('neverBecause' in subject.down) {
        expect(subject.down.neverBecause).not.toBe('');
        return;
      }
      const { devices, gaps, isWhole, nodes, pods } = await subject.down.usage(subject.grid, NEVER);
      expect([devices, pods, nodes]).toEqual([[], [], []]);
      expect([answer.isWhole, isWhole]).toEqual([true, false]);
      expect(gaps.map(({ figure, error }) => [figure, error.code])).toEqual(
        USAGE_FIGURES.map((figure) => [figure, 'Unavailable']),
      );
    });

    test('what is answered in part is told, and that it is not the whole', async () => {
      if ('neverBecause' in subject.inPart) {
        expect(subject.inPart.neverBecause).not.toBe('');
        return;
      }
      const { devices, gaps, isWhole } = await subject.inPart.usage(subject.grid, NEVER);
      expect(devices.length).toBeGreaterThan(0);
      expect(gaps).toEqual([]);
      expect(isWhole).toBe(false);
    });

    test('gives the same answer to the same question, also when asked at once', async () => {
      const ask = () => subject.source.usage(subject.grid, NEVER);
      expect(await Promise.all([ask(), ask()])).toEqual([answer, answer]);
    });

    test('gives a part of the time the same figures', async () => {
      const { grid } = subject;
      const end = grid.columns - 2;
      const part = { ...grid, startsAt: grid.startsAt + (end - 3) * grid.step, columns: 3 };
      const { devices } = await subject.source.usage(part, NEVER);
      const whole = new Map(answer.devices.map((one) => [keyOf(one), one]));
      expect(devices.length).toBeGreaterThan(0);
      for (const device of devices) expect(device.active).toEqual(whole.get(keyOf(device))?.active.slice(end - 3, end));
    });

    test('gives up with the caller: at once, and with the reason that the caller gave', async () => {
      const reason = new Error('shutting down');
      await expect(subject.source.usage(subject.grid, AbortSignal.abort(reason))).rejects.toBe(reason);
    });
  });
}

function isNear(found: number | undefined, expected: number, by: number): boolean {
  if (found === undefined) return false;
  return Number.isNaN(expected) ? Number.isNaN(found) : Math.abs(found - expected) <= by;
}

function near(figures: Readonly<Record<string, number>>, by: number): object {
  const digits = -Math.log10(2 * by);
  return Object.fromEntries(
    Object.entries(figures).map(([key, figure]) => [
      key,
      Number.isNaN(figure) ? NaN : (expect.closeTo(figure, digits) as unknown),
    ]),
  );
}
