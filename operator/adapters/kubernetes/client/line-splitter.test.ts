import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LineSplitter } from './line-splitter.ts';

function split(chunks: readonly Buffer[], maxLineBytes = 1_000): string[] {
  const splitter = new LineSplitter(maxLineBytes);
  return chunks.flatMap((chunk) => [...splitter.push(chunk)]);
}

describe('a stream cut into lines', () => {
  test('gives every line once it is whole', () => {
    expect(split([Buffer.from('{"a":1}\n{"b"'), Buffer.from(':2}'), Buffer.from('\n')])).toEqual([
      '{"a":1}',
      '{"b":2}',
    ]);
  });

  test('leaves out empty lines and carriage returns', () => {
    expect(split([Buffer.from('\n\na\r\n\nb\n')])).toEqual(['a', 'b']);
  });

  test('keeps a line that has no end', () => {
    const splitter = new LineSplitter(100);
    expect([...splitter.push(Buffer.from('a\nbcd'))]).toEqual(['a']);
    expect(splitter.pendingBytes).toBe(3);
  });

  test('refuses a line that outgrows the limit, whether or not its end has come', () => {
    expect(() => split([Buffer.from('12345678'), Buffer.from('9')], 8)).toThrow(RangeError);
    expect(() => split([Buffer.from('123456789\n')], 8)).toThrow('longer than 8 bytes');
    expect(split([Buffer.from('12345678\n12345678\n')], 8)).toHaveLength(2);
  });

  test('is the same wherever the chunks are cut, in the middle of a character too', () => {
    const line = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .filter((text) => !/[\r\n]|\s$/.test(text));
    const cuts = fc.array(fc.nat({ max: 400 }), { maxLength: 10 });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 10 }), cuts, (lines, places) => {
        const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
        const ends = [...places.filter((place) => place < bytes.length), bytes.length].sort((a, b) => a - b);
        const chunks = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
        expect(split(chunks)).toEqual(lines.map((text) => Buffer.from(text).toString('utf8')));
      }),
    );
  });
});
