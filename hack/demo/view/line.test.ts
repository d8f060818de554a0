import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cell, fitted, row, textOf, widthOf, wrapped } from './line.ts';

describe('a cell', () => {
  test('is exactly as wide as asked, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 0, max: 40 }), fc.boolean(), (text, width, right) => {
        expect(cell(text, width, { right }).text).toHaveLength(width);
      }),
    );
  });

  test('fills up on the side that it is told to, and marks what it cuts', () => {
    expect(cell('ab', 4).text).toBe('ab  ');
    expect(cell('ab', 4, { right: true }).text).toBe('  ab');
    expect(cell('abcdef', 4).text).toBe('abc…');
  });
});

describe('a line', () => {
  test('has a space between its cells', () => {
    expect(textOf(row({ text: 'a' }, { text: 'b' }))).toBe('a b');
  });

  test('is never wider than it may be', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.integer({ min: 0, max: 60 }), (texts, width) => {
        const line = texts.map((text) => ({ text }));
        expect(widthOf(fitted(line, width))).toBeLessThanOrEqual(width);
        expect(textOf(fitted(line, widthOf(line)))).toBe(texts.join(''));
      }),
    );
  });
});

describe('a long sentence', () => {
  test('is broken between words', () => {
    expect(wrapped('one two three four', 9)).toEqual(['one two', 'three', 'four']);
  });

  test('keeps a word whole that is longer than a line', () => {
    expect(wrapped('a incomprehensible b', 4)).toEqual(['a', 'incomprehensible', 'b']);
  });
});
