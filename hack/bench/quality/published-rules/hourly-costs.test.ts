import { expect, test } from '@jest/globals';
import { atHour, hours, series } from '../../../../test/builders/planning.ts';
import { HourlyCosts } from './hourly-costs.ts';

const costsOf = (figures: readonly (number | undefined)[]) => new HourlyCosts(series(figures).samples);

test('an hour is unknown in gaps', () => {
  const costs = costsOf([1, undefined, 1]);
  expect(costs.areKnown(atHour(0), atHour(1))).toBe(true);
  expect(costs.areKnown(atHour(0), atHour(1.5))).toBe(false);
  expect(costs.areKnown(atHour(2.5), atHour(3))).toBe(true);
  expect(costs.areKnown(atHour(2), atHour(3.5))).toBe(false);
});

test("Ecovisor's rule runs in the cleanest part of the day, and when the wait is used up", () => {
  // Hours 0, 1, 2, 3, 8, 14 and 20 are below the quantile, which is that of hour 4.
  const costs = costsOf(Array.from({ length: 30 }, (_, hour) => (hour % 6 === 2 ? 10 : 100 + hour)));
  const job = { arrivesAt: atHour(0), length: hours(5) };
  expect(costs.byThreshold({ ...job, mayWait: hours(12) })).toBe(100 + 101 + 10 + 103 + 10);
  expect(costs.byThreshold({ ...job, mayWait: hours(2) })).toBe(100 + 101 + 10 + 103 + 106);
});
