import { describe, expect, test } from '@jest/globals';
import { aPod, metadataOfJobPod } from '../../../test/builders/cluster.ts';
import { ACCELERATOR_RESOURCES } from '../../domain/accelerators/accelerator-resource.ts';
import { MINUTE_MS } from '../../domain/units.ts';
import { parseActiveHours } from '../../domain/weekly-hours/active-hours.ts';
import { projectPod, type RawPod } from './pod-facts.ts';

const facts = (pod: RawPod) =>
  projectPod(pod, { resources: ACCELERATOR_RESOURCES, ownerLabels: ['team', 'app.kubernetes.io/part-of'] });
const NO_GPU = { spec: { nodeName: 'a', containers: [{}] } };

describe('a pod', () => {
  test('that is bound holds devices on its node', () => {
    expect(facts(aPod('p', 'a', { gpus: 2 }))).toEqual({
      metadata: { name: 'p', namespace: 'research' },
      workloadUid: '',
      running: true,
      node: 'a',
      holds: [{ resource: 'nvidia.com/gpu', devices: 2 }],
      user: { heldSince: 0 },
    });
  });

  test('says whose it is, and since when it holds its devices', () => {
    const controller = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'chat-5d8f', uid: 'u', controller: true };
    const metadata = {
      labels: { 'app.kubernetes.io/part-of': 'chat', team: 'speech' },
      annotations: { 'sunward.dev/active-hours': 'Mon-Fri 08:00-18:00' },
      ownerReferences: [{ ...controller, controller: false, uid: 'other' }, controller],
    };
    const conditions = [{ type: 'PodScheduled', status: 'True', lastTransitionTime: '2026-06-01T00:00:00Z' }];
    expect(facts(aPod('p', 'a', { metadata, status: { conditions } }))?.user).toEqual({
      controller: { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'chat-5d8f', uid: 'u' },
      owner: 'speech',
      activeHours: 'Mon-Fri 08:00-18:00',
      heldSince: Date.UTC(2026, 5, 1),
    });
  });

  test('whose active hours are longer than any is told with a part of them, that nobody can read', () => {
    const annotations = { 'sunward.dev/active-hours': 'Mon-Fri 08:00-18:00; '.repeat(100) };
    const hours = facts(aPod('p', 'a', { metadata: { annotations } }))?.user?.activeHours ?? '';
    expect(hours).toHaveLength(256);
    expect(parseActiveHours(hours).ok).toBe(false);
  });

  test('that waits for a node has none yet', () => {
    expect(facts(aPod('p', undefined))).not.toHaveProperty('node');
    expect(facts(aPod('p', ''))).not.toHaveProperty('node');
  });

  test.each(['Succeeded', 'Failed'])('that has %s is left out', (phase) => {
    expect(facts(aPod('p', 'a', { status: { phase } }))).toBeUndefined();
    expect(facts(aPod('p', 'a', { status: { phase }, metadata: metadataOfJobPod('train') }))).toBeUndefined();
  });

  test('without accelerators is left out, unless it is of a CarbonAwareJob', () => {
    expect(facts(aPod('p', 'a', NO_GPU))).toBeUndefined();
    expect(facts(aPod('p', 'a', { ...NO_GPU, metadata: metadataOfJobPod('train') }))).toMatchObject({
      job: 'research/train',
      workloadUid: 'uid-of-train',
      holds: [],
    });
  });

  test('that bears our label and was made by something else is of no CarbonAwareJob', () => {
    const { labels } = metadataOfJobPod('train');
    expect(facts(aPod('p', 'a', { metadata: { ...(labels && { labels }) } }))).not.toHaveProperty('job');
    const ofOther = { ...metadataOfJobPod('other'), ...(labels && { labels }) };
    expect(facts(aPod('p', 'a', { metadata: ofOther }))).not.toHaveProperty('job');
  });

  test('that is being deleted runs no longer and still holds its devices', () => {
    const metadata = { deletionTimestamp: '2026-06-01T00:00:00Z' };
    expect(facts(aPod('p', 'a', { metadata }))).toMatchObject({ running: false, node: 'a', holds: [{ devices: 1 }] });
  });

  test('says since when all of its containers have run', () => {
    const began = (minute: number) => ({ startedAt: new Date(Date.UTC(2026, 5, 1, 0, minute)).toISOString() });
    const startOf = (...containerStatuses: readonly object[]): number | undefined => {
      const status = { phase: 'Running', startTime: '2026-06-01T00:00:00Z', containerStatuses };
      const startedAt = facts(aPod('p', 'a', { status }))?.startedAt;
      return startedAt === undefined ? undefined : (startedAt - Date.UTC(2026, 5, 1)) / MINUTE_MS;
    };
    const sidecar = { state: { running: began(1) } };
    expect(startOf(sidecar, { state: { running: began(50) } })).toBe(50);
    expect(startOf(sidecar, { state: { waiting: { reason: 'PodInitializing' } } })).toBeUndefined();
    expect(startOf({ state: { terminated: began(2) } })).toBe(2);
    const restarted = { state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated: began(20) } };
    expect(startOf(sidecar, restarted)).toBe(20);
    expect(startOf(sidecar, { ...restarted, state: { running: began(30) } })).toBe(20);
    // Of a node that tells nothing of containers.
    expect(startOf()).toBe(0);
  });

  test('says since when the scheduler finds no node, and in what words', () => {
    const condition = {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message: '0/3 nodes are available',
      lastTransitionTime: '2026-06-01T00:00:00Z',
    };
    const unschedulable = { since: Date.UTC(2026, 5, 1), message: '0/3 nodes are available' };
    expect(facts(aPod('p', undefined, { status: { phase: 'Pending', conditions: [condition] } }))).toMatchObject({
      unschedulable,
    });
    const gated = { ...condition, reason: 'SchedulingGated' };
    expect(facts(aPod('p', undefined, { status: { conditions: [gated] } }))).not.toHaveProperty('unschedulable');
  });
});
