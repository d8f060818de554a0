import { expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { DeadlineMetrics, type DeadlineAtRisk } from './deadline-metrics.ts';

const NAMED = 'sunward_job_deadline_at_risk';
const COUNT = 'sunward_jobs_deadline_at_risk';

function scraped(jobs?: readonly DeadlineAtRisk[]) {
  const registry = new Registry();
  const metrics = new DeadlineMetrics(registry);
  if (jobs !== undefined) metrics.observe(() => jobs);
  return async (name: string) => (await registry.getSingleMetric(name)?.get())?.values;
}

test('jobs are named in order, and counted', async () => {
  const valuesOf = scraped([
    { namespace: 'research', job: 'train', owner: 'vision', site: 'lulea' },
    { namespace: 'adverts', job: 'rank', owner: 'adverts', site: '' },
  ]);
  expect(await valuesOf(NAMED)).toEqual([
    { labels: { job_namespace: 'adverts', job_name: 'rank', owner: 'adverts', site: '' }, value: 1 },
    { labels: { job_namespace: 'research', job_name: 'train', owner: 'vision', site: 'lulea' }, value: 1 },
  ]);
  expect(await valuesOf(COUNT)).toEqual([{ labels: {}, value: 2 }]);
});

test('one namespace does not hide the others: each has a job named in turn', async () => {
  const crowd = Array.from({ length: 150 }, (_, k) => ({ namespace: 'a', job: String(100 + k), owner: 'a', site: '' }));
  const others = ['train', 'tune'].map((job) => ({ namespace: 'research', job, owner: 'a', site: 'lulea' }));
  const named = await scraped([...crowd, ...others])(NAMED);
  expect(named).toHaveLength(100);
  expect(named?.slice(0, 4).map(({ labels }) => `${labels['job_namespace']}/${labels['job_name']}`)).toEqual([
    'a/100',
    'research/train',
    'a/101',
    'research/tune',
  ]);
  expect(named?.at(-1)).toMatchObject({ labels: { job_namespace: 'a', job_name: '197' } });
});

test('only the first hundred are named, and all are counted', async () => {
  const jobs = Array.from({ length: 150 }, (_, k) => ({ namespace: 'n', job: String(999 - k), owner: 'a', site: '' }));
  const valuesOf = scraped(jobs);
  const named = await valuesOf(NAMED);
  expect(named).toHaveLength(100);
  expect(named?.[0]).toMatchObject({ labels: { job_name: '850' } });
  expect(await valuesOf(COUNT)).toMatchObject([{ value: 150 }]);
});

test('none are 0, and nothing is told before there is anything to observe', async () => {
  expect(await scraped([])(COUNT)).toMatchObject([{ value: 0 }]);
  const valuesOf = scraped();
  expect(await valuesOf(COUNT)).toEqual([]);
  expect(await valuesOf(NAMED)).toEqual([]);
});
