import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { leastInPieces, type PiecesProblem } from './pieces.ts';

/** Every way there is: for each slot, where it runs or that it doesn't. */
function leastByTrying({ costs, work, restart, move }: PiecesProblem): number {
  const slots = costs[0]?.length ?? 0;
  let least = Infinity;
  const go = (t: number, left: number, at: { z: number; runs: boolean } | undefined, spent: number): void => {
    if (left === 0) least = Math.min(least, spent);
    if (left === 0 || t >= slots) return;
    go(t + 1, left, at && { ...at, runs: false }, spent);
    for (const [z, row] of costs.entries()) {
      const goesOn = at?.runs === true && at.z === z;
      const overhead = at === undefined || goesOn ? 0 : restart + (at.z === z ? 0 : move);
      if (t + overhead + 1 > slots) continue;
      const cost = row.slice(t, t + overhead + 1).reduce((sum, one) => sum + one, 0);
      go(t + overhead + 1, left - 1, { z, runs: true }, spent + cost);
    }
  };
  go(0, work, undefined, 0);
  return least;
}

describe('the least that anybody could emit in pieces', () => {
  test('is what trying every way finds', () => {
    const problems = fc.record({
      costs: fc.array(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 6, maxLength: 6 }), {
        minLength: 1,
        maxLength: 2,
      }),
      work: fc.integer({ min: 1, max: 4 }),
      restart: fc.integer({ min: 0, max: 2 }),
      move: fc.integer({ min: 0, max: 2 }),
    });
    fc.assert(
      fc.property(problems, ({ costs, ...rest }) => {
        const problem = { ...rest, costs: costs.map((row) => Float64Array.from(row)) };
        expect(leastInPieces(problem)).toBeCloseTo(leastByTrying(problem), 6);
      }),
    );
  });

  test('is unknown where too few slots are known', () => {
    expect(leastInPieces({ costs: [Float64Array.of(1, 2)], work: 3, restart: 0, move: 0 })).toBe(Infinity);
    expect(leastInPieces({ costs: [Float64Array.of(1, NaN, 2)], work: 3, restart: 0, move: 0 })).toBe(Infinity);
  });
});
