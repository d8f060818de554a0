import { describe, expect, test } from '@jest/globals';
import { aHolding, anIdleHolding, aWaste, HELD_SINCE } from '../../../test/builders/holding.ts';
import type { Holding } from '../../domain/usage/assessment.ts';
import { MINUTE_MS } from '../../domain/units.ts';
import { areKnown, holdingsByJob, idleDevicesOf } from './idle-jobs.ts';

const workload = {
  namespace: 'research',
  apiVersion: 'sunward.dev/v1alpha1',
  kind: 'CarbonAwareJob',
  name: 'train',
  uid: 'u',
};
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
    expect(idleDevicesOf([anIdleHolding(), anIdleHolding({ waste: later })], 'Pause')).toEqual({
      since: HELD_SINCE + MINUTE_MS,
      message: '8 H100 have done nothing for 40 min; 8 A100 have done nothing for 39 min',
      action: 'Pause',
    });
  });

  test.each([
    ['works in part', aHolding()],
    ['is not known in part', aHolding({ active: undefined })],
    ['wastes something else', aHolding({ waste: aWaste({ class: 'Oversized' }) })],
  ])('is not idle where it %s', (_, other) => {
    expect(idleDevicesOf([anIdleHolding(), other], 'Pause')).toBeUndefined();
  });

  test('that holds nothing is neither idle nor known', () => {
    expect(idleDevicesOf([], 'Pause')).toBeUndefined();
    expect(areKnown([])).toBe(false);
  });

  test('is known where all of it is', () => {
    expect(areKnown([aHolding(), anIdleHolding()])).toBe(true);
    expect(areKnown([aHolding(), aHolding({ active: undefined })])).toBe(false);
  });
});
