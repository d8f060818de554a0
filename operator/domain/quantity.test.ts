import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatDecimal, formatSignedDecimal, parseDecimal, parseQuantity } from './quantity.ts';

describe('a decimal number', () => {
  test.each([
    ['0', 0],
    ['100', 100],
    ['0.09', 0.09],
    ['1.10', 1.1],
    ['007', 7],
  ])('%s is read as %d', (text, value) => {
    expect(parseDecimal(text)).toEqual({ ok: true, value });
  });

  test.each(['', '-1', '+1', '.5', '1.', '1e3', '1,5', ' 1', 'NaN', 'Infinity', '9'.repeat(400)])(
    '%j is refused with the remedy',
    (text) => {
      expect(parseDecimal(text)).toEqual({
        ok: false,
        message: `"${text}" is not a decimal number of 0 or more; write it like 0.09 or 100`,
      });
    },
  );

  test.each([
    [0, 2, '0'],
    [100, 0, '100'],
    [100, 2, '100'],
    [1.5, 2, '1.5'],
    [0.126, 2, '0.13'],
    [1e-9, 3, '0'],
    [123456789012, 1, '123456789012'],
  ])('%d is written with %d decimal places as %s', (value, digits, text) => {
    expect(formatDecimal(value, digits)).toBe(text);
  });

  test.each([-0.1, Number.NaN, Number.POSITIVE_INFINITY, 1e21])('%d is never written', (value) => {
    expect(() => formatDecimal(value, 2)).toThrow(RangeError);
  });

  test.each([
    [-0.126, 2, '-0.13'],
    [-500, 2, '-500'],
    [-1e-9, 3, '0'],
    [-0, 2, '0'],
    [0.126, 2, '0.13'],
  ])('%d is written, where it may be below zero, with %d decimal places as %s', (value, digits, text) => {
    expect(formatSignedDecimal(value, digits)).toBe(text);
  });

  test.each([Number.NaN, Number.NEGATIVE_INFINITY, -1e21])('%d is not even written then', (value) => {
    expect(() => formatSignedDecimal(value, 2)).toThrow(RangeError);
  });

  test('what is written is read as the same, to within half of the last decimal place', () => {
    const value = fc.double({ min: 0, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(value, fc.integer({ min: 0, max: 6 }), (number, digits) => {
        const parsed = parseDecimal(formatDecimal(number, digits));
        if (!parsed.ok) throw new Error(parsed.message);
        expect(Math.abs(parsed.value - number)).toBeLessThanOrEqual(0.5 * 10 ** -digits + 1e-6);
      }),
    );
  });

  test('what is written once stays the same when it is read and written again', () => {
    const value = fc.double({ min: 0, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(value, fc.integer({ min: 0, max: 6 }), (number, digits) => {
        const text = formatDecimal(number, digits);
        const parsed = parseDecimal(text);
        expect(parsed.ok && formatDecimal(parsed.value, digits)).toBe(text);
      }),
    );
  });
});

describe('a Kubernetes quantity', () => {
  test.each([
    ['2', 2],
    ['500m', 0.5],
    ['100m', 0.1],
    ['64Mi', 67_108_864],
    ['1.5Gi', 1_610_612_736],
    ['2k', 2_000],
    ['1E', 1e18],
    ['1e3', 1_000],
    ['1E3', 1_000],
    ['12e-1', 1.2],
    ['.5', 0.5],
    ['5.', 5],
    ['-1', -1],
    ['+1', 1],
    ['250u', 0.00025],
    ['7n', 7e-9],
  ])('%s is read as %d', (text, value) => {
    expect(parseQuantity(text)).toEqual({ ok: true, value });
  });

  test.each(['', 'Mi', '1 Mi', '1mi', '1K', '1KB', '--1', '1.2.3', '1e', '0x10', '.', '1e999'])(
    '%j is refused with the remedy',
    (text) => {
      expect(parseQuantity(text)).toEqual({
        ok: false,
        message: `"${text}" is not a quantity; write it like 2, 500m or 64Mi`,
      });
    },
  );

  test('a suffix is worth the same as the digits that it stands for', () => {
    const suffix = fc.constantFrom<[string, number][]>(
      ['', 1],
      ['k', 1e3],
      ['M', 1e6],
      ['G', 1e9],
      ['Ki', 1024],
      ['Mi', 1024 ** 2],
      ['Gi', 1024 ** 3],
    );
    fc.assert(
      fc.property(fc.integer({ min: -1_000_000, max: 1_000_000 }), suffix, (count, [name, factor]) => {
        expect(parseQuantity(`${count}${name}`)).toEqual({ ok: true, value: count * factor });
      }),
    );
  });

  test('a thousand thousandths are one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (count) => {
        expect(parseQuantity(`${String(count)}000m`)).toEqual({ ok: true, value: count });
      }),
    );
  });
});
