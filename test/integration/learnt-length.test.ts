import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { BUILT_IN_POLICY } from '../../operator/api/v1alpha1/defaults.ts';
import type { JobRecord } from '../../operator/controllers/carbonawarejob/job-record.ts';
import { lengthHistoryOf } from '../../operator/controllers/carbonawarejob/plannable/finished-jobs.ts';
import { planningSurroundings, toPlannable } from '../../operator/controllers/carbonawarejob/plannable/to-plannable.ts';
import { ACCELERATOR_RESOURCES } from '../../operator/domain/accelerators/accelerator-resource.ts';
import type { Decision } from '../../operator/domain/decision.ts';
import { HOUR_MS, SECOND_MS } from '../../operator/domain/units.ts';
import { plan } from '../../operator/planning/plan.ts';
import { aPodTemplate } from '../builders/carbon-aware-job.ts';
import { aPool, aSite, aSnapshot } from '../builders/planning.ts';
import type { JobOperator } from '../fixtures/job-operator.ts';
import { JobWorld, type JobNamespace } from '../fixtures/job-world.ts';

jest.setTimeout(90_000);

let world: JobWorld;
let team: JobNamespace;
let operator: JobOperator;

beforeAll(async () => {
  world = await JobWorld.start();
}, 180_000);

afterAll(() => world.stop());

beforeEach(async () => {
  team = await world.aNamespace();
  operator = await world.operator({ namespace: team.name, plan: planned });
});

const NAMES = ['first', 'second'];

/** As the planning cycle does it, at a site without carbon data: whatever is planned runs at once. */
function planned(record: JobRecord): Decision | undefined {
  const now = Date.now();
  const sites = [aSite('north', undefined, { pools: [aPool({ capacity: 8 })] })];
  const records = NAMES.flatMap((name) => operator.record(team.key(name)) ?? []);
  const surroundings = planningSurroundings(sites, {
    ...{ now, slot: SECOND_MS, resources: ACCELERATOR_RESOURCES, history: lengthHistoryOf(records) },
    avoidanceBackoff: { base: HOUR_MS, longest: HOUR_MS },
  });
  const job = toPlannable(record, undefined, BUILT_IN_POLICY, surroundings);
  if (job === undefined) return undefined;
  return plan(aSnapshot({ now, slot: SECOND_MS, sites, jobs: [job] })).decisions.get(job.key);
}

/** One pod of one GPU that runs for two seconds. */
function aSpec(): object {
  const { metadata, ...pods } = aPodTemplate();
  const annotations = { 'sunward.dev/run-for': '2s' };
  return { template: { spec: { template: { metadata: { ...(metadata as object), annotations }, ...pods } } } };
}

test('a second run of a template is planned with the length that the first one had', async () => {
  await team.create('first', aSpec());
  const first = await team.untilCondition('first', 'Complete');
  expect(first.status?.plan?.length).toMatchObject({ learntFrom: 'Nothing', runs: 0 });
  expect(first.status?.plan?.message).toContain('since no job like it has finished yet');

  await team.create('second', aSpec());
  const second = await team.untilCondition('second', 'Planned');
  expect(second.status?.plan?.length).toMatchObject({ learntFrom: 'Template', runs: 1 });
  expect(second.status?.plan?.message).toContain('learnt from 1 finished job of the same template');
  const deadlineOf = (job: typeof first) =>
    Date.parse(job.status?.plan?.deadline ?? '') - Date.parse(job.metadata.creationTimestamp ?? '');
  expect(deadlineOf(second)).toBeLessThan(deadlineOf(first));
});
