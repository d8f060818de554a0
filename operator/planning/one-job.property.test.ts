import { describe, test } from '@jest/globals';
import fc from 'fast-check';
import { ONE_JOB_PROPERTIES } from '../../test/properties/one-job.ts';

describe('a job alone', () => {
  test.each(ONE_JOB_PROPERTIES)('$claim', ({ property, runs }) => {
    fc.assert(property, { numRuns: runs, endOnFailure: true });
  });
});
