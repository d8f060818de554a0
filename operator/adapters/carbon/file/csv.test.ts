import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { csvRecords } from './csv.ts';

const cellsOf = (text: string) => csvRecords(text).map((record) => record.cells);

describe('records of a CSV text', () => {
  test('are its lines, split at commas, with empty cells kept', () => {
    expect(cellsOf('zone,start\nDE,\n,x')).toEqual([['zone', 'start'], ['DE', ''], ['', 'x']]); // prettier-ignore
  });

  test('leave out blank lines, a byte order mark and carriage returns, and count lines all the same', () => {
    expect(csvRecords('\uFEFFa,b\r\n\r\n1,2\r\n')).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 3, cells: ['1', '2'] },
    ]);
  });

  test('may hold commas, quotes and line ends inside quotes', () => {
    expect(csvRecords('"a, ""b""",c\n"two\nlines",d\ne,f')).toEqual([
      { line: 1, cells: ['a, "b"', 'c'] },
      { line: 2, cells: ['two\nlines', 'd'] },
      { line: 4, cells: ['e', 'f'] },
    ]);
  });

  test('a quote that is never closed is refused with the line it was opened on', () => {
    expect(() => csvRecords('a\n"b\nc')).toThrow(expect.objectContaining({ line: 2 }));
  });

  test('text after a closing quote is refused', () => {
    expect(() => csvRecords('a\n"b"c')).toThrow(expect.objectContaining({ line: 2 }));
  });

  test('any cells written with quotes are read back', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ') });
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 5 }), (rows) => {
        const text = rows
          .map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(',') + '\n')
          .join('');
        expect(cellsOf(text)).toEqual(rows);
      }),
    );
  });
});
