import { describe, expect, test } from '@jest/globals';
import { HOUR_MS, SECOND_MS } from '../../../domain/units.ts';
import type { Strip, TimelineBlock } from '../page.ts';
import { printed } from './line.ts';
import { timelineLines } from './timeline.ts';

const midnight = Date.parse('2026-11-26T00:00:00Z');
const hours = (from: number, to: number) => ({ startsAt: midnight + from * HOUR_MS, endsAt: midnight + to * HOUR_MS });
const strip = (label: string, overrides: Partial<Strip> = {}): Strip => ({
  label,
  figures: [],
  windows: [],
  ...overrides,
});
const timeline = (overrides: Partial<TimelineBlock>): TimelineBlock => {
  return { kind: 'timeline', span: hours(0, 42), unit: 'g/kWh', strips: [], marks: [], ...overrides };
};
const drawn = (block: TimelineBlock, room = 56): string[] =>
  timelineLines(block, room).map((line) => printed(line, false));

describe('a timeline', () => {
  test('has figures, windows and marks on one axis of time', () => {
    const block = timeline({
      strips: [
        strip('north', {
          figures: [
            { ...hours(0, 12), value: 10 },
            { ...hours(18, 42), value: 100 },
          ],
          windows: [hours(2, 8), hours(20, 20.1)],
        }),
        strip('south', { figures: [{ ...hours(0, 42), value: 800 }] }),
      ],
      marks: [
        { at: midnight + 3.5 * HOUR_MS, label: 'now' },
        { at: midnight + 40 * HOUR_MS, label: 'deadline' },
        { at: midnight + 30 * HOUR_MS, label: 'latest start' },
      ],
    });
    expect(drawn(block)).toEqual([
      'Nov 2026 UTC  Thu 26      12:00       Fri 27      12:00',
      '              ┬──│────────┬───────────┬─────▲─────┬───◆─',
      'north         ▁▁▁▁▁▁▁▁▁▁▁▁      ▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂',
      '10–100 g/kWh    ━━━━━━            ━         ▲         ◆',
      'south         ██████████████████████████████████████████',
      '800 g/kWh        │                          ▲         ◆',
      '▁█ 0–800 g/kWh   ━ runs   │ now Thu 26 Nov 03:30',
      '◆ deadline Fri 27 Nov 16:00',
      '▲ latest start Fri 27 Nov 06:00',
    ]);
  });

  test('has one line for a strip of windows alone', () => {
    const lines = drawn(timeline({ strips: [strip('jobs', { windows: [hours(0, 42)] })] }));
    expect(lines).toHaveLength(4);
    expect(lines[2]).toMatch(/^jobs +━+$/);
    expect(lines[3]).toBe('━ runs');
  });

  test('has heights from zero that all strips share', () => {
    const figures = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((value, index) => ({ ...hours(index * 5, index * 5 + 5), value }));
    const block = timeline({
      span: hours(0, 45),
      strips: [strip('a', { figures }), strip('b', { figures: figures.slice(0, 3) })],
    });
    const [, , a, , b] = drawn(block).map((line) => line.slice(14).replace(/(.)\1*/g, '$1'));
    expect(a).toBe('▁▂▃▄▅▆▇█');
    expect(b?.trim()).toBe('▁▂▃');
  });

  test('works for a day that is squeezed into minutes', () => {
    const span = { startsAt: midnight, endsAt: midnight + 120 * SECOND_MS };
    const lines = drawn(
      timeline({ span, strips: [strip('a', { windows: [{ startsAt: midnight, endsAt: midnight + 1 }] })] }),
      80,
    );
    expect(lines[0]).toBe('26 Nov 2026 UTC  00:00:00       00:00:30        00:01:00        00:01:30');
    expect(lines[2]).toBe('a                ━');
  });

  test('says what it does not know', () => {
    const outside = [{ ...hours(50, 60), value: 3 }];
    expect(drawn(timeline({ strips: [strip('a', { figures: outside })] }))[3]).toBe('unknown');
  });

  test('tells of marks that it does not reach', () => {
    const block = timeline({ marks: [{ at: midnight + 50 * HOUR_MS, label: 'deadline' }] });
    expect(drawn(block).join('\n')).toContain('◆ deadline Sat 28 Nov 02:00 (later than shown)');
  });
});
