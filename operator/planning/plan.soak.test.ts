import { describe, test } from '@jest/globals';
import fc from 'fast-check';
import { MANY_JOBS_PROPERTIES } from '../../test/properties/many-jobs.ts';
import { ONE_JOB_PROPERTIES } from '../../test/properties/one-job.ts';
import { SNAPSHOT_PROPERTIES } from '../../test/properties/snapshots.ts';

const TIMES = 50;

describe('whatever the snapshot, for long', () => {
  test.each([...SNAPSHOT_PROPERTIES, ...ONE_JOB_PROPERTIES, ...MANY_JOBS_PROPERTIES])(
    '$claim',
    ({ property, runs }) => {
      fc.assert(property, { numRuns: TIMES * runs, interruptAfterTimeLimit: 600_000 });
    },
  );
});
