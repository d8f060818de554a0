import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { between, timeAt, type DemoDay } from '../day/demo-day.ts';
import { Grid, intensityRows } from '../day/intensity-rows.ts';
import { textOf } from './line.ts';
import { intensityStrip, jobStrip, toneOf } from './strips.ts';
import { columnInterval, columnOf, ruler, type TimeAxis } from './time-axis.ts';

const day: DemoDay = { midnight: Date.parse('2026-11-22T10:00:00Z'), hour: 6_000 };
const axis: TimeAxis = { day, fromHour: 4, untilHour: 16, columns: 24 };
const grid = new Grid(intensityRows(day));

describe('the axis of time', () => {
  test('gives every instant the column whose time it lies in', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 0, max: 10_000 }), (columns, share) => {
        const own = { ...axis, columns };
        const instant = timeAt(day, 4 + (12 * share) / 10_001);
        const { startsAt, endsAt } = columnInterval(own, columnOf(own, instant));
        expect(instant).toBeGreaterThanOrEqual(startsAt - 0.01);
        expect(instant).toBeLessThanOrEqual(endsAt + 0.01);
      }),
    );
  });

  test('shows hours where they are, and now', () => {
    expect(ruler(axis, timeAt(day, 9.5)).text).toBe('04  06  08 ▼10  12  14  ');
  });

  test('shows no arrow before and after its time', () => {
    expect(ruler(axis, timeAt(day, 2)).text).not.toContain('▼');
    expect(ruler(axis, timeAt(day, 20)).text).not.toContain('▼');
  });
});

describe('the strip of a site', () => {
  test('is low where power is clean and high where it is dirty', () => {
    expect(textOf(intensityStrip(axis, 'SE-SE3', grid, 850))).toBe('▁'.repeat(24));
    expect(textOf(intensityStrip(axis, 'DE', grid, 850))).toMatch(/^▂▂.*[▄▅].*▂▂.*▄$/);
    expect(textOf(intensityStrip(axis, 'PL', grid, 850))).toMatch(/^[▆▇█]{24}$/);
  });

  test('has the colours of traffic lights', () => {
    expect([30, 150, 700].map(toneOf)).toEqual(['clean', 'middling', 'dirty']);
  });
});

describe('the strip of a job', () => {
  const times = { windows: [between(day, 11, 13)], runs: [between(day, 4.5, 6)], deadline: timeAt(day, 15) };

  test('shows what ran, what is planned, when it is due, and now', () => {
    expect(textOf(jobStrip(axis, times, timeAt(day, 8)))).toBe('·███····│·····░░░░····◆·');
  });

  test('shows of a window that runs only what is still to come', () => {
    const running = { ...times, runs: [between(day, 11, 12)] };
    expect(textOf(jobStrip(axis, running, timeAt(day, 12)))).toBe('··············██░░····◆·');
  });

  test('is as wide as its axis, whatever there is to show', () => {
    const hour = fc.double({ min: -10, max: 40, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 150 }), fc.array(fc.tuple(hour, hour)), hour, (columns, pairs, now) => {
        const intervals = pairs.map(([a, b]) => between(day, Math.min(a, b), Math.max(a, b)));
        const strip = jobStrip(
          { ...axis, columns },
          { windows: intervals, runs: intervals, deadline: undefined },
          timeAt(day, now),
        );
        expect(textOf(strip)).toHaveLength(columns);
      }),
    );
  });
});
