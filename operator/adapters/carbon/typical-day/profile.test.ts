import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeProfile, encodeProfile, figureAt } from './profile.ts';

const profiles = fc.array(fc.nat({ max: 1_500 }), { minLength: 288, maxLength: 288 });

describe('a profile', () => {
  test('is read back as it was written', () => {
    fc.assert(
      fc.property(profiles, (profile) => {
        expect(decodeProfile(encodeProfile(profile))).toEqual(profile);
      }),
    );
  });

  test('has its figures by month and hour of day in UTC', () => {
    const profile = Array.from({ length: 288 }, (_, index) => index);

    expect(figureAt(profile, new Date('2026-01-01T00:59:59Z'))).toBe(0);
    expect(figureAt(profile, new Date('2026-01-31T23:00:00Z'))).toBe(23);
    expect(figureAt(profile, new Date('2024-02-29T05:00:00Z'))).toBe(29);
    expect(figureAt(profile, new Date('2026-12-31T23:30:00Z'))).toBe(287);
  });

  test.each([
    ['too few months', '1 2;3 4'],
    ['an hour that is missing', Array.from({ length: 12 }, () => Array(23).fill('1').join(' ')).join(';')],
    ['a figure that is no whole number', Array.from({ length: 12 }, () => Array(24).fill('1.5').join(' ')).join(';')],
  ])('is refused with %s', (_, text) => {
    expect(() => decodeProfile(text)).toThrow(RangeError);
  });
});
