import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { atHour, hours, series } from '../../../../test/builders/planning.ts';
import { MINUTE_MS } from '../../../../operator/domain/units.ts';
import { HourlyCosts } from './hourly-costs.ts';

const costsOf = (figures: readonly (number | undefined)[]) => new HourlyCosts(series(figures).samples);

describe('what a job of known length costs at least', () => {
  test('are its cheapest moments, where it may pause', () => {
    const costs = costsOf([300, 100, 200, 50, 400]);
    const job = { arrivesAt: atHour(0.5), length: hours(2), mayWait: hours(2) };
    expect(costs.leastInPieces(job)).toBe(50 + 100);
    expect(costs.leastInOnePiece(job)).toBe(200 + 50);
  });

  test('in one piece is found among all starts', () => {
    const minutes = (most: number) => fc.integer({ min: 1, max: most });
    const figures = fc.array(minutes(20), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(figures, minutes(120), minutes(240), minutes(300), (some, arrives, length, wait) => {
        const costs = costsOf(some);
        const job = { arrivesAt: atHour(arrives / 60), length: length * MINUTE_MS, mayWait: wait * MINUTE_MS };
        const inOnePiece = costs.leastInOnePiece(job);
        for (let minute = 0; minute <= wait; minute++) {
          const startsAt = job.arrivesAt + minute * MINUTE_MS;
          const run = { arrivesAt: startsAt, length: job.length, mayWait: 0 };
          expect(inOnePiece).toBeLessThanOrEqual(costs.leastInPieces(run) + 1e-6);
        }
        expect(costs.leastInPieces(job)).toBeLessThanOrEqual(inOnePiece + 1e-6);
        expect(costs.leastInPieces(job)).toBeLessThanOrEqual(costs.byThreshold(job) + 1e-6);
      }),
    );
  });

  test('is unknown in gaps', () => {
    const costs = costsOf([1, undefined, 1]);
    expect(costs.areKnown(atHour(0), atHour(1))).toBe(true);
    expect(costs.areKnown(atHour(0), atHour(1.5))).toBe(false);
    expect(costs.areKnown(atHour(2.5), atHour(3))).toBe(true);
    expect(costs.areKnown(atHour(2), atHour(3.5))).toBe(false);
  });
});

test("Ecovisor's rule runs in the cleanest part of the day, and when the wait is used up", () => {
  // Hours 0, 1, 2, 3, 8, 14 and 20 are below the quantile, which is that of hour 4.
  const costs = costsOf(Array.from({ length: 30 }, (_, hour) => (hour % 6 === 2 ? 10 : 100 + hour)));
  const job = { arrivesAt: atHour(0), length: hours(5) };
  expect(costs.byThreshold({ ...job, mayWait: hours(12) })).toBe(100 + 101 + 10 + 103 + 10);
  expect(costs.byThreshold({ ...job, mayWait: hours(2) })).toBe(100 + 101 + 10 + 103 + 106);
});
