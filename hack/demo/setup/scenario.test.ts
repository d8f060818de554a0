import { describe, expect, test } from '@jest/globals';
import { parseCarbonAwareJob } from '../../../operator/api/v1alpha1/parse/carbon-aware-job.ts';
import { LESSONS } from '../verdict/lessons.ts';
import { shapeOf } from './dressed-job.ts';
import { GPUS_A_NODE, readScenario } from './scenario.ts';

const scenario = await readScenario();

describe('the scenario', () => {
  test('has a job for each lesson, and a lesson for each job', () => {
    expect(scenario.jobs.map(({ metadata }) => metadata.name).sort()).toEqual(LESSONS.map(({ job }) => job).sort());
  });

  test('has jobs that a user could submit as they stand', () => {
    for (const job of scenario.jobs) {
      const { metadata } = job;
      expect([metadata.name, parseCarbonAwareJob(job)]).toEqual([metadata.name, expect.objectContaining({ ok: true })]);
      expect(scenario.namespaces.map((namespace) => namespace.metadata.name)).toContain(metadata.namespace);
    }
  });

  test('names a home for every lesson, and every home is a site', () => {
    const sites = scenario.sites.map(({ name }) => name);
    for (const { home } of LESSONS) expect(sites).toContain(home);
  });

  test('has three regions with nodes and one that is scaled to zero', () => {
    expect(scenario.sites.map(({ name, zone, nodes }) => [name, zone, nodes])).toEqual([
      ['stockholm', 'SE-SE3', 4],
      ['frankfurt', 'DE', 4],
      ['warsaw', 'PL', 2],
      ['paris', 'FR', 0],
    ]);
  });

  test('asks no site for more GPUs at once than two jobs need', () => {
    for (const job of scenario.jobs) {
      const { gpusAPod, parallelism } = shapeOf(job);
      expect(gpusAPod * parallelism).toBeLessThanOrEqual(2 * GPUS_A_NODE);
    }
  });
});
