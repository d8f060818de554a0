import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { longestIncreasing } from './longest-increasing.ts';

/** By trying every choice of positions. */
function bruteForce(values: readonly number[]): number {
  let longest = 0;
  for (let mask = 0; mask < 1 << values.length; mask++) {
    const some = values.filter((_, i) => (mask & (1 << i)) !== 0);
    if (some.every((value, i) => i === 0 || value > (some[i - 1] ?? Infinity)))
      longest = Math.max(longest, some.length);
  }
  return longest;
}

describe('a longest increasing subsequence', () => {
  test('leaves out what is out of order', () => {
    expect([...longestIncreasing([0, 1, 5, 2, 3])].toSorted()).toEqual([0, 1, 3, 4]);
    expect(longestIncreasing([3, 2, 1]).size).toBe(1);
    expect(longestIncreasing([])).toEqual(new Set());
  });

  test('increases, and none is longer', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 10 }), (values) => {
        const found = [...longestIncreasing(values)]
          .toSorted((a, b) => a - b)
          .map((position) => values[position] ?? NaN);
        expect(found).toEqual([...new Set(found)].toSorted((a, b) => a - b));
        expect(found).toHaveLength(bruteForce(values));
      }),
      { numRuns: 100 },
    );
  });
});
