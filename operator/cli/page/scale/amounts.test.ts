import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { TimelineBlock } from '../page.ts';
import { amountTicks, commonScale, rangeOf, shareOf, timelineScale } from './amounts.ts';

describe('a scale of amounts', () => {
  test('begins at zero, and reaches below only for what is negative', () => {
    expect(commonScale([{ lowest: 38, highest: 412 }, undefined])).toEqual({ from: 0, to: 412 });
    expect(commonScale([{ lowest: -7, highest: 40 }])).toEqual({ from: -7, to: 40 });
    expect(commonScale([{ lowest: -7, highest: -3 }])).toEqual({ from: -7, to: 0 });
  });

  test('has a height also where there is nothing to draw', () => {
    expect(commonScale([])).toEqual({ from: 0, to: 1 });
    expect(commonScale([{ lowest: 0, highest: 0 }])).toEqual({ from: 0, to: 1 });
  });

  test('places every amount between its ends', () => {
    const scale = { from: -10, to: 30 };
    expect([-20, -10, 0, 30, 31].map((amount) => shareOf(amount, scale))).toEqual([0, 0, 0.25, 1, 1]);
  });

  test('knows no range of what is no number', () => {
    expect(rangeOf([NaN, Infinity])).toBeUndefined();
    expect(rangeOf([3, NaN, -1])).toEqual({ lowest: -1, highest: 3 });
  });
});

describe('the scale of a timeline', () => {
  test('is common to its strips and leaves out what lies outside of its span', () => {
    const block: TimelineBlock = {
      kind: 'timeline',
      span: { startsAt: 100, endsAt: 200 },
      unit: 'g/kWh',
      marks: [],
      strips: [
        {
          label: 'a',
          windows: [],
          figures: [
            { startsAt: 0, endsAt: 100, value: 900 },
            { startsAt: 100, endsAt: 200, value: 40 },
          ],
        },
        { label: 'b', windows: [], figures: [{ startsAt: 150, endsAt: 250, value: 7 }] },
        { label: 'c', windows: [], figures: [] },
      ],
    };
    expect(timelineScale(block)).toEqual({
      ranges: [{ lowest: 40, highest: 40 }, { lowest: 7, highest: 7 }, undefined],
      scale: { from: 0, to: 40 },
    });
  });
});

describe('the ticks of amounts', () => {
  test('are round', () => {
    expect(amountTicks({ from: 0, to: 482 }, 3)).toEqual([0, 200, 400]);
    expect(amountTicks({ from: -20, to: 99.8 }, 3)).toEqual([0, 50]);
    expect(amountTicks({ from: 0, to: 0.07 }, 3).map((tick) => tick.toFixed(2))).toEqual(['0.00', '0.05']);
  });

  test('lie on the scale, one or more and not too many', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 0, noNaN: true }),
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        (from, to) => {
          const ticks = amountTicks({ from, to }, 3);
          expect(ticks.length).toBeGreaterThan(0);
          expect(ticks.length).toBeLessThanOrEqual(4);
          for (const tick of ticks) {
            expect(tick).toBeGreaterThanOrEqual(from - 1e-9);
            expect(tick).toBeLessThanOrEqual(to + 1e-9);
          }
        },
      ),
    );
  });
});
