import { describe, expect, test } from '@jest/globals';
import { aJobRecord } from '../../../test/builders/carbon-aware-job.ts';
import { aWorkload } from '../../../test/builders/job-view.ts';
import type { Workload } from '../../ports/workloads.ts';
import { jobChangesPlan, workloadChangesPlan } from './triggers.ts';

const KEY = 'research/train';

describe('a change of a job', () => {
  const previous = aJobRecord();

  test('that comes or goes asks for a plan', () => {
    expect(jobChangesPlan({ type: 'added', key: KEY, current: previous })).toBe(true);
    expect(jobChangesPlan({ type: 'deleted', key: KEY, previous })).toBe(true);
  });

  test('whose spec changed asks for a plan', () => {
    const current = { ...previous, metadata: { ...previous.metadata, generation: 7 } };
    expect(jobChangesPlan({ type: 'updated', key: KEY, previous, current })).toBe(true);
  });

  test('whose plan was written asks for none', () => {
    const current = { ...previous, status: { ...previous.status, phase: 'Waiting', plan: { site: 'north' } } };
    expect(jobChangesPlan({ type: 'updated', key: KEY, previous, current })).toBe(false);
  });
});

describe('a change of the Job that carries it', () => {
  const added = (current: Workload) => workloadChangesPlan({ type: 'added', key: KEY, current });
  const updated = (current: Workload) =>
    workloadChangesPlan({ type: 'updated', key: KEY, previous: aWorkload(), current });

  test('asks for no plan where it was just made, suspended: so the plan has it', () => {
    expect(added(aWorkload())).toBe(false);
  });

  test.each([
    ['it runs', aWorkload({ suspended: false })],
    ['another hand suspended it', aWorkload({ suspendSetBy: 'kubectl' })],
    ['it has ended', aWorkload({ end: { outcome: 'Complete', reason: 'Complete', message: '', at: 0 } })],
  ])('asks for one where it appears and %s', (_, workload) => {
    expect(added(workload)).toBe(true);
  });

  test.each([
    ['was unsuspended', aWorkload({ suspended: false })],
    ['was suspended by another hand', aWorkload({ suspendSetBy: 'kubectl' })],
    ['ended', aWorkload({ end: { outcome: 'Failed', reason: 'BackoffLimitExceeded', message: '', at: 0 } })],
  ])('asks for one where it %s', (_, workload) => {
    expect(updated(workload)).toBe(true);
  });

  test('asks for none where only its own controller has looked at it', () => {
    expect(updated(aWorkload({ suspendedAt: 5 }))).toBe(false);
  });

  test('asks for one where it is gone', () => {
    expect(workloadChangesPlan({ type: 'deleted', key: KEY, previous: aWorkload() })).toBe(true);
  });
});
