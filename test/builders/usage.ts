import type {
  HoldingPod,
  UsageNode,
  UsageSite,
  UsageSnapshot,
  WaitingPod,
} from '../../operator/accounting/usage/usage-snapshot.ts';
import { powerOf } from '../../operator/domain/accelerators/accelerator-power.ts';
import type { WorkloadRef } from '../../operator/domain/usage/assessment.ts';
import type { DeviceUsage, MeasuredUsage } from '../../operator/domain/usage/device-usage.ts';
import type { UsageGrid } from '../../operator/domain/usage/usage-grid.ts';
import type { UsagePolicy } from '../../operator/domain/usage/usage-policy.ts';
import { gramsPerKilowattHour, HOUR_MS, MINUTE_MS, type EpochMs } from '../../operator/domain/units.ts';
import { H100 } from './planning.ts';

/** A Monday, half an hour after noon in UTC. */
export const USAGE_NOW: EpochMs = Date.UTC(2026, 10, 23, 12, 30);
export const GPU_RESOURCE = 'nvidia.com/gpu';

/** The three hours before {@link USAGE_NOW} by minutes. */
const USAGE_GRID: UsageGrid = { startsAt: USAGE_NOW - 3 * HOUR_MS, step: MINUTE_MS, columns: 180 };

export const USAGE_POLICY: UsagePolicy = {
  idle: { below: 0.05, for: 30 * MINUTE_MS, action: 'Alert' },
  underused: { below: 0.3, for: 2 * HOUR_MS },
};

/** By column of {@link USAGE_GRID}; what is not said is NaN. */
export function columns(figure: number | ((column: number) => number | undefined)): readonly number[] {
  return Array.from({ length: USAGE_GRID.columns }, (_, k) =>
    typeof figure === 'number' ? figure : (figure(k) ?? NaN),
  );
}

/** How many columns ago a column is: 0 for the last one. */
export function ago(column: number): number {
  return USAGE_GRID.columns - 1 - column;
}

export function aWorkload(overrides: Partial<WorkloadRef> = {}): WorkloadRef {
  const name = overrides.name ?? 'train';
  return { namespace: 'research', apiVersion: 'batch/v1', kind: 'Job', name, uid: `uid-${name}`, ...overrides };
}

/** Holds eight GPUs of the node `n1` since yesterday. */
export function aHoldingPod(overrides: Partial<HoldingPod> & { readonly devices?: number } = {}): HoldingPod {
  const { devices = 8, ...rest } = overrides;
  return {
    namespace: 'research',
    name: 'train-0',
    node: 'n1',
    heldSince: USAGE_NOW - 24 * HOUR_MS,
    holds: [{ resource: GPU_RESOURCE, devices }],
    workload: aWorkload(),
    owner: 'team-x',
    policyName: undefined,
    policy: USAGE_POLICY,
    activeHours: undefined,
    ...rest,
  };
}

/** Asks for eight GPUs since an hour ago. */
export function aWaitingPod(overrides: Partial<WaitingPod> & { readonly devices?: number } = {}): WaitingPod {
  const { devices = 8, ...rest } = overrides;
  return {
    namespace: 'research',
    name: 'waiting-0',
    asks: [{ resource: GPU_RESOURCE, devices }],
    unschedulableSince: USAGE_NOW - HOUR_MS,
    ...rest,
  };
}

/** Eight H100 of the site `oslo`. */
export function aUsageNode(
  overrides: Partial<UsageNode> & { readonly allocatable?: number; readonly product?: string } = {},
): UsageNode {
  const { allocatable = 8, product = H100, ...rest } = overrides;
  const accelerators = [{ resource: GPU_RESOURCE, product, allocatable }];
  return { name: 'n1', site: 'oslo', acceptsWork: true, accelerators, ...rest };
}

export function aUsageSite(
  overrides: Partial<UsageSite> & { readonly productNames?: readonly string[] } = {},
): UsageSite {
  const { productNames = [H100], ...rest } = overrides;
  return {
    name: 'oslo',
    currency: 'EUR',
    pue: 1.25,
    averageIntensity: gramsPerKilowattHour(200),
    pricePerKilowattHour: 0.1,
    products: productNames.map((product) => ({ product, power: powerOf(product), pricePerHour: 2 })),
    ...rest,
  };
}

/** A GPU of the node `n1` that the pod `research/train-0` holds. */
export function aDeviceUsage(overrides: Partial<DeviceUsage> = {}): DeviceUsage {
  return {
    gpu: 'GPU-0',
    instance: undefined,
    node: 'n1',
    pod: { namespace: 'research', name: 'train-0' },
    active: columns(0.9),
    power: columns(600),
    ...overrides,
  };
}

/** Eight or so of them that are alike, or each as its index says. */
export function deviceUsages(
  count: number,
  overrides: Partial<DeviceUsage> | ((index: number) => Partial<DeviceUsage>) = {},
): readonly DeviceUsage[] {
  return Array.from({ length: count }, (_, k) =>
    aDeviceUsage({ gpu: `GPU-${String(k)}`, ...(typeof overrides === 'function' ? overrides(k) : overrides) }),
  );
}

export function measuredUsage(devices: readonly DeviceUsage[], overrides: Partial<MeasuredUsage> = {}): MeasuredUsage {
  return { grid: USAGE_GRID, devices, pods: [], nodes: [], ...overrides };
}

/** One node of eight GPUs, which one Job holds; nothing is measured. */
export function aUsageSnapshot(overrides: Partial<UsageSnapshot> = {}): UsageSnapshot {
  return {
    now: USAGE_NOW,
    measured: undefined,
    pods: [aHoldingPod()],
    waiting: [],
    nodes: [aUsageNode()],
    sites: [aUsageSite()],
    clocks: new Map(),
    ...overrides,
  };
}
