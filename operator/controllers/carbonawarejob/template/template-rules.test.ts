import { describe, expect, test } from '@jest/globals';
import { aJobTemplate } from '../../../../test/builders/carbon-aware-job.ts';
import { templateRefusal } from './template-rules.ts';

describe('a template', () => {
  test('like any other has nothing against it', () => {
    expect(templateRefusal(aJobTemplate())).toBeUndefined();
  });

  test('with the name of a Kueue queue is refused, with the label and the remedy', () => {
    const refusal = templateRefusal(aJobTemplate({ metadata: { labels: { 'kueue.x-k8s.io/queue-name': 'gpus' } } }));
    expect(refusal?.reason).toBe('QueueManaged');
    expect(refusal?.message).toMatch(/kueue\.x-k8s\.io\/queue-name is "gpus".*remove the label/);
  });

  test('that another controller manages is refused, with the field and the remedy', () => {
    const refusal = templateRefusal(aJobTemplate({ spec: { managedBy: 'kueue.x-k8s.io/multikueue' } }));
    expect(refusal?.reason).toBe('ManagedByOther');
    expect(refusal?.message).toMatch(/managedBy is "kueue\.x-k8s\.io\/multikueue".*remove managedBy/);
  });

  test('that names the Job controller as its manager says what its absence says', () => {
    expect(templateRefusal(aJobTemplate({ spec: { managedBy: 'kubernetes.io/job-controller' } }))).toBeUndefined();
  });

  test('bound to a node is refused, because its pods would pass the scheduler by', () => {
    const refusal = templateRefusal(aJobTemplate({ podSpec: { nodeName: 'node-7' } }));
    expect(refusal?.reason).toBe('InvalidSpec');
    expect(refusal?.message).toMatch(/nodeName is "node-7".*nodeSelector/);
  });

  test.each([undefined, null, 'text', 7, [], { metadata: 'x', spec: [] }, { spec: { template: { spec: null } } }])(
    'of a wrong shape is left to the API server: %j',
    (template) => {
      expect(templateRefusal(template)).toBeUndefined();
    },
  );
});
