import { describe, expect, test } from '@jest/globals';
import { HOUR_MS } from '../../../domain/units.ts';
import { aJobTemplate, JOB_UID } from '../../../../test/builders/carbon-aware-job.ts';
import { aWorkload } from '../../../../test/builders/job-view.ts';
import type { Workload } from '../../../ports/workloads.ts';
import { renderJob, startPatch, suspendPatch } from './render-job.ts';

const owner = { name: 'train', namespace: 'research', uid: JOB_UID };
const render = (template: object) =>
  renderJob({ owner, template }) as unknown as Record<string, Record<string, unknown>>;
const north = [{ label: 'topology.kubernetes.io/region', value: 'north' }];
const inNorth = { key: 'topology.kubernetes.io/region', operator: 'In', values: ['north'] };
const inSouth = { ...inNorth, values: ['south'] };

describe('the Job of a template', () => {
  test('is suspended, whatever the template says, and belongs to its CarbonAwareJob', () => {
    const job = render(aJobTemplate({ spec: { suspend: false } }));
    expect(job).toMatchObject({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        name: 'train',
        namespace: 'research',
        labels: { 'sunward.dev/carbon-aware-job': 'train' },
        ownerReferences: [{ kind: 'CarbonAwareJob', uid: JOB_UID, controller: true, blockOwnerDeletion: true }],
      },
      spec: { suspend: true },
    });
  });

  test('has labels and annotations of the template, and our label on its pods too', () => {
    const job = render(aJobTemplate({ metadata: { labels: { a: 'b' }, annotations: { c: 'd' }, name: 'ignored' } }));
    expect(job['metadata']).toMatchObject({ name: 'train', labels: { a: 'b' }, annotations: { c: 'd' } });
    expect(job['spec']).toMatchObject({
      template: { metadata: { labels: { team: 'research', 'sunward.dev/carbon-aware-job': 'train' } } },
    });
  });

  test('has nothing that was noted on the Job that its template was copied from', () => {
    const noted = Object.fromEntries(
      ['attempt', 'placed-on', 'prefers-nodes', 'suspended-for'].map((name) => [`sunward.dev/${name}`, '1']),
    );
    const job = render(aJobTemplate({ metadata: { annotations: { ...noted, 'sunward.dev/active-hours': 'Mon' } } }));
    expect(job['metadata']?.['annotations']).toEqual({ 'sunward.dev/active-hours': 'Mon' });
  });

  test('has everything of the template but its time to live, which is ours to keep', () => {
    const spec = { parallelism: 4, ttlSecondsAfterFinished: 60, activeDeadlineSeconds: 7_200, unknown: { kept: true } };
    const job = render(aJobTemplate({ spec }));
    const { ttlSecondsAfterFinished: _, ...kept } = spec;
    expect(job['spec']).toMatchObject(kept);
    expect(job['spec']).not.toHaveProperty('ttlSecondsAfterFinished');
  });

  test('passes on what has a wrong shape, for the API server to refuse in its own words', () => {
    expect(render({ spec: { template: 'text' } })['spec']).toEqual({ suspend: true, template: 'text' });
    expect(render(aJobTemplate({ metadata: { labels: ['a'] } }))['metadata']).toMatchObject({ labels: ['a'] });
    expect(render({ spec: { template: { metadata: 7 } } })['spec']).toMatchObject({ template: { metadata: 7 } });
  });

  test('leaves the template as it was', () => {
    const template = aJobTemplate({ spec: { ttlSecondsAfterFinished: 60 } });
    const before = structuredClone(template);
    render(template);
    expect(template).toEqual(before);
  });
});

describe('the patch that starts a Job', () => {
  const affinityIn = (patch: object): unknown =>
    (patch as { spec: { template?: { spec: { affinity: { nodeAffinity: Record<string, unknown> } } } } }).spec.template
      ?.spec.affinity.nodeAffinity['requiredDuringSchedulingIgnoredDuringExecution'];

  test('places and unsuspends that very version, and says for which attempt', () => {
    expect(startPatch(aWorkload(), { attempt: 2, placement: north })).toEqual({
      metadata: {
        uid: aWorkload().metadata.uid,
        resourceVersion: '200',
        annotations: {
          'sunward.dev/attempt': '2',
          'sunward.dev/placed-on': 'topology.kubernetes.io/region=north',
        },
      },
      spec: {
        suspend: false,
        template: {
          spec: {
            affinity: {
              nodeAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: {
                  nodeSelectorTerms: [{ matchExpressions: [inNorth] }],
                },
              },
            },
          },
        },
      },
    });
  });

  test('replaces the place of the last attempt, and keeps what the user and others asked for', () => {
    const ssd = { key: 'disk', operator: 'In', values: ['ssd'] };
    const placedOn = [{ label: 'topology.kubernetes.io/region', value: 'south' }];
    const workload = aWorkload({ attempt: 1, placedOn, nodeTerms: [{ matchExpressions: [ssd, inSouth] }] });
    expect(affinityIn(startPatch(workload, { attempt: 2, placement: north }))).toEqual({
      nodeSelectorTerms: [{ matchExpressions: [ssd, inNorth] }],
    });
  });

  test('removes an affinity that was ours alone where nothing is asked any more', () => {
    const placedOn = [{ label: 'topology.kubernetes.io/region', value: 'south' }];
    const workload = aWorkload({ attempt: 1, placedOn, nodeTerms: [{ matchExpressions: [inSouth] }] });
    expect(affinityIn(startPatch(workload, { attempt: 2, placement: [] }))).toBeNull();
    expect(affinityIn(startPatch(aWorkload(), { attempt: 1, placement: [] }))).toBeUndefined();
  });

  const preferredIn = (patch: object): unknown =>
    (patch as { spec: { template?: { spec: { affinity: { nodeAffinity: Record<string, unknown> } } } } }).spec.template
      ?.spec.affinity.nodeAffinity['preferredDuringSchedulingIgnoredDuringExecution'];
  const prefersIn = (patch: object): unknown =>
    (patch as { metadata: { annotations: Record<string, unknown> } }).metadata.annotations['sunward.dev/prefers-nodes'];
  const onNode = (name: string, weight: number) => ({
    weight,
    preference: { matchFields: [{ key: 'metadata.name', operator: 'In', values: [name] }] },
  });

  test('prefers nodes beside what its user prefers, and notes which', () => {
    const ssd = { weight: 80, preference: { matchExpressions: [{ key: 'disk', operator: 'Exists' }] } };
    const patch = startPatch(aWorkload({ preferredTerms: [ssd] }), {
      ...{ attempt: 1, placement: north, preferredNodes: ['b', 'a'] },
    });
    expect(preferredIn(patch)).toEqual([ssd, onNode('b', 50), onNode('a', 49)]);
    expect(prefersIn(patch)).toBe('b,a');
    expect(affinityIn(patch)).toEqual({ nodeSelectorTerms: [{ matchExpressions: [inNorth] }] });
  });

  test('prefers other nodes than at the last start, or none', () => {
    const ssd = { weight: 80, preference: { matchExpressions: [{ key: 'disk', operator: 'Exists' }] } };
    const workload = aWorkload({
      ...{ attempt: 1, preferredNodes: ['a'], preferredTerms: [ssd, onNode('a', 50)] },
    });
    const other = startPatch(workload, { attempt: 2, placement: north, preferredNodes: ['c'] });
    expect(preferredIn(other)).toEqual([ssd, onNode('c', 50)]);
    const none = startPatch(workload, { attempt: 2, placement: north });
    expect({ preferred: preferredIn(none), prefers: prefersIn(none) }).toEqual({ preferred: [ssd], prefers: null });
    const ours = { ...workload, preferredTerms: [onNode('a', 50)] };
    expect(preferredIn(startPatch(ours, { attempt: 2, placement: north }))).toBeNull();
  });

  test('says nothing of preferences that stay as they are', () => {
    const workload = aWorkload({ preferredNodes: ['a'], preferredTerms: [onNode('a', 50)] });
    for (const patch of [
      startPatch(workload, { attempt: 2, placement: north, preferredNodes: ['a'] }),
      startPatch(aWorkload({ preferredTerms: [onNode('a', 50)] }), { attempt: 1, placement: north }),
    ]) {
      expect({ preferred: preferredIn(patch), prefers: prefersIn(patch) }).toEqual({});
    }
  });

  test('takes away why the Job was suspended, and touches nothing where that is not told', () => {
    const notes = (workload: Workload): object =>
      (startPatch(workload, { attempt: 2, placement: north }) as { metadata: { annotations: object } }).metadata
        .annotations;
    expect(notes(aWorkload({ suspendedFor: 'Idle' }))).toMatchObject({ 'sunward.dev/suspended-for': null });
    expect(notes(aWorkload())).not.toHaveProperty(['sunward.dev/suspended-for']);
  });

  test('sets what is left of the time limit, in whole seconds and at least one', () => {
    const limit = (timeLimit: number) =>
      (
        startPatch(aWorkload(), { attempt: 2, placement: north, timeLimit }) as {
          spec: { activeDeadlineSeconds: number };
        }
      ).spec.activeDeadlineSeconds;
    expect(limit(HOUR_MS)).toBe(3_600);
    expect(limit(1_200)).toBe(2);
    expect(limit(0)).toBe(1);
  });
});

test('the patch that suspends a Job says why, and touches nothing else', () => {
  expect(suspendPatch(aWorkload(), 'Idle')).toEqual({
    metadata: {
      uid: aWorkload().metadata.uid,
      resourceVersion: '200',
      annotations: { 'sunward.dev/suspended-for': 'Idle' },
    },
    spec: { suspend: true },
  });
});
