import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hours, MIDNIGHT } from '../../test/builders/planning.ts';
import { aKilowattJob, aScenario } from '../../test/builders/simulation.ts';
import type { PlannableJob } from '../domain/job.ts';
import type { LengthBelief } from '../domain/length/length-belief.ts';
import { HOUR_MS, MINUTE_MS } from '../domain/units.ts';
import { lengthAsPlanned } from '../planning/unknown-length/planned-work.ts';
import { replay } from './replay.ts';
import { worldOf } from './world.ts';

const PAUSABLE = { minimumRun: 0, restartOverhead: 0, maxPauses: 9 };

/** Half of the jobs take an hour, a quarter two, the others four. */
const DOUBTFUL: LengthBelief = {
  points: [
    { work: hours(1), share: 0.5 },
    { work: hours(2), share: 0.25 },
    { work: hours(4), share: 0 },
  ],
  mayWait: hours(6),
};

function asked(overrides: Partial<PlannableJob> = {}): PlannableJob {
  const limits = { createdAt: MIDNIGHT, deadline: Infinity, least: MINUTE_MS };
  return aKilowattJob({
    ...{ home: 'DE', lengthBelief: DOUBTFUL, ...lengthAsPlanned(DOUBTFUL, 0, limits) },
    ...overrides,
  });
}

describe('a job whose length nobody knows', () => {
  test('never waits longer than it may, however long it takes', () => {
    const figures = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 60, maxLength: 60 });
    const minutes = fc.integer({ min: 10, max: 9 * 60 });
    const interruptible = fc.constantFrom(undefined, PAUSABLE, {
      minimumRun: 30 * MINUTE_MS,
      restartOverhead: 10 * MINUTE_MS,
      maxPauses: 3,
    });
    fc.assert(
      fc.property(figures, minutes, interruptible, (some, length, pausable) => {
        const world = worldOf({ ...aScenario({ DE: some }), slot: 30 * MINUTE_MS });
        const job = asked({ interruptible: pausable });
        const [outcome] = replay(world, [{ asked: job, work: length * MINUTE_MS }], { every: HOUR_MS });
        expect(outcome?.late).toBe(false);
        expect(outcome?.finishesAt).toBeLessThanOrEqual(MIDNIGHT + length * MINUTE_MS + hours(6) + 1);
      }),
      { numRuns: 60 },
    );
  });

  test('goes on past what it is planned for, and pauses again where that is worth it', () => {
    const figures = [100, 900, 100, 900, 900, 100, 100, ...Array.from({ length: 30 }, () => 500)];
    const job = asked({ interruptible: PAUSABLE });
    const [outcome] = replay(worldOf(aScenario({ DE: figures })), [{ asked: job, work: hours(7) }], { every: HOUR_MS });
    const windows = outcome?.runs.map(({ startsAt, endsAt }) =>
      [startsAt, endsAt].map((at) => (at - MIDNIGHT) / HOUR_MS),
    );
    expect(windows).toEqual([
      [0, 1],
      [2, 3],
      [5, 10],
    ]);
  });
});
