import { describe, expect, test } from '@jest/globals';
import { aHolding, anIdleHolding, aWaste, HELD_SINCE } from '../../../test/builders/holding.ts';
import { BUILT_IN_POLICY } from '../../api/v1alpha1/defaults.ts';
import type { UsagePolicy } from '../../domain/usage/usage-policy.ts';
import type { Holding } from '../../domain/usage/assessment.ts';
import { MINUTE_MS } from '../../domain/units.ts';
import { asksForNoMore, holdingsByJob, idleDevicesOf, useOf } from './idle-jobs.ts';

const workload = {
  namespace: 'research',
  apiVersion: 'sunward.dev/v1alpha1',
  kind: 'CarbonAwareJob',
  name: 'train',
  uid: 'u',
};
const PAUSE = { action: 'Pause', for: 30 * MINUTE_MS } as const;
const byJob = (...holdings: readonly Holding[]) =>
  holdingsByJob({
    assessment: { at: HELD_SINCE, holdings, nodes: [], sites: [] },
    gaps: [],
    settledBefore: HELD_SINCE,
    currencyOf: () => '',
  });

test('only what CarbonAwareJobs hold is theirs', () => {
  const ours = [aHolding({ workload }), aHolding({ workload, site: 'paris' })];
  const others = [aHolding(), aHolding({ workload: { ...workload, apiVersion: 'example.com/v1' } })];
  expect([...byJob(...ours, ...others)]).toEqual([['research/train', ours]]);
});

describe('a job', () => {
  test('is idle where everything that it holds is, since the last of them is', () => {
    const later = aWaste({ since: HELD_SINCE + MINUTE_MS, message: '8 A100 have done nothing for 39 min' });
    expect(idleDevicesOf([anIdleHolding(), anIdleHolding({ idle: later })], PAUSE)).toEqual({
      since: HELD_SINCE + MINUTE_MS,
      message: '8 H100 have done nothing for 40 min; 8 A100 have done nothing for 39 min',
      ...PAUSE,
    });
  });

  test.each([
    ['works in part', aHolding()],
    ['is not known in part', aHolding({ active: undefined, idleFor: undefined })],
    ['has not been idle for long in part', aHolding({ active: 0, idleFor: MINUTE_MS })],
    ['wastes something else', aHolding({ waste: aWaste({ class: 'Oversized' }) })],
  ])('is not idle where it %s', (_, other) => {
    expect(idleDevicesOf([anIdleHolding(), other], PAUSE)).toBeUndefined();
  });

  test('is idle also where it wastes its devices outside their hours', () => {
    const outside = anIdleHolding({ waste: aWaste({ class: 'OutsideHours' }) });
    expect(idleDevicesOf([outside], PAUSE)).toMatchObject({ action: 'Pause' });
  });

  test('that holds nothing is neither idle nor known', () => {
    expect(idleDevicesOf([], PAUSE)).toBeUndefined();
    expect(useOf([])).toBe('Unknown');
  });

  test('works where any of its devices does, and is quiet where it is known that none does', () => {
    const unknown = aHolding({ active: undefined, idleFor: undefined });
    expect(useOf([aHolding(), anIdleHolding()])).toBe('Working');
    expect(useOf([aHolding(), unknown])).toBe('Working');
    expect(useOf([anIdleHolding(), unknown])).toBe('Unknown');
    expect(useOf([anIdleHolding(), aHolding({ active: 0, idleFor: MINUTE_MS })])).toBe('Quiet');
    // Half of the devices of a holding are known: enough for its share of time active, and too few to call it quiet.
    expect(useOf([aHolding({ active: 0, idleFor: undefined })])).toBe('Unknown');
  });
});

test('a policy that waits longer, or for less work, does not go by what was found by another', () => {
  const { usage } = BUILT_IN_POLICY;
  const asking = (idle: Partial<UsagePolicy['idle']>) => ({ ...usage, idle: { ...usage.idle, ...idle } });
  expect(asksForNoMore(usage, usage)).toBe(true);
  expect(asksForNoMore(asking({ for: usage.idle.for - 1 }), usage)).toBe(true);
  expect(asksForNoMore(asking({ for: usage.idle.for + 1 }), usage)).toBe(false);
  expect(asksForNoMore(asking({ below: usage.idle.below / 2 }), usage)).toBe(false);
});
