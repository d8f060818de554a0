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
  moveOverhead: 0,
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

  test('is nothing in a run that ended idle, for nobody knows how much of it was work', () => {
    const attempts = [ran(1, HOUR_MS, { reason: 'Idle' }), ran(2, HOUR_MS)];
    expect(completedWork(aBasis({ attempts }), atHour(9))).toBe(HOUR_MS - 5 * MINUTE_MS);
  });

  test('goes by the speed of the accelerator', () => {
    const attempts = [ran(1, HOUR_MS, { product: 'A100' })];
    const accelerators = [{ product: 'A100', speed: 0.5 }];
    expect(completedWork(aBasis({ attempts, accelerators }), atHour(9))).toBe(HOUR_MS / 2);
  });

  test('goes by what reading its data took off that speed', () => {
    const attempts = [ran(1, 90 * MINUTE_MS, { slowdown: 0.5 })];
    expect(completedWork(aBasis({ attempts }), atHour(9))).toBeCloseTo(HOUR_MS, 6);
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

  test('loses the time of a move as well where it was resumed at another site', () => {
    const attempts = [ran(1, HOUR_MS), ran(2, HOUR_MS, { site: 'south' }), ran(3, HOUR_MS, { site: 'south' })];
    const moveOverhead = 20 * MINUTE_MS;
    expect(completedWork(aBasis({ attempts, moveOverhead }), atHour(9))).toBe(3 * HOUR_MS - 30 * MINUTE_MS);
  });

  test('loses nothing by a start elsewhere that never ran', () => {
    const attempts = [ran(1, HOUR_MS), ran(2, 0, { site: 'south', reason: 'Unschedulable' }), ran(3, HOUR_MS)];
    const moveOverhead = 20 * MINUTE_MS;
    expect(completedWork(aBasis({ attempts, moveOverhead }), atHour(9))).toBe(2 * HOUR_MS - 5 * MINUTE_MS);
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
    const run = fc.record({
      ms: fc.integer({ min: 0, max: 4 * HOUR_MS }),
      site: fc.constantFrom('north', 'south'),
    });
    const runs = fc.array(run, { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(runs, fc.integer({ min: 1, max: 40 }), (times, most) => {
        // The first one does more than a move takes, so that there is work to take it off.
        const attempts = times.map(({ ms, site }, i) => ran(i + 1, i === 0 ? ms + HOUR_MS : ms, { site }));
        const basis = aBasis({ attempts, moveOverhead: 20 * MINUTE_MS });
        const short = { ...basis, ...listed(basis, most) };
        expect(short.attempts.length).toBeLessThanOrEqual(most);
        expect(completedWork(short, atHour(99))).toBeCloseTo(completedWork(basis, atHour(99)), 3);
      }),
    );
  });
});
