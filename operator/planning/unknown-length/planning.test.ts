import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { aPlannableJob, aPool, aSite, aSnapshot, atHour, hours, MIDNIGHT } from '../../../test/builders/planning.ts';
import type { Decision } from '../../domain/decision.ts';
import type { PlannableJob } from '../../domain/job.ts';
import type { LengthBelief } from '../../domain/length/length-belief.ts';
import { HOUR_MS, MINUTE_MS } from '../../domain/units.ts';
import { plan } from '../plan.ts';
import { lengthAsPlanned } from './planned-work.ts';

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

/** A job as the planner is told of it that has done some work. */
function unknown(belief: LengthBelief, overrides: Partial<PlannableJob> = {}, done = 0): PlannableJob {
  const asked = { createdAt: MIDNIGHT, deadline: atHour(24), least: MINUTE_MS };
  return aPlannableJob({ lengthBelief: belief, ...lengthAsPlanned(belief, done, asked), ...overrides });
}

function decide(job: PlannableJob, figures: readonly number[], now = MIDNIGHT): Decision | undefined {
  const tuning = { hysteresisShare: 0, pauseGainShare: 0, indifferenceShare: 0, maxAlternatives: 3 };
  const snapshot = aSnapshot({ now, sites: [aSite('here', figures)], jobs: [job], tuning });
  return plan(snapshot).decisions.get(job.key);
}

const windowsOf = (decision: Decision | undefined): number[][] | undefined =>
  decision?.chosen?.windows.map(({ startsAt, endsAt }) => [startsAt, endsAt].map((at) => (at - MIDNIGHT) / HOUR_MS));

describe('a job that nobody knows the length of', () => {
  test('is planned for the length that nine of ten do not exceed, and its deadline moves with it', () => {
    const asked = { createdAt: MIDNIGHT, deadline: atHour(24), least: MINUTE_MS };
    expect(lengthAsPlanned(DOUBTFUL, 0, asked)).toEqual({
      remainingWork: hours(4),
      totalWork: hours(4),
      deadline: atHour(10),
    });
    const outlived = lengthAsPlanned(DOUBTFUL, hours(5), asked);
    expect(outlived.deadline).toBe(MIDNIGHT + outlived.totalWork + hours(6));
    expect(outlived.remainingWork).toBeGreaterThan(hours(5));
    expect(lengthAsPlanned({ ...DOUBTFUL, mayWait: undefined }, hours(5), asked).deadline).toBe(atHour(24));
  });

  test('uses what can be expected, not what it is planned for', () => {
    const figures = Array.from({ length: 24 }, () => 100);
    const decision = decide(unknown(DOUBTFUL), figures);
    // One hour for sure, another with one half, two more with one quarter.
    expect(decision?.chosen?.expected).toMatchObject({ energy: 2, carbon: { grams: 200 }, finishesAt: atHour(4) });
    expect(decision?.baseline).toMatchObject({ energy: 2, carbon: { grams: 200 } });
  });

  test('starts where the first hours are clean, which are sure to come', () => {
    const figures = [300, 40, 160, 160, 160, 110, 110, 110, 110, 300, ...Array.from({ length: 14 }, () => 300)];
    expect(windowsOf(decide(unknown(DOUBTFUL), figures))).toEqual([[1, 5]]);
    const known = aPlannableJob({ remainingWork: hours(4), totalWork: hours(4), deadline: atHour(10) });
    expect(windowsOf(decide(known, figures))).toEqual([[5, 9]]);
  });

  test('pauses where that can be expected to save something, and goes on where it has', () => {
    const figures = [100, 900, 120, 120, 120, 900, 900, 900, 900, 900, ...Array.from({ length: 14 }, () => 900)];
    const pausable = { interruptible: PAUSABLE };
    expect(windowsOf(decide(unknown(DOUBTFUL, pausable), figures))).toEqual([
      [0, 1],
      [2, 5],
    ]);
    const current = { site: 'here', product: aPool().product, windows: [{ startsAt: MIDNIGHT, endsAt: atHour(1) }] };
    const running = unknown(DOUBTFUL, { ...pausable, phase: 'Running', current }, hours(1));
    expect(windowsOf(decide(running, figures, atHour(1)))).toEqual([[2, 5]]);
  });

  test('is planned as one whose length was told, where there is no doubt', () => {
    const figures = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 24, maxLength: 24 });
    const interruptible = fc.constantFrom(undefined, PAUSABLE);
    fc.assert(
      fc.property(figures, fc.integer({ min: 1, max: 6 }), interruptible, (some, length, pausable) => {
        const sure = { points: [{ work: hours(length), share: 0 }], mayWait: hours(8) };
        const job = unknown(sure, { interruptible: pausable });
        const { lengthBelief: _, ...told } = job;
        const [a, b] = [decide(job, some), decide(told, some)];
        expect(a?.chosen?.expected.carbon?.grams).toBeCloseTo(b?.chosen?.expected.carbon?.grams ?? NaN, 6);
        expect(a?.chosen?.expected.energy).toBeCloseTo(b?.chosen?.expected.energy ?? NaN, 9);
        expect(a?.baseline?.carbon?.grams).toBeCloseTo(b?.baseline?.carbon?.grams ?? NaN, 6);
      }),
      { numRuns: 60 },
    );
  });
});
