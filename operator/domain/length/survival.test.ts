import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HOUR_MS } from '../units.ts';
import type { LengthBelief } from './length-belief.ts';
import { expectedWork, farthest, meanShare, shareAfter, survivalFrom, workUntil } from './survival.ts';

const HALF_AFTER_TWO_HOURS: LengthBelief = {
  points: [
    { work: 2 * HOUR_MS, share: 0.5 },
    { work: 6 * HOUR_MS, share: 0 },
  ],
  mayWait: undefined,
};

describe('how much work a job has left', () => {
  test('is what the belief says, for a job that has just begun', () => {
    const survival = survivalFrom(HALF_AFTER_TWO_HOURS, 0);
    expect([0, 1, 2, 5, 6].map((hours) => shareAfter(survival, hours * HOUR_MS))).toEqual([1, 1, 0.5, 0.5, 0]);
    expect(expectedWork(survival, 6 * HOUR_MS)).toBe(4 * HOUR_MS);
    expect(meanShare(survival, HOUR_MS, 3 * HOUR_MS)).toBe(0.75);
    expect(farthest(survival)).toBe(6 * HOUR_MS);
  });

  test('counts only the jobs that got so far', () => {
    const survival = survivalFrom(HALF_AFTER_TWO_HOURS, 3 * HOUR_MS);
    expect(shareAfter(survival, 0)).toBe(1);
    expect(expectedWork(survival, 9 * HOUR_MS)).toBe(3 * HOUR_MS);
  });

  test('grows with the time that a job has outlived everything known', () => {
    const after = (hours: number) => survivalFrom(HALF_AFTER_TWO_HOURS, hours * HOUR_MS);
    for (const hours of [8, 16, 40]) {
      // Of those that got so far, a quarter gets twice as far; in steps of a tenth.
      const twice = 1 + workUntil(after(hours), 0.25) / (hours * HOUR_MS);
      expect(twice).toBeGreaterThan(1.8);
      expect(twice).toBeLessThan(2.3);
    }
    expect(8 * HOUR_MS + workUntil(after(8), 0.1)).toBeCloseTo(8.1 * HOUR_MS + workUntil(after(8.1), 0.1), 3);
    expect(farthest(after(100))).toBe(48 * HOUR_MS);
  });

  test('falls off behind the last point where some jobs outlive that', () => {
    const survival = survivalFrom({ points: [{ work: HOUR_MS, share: 0.4 }], mayWait: undefined }, 0);
    expect(shareAfter(survival, HOUR_MS)).toBe(0.4);
    expect(shareAfter(survival, 2 * HOUR_MS)).toBeGreaterThan(0.09);
    expect(shareAfter(survival, 2 * HOUR_MS)).toBeLessThan(0.13);
  });

  test('is reached by as many jobs as its quantile says', () => {
    const survival = survivalFrom(HALF_AFTER_TWO_HOURS, 0);
    expect([1, 0.6, 0.5, 0.1].map((share) => workUntil(survival, share) / HOUR_MS)).toEqual([0, 2, 2, 6]);
  });

  test('never rises, whatever is believed and has been done', () => {
    const points = fc
      .array(fc.tuple(fc.integer({ min: 1, max: 200 }), fc.double({ min: 0, max: 1, noNaN: true })), { maxLength: 6 })
      .map((some) => {
        const works = some.map(([work]) => work * 0.1 * HOUR_MS).sort((a, b) => a - b);
        const shares = some.map(([, share]) => share).sort((a, b) => b - a);
        return works.map((work, i) => ({ work, share: shares[i] ?? 0 }));
      });
    fc.assert(
      fc.property(points, fc.integer({ min: 0, max: 300 }), (some, tenths) => {
        const { ends, shares, integral } = survivalFrom({ points: some, mayWait: undefined }, tenths * 0.1 * HOUR_MS);
        expect(shares[0]).toBe(1);
        expect(shares.every((share, i) => share > 0 && share <= (shares[i - 1] ?? 1) + 1e-12)).toBe(true);
        expect(ends.every((end, i) => end > (ends[i - 1] ?? 0))).toBe(true);
        expect(integral.at(-1) ?? 0).toBeLessThanOrEqual((ends.at(-1) ?? 0) + 1e-6);
      }),
    );
  });
});
