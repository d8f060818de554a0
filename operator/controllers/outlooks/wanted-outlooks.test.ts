import { expect, test } from '@jest/globals';
import { BUILT_IN_POLICY } from '../../api/v1alpha1/defaults.ts';
import { wantedOutlooks } from './wanted-outlooks.ts';

test('wanted are all zones by the average, and by the other signal where a policy plans with it', () => {
  expect(wantedOutlooks(['DE', 'PL', 'DE'], [BUILT_IN_POLICY])).toEqual([
    { zone: 'DE', signal: 'Average' },
    { zone: 'PL', signal: 'Average' },
  ]);
  expect(wantedOutlooks(['DE'], [{ ...BUILT_IN_POLICY, signal: 'Marginal' }])).toEqual([
    { zone: 'DE', signal: 'Average' },
    { zone: 'DE', signal: 'Marginal' },
  ]);
});
