import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { TableBlock } from '../page.ts';
import { printed } from './line.ts';
import { tableWidths } from './table-widths.ts';
import { tableLines } from './table.ts';

const table = (columns: TableBlock['columns'], ...rows: readonly (readonly string[])[]): TableBlock => {
  return { kind: 'table', columns, rows: rows.map((cells) => ({ cells })) };
};
const left = (title: string) => ({ title, align: 'left' as const });
const right = (title: string) => ({ title, align: 'right' as const });
const drawn = (one: TableBlock, room: number): string[] => tableLines(one, room).map((line) => printed(line, false));

const SITES = table(
  [left('site'), left('starts'), right('g CO2e'), left('why not')],
  ['stockholm', 'Fri 27 01:00', '2310', 'chosen'],
  ['frankfurt', 'now', '15920', 'emits 13.6 kg more, and costs 99.90 EUR more'],
);

describe('a table', () => {
  test('has its numbers to the right and its titles on a rule', () => {
    expect(drawn(SITES, 120)).toEqual([
      'site       starts        g CO2e  why not',
      '─────────  ────────────  ──────  ────────────────────────────────────────────',
      'stockholm  Fri 27 01:00    2310  chosen',
      'frankfurt  now            15920  emits 13.6 kg more, and costs 99.90 EUR more',
    ]);
  });

  test('goes on in further lines with its last column of text', () => {
    expect(drawn(SITES, 60)).toEqual([
      '                             g',
      'site       starts         CO2e  why not',
      '─────────  ────────────  ─────  ────────────────────────────',
      'stockholm  Fri 27 01:00   2310  chosen',
      'frankfurt  now           15920  emits 13.6 kg more, and',
      '                                costs 99.90 EUR more',
    ]);
  });

  test('wraps the column that costs the fewest lines where one is enough', () => {
    const one = table(
      [left('place'), right('g'), left('remark')],
      ['oslo H100', '1', 'now'],
      ['bern H100', '2', 'now, on paper'],
    );
    expect(drawn(one, 25)).toEqual([
      'place      g  remark',
      '─────────  ─  ───────────',
      'oslo H100  1  now',
      'bern H100  2  now, on',
      '              paper',
    ]);
  });

  test('wraps its other texts next, between words', () => {
    expect(drawn(SITES, 44)).toEqual([
      '                       g',
      'site       starts   CO2e  why not',
      '─────────  ──────  ─────  ──────────────────',
      'stockholm  Fri 27   2310  chosen',
      '           01:00',
      'frankfurt  now     15920  emits 13.6 kg',
      '                          more, and costs',
      '                          99.90 EUR more',
    ]);
  });

  test('shortens words only where there is nothing else left', () => {
    const long = table([left('name'), right('g')], ['training-llama', '1234567']);
    expect(drawn(long, 18)).toEqual(['name             g', '─────────  ───────', 'training-  1234567', 'llama']);
    expect(drawn(table([left('a'), left('b')], ['abcdefghijkl', 'x']), 10)).toEqual([
      'a        b',
      '───────  ─',
      'abcdef…  x',
    ]);
  });

  test('may have a row that is shorter than its columns', () => {
    expect(drawn(table([left('a'), left('b')], ['x']), 60)[2]).toBe('x');
  });

  test('says every cell that it does not shorten, in its own column', () => {
    const word = fc.stringMatching(/^[a-z0-9-]{1,14}$/);
    const cell = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(' '));
    const column = fc.record({ title: word, align: fc.constantFrom('left', 'right') });
    const any = fc.integer({ min: 1, max: 7 }).chain((count) => {
      const cells = fc.array(cell, { minLength: count, maxLength: count });
      return fc.record({
        columns: fc.array(column, { minLength: count, maxLength: count }),
        rows: fc.array(cells, { minLength: 1, maxLength: 4 }),
      });
    });
    fc.assert(
      fc.property(any, fc.integer({ min: 60, max: 200 }), ({ columns, rows }, room) => {
        const one = table(columns, ...rows);
        const { widths, gap } = tableWidths(one, room);
        const body = drawn(one, room).slice(drawn(one, room).findIndex((line) => line.startsWith('─')) + 1);
        columns.forEach((_, index) => {
          const start = widths.slice(0, index).reduce((sum, width) => sum + width + gap, 0);
          const texts = body
            .map((line) => line.slice(start, start + (widths[index] ?? 0)).replaceAll(' ', ''))
            .join('');
          if (texts.includes('…')) return;
          expect(texts).toBe(rows.map((cells) => cells[index]?.replaceAll(' ', '')).join(''));
        });
      }),
    );
  });
});
