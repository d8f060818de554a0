import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { widthOf } from '../words/plain-text.ts';
import { printed } from './line.ts';
import { sideBySide, wrapped } from './wrapped.ts';

describe('a wrapped text', () => {
  test('is broken between words', () => {
    expect(wrapped('one two three four', 9)).toEqual(['one two', 'three', 'four']);
  });

  test('is broken after the marks of names where a word is too wide', () => {
    expect(wrapped('at eu-west/gpu-pool.h100 now', 10)).toEqual(['at', 'eu-west/', 'gpu-pool.', 'h100 now']);
    expect(wrapped('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
  });

  test('loses nothing and is never wider', () => {
    const words = fc.array(fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 20 }), { maxLength: 20 });
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 40 }), (all, width) => {
        const text = all.join(' ').replace(/ +/g, ' ').trim();
        const lines = wrapped(text, width);
        expect(Math.max(0, ...lines.map(widthOf))).toBeLessThanOrEqual(width);
        expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
      }),
    );
  });
});

test('a name and what is said of it are wrapped beside each other', () => {
  const lines = sideBySide({ text: 'data kept in', width: 6 }, { text: 'SE and DE, nowhere else' }, 18);
  expect(lines.map((line) => printed(line, false))).toEqual(['data    SE and DE,', 'kept    nowhere', 'in      else']);
});
