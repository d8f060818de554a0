import { expect, test } from '@jest/globals';
import { judgeRenewals } from './lease-renewals.ts';

test('a renewal is late by what it came after its period', () => {
  expect(judgeRenewals([0, 2_000, 4_300, 6_300], 2_000)).toEqual({ renewals: 3, latestBy: 300, late: 0 });
});

test('a renewal that left out a whole period counts as late', () => {
  expect(judgeRenewals([0, 2_000, 6_500], 2_000)).toEqual({ renewals: 2, latestBy: 2_500, late: 1 });
});

test('renewals that came early are late by nothing', () => {
  expect(judgeRenewals([0, 1_900, 3_800], 2_000)).toEqual({ renewals: 2, latestBy: 0, late: 0 });
});

test('one write is no renewal', () => {
  expect(judgeRenewals([0], 2_000)).toEqual({ renewals: 0, latestBy: 0, late: 0 });
});
