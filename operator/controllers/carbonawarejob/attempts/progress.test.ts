import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HOUR_MS, MINUTE_MS } from '../../../domain/units.ts';
import { anAttempt } from '../../../../test/builders/job-view.ts';
import { atHour, H100 } from '../../../../test/builders/planning.ts';
import type { Attempt } from './attempts.ts';
import { completedWork, hasRun, listed, type ProgressBasis } from './progress.ts';

const aBasis = (overrides: Partial<ProgressBasis> = {}): ProgressBasis => ({
  attempts: [],
  unlistedWork: 0,
  accelerators: [{ product: H100, speed: 1 }],
  restartOverhead: 5 * MINUTE_MS,
  runningSince: undefined,
  ...overrides,
});
const ran = (number: number, ms: number, overrides: Partial<Attempt> = {}): Attempt =>
  anAttempt({
    number,
    startedAt: atHour(number),
    endedAt: atHour(number) + ms,
    ran: ms,
    reason: 'Paused',
    ...overrides,
  });

describe('the work that a job has done', () => {
  test('is the time that its pods ran, less the overhead of every resume', () => {
    const attempts = [ran(1, HOUR_MS), ran(2, HOUR_MS), ran(3, HOUR_MS)];
    expect(completedWork(aBasis({ attempts }), atHour(9))).toBe(3 * HOUR_MS - 10 * MINUTE_MS);
  });

  test('goes by the speed of the accelerator', () => {
    const attempts = [ran(1, HOUR_MS, { product: 'A100' })];
    const accelerators = [{ product: 'A100', speed: 0.5 }];
    expect(completedWork(aBasis({ attempts, accelerators }), atHour(9))).toBe(HOUR_MS / 2);
  });

  test('grows while its pods run, not while they wait for nodes', () => {
    const attempts = [anAttempt({ startedAt: atHour(0) })];
    expect(completedWork(aBasis({ attempts, runningSince: atHour(1) }), atHour(3))).toBe(2 * HOUR_MS);
    expect(completedWork(aBasis({ attempts }), atHour(3))).toBe(0);
  });

  test('is nothing for a resume that was shorter than its overhead', () => {
    const attempts = [ran(1, HOUR_MS), ran(2, MINUTE_MS)];
    expect(completedWork(aBasis({ attempts }), atHour(9))).toBe(HOUR_MS);
  });

  test('has no overhead for a first start that never ran', () => {
    const attempts = [ran(1, 0, { reason: 'Unschedulable' }), ran(2, HOUR_MS)];
    expect(completedWork(aBasis({ attempts }), atHour(9))).toBe(HOUR_MS);
    expect(hasRun(attempts.slice(0, 1))).toBe(false);
    expect(hasRun(attempts)).toBe(true);
  });

  test('takes the length of an attempt whose run was not recorded', () => {
    const { ran: _, ...attempt } = ran(1, HOUR_MS);
    expect(completedWork(aBasis({ attempts: [attempt] }), atHour(9))).toBe(HOUR_MS);
  });

  test('is the same however many attempts are listed', () => {
    const runs = fc.array(fc.integer({ min: 0, max: 4 * HOUR_MS }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(runs, fc.integer({ min: 1, max: 40 }), (times, most) => {
        const basis = aBasis({ attempts: times.map((ms, i) => ran(i + 1, i === 0 ? ms + 1 : ms)) });
        const short = { ...basis, ...listed(basis, most) };
        expect(short.attempts.length).toBeLessThanOrEqual(most);
        expect(completedWork(short, atHour(99))).toBeCloseTo(completedWork(basis, atHour(99)), 3);
      }),
    );
  });
});
