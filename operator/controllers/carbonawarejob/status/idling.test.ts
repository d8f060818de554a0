import { describe, expect, test } from '@jest/globals';
import { HOUR_MS, MINUTE_MS } from '../../../domain/units.ts';
import { aCondition, aJobRecord } from '../../../../test/builders/carbon-aware-job.ts';
import { anAttempt, aView, aWorkload } from '../../../../test/builders/job-view.ts';
import { atHour, MIDNIGHT } from '../../../../test/builders/planning.ts';
import { findCondition, type Condition } from '../../../api/v1alpha1/conditions.ts';
import type { JobView } from '../job-view.ts';
import { conditionsOf } from './conditions-of.ts';

const idle = {
  since: MIDNIGHT + 30 * MINUTE_MS,
  for: 30 * MINUTE_MS,
  message: '8 GPUs did nothing for 30 min',
  action: 'Alert',
} as const;

function told(overrides: Partial<JobView>, conditions: Condition[] = []): Condition | undefined {
  const workload = aWorkload({ suspended: false, attempt: 1 });
  const record = aJobRecord({ status: { conditions } });
  const view = aView({ record, attempts: [anAttempt()], workload, now: atHour(1), ...overrides });
  return findCondition(conditionsOf(view, {}), 'GPUsIdle');
}

describe('the condition GPUsIdle', () => {
  test('is not there before there was anything to say', () => {
    expect(told({ use: 'Working' })).toBeUndefined();
    expect(told({ use: 'Unknown' })).toBeUndefined();
  });

  test('says what does nothing, whatever the policy does about it', () => {
    const expected = { status: 'True', reason: 'GPUsIdle', message: idle.message };
    expect(told({ idle })).toMatchObject(expected);
    expect(told({ idle: { ...idle, action: 'Pause' } })).toMatchObject(expected);
  });

  test('keeps the words of when it began, which differ at every look', () => {
    const before = [aCondition('GPUsIdle', { reason: 'GPUsIdle', message: idle.message })];
    expect(told({ idle: { ...idle, message: '8 GPUs did nothing for 31 min' } }, before)).toEqual(before[0]);
  });

  const before = [aCondition('GPUsIdle', { reason: 'GPUsIdle', message: idle.message })];

  test('is over once they work again, and not where nobody knows', () => {
    expect(told({ use: 'Working' }, before)).toMatchObject({ status: 'False', reason: 'GPUsInUse' });
    expect(told({ use: 'Unknown' }, before)).toMatchObject({ status: 'Unknown', reason: 'UsagePartial' });
  });

  test('stays as it is where they do nothing, and not yet for long: that is no use', () => {
    expect(told({ use: 'Quiet' }, before)).toEqual(before[0]);
    const over = [aCondition('GPUsIdle', { status: 'False', reason: 'GPUsInUse' })];
    expect(told({ use: 'Quiet' }, over)).toEqual(over[0]);
  });

  test('is over where the job holds none any more, and for what was found of the pods of an attempt before', () => {
    const paused = [anAttempt({ endedAt: atHour(1), ran: HOUR_MS, reason: 'Idle' })];
    const over = { status: 'False', reason: 'GPUsInUse' };
    expect(told({ attempts: paused, workload: aWorkload({ attempt: 1 }), idle }, before)).toMatchObject(over);
    expect(told({ attempts: paused, workload: aWorkload({ attempt: 1 }), idle })).toMatchObject(over);
    const again = [...paused, anAttempt({ number: 2, startedAt: atHour(1) })];
    const workload = aWorkload({ suspended: false, attempt: 2 });
    expect(told({ attempts: again, workload, idle, use: 'Working' }, before)).toMatchObject(over);
  });
});
