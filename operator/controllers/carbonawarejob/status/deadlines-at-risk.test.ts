import { expect, test } from '@jest/globals';
import type { Condition } from '../../../api/v1alpha1/conditions.ts';
import type { Attempt } from '../attempts/attempts.ts';
import { deadlinesAtRisk } from './deadlines-at-risk.ts';

function aCondition(type: Condition['type'], status: Condition['status'] = 'True'): Condition {
  return { type, status, reason: 'DeadlineAtRisk', message: '', lastTransitionTime: '2026-11-26T12:00:00Z' };
}

function aJob(
  conditions: readonly Condition[],
  { attempts = [], plan = {} }: { attempts?: readonly Attempt[]; plan?: object } = {},
) {
  const metadata = { name: 'train', namespace: 'research', generation: 2 };
  return { metadata, attempts, status: { conditions, plan } };
}

const LATE = aCondition('DeadlineAtRisk');

test('a job that will be late is named with the site of its plan, or none', () => {
  expect(deadlinesAtRisk([aJob([LATE], { plan: { site: 'lulea' } }), aJob([LATE])])).toEqual([
    { namespace: 'research', job: 'train', site: 'lulea' },
    { namespace: 'research', job: 'train', site: '' },
  ]);
});

test('a job that runs is named with the site where it does', () => {
  const attempts: readonly Attempt[] = [{ number: 1, site: 'frankfurt', job: 'train', jobUid: 'u', startedAt: 0 }];
  expect(deadlinesAtRisk([aJob([LATE], { attempts, plan: { site: 'lulea' } })])).toMatchObject([{ site: 'frankfurt' }]);
});

test('what holds, what is over and what is turned away is not at risk', () => {
  const jobs = [
    aJob([]),
    aJob([aCondition('DeadlineAtRisk', 'False')]),
    aJob([LATE, aCondition('Complete')]),
    aJob([LATE, aCondition('Failed')]),
    aJob([LATE, { ...aCondition('Accepted', 'False'), observedGeneration: 2 }]),
  ];
  expect(deadlinesAtRisk(jobs)).toEqual([]);
});
