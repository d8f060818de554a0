import { expect, test } from '@jest/globals';
import { BUILT_IN_POLICY } from '../../api/v1alpha1/defaults.ts';
import { HOUR_MS, MINUTE_MS, type DurationMs } from '../../domain/units.ts';
import { lookBackOf } from './look-back.ts';

const CONFIGURED = { interval: MINUTE_MS, lookBack: 6 * HOUR_MS };
const policy = (idleFor: DurationMs, underusedFor: DurationMs) => ({
  usage: {
    idle: { ...BUILT_IN_POLICY.usage.idle, for: idleFor },
    underused: { ...BUILT_IN_POLICY.usage.underused, for: underusedFor },
  },
});

test.each([
  ['as configured', [BUILT_IN_POLICY], 6 * HOUR_MS],
  ['as configured without any policy', [], 6 * HOUR_MS],
  ['further for a policy that waits for longer', [policy(8 * HOUR_MS, HOUR_MS)], 8 * HOUR_MS + 5 * MINUTE_MS],
  [
    'as far as the longest of all',
    [policy(HOUR_MS, 9 * HOUR_MS), policy(HOUR_MS, HOUR_MS)],
    9 * HOUR_MS + 5 * MINUTE_MS,
  ],
  ['no further than can be kept', [policy(72 * HOUR_MS, HOUR_MS)], 24 * HOUR_MS],
])('looks back %s', (_, policies, expected) => {
  expect(lookBackOf(policies, CONFIGURED)).toBe(expected);
});
