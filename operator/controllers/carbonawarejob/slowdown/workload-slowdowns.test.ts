import { expect, test } from '@jest/globals';
import { aCondition, aJobRecord, aJobTemplate } from '../../../../test/builders/carbon-aware-job.ts';
import { atHour, H100, MIDNIGHT } from '../../../../test/builders/planning.ts';
import { FakeClock } from '../../../../test/fixtures/fake-clock.ts';
import { formatTime } from '../../../api/v1alpha1/timestamps.ts';
import { WORKLOAD_LABEL } from '../../../api/v1alpha1/labels.ts';
import type { JobRecord } from '../job-record.ts';
import { KnownSlowdowns } from './known-slowdowns.ts';
import { workloadSlowdowns } from './workload-slowdowns.ts';

interface Finished {
  readonly name: string;
  readonly site: string;
  readonly hours: number;
  readonly accelerator?: string;
  readonly label?: string;
  readonly parallelism?: number;
}

function finished({ name, site, hours, accelerator = H100, label, parallelism = 1 }: Finished): JobRecord {
  const labels = label === undefined ? {} : { labels: { [WORKLOAD_LABEL]: label } };
  const attempt = { number: 1, site, accelerator, job: name, startedAt: formatTime(MIDNIGHT) };
  return aJobRecord({
    metadata: { name, uid: name, ...labels },
    spec: { template: aJobTemplate({ spec: { parallelism } }), accelerators: [] },
    status: {
      conditions: [aCondition('Complete')],
      attempts: [{ ...attempt, endedAt: formatTime(atHour(hours)), runSeconds: hours * 3_600 }],
    },
  });
}

const runs = (count: number, one: Finished): readonly JobRecord[] =>
  Array.from({ length: count }, (_, k) => finished({ ...one, name: `${one.name}-${String(k)}` }));

function seen(jobs: readonly JobRecord[]) {
  const { counted, history } = new KnownSlowdowns({ list: () => jobs }, new FakeClock()).now();
  return workloadSlowdowns(counted, history, () => 'home');
}

test('kinds are named by their label, else by their first job', () => {
  const labelled = { label: 'llama', parallelism: 2 };
  const jobs = [
    ...runs(4, { name: 'a', site: 'home', hours: 6 }),
    ...runs(4, { name: 'b', site: 'away', hours: 9 }),
    ...runs(4, { name: 'c', site: 'home', hours: 6, ...labelled }),
    ...runs(4, { name: 'd', site: 'away', hours: 3, ...labelled, parallelism: 3 }),
    ...runs(9, { name: 'e', site: 'home', hours: 3, parallelism: 5 }),
  ];
  const at = { namespace: 'research', site: 'away', runs: 8 };
  expect(seen(jobs)).toEqual([
    { ...at, workload: 'job/a-0', share: expect.closeTo(0.45, 1) },
    { ...at, workload: 'llama', share: expect.closeTo(-0.48, 1) },
  ]);
});

test('a kind without a label never has the name of one with it', () => {
  const jobs = [
    ...runs(4, { name: 'a', site: 'home', hours: 6, label: 'llama' }),
    ...runs(4, { name: 'b', site: 'away', hours: 9, label: 'llama' }),
    finished({ name: 'llama', site: 'home', hours: 6, parallelism: 2 }),
    ...runs(3, { name: 'm', site: 'home', hours: 6, parallelism: 2 }),
    ...runs(4, { name: 'n', site: 'away', hours: 3, parallelism: 2 }),
  ];
  expect(seen(jobs).map(({ workload }) => workload)).toEqual(['llama', 'job/llama']);
});

test('a label tells of all its jobs, also where the templates of some would do alone', () => {
  const jobs = [
    ...runs(4, { name: 'a', site: 'home', hours: 6, label: 'llama' }),
    ...runs(4, { name: 'b', site: 'away', hours: 6, label: 'llama' }),
    ...runs(8, { name: 'c', site: 'away', hours: 9, label: 'llama', parallelism: 2 }),
  ];
  expect(seen(jobs)).toMatchObject([{ workload: 'llama', site: 'away', runs: 16, share: expect.closeTo(0.45, 1) }]);
});

test('of several accelerators at a site the one that most ran on is told', () => {
  const jobs = [
    ...runs(4, { name: 'a', site: 'home', hours: 6 }),
    ...runs(4, { name: 'b', site: 'away', hours: 12, accelerator: 'A100' }),
    ...runs(5, { name: 'c', site: 'away', hours: 6 }),
  ];
  expect(seen(jobs)).toMatchObject([{ site: 'away', share: 0 }]);
});
