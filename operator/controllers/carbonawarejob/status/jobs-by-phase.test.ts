import { expect, test } from '@jest/globals';
import { jobsByPhase } from './jobs-by-phase.ts';

test('jobs are counted by phase, and a phase without any is 0', () => {
  const jobs = [{ phase: 'Waiting' }, { phase: 'Waiting' }, { phase: 'Failed' }, {}].map((status) => ({ status }));
  expect(Object.fromEntries(jobsByPhase(jobs))).toEqual({
    Pending: 1,
    Refused: 0,
    Waiting: 2,
    Running: 0,
    Paused: 0,
    Suspended: 0,
    Succeeded: 0,
    Failed: 1,
  });
});

test('a phase that only a later version knows is counted as well', () => {
  expect(jobsByPhase([{ status: { phase: 'Dreaming' } }]).get('Dreaming')).toBe(1);
});
