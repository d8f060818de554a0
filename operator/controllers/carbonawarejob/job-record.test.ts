import { expect, test } from '@jest/globals';
import { aCarbonAwareJob, aJobTemplate } from '../../../test/builders/carbon-aware-job.ts';
import { jobRecordOf } from './job-record.ts';

const ownerOf = (labels: unknown, ownerLabels: readonly string[]) => {
  const template = aJobTemplate({ spec: { template: { metadata: { labels }, spec: {} } } });
  return jobRecordOf(aCarbonAwareJob({ spec: { template } }), { ownerLabels }).owner;
};

test('the owner is whom the first label of its pods names that is there', () => {
  const labels = { team: 'vision', owner: 'ada' };
  expect(ownerOf(labels, ['sunward.dev/owner', 'owner', 'team'])).toBe('ada');
  expect(ownerOf(labels, ['team'])).toBe('vision');
});

test('there is none where no label names one, none is asked for, or labels are no labels', () => {
  expect(ownerOf({ team: '' }, ['team'])).toBeUndefined();
  expect(ownerOf({ team: 'vision' }, [])).toBeUndefined();
  expect(ownerOf('vision', ['team'])).toBeUndefined();
  expect(ownerOf({ team: 7 }, ['team'])).toBeUndefined();
});
