import { expect, test } from '@jest/globals';
import { podFacts, type RawPod } from './pod-facts.ts';

const pod = (overrides: Partial<RawPod> = {}): RawPod => ({
  metadata: {
    name: 'train-0-abcde',
    namespace: 'sunward-demo',
    uid: 'u',
    ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: 'train', uid: 'j' }],
  },
  spec: {
    nodeName: 'n',
    containers: [
      { resources: { limits: { 'nvidia.com/gpu': '8', cpu: '1' } } },
      { resources: { limits: { 'nvidia.com/gpu': '2' } } },
      {},
    ],
  },
  ...overrides,
});

test('a pod of no Job is none of the demo', () => {
  expect(podFacts(pod({ metadata: { name: 'x' } }))).toBeUndefined();
});

test('GPUs of all containers are counted', () => {
  expect(podFacts(pod())).toMatchObject({ job: 'train', jobUid: 'j', node: 'n', gpus: 10, phase: 'Pending' });
});

test('times are those of the container', () => {
  const terminated = { startedAt: '2026-11-22T10:00:01Z', finishedAt: '2026-11-22T10:00:06Z' };
  const status = { phase: 'Succeeded', containerStatuses: [{ state: { terminated } }] };
  expect(podFacts(pod({ status }))).toMatchObject({
    startedAt: Date.parse(terminated.startedAt),
    endedAt: Date.parse(terminated.finishedAt),
  });
});

test('a pod without a node tells the region that it waits for', () => {
  const matchExpressions = [{ key: 'topology.kubernetes.io/region', values: ['eu-west-3'] }];
  const required = { nodeSelectorTerms: [{ matchExpressions }] };
  const waiting = pod({
    spec: { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } } },
    status: { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }] },
  });
  expect(podFacts(waiting)).toMatchObject({ node: undefined, unschedulable: true, region: 'eu-west-3' });
});
