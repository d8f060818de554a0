import { expect, test } from '@jest/globals';
import { hotSpotLines, hotSpots } from './summary.ts';

const frame = (functionName: string, url = '', lineNumber = 0) => ({ functionName, url, lineNumber });
const PLAN = new URL('../../../operator/planning/plan.ts', import.meta.url).href;

const MAIN = {
  nodes: [
    { id: 1, callFrame: frame('(idle)') },
    { id: 2, callFrame: frame('plan', PLAN, 20) },
    { id: 3, callFrame: frame('(garbage collector)') },
    { id: 4, callFrame: frame('', 'node:net', 9) },
  ],
  samples: [1, 2, 2, 3, 4],
  timeDeltas: [90_000, 3_000, 3_000, 1_000, 1_000],
};
const THREAD = { nodes: [{ id: 7, callFrame: frame('plan', PLAN, 20) }], samples: [7], timeDeltas: [2_000] };

test('hot spots are summed over all threads, idle time left out, the worst first', () => {
  expect(hotSpots([MAIN, THREAD], 10)).toEqual([
    { where: 'operator/planning/plan.ts:21 plan', selfMs: 8, share: 0.8 },
    { where: '(garbage collector)', selfMs: 1, share: 0.1 },
    { where: 'node:net:10 (anonymous)', selfMs: 1, share: 0.1 },
  ]);
});

test('only so many are told, a line each', () => {
  expect(hotSpotLines(hotSpots([MAIN, THREAD], 1))).toEqual(['   80.0 %    0.01 s  operator/planning/plan.ts:21 plan']);
});
