import { describe, expect, test } from '@jest/globals';
import { aCondition, aJobRecord, type JobOverrides } from '../../../../test/builders/carbon-aware-job.ts';
import { atHour, H100, hours, MIDNIGHT } from '../../../../test/builders/planning.ts';
import { BUILT_IN_POLICY } from '../../../api/v1alpha1/defaults.ts';
import type { EffectivePolicy } from '../../../api/v1alpha1/effective-policy.ts';
import { formatTime } from '../../../api/v1alpha1/timestamps.ts';
import type { PlannableJob } from '../../../domain/job.ts';
import { MINUTE_MS } from '../../../domain/units.ts';
import type { JobRecord } from '../job-record.ts';
import { lengthHistoryOf } from './finished-jobs.ts';
import { lengthOf } from './length.ts';

/** One of that name that ran from midnight on and is complete; whatever was told of its length. */
function complete(name: string, lasted: number, overrides: JobOverrides = {}, reason = 'Complete'): JobRecord {
  const attempt = { number: 1, site: 'north', accelerator: H100, job: name, startedAt: formatTime(MIDNIGHT) };
  return aJobRecord({
    ...overrides,
    metadata: { name, uid: name, ...overrides.metadata },
    status: {
      conditions: [aCondition(reason)],
      attempts: [{ ...attempt, endedAt: formatTime(atHour(lasted + 1)), runSeconds: lasted * 3_600 }],
    },
  });
}

function untold(spec: object = {}): JobRecord {
  const record = aJobRecord();
  if (!record.spec.ok) throw new Error('the builder makes jobs that can be read');
  return { ...record, spec: { ok: true, value: { ...record.spec.value, expectedDuration: undefined, ...spec } } };
}

function lengthAfter(
  others: readonly JobRecord[],
  record = untold(),
  { done = 0, policy = BUILT_IN_POLICY }: { readonly done?: number; readonly policy?: EffectivePolicy } = {},
): Pick<PlannableJob, 'remainingWork' | 'totalWork' | 'deadline' | 'lengthBelief'> {
  if (!record.spec.ok) throw new Error('the builder makes jobs that can be read');
  const history = lengthHistoryOf([...others, record]);
  return lengthOf(record, record.spec.value, policy, { done: hours(done), slot: 5 * MINUTE_MS, history });
}

describe('a job whose length nobody has told', () => {
  test('is planned for what others of its template took, by the time that their pods ran', () => {
    const { totalWork, lengthBelief } = lengthAfter(
      ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map((name) => complete(name, 5)),
    );
    expect(lengthBelief?.learntFrom).toEqual({ kinship: 'Template', runs: 9 });
    expect(totalWork).toBe(hours(5));
  });

  test('waits no longer in all than it may, however long it takes', () => {
    for (const done of [0, 1, 7, 30]) {
      const { totalWork, deadline, remainingWork } = lengthAfter([complete('a', 5)], untold({ maxDelay: hours(4) }), {
        done,
      });
      expect(totalWork).toBe(hours(done) + remainingWork);
      expect(deadline).toBe(MIDNIGHT + totalWork + hours(4));
    }
  });

  test('keeps its own deadline, and the delay that the policy allows at most', () => {
    const record = untold({ completeBy: atHour(20) });
    expect(lengthAfter([], record)).toMatchObject({ deadline: atHour(20), lengthBelief: { mayWait: undefined } });
    const strict = { ...BUILT_IN_POLICY, longestDelay: hours(1) };
    expect(lengthAfter([], untold(), { policy: strict }).lengthBelief?.mayWait).toBe(hours(1));
    const { deadline, totalWork } = lengthAfter([], record, { policy: strict });
    expect(deadline).toBe(MIDNIGHT + totalWork + hours(1));
  });

  test('learns nothing from jobs that failed, or of another namespace', () => {
    const others = [complete('a', 5, {}, 'Failed'), complete('b', 5, { metadata: { namespace: 'finance' } })];
    expect(lengthAfter(others).lengthBelief?.learntFrom).toBeUndefined();
  });

  test('learns in work, not in hours, where others ran on slower accelerators', () => {
    const slow = { accelerators: [{ product: H100, speed: '0.5' }] };
    const { totalWork } = lengthAfter(
      Array.from({ length: 12 }, (_, i) => complete(`run-${String(i)}`, 8, { spec: slow })),
    );
    expect(totalWork).toBe(hours(4));
  });
});

test('a job whose length was told is planned for that', () => {
  const told = lengthAfter([complete('a', 5)], aJobRecord(), { done: 0.5 });
  expect(told).toEqual({ remainingWork: hours(1.5), totalWork: hours(2), deadline: MIDNIGHT + hours(14) });
});
