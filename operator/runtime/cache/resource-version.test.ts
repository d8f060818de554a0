import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compareResourceVersions } from './resource-version.ts';

describe('resource versions', () => {
  test('are compared as numbers, not as text', () => {
    expect(compareResourceVersions('9', '10')).toBeLessThan(0);
    expect(compareResourceVersions('100', '99')).toBeGreaterThan(0);
    expect(compareResourceVersions('7', '7')).toBe(0);
  });

  test('are compared right however large they are', () => {
    const version = fc.bigInt({ min: 0n, max: 2n ** 128n });
    fc.assert(
      fc.property(version, version, (a, b) => {
        const sign = a < b ? -1 : a > b ? 1 : 0;
        expect(Math.sign(compareResourceVersions(String(a), String(b)) ?? NaN)).toBe(sign);
      }),
    );
  });

  test.each(['', 'abc', '-1', '1.5', '007', '1e3', ' 1'])('%j can only be equal to itself', (odd) => {
    expect(compareResourceVersions(odd, odd)).toBe(0);
    expect(compareResourceVersions(odd, '5')).toBeUndefined();
    expect(compareResourceVersions('5', odd)).toBeUndefined();
  });
});
