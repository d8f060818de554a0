import { describe, expect, test } from '@jest/globals';
import { usualLength, usualSpacing } from './samples.ts';

describe('how far apart rows usually begin', () => {
  test('is the distance found most often, whatever is missing', () => {
    expect(usualSpacing([0, 900, 1_800, 3_600, 4_500])).toBe(900);
  });

  test('is the shorter of two distances found as often', () => {
    expect(usualSpacing([0, 3_600, 4_500])).toBe(900);
    expect(usualSpacing([0, 900, 4_500])).toBe(900);
  });

  test('does not depend on their order, nor on rows that come twice', () => {
    expect(usualSpacing([7_200, 0, 3_600, 3_600])).toBe(3_600);
  });

  test('is unknown for fewer than two beginnings', () => {
    expect(usualSpacing([])).toBeUndefined();
    expect(usualSpacing([900, 900])).toBeUndefined();
  });
});

describe('how long samples usually hold', () => {
  const samples = (...at: readonly (readonly [number, number])[]) =>
    at.map(([startsAt, endsAt]) => ({ startsAt, endsAt }));

  test('is the length found most often, also where every other one is missing', () => {
    expect(usualLength(samples([0, 900], [1_800, 2_700], [3_600, 4_500]))).toBe(900);
  });

  test('is the shorter of two found as often, and unknown of none', () => {
    expect(usualLength(samples([0, 900], [900, 2_700]))).toBe(900);
    expect(usualLength([])).toBeUndefined();
  });
});
