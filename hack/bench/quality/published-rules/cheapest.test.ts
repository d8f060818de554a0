import { expect, test } from '@jest/globals';
import { SlotSums } from '../data/series.ts';
import { cheapestSlots, cheapestStart } from './cheapest.ts';

test('the cheapest slots are the earlier ones of those that cost the same', () => {
  expect(cheapestSlots(Float64Array.of(5, 3, 3, 9, 3), { from: 0, until: 5 }, 2)).toEqual([1, 2]);
});

test('the cheapest start is the first of those that cost the same, where all of the run is known', () => {
  const sums = new SlotSums({ startsAt: 0, slot: 1, figures: Float64Array.of(1, NaN, 1, 5, 1, 5) });
  expect(cheapestStart(sums, { from: 0, until: 6 }, 2)).toBe(2);
  expect(cheapestStart(sums, { from: 0, until: 3 }, 2)).toBeUndefined();
});
