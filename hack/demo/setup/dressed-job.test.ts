import { describe, expect, test } from '@jest/globals';
import type { CarbonAwareJob } from '../../../operator/api/v1alpha1/carbon-aware-job.generated.ts';
import { dressed, shapeOf } from './dressed-job.ts';

const job = (spec: object, podSpec: object = {}): CarbonAwareJob => ({
  apiVersion: 'sunward.dev/v1alpha1',
  kind: 'CarbonAwareJob',
  metadata: { name: 'train' },
  spec: {
    expectedDuration: '30s',
    template: { metadata: { labels: { team: 'a' } }, spec: { ...spec, template: { spec: podSpec } } },
  },
});

describe('the shape of a job', () => {
  test('shares the expected duration among the pods that follow each other, less what each takes to begin', () => {
    const pod = { containers: [{ resources: { limits: { 'nvidia.com/gpu': 8 } } }] };
    expect(shapeOf(job({ completions: 10, parallelism: 2 }, pod))).toEqual({
      completions: 10,
      parallelism: 2,
      podRun: 5_000,
      gpusAPod: 8,
    });
  });

  test('is one pod where the template says nothing', () => {
    expect(shapeOf(job({}))).toEqual({ completions: 1, parallelism: 1, podRun: 29_000, gpusAPod: 0 });
  });
});

describe('a dressed job', () => {
  const podSpec = { nodeSelector: { disk: 'ssd' }, tolerations: [{ key: 'nvidia.com/gpu' }], restartPolicy: 'Never' };
  const { template } = dressed(job({ completions: 2, parallelism: 2 }, podSpec)).spec;

  test('goes to nodes of the demo and to no others, and keeps what its user asked for', () => {
    expect(template.spec?.template).toMatchObject({
      metadata: { labels: { 'sunward.dev/demo': 'true' }, annotations: { 'sunward.dev/run-for': '29s' } },
      spec: {
        restartPolicy: 'Never',
        nodeSelector: { disk: 'ssd', 'sunward.dev/demo': 'true' },
        tolerations: [{ key: 'nvidia.com/gpu' }, { key: 'sunward.dev/demo', value: 'true', effect: 'NoSchedule' }],
      },
    });
  });

  test('has Jobs that are found by the label of the demo', () => {
    expect(template.metadata).toEqual({ labels: { team: 'a', 'sunward.dev/demo': 'true' } });
  });
});
