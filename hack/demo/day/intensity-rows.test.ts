import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readIntensityFile } from '../../../operator/adapters/carbon/file/intensity-file.ts';
import { between, timeAt, type DemoDay } from './demo-day.ts';
import { csvOf, Grid, intensityRows } from './intensity-rows.ts';
import { shapeAt } from './intensity-shapes.ts';

const day: DemoDay = { midnight: Date.parse('2026-11-22T10:00:00Z'), hour: 3_000 };
const rows = intensityRows(day);
const grid = new Grid(rows);

describe('the file of intensities', () => {
  test('is read by the operator with the very figures that the demo counts by', () => {
    const { zones } = readIntensityFile(csvOf(rows), 'csv');
    expect([...zones.keys()].sort()).toEqual(['DE', 'FR', 'PL', 'SE-SE3']);
    for (const [zone, signals] of zones) {
      const samples = signals.get('Average')?.samples ?? [];
      expect(samples).toEqual(
        rows.filter((row) => row.zone === zone).map(({ zone: _, ...sample }) => ({ ...sample, estimated: false })),
      );
    }
  });

  test('covers two days without a gap', () => {
    for (const zone of ['DE', 'FR', 'PL', 'SE-SE3']) {
      expect(grid.mean(zone, between(day, 0, 48))).toBeGreaterThan(0);
    }
  });

  test('has a dip at noon in Germany, dirty power in Poland and clean power in Sweden', () => {
    expect(grid.mean('DE', between(day, 12, 14))).toBeLessThan(0.8 * grid.mean('DE', between(day, 4, 6)));
    expect(grid.mean('PL', between(day, 0, 24))).toBeGreaterThan(600);
    expect(grid.mean('SE-SE3', between(day, 0, 24))).toBeLessThan(40);
  });
});

describe('the grid', () => {
  test('adds up: a stretch emits what its parts emit', () => {
    const hour = fc.double({ min: 0, max: 40, noNaN: true });
    fc.assert(
      fc.property(hour, hour, hour, (...hours) => {
        const [from = 0, middle = 0, until = 0] = hours.toSorted((a, b) => a - b);
        const whole = grid.integral('DE', between(day, from, until));
        const parts =
          grid.integral('DE', between(day, from, middle)) + grid.integral('DE', between(day, middle, until));
        expect(parts).toBeCloseTo(whole, 9);
      }),
    );
  });

  test('knows the figure of an instant', () => {
    expect(grid.at('PL', timeAt(day, 12))).toBeCloseTo(shapeAt('PL', 12 + 1 / 6), 0);
  });

  test('does not guess beyond its rows', () => {
    expect(() => grid.integral('DE', between(day, 47, 49))).toThrow('the grid of DE is not known from');
    expect(() => grid.integral('XX', between(day, 1, 2))).toThrow('the grid of XX is not known');
  });
});

test('a zone without a shape is refused by name', () => {
  expect(() => shapeAt('XX', 3)).toThrow('no intensity of zone "XX"');
});
