import { describe, expect, test } from '@jest/globals';
import type { RawJob } from './raw-job.ts';
import { workloadOfJob } from './workload-of-job.ts';

const T = (time: string): number => Date.parse(`2026-06-01T${time}Z`);

/** As kube-apiserver 1.36 sends it, shortened. */
function aJob(overrides: { metadata?: object; spec?: object; status?: object } = {}): RawJob {
  return {
    metadata: { name: 'train', namespace: 'research', uid: 'u1', resourceVersion: '7', ...overrides.metadata },
    spec: { suspend: true, template: { spec: {} }, ...overrides.spec },
    status: { ...overrides.status },
  };
}

const suspension = {
  type: 'Suspended',
  status: 'True',
  reason: 'JobSuspended',
  lastTransitionTime: '2026-06-01T01:00:00Z',
};
const ownedBy = (manager: string, fieldsV1: object, subresource?: string) => ({
  manager,
  operation: 'Update',
  fieldsType: 'FieldsV1',
  fieldsV1,
  ...(subresource !== undefined && { subresource }),
});

describe('a Job as it is judged', () => {
  test('rests once its controller has seen it suspended and none of its pods is active', () => {
    expect(workloadOfJob(aJob()).settled).toBe(false);
    expect(workloadOfJob(aJob({ status: { conditions: [suspension] } }))).toMatchObject({
      settled: true,
      suspended: true,
      suspendedAt: T('01:00:00'),
    });
    expect(workloadOfJob(aJob({ status: { conditions: [suspension], active: 1 } })).settled).toBe(false);
    expect(workloadOfJob(aJob({ spec: { suspend: false }, status: { conditions: [suspension] } })).settled).toBe(false);
  });

  test('counts the pods that are still going', () => {
    expect(workloadOfJob(aJob({ status: { active: 2, terminating: 3 } }))).toMatchObject({
      activePods: 2,
      terminatingPods: 3,
    });
  });

  test('tells which attempt it was started for, and where', () => {
    const annotations = { 'sunward.dev/attempt': '3', 'sunward.dev/placed-on': 'a.b/region=north,a.b/product=H100' };
    expect(workloadOfJob(aJob({ metadata: { annotations } }))).toMatchObject({
      attempt: 3,
      placedOn: [
        { label: 'a.b/region', value: 'north' },
        { label: 'a.b/product', value: 'H100' },
      ],
    });
  });

  test('tells which nodes were preferred then, and by which terms', () => {
    const term = { weight: 50, preference: { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['a'] }] } };
    const nodeAffinity = { preferredDuringSchedulingIgnoredDuringExecution: [term] };
    const spec = { suspend: true, template: { spec: { affinity: { nodeAffinity } } } };
    const annotations = { 'sunward.dev/prefers-nodes': 'a,b.c' };
    expect(workloadOfJob(aJob({ metadata: { annotations }, spec }))).toMatchObject({
      preferredNodes: ['a', 'b.c'],
      preferredTerms: [term],
    });
    const none = workloadOfJob(aJob({ metadata: { annotations: { 'sunward.dev/prefers-nodes': '' } } }));
    expect(none).not.toHaveProperty('preferredNodes');
    expect(none).not.toHaveProperty('preferredTerms');
  });

  test('tells why it was suspended, as long as it is', () => {
    const annotations = { 'sunward.dev/suspended-for': 'Idle' };
    const told = (suspend: boolean) => workloadOfJob(aJob({ metadata: { annotations }, spec: { suspend } }));
    expect(told(true).suspendedFor).toBe('Idle');
    expect(told(false)).not.toHaveProperty('suspendedFor');
    expect(workloadOfJob(aJob({ spec: { suspend: true } }))).not.toHaveProperty('suspendedFor');
  });

  test.each(['0', '-1', 'three', ''])('takes "%s" for no attempt', (text) => {
    expect(workloadOfJob(aJob({ metadata: { annotations: { 'sunward.dev/attempt': text } } })).attempt).toBeUndefined();
  });

  test('has ended when its controller says Complete, with the time of completion', () => {
    const conditions = [
      { type: 'SuccessCriteriaMet', status: 'True', reason: 'CompletionsReached' },
      {
        type: 'Complete',
        status: 'True',
        reason: 'CompletionsReached',
        message: 'Reached 1',
        lastTransitionTime: '2026-06-01T03:00:00Z',
      },
    ];
    const status = { conditions, completionTime: '2026-06-01T02:00:00Z' };
    expect(workloadOfJob(aJob({ status })).end).toEqual({
      outcome: 'Complete',
      reason: 'CompletionsReached',
      message: 'Reached 1',
      at: T('02:00:00'),
    });
  });

  test('has ended when its controller says Failed, not already when it is about to', () => {
    const target = { type: 'FailureTarget', status: 'True', reason: 'DeadlineExceeded' };
    expect(workloadOfJob(aJob({ status: { conditions: [target] } })).end).toBeUndefined();
    const failed = { ...target, type: 'Failed', lastTransitionTime: '2026-06-01T03:00:00Z' };
    expect(workloadOfJob(aJob({ status: { conditions: [target, failed] } })).end).toMatchObject({
      outcome: 'Failed',
      reason: 'DeadlineExceeded',
      at: T('03:00:00'),
    });
  });

  test('keeps what the cache needs of its metadata, and no more', () => {
    const metadata = {
      annotations: { large: 'x' },
      labels: { 'sunward.dev/carbon-aware-job': 'train', other: 'y' },
      managedFields: [],
    };
    expect(workloadOfJob(aJob({ metadata })).metadata).toEqual({
      name: 'train',
      namespace: 'research',
      uid: 'u1',
      resourceVersion: '7',
      labels: { 'sunward.dev/carbon-aware-job': 'train' },
    });
  });
});

describe('whose hand is on a Job', () => {
  const withFields = (...managedFields: object[]) => workloadOfJob(aJob({ metadata: { managedFields } }));

  test('is nobody else’s where suspend is ours', () => {
    expect(withFields(ownedBy('sunward', { 'f:spec': { 'f:suspend': {} } })).suspendSetBy).toBeUndefined();
    expect(withFields().suspendSetBy).toBeUndefined();
  });

  test('is that of the manager that set suspend', () => {
    expect(
      withFields(
        ownedBy('sunward', { 'f:spec': { 'f:parallelism': {} } }),
        ownedBy('kubectl-patch', { 'f:spec': { 'f:suspend': {} } }),
      ).suspendSetBy,
    ).toBe('kubectl-patch');
  });

  test('is not that of who writes the status', () => {
    const status = ownedBy('kube-controller-manager', { 'f:status': {}, 'f:spec': { 'f:suspend': {} } }, 'status');
    expect(withFields(status).suspendSetBy).toBeUndefined();
    expect(withFields(status).foreignFields).toEqual([]);
  });

  test('shows in the fields of the spec that it set, each with its value', () => {
    const managedFields = [
      ownedBy('sunward', { 'f:spec': { 'f:completions': {}, 'f:suspend': {} } }),
      ownedBy('kubectl-edit', {
        'f:metadata': { 'f:annotations': { 'f:note': {} } },
        'f:spec': {
          'f:parallelism': {},
          'f:suspend': {},
          'f:template': { 'f:spec': { 'f:tolerations': {}, 'f:containers': { 'k:{"name":"a"}': { 'f:image': {} } } } },
        },
      }),
    ];
    const spec = { parallelism: 2, template: { spec: { containers: [{ name: 'a' }] } } };
    expect(workloadOfJob(aJob({ metadata: { managedFields }, spec })).foreignFields).toEqual([
      { path: ['spec', 'parallelism'], value: '2', setBy: 'kubectl-edit' },
      { path: ['spec', 'template', 'spec', 'tolerations'], value: '', setBy: 'kubectl-edit' },
      { path: ['spec', 'template', 'spec', 'containers'], value: '[{"name":"a"}]', setBy: 'kubectl-edit' },
    ]);
  });
});
