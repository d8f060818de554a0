import { expect, test } from '@jest/globals';
import { aDecision, anOption, aWindow } from '../../../test/builders/job-view.ts';
import { H100, MIDNIGHT } from '../../../test/builders/planning.ts';
import type { Decision, Leg } from '../../domain/decision.ts';
import { MINUTE_MS } from '../../domain/units.ts';
import { changedJobs } from './decisions.ts';

const slot = 5 * MINUTE_MS;
const south = (overrides: Partial<Leg> = {}): Leg => ({
  site: 'south',
  product: H100,
  windows: [aWindow(6, 7)],
  ...overrides,
});
const decided = (...moves: readonly Leg[]): Decision => aDecision({ chosen: anOption({ moves }) });
const isTold = (before: Decision, after: Decision): boolean => {
  const plans = [before, after].map((decision) => ({
    madeAt: MIDNIGHT,
    slot,
    decisions: new Map([[decision.job, decision]]),
  }));
  const [previous, next = previous] = plans;
  return next !== undefined && changedJobs(previous, next).length > 0;
};

test.each<[string, readonly Leg[], boolean]>([
  ['is as it was', [south()], false],
  ['begins a slot later', [south({ windows: [aWindow(6 + 5 / 60, 7)] })], false],
  ['begins much later', [south({ windows: [aWindow(6.5, 7)] })], true],
  ['goes elsewhere', [south({ site: 'west' })], true],
  ['goes to another accelerator', [south({ product: 'A100' })], true],
  ['is followed by another', [south(), south({ site: 'north', windows: [aWindow(8, 9)] })], true],
  ['is gone', [], true],
])('a plan whose move %s is told where that is more than a slot or another place', (_, moves, told) => {
  expect(isTold(decided(south()), decided(...moves))).toBe(told);
});
