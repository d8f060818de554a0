import { expect, test } from '@jest/globals';
import { MIDNIGHT } from '../../../test/builders/planning.ts';
import { aTerminal } from '../../../test/builders/terminal.ts';
import { replayProgress } from './replay-progress.ts';

function told(moments: readonly number[]): readonly string[] {
  let now = 0;
  const terminal = aTerminal(0);
  const progress = replayProgress(9, { ...terminal, clock: { ...terminal.clock, now: () => now } });
  for (const [done, moment] of moments.entries()) {
    now = moment;
    progress.onPlan({ now: MIDNIGHT, done });
  }
  progress.reckonsBound();
  progress.end();
  return terminal.written.progress;
}

test('a short replay is not talked about', () => {
  expect(told([1, 500, 999])).toEqual([]);
});

test('a long one says how far it is, no more often than one can read, and leaves nothing behind', () => {
  expect(told([1, 1_000, 1_100, 1_199, 1_200])).toEqual([
    expect.stringMatching(/^replayed to 2026-\S+Z: 1 of 9 jobs done$/),
    expect.stringMatching(/: 4 of 9 jobs done$/),
    'replayed; now the bound',
    '',
  ]);
});
