import type { Holding, Waste } from '../../operator/domain/usage/assessment.ts';
import { MINUTE_MS, watts } from '../../operator/domain/units.ts';

const RATE = { power: watts(3_100), moneyPerHour: 12, gramsPerHour: 1_240 };

export const HELD_SINCE = Date.UTC(2026, 10, 23, 8);

/** Eight devices of which nothing is wasted. */
export function aHolding(overrides: Partial<Holding> = {}): Holding {
  return {
    workload: { namespace: 'research', apiVersion: 'batch/v1', kind: 'Job', name: 'train', uid: 'u' },
    owner: 'team-x',
    policy: undefined,
    site: 'frankfurt',
    product: 'H100',
    resource: 'nvidia.com/gpu',
    pods: 1,
    devices: 8,
    sharing: 'Whole',
    attribution: 'Exporter',
    heldSince: HELD_SINCE,
    active: 0.9,
    idleFor: 0,
    rate: RATE,
    powerBasis: 'Measured',
    idle: undefined,
    waste: undefined,
    ...overrides,
  };
}

/** All eight of them have been idle for a while. */
export function anIdleHolding(overrides: Partial<Holding> = {}): Holding {
  const waste = aWaste();
  return aHolding({ active: 0, idleFor: 40 * MINUTE_MS, idle: waste, waste, ...overrides });
}

export function aWaste(overrides: Partial<Waste> = {}): Waste {
  return {
    class: 'Idle',
    devices: 8,
    since: HELD_SINCE,
    rate: RATE,
    message: '8 H100 have done nothing for 40 min',
    remedy: 'Delete the Job.',
    ...overrides,
  };
}
