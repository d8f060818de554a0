import { describe, expect, test } from '@jest/globals';
import { aPlannableJob, atHour, hours, MIDNIGHT } from '../../../test/builders/planning.ts';
import type { PlannableJob } from '../../domain/job.ts';
import { inOrderOfNeed } from './order.ts';

function keysOf(jobs: readonly PlannableJob[]): readonly string[] {
  return inOrderOfNeed(jobs, MIDNIGHT).map(({ key }) => key);
}

function jobsOf(namespace: string, count: number, overrides: Partial<PlannableJob> = {}): readonly PlannableJob[] {
  return Array.from({ length: count }, (_, i) => aPlannableJob({ key: `${namespace}/job-${String(i)}`, ...overrides }));
}

describe('the order of need', () => {
  test('begins with what runs, then with the jobs whose deadline is near', () => {
    const jobs = [
      aPlannableJob({ key: 'a/relaxed', deadline: atHour(20) }),
      aPlannableJob({ key: 'a/near', deadline: atHour(3), remainingWork: hours(2) }),
      aPlannableJob({ key: 'a/running', phase: 'Running', deadline: atHour(30) }),
    ];
    expect(keysOf(jobs)).toEqual(['a/running', 'a/near', 'a/relaxed']);
  });

  test('lets namespaces take turns, whoever came first with more', () => {
    expect(keysOf([...jobsOf('a', 4), ...jobsOf('b', 2, { createdAt: MIDNIGHT + 1 })])).toEqual([
      'a/job-0',
      'b/job-0',
      'a/job-1',
      'b/job-1',
      'a/job-2',
      'a/job-3',
    ]);
  });

  test('gives a namespace of twice the weight two turns for one', () => {
    const order = keysOf([...jobsOf('a', 3), ...jobsOf('b', 6, { weight: 2 })]);
    expect(order.filter((_, i) => i < 6).filter((key) => key.startsWith('b/'))).toHaveLength(4);
    expect(order).toHaveLength(9);
  });

  test('counts what a namespace has running', () => {
    const running = aPlannableJob({ key: 'a/running', phase: 'Running', devices: 8, remainingWork: hours(8) });
    expect(keysOf([running, ...jobsOf('a', 1), ...jobsOf('b', 2)])).toEqual([
      'a/running',
      'b/job-0',
      'b/job-1',
      'a/job-0',
    ]);
  });
});
