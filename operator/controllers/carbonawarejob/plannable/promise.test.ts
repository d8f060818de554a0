import { expect, test } from '@jest/globals';
import { aCondition, aJobRecord } from '../../../../test/builders/carbon-aware-job.ts';
import { anAttempt, aView, aWorkload } from '../../../../test/builders/job-view.ts';
import { aSite, aSnapshot, atHour, MIDNIGHT } from '../../../../test/builders/planning.ts';
import { BUILT_IN_POLICY } from '../../../api/v1alpha1/defaults.ts';
import { ACCELERATOR_RESOURCES } from '../../../domain/accelerators/accelerator-resource.ts';
import { HOUR_MS, MINUTE_MS } from '../../../domain/units.ts';
import { plan } from '../../../planning/plan.ts';
import { writeAttempt } from '../attempts/attempts.ts';
import type { JobRecord } from '../job-record.ts';
import { statusOf } from '../status/status-of.ts';
import { planningSurroundings, toPlannable } from './to-plannable.ts';

const LENGTH = 20;
/** Dirty in the first half of the run, clean in the second. */
const DAY = Array.from({ length: 48 }, (_, hour) => (hour < LENGTH / 2 ? 500 : 100));

function planned(record: JobRecord, now: number, isRunning: boolean) {
  const hour = (now - MIDNIGHT) / HOUR_MS;
  // As after a restart of the operator at every hour: forecasts begin with the hour before, and nothing older is kept.
  const sites = [
    aSite(
      'north',
      DAY.map((figure, slot) => (slot >= hour - 1 ? figure : undefined)),
    ),
  ];
  const settings = { now, slot: 5 * MINUTE_MS, resources: ACCELERATOR_RESOURCES };
  const surroundings = planningSurroundings(sites, {
    ...settings,
    avoidanceBackoff: { base: 10 * MINUTE_MS, longest: HOUR_MS },
  });
  const workload = isRunning ? aWorkload({ suspended: false, attempt: 1 }) : aWorkload();
  const job = toPlannable(record, workload, BUILT_IN_POLICY, surroundings);
  if (job === undefined) throw new Error('there is nothing to plan');
  const decision = plan(aSnapshot({ now, sites, jobs: [job] })).decisions.get(job.key);
  const attempts = isRunning ? [anAttempt()] : [];
  const status = statusOf(aView({ now, record, workload, decision, attempts }), {});
  return { status, spent: job.spent };
}

test('what a job used when nobody knows it any more stays what was promised, plan after plan', () => {
  const spec = { expectedDuration: `${LENGTH}h`, maxDelay: '1h' };
  let record = aJobRecord({ spec, status: planned(aJobRecord({ spec }), MIDNIGHT, false).status });
  const promise = Number(record.status.plan?.promised?.gramsPerKWh);
  expect(promise).toBeGreaterThan(200);
  for (let hour = 1; hour < LENGTH; hour++) {
    const status = { ...record.status, attempts: [writeAttempt(anAttempt())], conditions: [aCondition('Running')] };
    const { status: next, spent } = planned(aJobRecord({ spec, status }), atHour(hour), true);
    const known = DAY[hour - 1] ?? NaN;
    expect(spent.carbon).toMatchObject({ grams: (hour - 1) * promise + known });
    record = aJobRecord({ spec, status: next });
    expect(record.status.plan?.promised?.gramsPerKWh).toBe(String(promise));
  }
});
