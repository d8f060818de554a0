import { expect, test } from '@jest/globals';
import { aJobTemplate } from '../../../../test/builders/carbon-aware-job.ts';
import { workloadIdentity } from './workload-identity.ts';

const METADATA = { name: 'train', namespace: 'research' };

test('templates are the same whatever the order of their fields', () => {
  const { spec } = aJobTemplate();
  const a = workloadIdentity(METADATA, { metadata: { labels: { team: 'x', stage: 'y' } }, spec });
  const b = workloadIdentity(METADATA, { spec, metadata: { labels: { stage: 'y', team: 'x' } } });
  expect(a.template).toBe(b.template);
});

test('and others where anything in them differs', () => {
  const one = workloadIdentity(METADATA, aJobTemplate());
  const other = workloadIdentity(METADATA, aJobTemplate({ spec: { parallelism: 2 } }));
  expect(other.template).not.toBe(one.template);
});

test('a job is known by its label and by what made it', () => {
  const owner = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', name: 'nightly', uid: 'u' };
  const metadata = {
    ...METADATA,
    labels: { 'sunward.dev/workload': 'llama-finetune' },
    ownerReferences: [
      { ...owner, name: 'other' },
      { ...owner, controller: true },
    ],
  };
  expect(workloadIdentity(metadata, aJobTemplate())).toMatchObject({
    namespace: 'research',
    workload: 'llama-finetune',
    owner: 'Workflow/nightly',
  });
});
