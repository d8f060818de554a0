import { describe, expect, test } from '@jest/globals';
import { aJobRecord, aJobTemplate, aPodTemplate } from '../../../test/builders/carbon-aware-job.ts';
import { aDecision, anAttempt, anOption, aView, aWindow, aWorkload } from '../../../test/builders/job-view.ts';
import { H100 } from '../../../test/builders/planning.ts';
import type { JobView } from './job-view.ts';
import { nodesToFill } from './packing.ts';
import { nextStep } from './step/next-step.ts';

/** Two nodes, whatever is asked for; what was asked for is its name. */
const everywhere = {
  partlyUsed: (region: string, product: string, devices: number, most: number) => [
    [region, product, devices, most].join(' '),
    'another',
  ],
};
const asked = (overrides: Partial<JobView>) => nodesToFill(aView(overrides), everywhere);

function withGpus(gpus: number): JobView['record'] {
  const resources = { limits: { 'nvidia.com/gpu': gpus } };
  const containers = [{ name: 'train', image: 'train', resources }];
  const pods = aPodTemplate() as { spec: object };
  return aJobRecord({
    spec: { template: aJobTemplate({ spec: { parallelism: 3, template: { spec: { ...pods.spec, containers } } } }) },
  });
}

describe('a job that is about to start', () => {
  test('had better fill up nodes of its site and product that have room for one of its pods', () => {
    expect(asked({ record: withGpus(4) })).toEqual([`region-north ${H100} 4 16`, 'another']);
  });

  test('goes anywhere where idle nodes stay on, or where it needs no device', () => {
    const place = { region: 'region-north', idleNodesSleep: false, provisioning: new Map(), toCome: new Set<string>() };
    expect(asked({ record: withGpus(4), sites: new Map([['north', place]]) })).toEqual([]);
    expect(asked({ record: withGpus(4), sites: new Map() })).toEqual([]);
    expect(asked({ record: withGpus(0) })).toEqual([]);
    const needsNone = aDecision({ chosen: anOption({ product: undefined }) });
    expect(asked({ record: withGpus(4), decision: needsNone })).toEqual([]);
  });

  test('says so with its start', () => {
    const view = aView({ attempts: [anAttempt()], nodesToFill: ['b', 'a'] });
    expect(nextStep(view)).toMatchObject({ do: 'Start', start: { attempt: 1, preferredNodes: ['b', 'a'] } });
    expect(nextStep({ ...view, nodesToFill: [] })).not.toHaveProperty('start.preferredNodes');
  });
});

test('nobody is asked for the nodes of a job that waits, runs or has no Job', () => {
  for (const overrides of [
    { decision: aDecision({ chosen: anOption({ windows: [aWindow(6, 8)] }) }) },
    { decision: undefined },
    { workload: aWorkload({ suspended: false }) },
    { workload: undefined },
  ]) {
    expect(asked({ record: withGpus(4), ...overrides })).toEqual([]);
  }
});
