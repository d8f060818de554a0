import { describe, expect, test } from '@jest/globals';
import { aWorkload } from '../../../test/builders/job-view.ts';
import type { WorkloadPod } from '../../ports/workloads.ts';
import { NO_PODS, podsView } from './pods-view.ts';

const workload = aWorkload();
const aPod = (overrides: Partial<WorkloadPod> = {}): WorkloadPod => ({
  metadata: { name: 'p' },
  workloadUid: workload.metadata.uid ?? '',
  running: true,
  startedAt: 1_000,
  ...overrides,
});
const waiting = aPod({ running: false });
const notWhole: WorkloadPod = { metadata: { name: 'q' }, workloadUid: waiting.workloadUid, running: true };

describe('pods of a job together', () => {
  test('run since the first of them does, and all of them since the last does', () => {
    const pods = [aPod({ startedAt: 3_000 }), aPod(), aPod({ workloadUid: 'of another' })];
    expect(podsView(pods, workload)).toEqual({ running: 2, runningSince: 1_000, allSince: 3_000 });
    expect(podsView([], workload)).toEqual(NO_PODS);
  });

  test.each([
    ['one waits for a node, an image or its data', waiting],
    ['a container of one has not begun', notWhole],
  ])('do not all run where %s', (_, other) => {
    expect(podsView([aPod(), other], workload)).not.toHaveProperty('allSince');
    expect(podsView([aPod(), other], workload)).toMatchObject({ runningSince: 1_000 });
  });

  test('all run where the others are being deleted', () => {
    const deleted = { ...waiting, metadata: { name: 'p', deletionTimestamp: '2026-06-01T00:00:00Z' } };
    expect(podsView([aPod(), deleted], workload)).toMatchObject({ running: 1, allSince: 1_000 });
  });
});
