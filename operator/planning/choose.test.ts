import { describe, expect, test } from '@jest/globals';
import { aPlannableJob, aPool, aSite, aSnapshot, atHour, H100, hours, MIDNIGHT } from '../../test/builders/planning.ts';
import type { Decision } from '../domain/decision.ts';
import type { PlannableJob } from '../domain/job.ts';
import type { Site } from '../domain/site.ts';
import { plan } from './plan.ts';
import type { PlanningSnapshot } from './snapshot.ts';

function decide(job: PlannableJob, sites: readonly Site[], overrides: Partial<PlanningSnapshot> = {}): Decision {
  const decision = plan(aSnapshot({ sites, jobs: [job], ...overrides })).decisions.get(job.key);
  if (decision === undefined) throw new Error('the plan has no decision for the job');
  return decision;
}

function promised(startsAt: number, endsAt: number) {
  return { site: 'berlin', product: H100, windows: [{ startsAt: atHour(startsAt), endsAt: atHour(endsAt) }] };
}

describe('data that comes and goes', () => {
  test('a job that was held for want of data stops waiting as soon as there is some', () => {
    const job = aPlannableJob({ withoutData: 'Hold', current: promised(22, 24) });
    const decision = decide(job, [aSite('berlin', [300, 300, 300, 300, 300, 300])]);
    expect(decision).toMatchObject({ reason: 'RunsNow', kept: false });
  });

  test('what was promised for a time that nobody knows any more is given up for what is known', () => {
    const job = aPlannableJob({ current: promised(10, 12) });
    const decision = decide(job, [aSite('berlin', [300, 200, 200, 300])]);
    expect(decision).toMatchObject({ kept: false, chosen: { windows: [{ startsAt: atHour(1), endsAt: atHour(3) }] } });
  });

  test.each([0, 5])(
    'an objective without a price of carbon needs no intensity, also where some is known (%i)',
    (delay) => {
      const objective = { lexicographic: false, carbonPricePerTonne: 0, delayPricePerAcceleratorHour: delay };
      const job = aPlannableJob({ objective, withoutData: 'Hold', remainingWork: hours(6), totalWork: hours(6) });
      const decision = decide(job, [aSite('berlin', [300, 300, 300])]);
      expect(decision.reason).toBe('RunsNow');
      expect(decision.chosen?.expected).toMatchObject({ startsAt: MIDNIGHT, carbon: undefined });
    },
  );
});

describe('jobs that are held for want of data', () => {
  const held = (name: string): PlannableJob => aPlannableJob({ key: `research/${name}`, withoutData: 'Hold' });
  const small = aSite('berlin', undefined, { pools: [aPool({ capacity: 1 })] });

  test('do not all wait for the same last moment where there is room for one of them', () => {
    const jobs = ['a', 'b', 'c'].map(held);
    const { decisions } = plan(aSnapshot({ sites: [small], jobs }));
    const starts = jobs.map(({ key }) => decisions.get(key)?.chosen?.expected.startsAt);
    expect(starts).toEqual([atHour(22), atHour(20), atHour(18)]);
  });

  test('wait to the last moment between two slots too', () => {
    const job = { ...held('a'), deadline: atHour(23.5) };
    expect(decide(job, [small]).chosen?.windows).toEqual([{ startsAt: atHour(21.5), endsAt: atHour(23.5) }]);
  });
});

describe('a running job', () => {
  test('is not planned to pause where its minimum run lasts longer than its work', () => {
    const cleanLater = [600, 600, 600, ...Array.from({ length: 45 }, () => 10)];
    const job = aPlannableJob({
      phase: 'Running',
      interruptible: { minimumRun: hours(4), restartOverhead: 0, maxPauses: 4 },
      remainingWork: hours(2),
      totalWork: hours(3),
      current: promised(-1, 2),
    });
    const decision = decide(job, [aSite('berlin', cleanLater)]);
    expect(decision).toMatchObject({
      reason: 'RunsOn',
      chosen: { windows: [{ startsAt: MIDNIGHT, endsAt: atHour(2) }] },
    });
  });
});

describe('a promise in pieces', () => {
  const pieces = {
    site: 'berlin',
    product: H100,
    windows: [
      { startsAt: atHour(2), endsAt: atHour(3) },
      { startsAt: atHour(8), endsAt: atHour(9) },
    ],
  };
  const twoDips = Array.from({ length: 48 }, (_, hour) => ([2, 8].includes(hour) ? 10 : 500));

  test.each([
    ['may no longer be interrupted', { interruptible: undefined }],
    [
      'has no pauses left',
      { interruptible: { minimumRun: hours(1), restartOverhead: 0, maxPauses: 2 }, pausesSoFar: 2 },
    ],
  ])('is not kept for a job that %s', (_, changed) => {
    const decision = decide(aPlannableJob({ current: pieces, ...changed }), [aSite('berlin', twoDips)]);
    expect(decision.chosen?.windows).toHaveLength(1);
  });
});
