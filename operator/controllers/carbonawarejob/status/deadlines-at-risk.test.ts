import { expect, test } from '@jest/globals';
import type { Condition } from '../../../api/v1alpha1/conditions.ts';
import type { Attempt } from '../attempts/attempts.ts';
import { deadlinesAtRisk } from './deadlines-at-risk.ts';

function aCondition(type: Condition['type'], status: Condition['status'] = 'True'): Condition {
  return { type, status, reason: 'DeadlineAtRisk', message: '', lastTransitionTime: '2026-11-26T12:00:00Z' };
}

function aJob(
  conditions: readonly Condition[],
  { attempts = [], owner, plan = {} }: { attempts?: readonly Attempt[]; owner?: string; plan?: object } = {},
) {
  const metadata = { name: 'train', namespace: 'research', generation: 2 };
  return { metadata, attempts, owner, status: { conditions, plan } };
}

const LATE = aCondition('DeadlineAtRisk');

const ownersOf = (labels: Record<string, string> = {}) => ({
  namespaces: { get: () => ({ labels }) },
  ownerLabels: ['team'],
});
const OWNERS = ownersOf();

test('a job that will be late is named with the site of its plan, or none', () => {
  expect(deadlinesAtRisk([aJob([LATE], { plan: { site: 'lulea' } }), aJob([LATE])], OWNERS)).toEqual([
    { namespace: 'research', job: 'train', owner: 'research', site: 'lulea' },
    { namespace: 'research', job: 'train', owner: 'research', site: '' },
  ]);
});

test('a job that runs is named with the site where it does', () => {
  const attempts: readonly Attempt[] = [{ number: 1, site: 'frankfurt', job: 'train', jobUid: 'u', startedAt: 0 }];
  expect(deadlinesAtRisk([aJob([LATE], { attempts, plan: { site: 'lulea' } })], OWNERS)).toMatchObject([
    { site: 'frankfurt' },
  ]);
});

test('its owner is whom its pods name, else its namespace', () => {
  const owned = (owner: string | undefined, labels?: Record<string, string>) =>
    deadlinesAtRisk([aJob([LATE], { ...(owner !== undefined && { owner }) })], ownersOf(labels)).map(
      ({ owner: named }) => named,
    );
  expect(owned('vision', { team: 'speech' })).toEqual(['vision']);
  expect(owned(undefined, { team: 'speech' })).toEqual(['speech']);
  expect(owned(undefined, { team: '' })).toEqual(['research']);
});

test('what holds, what is over and what is turned away is not at risk', () => {
  const jobs = [
    aJob([]),
    aJob([aCondition('DeadlineAtRisk', 'False')]),
    aJob([LATE, aCondition('Complete')]),
    aJob([LATE, aCondition('Failed')]),
    aJob([LATE, { ...aCondition('Accepted', 'False'), observedGeneration: 2 }]),
  ];
  expect(deadlinesAtRisk(jobs, OWNERS)).toEqual([]);
});
