import { describe, expect, test } from '@jest/globals';
import { parseCarbonAwareJob } from '../../../operator/api/v1alpha1/parse/carbon-aware-job.ts';
import { loadJobs, namespaceNames, type LoadJob } from './jobs.ts';

const share = (jobs: readonly LoadJob[], holds: (job: LoadJob) => boolean): number =>
  jobs.filter(holds).length / jobs.length;

describe('the load', () => {
  const jobs = loadJobs(10_000);

  test('is the same every time', () => {
    expect(loadJobs(50)).toEqual(loadJobs(50));
    expect(jobs.slice(0, 50)).toEqual(loadJobs(50));
  });

  test('has the shares that the report tells', () => {
    expect(share(jobs, (job) => job.ownDelay)).toBeCloseTo(0.5, 1);
    expect(share(jobs, (job) => job.interruptible)).toBeCloseTo(0.1, 1);
    expect(share(jobs, (job) => job.bound)).toBeCloseTo(0.1, 1);
    for (let hours = 1; hours <= 6; hours++) expect(share(jobs, (job) => job.hours === hours)).toBeCloseTo(1 / 6, 1);
  });

  test('gives every job a name of its own and spreads them over the namespaces', () => {
    expect(new Set(jobs.map(({ manifest }) => manifest.metadata.name)).size).toBe(jobs.length);
    expect(new Set(jobs.map(({ manifest }) => manifest.metadata.namespace))).toEqual(new Set(namespaceNames()));
  });

  test('is made of jobs that the operator can read, with what was drawn for them', () => {
    for (const { manifest, hours, bound, interruptible } of jobs.slice(0, 200)) {
      const reading = parseCarbonAwareJob(manifest);
      expect(reading).toMatchObject({ ok: true, value: { expectedDuration: hours * 3_600_000 } });
      expect(manifest.spec.placement?.sites?.allow).toEqual(bound ? ['warsaw'] : undefined);
      expect(manifest.spec.interruptible !== undefined).toBe(interruptible);
    }
  });
});
