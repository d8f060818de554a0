import { describe, expect, test } from '@jest/globals';
import { aCondition, aJobRecord, type JobOverrides } from '../../../../test/builders/carbon-aware-job.ts';
import { aLink, GIBIBYTE, TEBIBYTE } from '../../../../test/builders/data.ts';
import { anAttempt, aWorkload } from '../../../../test/builders/job-view.ts';
import { aPool, aSite, atHour, someCarbon } from '../../../../test/builders/planning.ts';
import { BUILT_IN_POLICY } from '../../../api/v1alpha1/defaults.ts';
import { ACCELERATOR_RESOURCES } from '../../../domain/accelerators/accelerator-resource.ts';
import type { PlannableJob } from '../../../domain/job.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../domain/units.ts';
import type { Workload } from '../../../ports/workloads.ts';
import type { Attempt } from '../attempts/attempts.ts';
import { writeAttempt } from '../attempts/attempts.ts';
import { planningSurroundings, toPlannable } from './to-plannable.ts';

const weights = { name: 'weights', size: '1Ti', sites: ['home'], access: 'Stage' as const };
const corpus = {
  ...{ name: 'corpus', sites: ['home'], access: 'Stream' as const },
  ...{ bytesPerSecond: '5G', readers: 64, outstandingBytes: '64Mi' },
};
const LINK = { bitsPerSecond: 20e9, pricePerGibibyte: 0.02 };
const SITES = [aSite('north', [100, 100, 100, 100], { links: [aLink('home', LINK)], pue: 1.2, pools: [aPool()] })];

function planned(job: JobOverrides, workload: Workload = aWorkload(), weight = 1): PlannableJob {
  const settings = { now: atHour(2), slot: 5 * MINUTE_MS, resources: ACCELERATOR_RESOURCES };
  const surroundings = planningSurroundings(SITES, {
    ...settings,
    avoidanceBackoff: { base: 10 * MINUTE_MS, longest: HOUR_MS },
  });
  const plannable = toPlannable(aJobRecord(job), workload, { ...BUILT_IN_POLICY, weight }, surroundings);
  if (plannable === undefined) throw new Error('there is nothing to plan');
  return plannable;
}

const ran = (overrides: Partial<Attempt> = {}) =>
  writeAttempt(anAttempt({ endedAt: atHour(1), ran: HOUR_MS, reason: 'Paused', ...overrides }));

describe('a job that reads data', () => {
  test('is planned with them, with its limit, and with the weight of its namespace', () => {
    const spec = { data: [weights, corpus], placement: { maxSlowdownPercent: 5 } };
    expect(planned({ spec }, aWorkload(), 3)).toMatchObject({
      data: [
        { name: 'weights', bytes: TEBIBYTE, stagedAt: [] },
        { name: 'corpus', stagedAt: [] },
      ],
      maxSlowdownShare: 0.05,
      weight: 3,
    });
    expect(planned({})).toMatchObject({ data: [], maxSlowdownShare: undefined, weight: 1 });
  });

  test('has copied them where its pods ran, or are about to', () => {
    const stagedAt = (attempts: readonly Attempt[], workload?: Workload) =>
      planned({ spec: { data: [weights] }, status: { attempts: attempts.map(writeAttempt) } }, workload).data[0]
        ?.stagedAt;
    const paused = anAttempt({ endedAt: atHour(1), ran: HOUR_MS, reason: 'Paused' });
    expect(stagedAt([paused])).toEqual(['north']);
    expect(stagedAt([{ ...paused, ran: 0, reason: 'Unschedulable' }])).toEqual([]);
    expect(stagedAt([anAttempt()])).toEqual([]);
    expect(stagedAt([anAttempt()], aWorkload({ suspended: false, attempt: 1 }))).toEqual(['north']);
  });

  test('has done as much less as reading them took longer', () => {
    const attempts = [ran({ slowdown: 1 })];
    expect(planned({ status: { attempts } }).remainingWork).toBe(1.5 * HOUR_MS);
  });

  test('has spent what came over the link, with its energy, copied once a site', () => {
    const attempts = [ran({ slowdown: 1 }), ran({ number: 2, startedAt: atHour(1), endedAt: atHour(2), slowdown: 1 })];
    const { spent } = planned({ spec: { data: [weights, corpus] }, status: { attempts } });
    const staging = TEBIBYTE / 2.5e9 / 3_600;
    const streamed = 2.5e9 * 7_200;
    const gigabytes = (TEBIBYTE + streamed) / 1e9;
    expect(spent.energy).toBeCloseTo(1.2 * (2 + 0.1 * staging + 0.001 * gigabytes), 6);
    expect(spent.carbon).toMatchObject({ ...someCarbon(0), grams: expect.closeTo(100 * spent.energy, 6) });
    expect(spent.money).toBeCloseTo((0.02 * (TEBIBYTE + streamed)) / GIBIBYTE, 6);
  });
});

test('a promise with a copy before it stands', () => {
  const status = {
    conditions: [aCondition('Planned')],
    plan: { site: 'north', windows: [{ start: '2026-06-01T03:00:00Z', end: '2026-06-01T05:10:00Z' }] },
  };
  expect(planned({ spec: { data: [weights] }, status }).current?.windows[0]).toEqual({
    startsAt: atHour(3),
    endsAt: atHour(5) + 600 * SECOND_MS,
  });
});
