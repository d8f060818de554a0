import { describe, test } from '@jest/globals';
import fc from 'fast-check';
import { PLAN_PROPERTIES } from '../../test/properties/plan.ts';

describe('whatever the snapshot, for long', () => {
  test.each(PLAN_PROPERTIES)('$claim', ({ property }) => {
    fc.assert(property as fc.IProperty<unknown>, { numRuns: 5_000, interruptAfterTimeLimit: 600_000 });
  });
});
