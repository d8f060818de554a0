import { describe, expect, test } from '@jest/globals';
import { HOUR_MS } from '../../../domain/units.ts';
import type { BarsBlock, Strip, TimelineBlock } from '../page.ts';
import { barsFigure } from './bars.ts';
import { timelineFigure } from './timeline.ts';

const midnight = Date.parse('2026-11-26T00:00:00Z');
const hours = (from: number, to: number) => ({ startsAt: midnight + from * HOUR_MS, endsAt: midnight + to * HOUR_MS });
const strip = (overrides: Partial<Strip>): Strip => ({ label: 'north', figures: [], windows: [], ...overrides });
const timeline = (overrides: Partial<TimelineBlock>): string => {
  const block: TimelineBlock = {
    kind: 'timeline',
    span: hours(0, 48),
    unit: 'g/kWh',
    strips: [],
    marks: [],
    ...overrides,
  };
  return timelineFigure(block).source;
};
const rects = (html: string, kind: string) => {
  const pattern = new RegExp(`<rect class="${kind}" x="([^"]+)" y="([^"]+)" width="([^"]+)"`, 'g');
  return [...html.matchAll(pattern)].map(([, x, y, width]) => ({ x: Number(x), y: Number(y), width: Number(width) }));
};

describe('a timeline as a picture', () => {
  const figures = [
    { ...hours(0, 12), value: 10 },
    { ...hours(12, 24), value: 40 },
    { ...hours(36, 48), value: 20 },
  ];

  test('leaves gaps open', () => {
    const line = /class="line" d="([^"]+)"/.exec(timeline({ strips: [strip({ figures })] }))?.[1] ?? '';
    expect(line.match(/M/g)).toHaveLength(2);
    expect(line).not.toContain('NaN');
  });

  test('has one scale for all strips', () => {
    const html = timeline({ strips: [strip({ figures }), strip({ figures: [{ ...hours(0, 48), value: 20 }] })] });
    const [first, second] = [...html.matchAll(/class="line" d="M[\d.]+ ([\d.]+)V([\d.]+)/g)].map(([, y]) => Number(y));
    // 10 and 20 of 40 on plots of 60 pixels, the second strip 96 pixels below the first.
    expect((second ?? NaN) - (first ?? NaN)).toBeCloseTo(96 - 15);
  });

  test('shows every window that its span reaches, also a short one', () => {
    const windows = [hours(-5, 3), hours(10, 10.01), hours(47.999, 60), hours(60, 61)];
    const runs = rects(timeline({ strips: [strip({ figures, windows })] }), 'run');
    expect(runs.map(({ x }) => Math.round(x))).toEqual([52, 222, 864]);
    expect(Math.min(...runs.map(({ width }) => width))).toBe(2);
  });

  test('tells who cannot see it what it shows', () => {
    const html = timeline({
      strips: [strip({ figures, windows: [hours(1, 3)] }), strip({ label: 'south' })],
      marks: [{ at: midnight + 60 * HOUR_MS, label: 'deadline' }],
    });
    expect(html).toContain(
      'role="img" aria-label="north: 10–40 g/kWh runs Thu 26 Nov 01:00 to Thu 26 Nov 03:00; south: nothing runs; deadline Sat 28 Nov 12:00 (later than shown)"',
    );
    expect(html).toContain('<title>Thu 26 Nov 12:00 to Fri 27 Nov 00:00: 40 g/kWh</title>');
    expect(html).toContain('<title>runs Thu 26 Nov 01:00 to Thu 26 Nov 03:00</title>');
  });

  test('stays small where figures are many', () => {
    const many = Array.from({ length: 48 * 60 }, (_, index) => ({
      ...hours(index / 60, (index + 1) / 60),
      value: index % 100,
    }));
    const html = timeline({ strips: [strip({ figures: many })] });
    expect(html.length).toBeLessThan(70_000);
    expect(html.match(/class="hover"/g)).toHaveLength(200);
    expect(/class="line" d="([^"]+)"/.exec(html)?.[1]?.match(/M/g)).toHaveLength(1);
  });
});

describe('bars as a picture', () => {
  const bars = (values: readonly number[]): string => {
    const block: BarsBlock = {
      kind: 'bars',
      title: 'saved',
      bars: values.map((value, index) => ({ label: `bar ${index}`, value, shown: `${value} %`, tone: 'good' })),
    };
    return barsFigure(block).source;
  };

  test('are as long as their amounts', () => {
    const [long, short] = rects(bars([40, 10]), 'bar good');
    expect((long?.width ?? NaN) / (short?.width ?? NaN)).toBeCloseTo(4, 1);
    expect(long?.x).toBe(short?.x);
  });

  test('go to the left of zero for what is less', () => {
    const [up, down] = rects(bars([40, -10]), 'bar good');
    expect((down?.x ?? NaN) + (down?.width ?? NaN)).toBeCloseTo(up?.x ?? NaN, 0);
  });

  test('tell their amounts in words', () => {
    expect(bars([40, -10])).toContain('aria-label="saved: bar 0 40 %, bar 1 -10 %"');
  });
});
