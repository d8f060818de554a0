import { describe, expect, test } from '@jest/globals';
import { aCondition, aJobRecord, type JobOverrides } from '../../../../test/builders/carbon-aware-job.ts';
import { aSite, atHour, H100, hours, MIDNIGHT } from '../../../../test/builders/planning.ts';
import { BUILT_IN_POLICY } from '../../../api/v1alpha1/defaults.ts';
import type { EffectivePolicy } from '../../../api/v1alpha1/effective-policy.ts';
import { formatTime } from '../../../api/v1alpha1/timestamps.ts';
import { ACCELERATOR_RESOURCES } from '../../../domain/accelerators/accelerator-resource.ts';
import type { PlannableJob } from '../../../domain/job.ts';
import { observedAt } from '../../../domain/length/observed-slowdown.ts';
import type { JobRecord } from '../job-record.ts';
import { slowdownHistoryOf } from '../slowdown/site-runs.ts';
import { lengthHistoryOf } from './finished-jobs.ts';
import { planningSurroundings, toPlannable } from './to-plannable.ts';

const AT_HOME: EffectivePolicy = { ...BUILT_IN_POLICY, home: 'home' };

function finished(site: string, k: number, length: number, spec: JobOverrides['spec'] = {}): JobRecord {
  const name = `${site}-${String(k)}`;
  const attempt = { number: 1, site, accelerator: H100, job: name, startedAt: formatTime(MIDNIGHT) };
  return aJobRecord({
    metadata: { name, uid: name },
    spec,
    status: {
      conditions: [aCondition('Complete')],
      attempts: [{ ...attempt, endedAt: formatTime(atHour(length)), runSeconds: length * 3_600 }],
    },
  });
}

/** Two hours at home, three away. */
const runsOf = (spec: JobOverrides['spec'] = {}): readonly JobRecord[] =>
  Array.from({ length: 10 }, (_, k) => [finished('home', k, 2, spec), finished('away', k, 3, spec)]).flat();

function planned(overrides: JobOverrides, { untold = false, others = runsOf() } = {}): PlannableJob {
  const made = aJobRecord(overrides);
  if (!made.spec.ok) throw new Error('the builder makes jobs that can be read');
  const value = { ...made.spec.value, expectedDuration: untold ? undefined : made.spec.value.expectedDuration };
  const record: JobRecord = { ...made, spec: { ok: true, value } };
  const records = [...others, record];
  const slowdowns = slowdownHistoryOf(records);
  const history = lengthHistoryOf(records, slowdowns);
  const surroundings = planningSurroundings([aSite('home', [1]), aSite('away', [1])], {
    ...{ now: atHour(1), slot: 1, resources: ACCELERATOR_RESOURCES, history, slowdowns },
    avoidanceBackoff: { base: hours(1), longest: hours(8) },
  });
  const job = toPlannable(record, undefined, AT_HOME, surroundings);
  if (job === undefined) throw new Error('the job is not planned');
  return job;
}

const pausedAt = (site: string): JobOverrides => ({
  spec: { interruptible: { restartOverhead: '0s' } },
  status: {
    attempts: [
      {
        ...{ number: 1, site, accelerator: H100, job: 'train', reason: 'Paused', runSeconds: 3_600 },
        ...{ startedAt: formatTime(MIDNIGHT), endedAt: formatTime(atHour(1)) },
      },
    ],
  },
});

describe('a job whose like took half as long again away from home', () => {
  test('is planned with that', () => {
    const { observedSlowdowns } = planned({});
    expect(observedSlowdowns).toMatchObject([{ site: 'away', runs: 10, comparedWith: { site: 'home', runs: 10 } }]);
    expect(observedSlowdowns?.[0]?.share).toBeCloseTo(0.5, 1);
  });

  test('keeps the length that it was told, which is that at home', () => {
    expect(planned({}).totalWork).toBe(hours(2));
    expect(planned({ spec: { expectedDuration: '4h' } }).totalWork).toBe(hours(4));
  });

  test('is taken for as long as all of them at home, where nobody has told its length', () => {
    const { lengthBelief, totalWork } = planned({}, { untold: true });
    expect(lengthBelief?.learntFrom).toEqual({ kinship: 'Template', runs: 20 });
    expect(totalWork).toBeGreaterThan(hours(1.9));
    expect(totalWork).toBeLessThan(hours(2.3));
  });

  test('is planned at each site for what they took there, whichever home they named and whichever it names', () => {
    for (const theirs of ['home', 'away']) {
      for (const its of ['home', 'away']) {
        const others = runsOf({ placement: { home: theirs } });
        const job = planned({ spec: { placement: { home: its } } }, { untold: true, others });
        const hoursAt = (site: string): number =>
          (job.totalWork * (1 + (observedAt(job.observedSlowdowns, site, H100)?.share ?? 0))) / hours(1);
        expect(hoursAt('home')).toBeCloseTo(2, 0);
        expect(hoursAt('away')).toBeCloseTo(3, 0);
      }
    }
  });

  test('has done less in an hour there', () => {
    expect(planned(pausedAt('home')).remainingWork).toBe(hours(1));
    const { remainingWork, observedSlowdowns } = planned(pausedAt('away'));
    expect(remainingWork).toBeCloseTo(hours(2 - 1 / (1 + (observedSlowdowns?.[0]?.share ?? NaN))), 3);
  });

  test('is planned without it in another namespace, and where too few like it have finished', () => {
    expect(planned({ metadata: { namespace: 'adverts' } })).not.toHaveProperty('observedSlowdowns');
  });
});
