import { describe, test } from '@jest/globals';
import fc from 'fast-check';
import { MANY_JOBS_PROPERTIES } from '../../test/properties/many-jobs.ts';
import { SNAPSHOT_PROPERTIES } from '../../test/properties/snapshots.ts';

describe('many jobs', () => {
  test.each([...SNAPSHOT_PROPERTIES, ...MANY_JOBS_PROPERTIES])('$claim', ({ property, runs }) => {
    fc.assert(property, { numRuns: runs, endOnFailure: true });
  });
});
