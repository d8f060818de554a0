import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { overlapOf, type Interval } from '../../../domain/interval.ts';
import { columnInterval, columnMeans, columnOf, runColumns, type TimeColumns } from './time-columns.ts';

const axis: TimeColumns = { span: { startsAt: 1_000, endsAt: 2_000 }, columns: 10 };
const from = (startsAt: number, endsAt: number): Interval => ({ startsAt, endsAt });
const drawn = (windows: readonly Interval[]): string => {
  return runColumns(axis, windows)
    .map((runs) => (runs ? '━' : '·'))
    .join('');
};

describe('columns of time', () => {
  test('hold the instants of their time, the last one the very end as well', () => {
    expect([999, 1_000, 1_099, 1_100, 1_999, 2_000, 2_001].map((instant) => columnOf(axis, instant))).toEqual([
      ...[undefined, 0, 0, 1, 9, 9, undefined],
    ]);
  });

  test('stand even where a span has no length', () => {
    expect(columnOf({ span: from(5, 5), columns: 3 }, 5)).toBe(0);
    expect(columnMeans({ span: from(5, 5), columns: 2 }, [{ ...from(0, 9), value: 1 }])).toEqual([
      undefined,
      undefined,
    ]);
  });
});

describe('the means of columns', () => {
  test('weigh figures with their time', () => {
    const figures = [
      { ...from(900, 1_025), value: 100 },
      { ...from(1_025, 1_100), value: 20 },
      { ...from(1_100, 1_200), value: 7 },
    ];
    expect(columnMeans(axis, figures).slice(0, 3)).toEqual([40, 7, undefined]);
  });

  test('are of the time that is known', () => {
    expect(columnMeans(axis, [{ ...from(1_040, 1_050), value: 3 }])[0]).toBe(3);
    expect(columnMeans(axis, [{ ...from(1_000, 1_100), value: NaN }])[0]).toBeUndefined();
  });

  test('lie between the lowest and the highest figure', () => {
    const values = fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 90 }), (all, columns) => {
        const figures = all.map((value, index) => ({ ...from(1_000 + index * 13, 1_013 + index * 13), value }));
        for (const mean of columnMeans({ ...axis, columns }, figures)) {
          if (mean === undefined) continue;
          expect(mean).toBeGreaterThanOrEqual(Math.min(...all) - 1e-9);
          expect(mean).toBeLessThanOrEqual(Math.max(...all) + 1e-9);
        }
      }),
    );
  });
});

describe('the columns in which something runs', () => {
  test('are those of which it takes more than a third', () => {
    expect(drawn([from(1_060, 1_230)])).toBe('━━·······'.padEnd(10, '·'));
    expect(drawn([from(1_070, 1_240)])).toBe('·━━·······');
  });

  test('have at least one for a short window, where most of it lies', () => {
    expect(drawn([from(1_095, 1_110)])).toBe('·━········');
    expect(drawn([from(1_999, 2_400)])).toBe('·········━');
  });

  test('have none for a window outside of the span', () => {
    expect(drawn([from(500, 1_000), from(2_000, 2_100)])).toBe('··········');
  });

  test('show every window that the span reaches', () => {
    const windows = fc.array(
      fc.record({ at: fc.integer({ min: 800, max: 2_200 }), length: fc.integer({ min: 1, max: 300 }) }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(windows, fc.integer({ min: 1, max: 120 }), (all, columns) => {
        const own = { ...axis, columns };
        const intervals = all.map(({ at, length }) => from(at, at + length));
        const runs = runColumns(own, intervals);
        for (const window of intervals.filter((one) => overlapOf(one, axis.span) > 0)) {
          const isSeen = runs.some(
            (runsHere, column) => runsHere && overlapOf(window, columnInterval(own, column)) > 0,
          );
          expect(isSeen).toBe(true);
        }
      }),
    );
  });
});
