import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { expectedWork, farthest, survivalFrom, workUntil } from '../../domain/length/survival.ts';
import type { SurvivalPoint } from '../../domain/length/length-belief.ts';
import { HOUR_MS } from '../../domain/units.ts';
import { lengthLearnt } from './length-learnt.ts';
import { lengthPrior } from './length-prior.ts';

const survivalOf = (points: readonly SurvivalPoint[]) => survivalFrom({ points, mayWait: undefined }, 0);

describe('a job that nobody has seen the like of', () => {
  test('takes half of the time that it may wait, as far as one can expect', () => {
    const survival = survivalOf(lengthPrior(6 * HOUR_MS));
    const mean = expectedWork(survival, farthest(survival)) / HOUR_MS;
    expect(mean).toBeGreaterThan(2.5);
    expect(mean).toBeLessThan(3.2);
    expect(workUntil(survival, 0.5) / HOUR_MS).toBeCloseTo(1.25, 0);
  });

  test('is believed to be something even where it may not wait at all', () => {
    expect(workUntil(survivalOf(lengthPrior(0)), 0.1)).toBeGreaterThan(0);
  });
});

describe('a job like others that are done', () => {
  const prior = lengthPrior(12 * HOUR_MS);

  test('is believed to take what they took, the more the more of them there are', () => {
    const planned = (runs: number) =>
      workUntil(
        survivalOf(
          lengthLearnt(
            Array.from({ length: runs }, () => 3 * HOUR_MS),
            prior,
            1,
          ),
        ),
        0.1,
      ) / HOUR_MS;
    expect(planned(0)).toBeGreaterThan(10);
    expect(planned(1)).toBeLessThan(planned(0));
    expect(planned(10)).toBe(3);
    expect(planned(1_000)).toBe(3);
  });

  test('has their quantiles', () => {
    const works = Array.from({ length: 1_000 }, (_, i) => ((i + 1) / 100) * HOUR_MS);
    const survival = survivalOf(lengthLearnt(works, prior, 1));
    for (const share of [0.9, 0.5, 0.1]) {
      expect(Math.abs(workUntil(survival, share) / HOUR_MS - 10 * (1 - share))).toBeLessThan(0.3);
    }
  });

  test('is never believed to end for sure, and shares never rise', () => {
    const works = fc.array(fc.integer({ min: 1, max: 2_000 }), { maxLength: 200 });
    fc.assert(
      fc.property(works, fc.integer({ min: 1, max: 20 }), (minutes, priorRuns) => {
        const points = lengthLearnt(
          minutes.map((one) => one * 60_000),
          prior,
          priorRuns,
        );
        expect(points.every(({ share }, i) => share > 0 && share <= (points[i - 1]?.share ?? 1) + 1e-12)).toBe(true);
        expect(points.every(({ work }, i) => work > (points[i - 1]?.work ?? 0))).toBe(true);
      }),
    );
  });
});
