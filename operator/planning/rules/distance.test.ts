import { describe, expect, test } from '@jest/globals';
import { aLink, GIGABIT, stagedData, streamedData, TEBIBYTE } from '../../../test/builders/data.ts';
import {
  aPlannableJob,
  aPool,
  aSite,
  aSnapshot,
  atHour,
  H100,
  hours,
  MIDNIGHT,
} from '../../../test/builders/planning.ts';
import { anObservation } from '../../../test/builders/slowdown.ts';
import type { Decision } from '../../domain/decision.ts';
import type { PlannableJob } from '../../domain/job.ts';
import type { Site } from '../../domain/site.ts';
import { MINUTE_MS } from '../../domain/units.ts';
import { planningContext } from '../context.ts';
import { plan, planOn } from '../plan.ts';
import { workReckonedWith } from '../unknown-length/planned-work.ts';
import { asFarAsPlanned, leastDistance, leastDistances } from './distance.ts';

const forecast = Array.from({ length: 96 }, () => 300);
const HOME = aSite('home', forecast);
const AWAY = aSite('away', forecast, { links: [aLink('home', { bitsPerSecond: 20 * GIGABIT })] });

const slowerBy = (share: number, site = 'away') => anObservation({ site, share, certainShare: share });
const slowdownOf = (job: Partial<PlannableJob>, sites = [AWAY, HOME]): number =>
  leastDistance(aPlannableJob(job), sites).slowdown;

function decisionOf(job: Partial<PlannableJob>, sites = [AWAY, HOME]): Decision | undefined {
  return plan(aSnapshot({ sites, jobs: [aPlannableJob(job)] })).decisions.get('research/train');
}

describe('how far the plan reaches for a job that is slowed', () => {
  const reading = { data: [streamedData()], deadline: atHour(48) };
  const denied = { ...reading, placementRules: { ...aPlannableJob().placementRules, jobDenies: ['home'] } };

  test('is by the quickest place that the rules leave open', () => {
    expect(slowdownOf(reading)).toBe(0);
    expect(slowdownOf(denied)).toBeCloseTo(1, 9);
    expect(slowdownOf({ ...denied, maxSlowdownShare: 1 })).toBeCloseTo(1, 9);
  });

  test('is by the quickest that its data reach where none is open; the limit is on what is beyond doubt', () => {
    expect(slowdownOf({ ...denied, maxSlowdownShare: 0.5 })).toBe(0);
    const observed = [slowerBy(0.25), slowerBy(0.5, 'home')];
    expect(slowdownOf({ observedSlowdowns: observed, maxSlowdownShare: 0.125 })).toBe(0.25);
    const doubtful = [slowerBy(0.25), { ...slowerBy(0.5, 'home'), certainShare: 0.125 }];
    expect(slowdownOf({ observedSlowdowns: doubtful, maxSlowdownShare: 0.125 })).toBe(0.5);
  });

  test('is by another place where the quickest just failed it', () => {
    const avoid = [{ site: 'home', product: H100, until: atHour(9), cause: 'Idle' as const, message: '' }];
    expect(slowdownOf({ ...reading, avoid })).toBeCloseTo(1, 9);
  });
});

describe('a job that is late for what its data and its site cost it', () => {
  const DAYS = hours(24);
  const SLOT = 5 * MINUTE_MS;
  /** Copies so many TiB at 2 Gbit/s, 1.2 hours each. */
  const copying = (tebibytes: number) => ({ data: [stagedData(tebibytes * TEBIBYTE)], deadline: atHour(3) });
  const farBy = (gigabits: number) =>
    aSite('away', forecast, { links: [aLink('home', { bitsPerSecond: gigabits * GIGABIT })] });
  const inSlots = (job: Partial<PlannableJob>, site: Site) =>
    aSnapshot({ slot: SLOT, sites: [site], jobs: [aPlannableJob(job)] });

  test.each([
    ['copies for ten hours', copying(8), farBy(2), 11.77],
    ['copies for half a day', copying(12), farBy(2), 16.66],
    ['copies for nine days', copying(180), farBy(2), 221.9],
    ['reads at a tenth of what it wants', { data: [streamedData()], deadline: atHour(1) }, farBy(4), 20],
    [
      'reads too slowly where jobs like it took four times as long',
      { data: [streamedData()], deadline: MIDNIGHT, observedSlowdowns: [slowerBy(3)] },
      farBy(16),
      20,
    ],
  ])('is started with the earliest finish that there is if it %s', (_what, job, site, takes) => {
    const { chosen, deadlineAtRisk, reason } = plan(inSlots(job, site)).decisions.get('research/train') ?? {};
    expect({ deadlineAtRisk, reason }).toEqual({ deadlineAtRisk: true, reason: 'DeadlineAtRisk' });
    expect(chosen?.windows[0]?.startsAt).toBe(MIDNIGHT);
    expect((chosen?.expected.finishesAt ?? NaN) - MIDNIGHT).toBeCloseTo(hours(takes), -5);
  });

  test('is started if its deadline is weeks away and its copy takes days longer', () => {
    const { chosen } =
      plan(inSlots({ ...copying(500), deadline: atHour(480) }, farBy(2))).decisions.get('research/train') ?? {};
    expect(chosen?.windows[0]?.startsAt).toBe(MIDNIGHT);
  });

  test('does not make the slots longer, however far away its data are', () => {
    const { grid } = planningContext(inSlots(copying(180), farBy(2)));
    expect(grid.slot).toBe(SLOT);
    const years = { data: [stagedData(50_000 * TEBIBYTE, { name: 'copied' }), streamedData()], deadline: MIDNIGHT };
    const slowAccelerator = { accelerators: [{ product: H100, speed: 0.05 }] };
    for (const job of [years, { ...years, ...slowAccelerator }]) {
      expect(planningContext(inSlots(job, farBy(0.01))).grid.slot).toBe(SLOT);
    }
  });

  test('waits, at risk, if it would copy for longer than can be planned', () => {
    expect(plan(inSlots(copying(1_000), farBy(2))).decisions.get('research/train')).toMatchObject({
      chosen: undefined,
      deadlineAtRisk: true,
      reason: 'NoCapacity',
      message: 'no site has room for it within the time that can be planned',
    });
  });

  test('counts until two weeks after its deadline, and at least until it has taken four times its length', () => {
    const plannedBy = (deadline: number, length = hours(2)) =>
      asFarAsPlanned(
        aPlannableJob({ deadline, remainingWork: length }),
        { slowdown: 1_000, staging: 1_000 * DAYS },
        MIDNIGHT,
      );
    expect(plannedBy(atHour(24))).toEqual({ slowdown: 180, staging: 15 * DAYS });
    for (const late of [MIDNIGHT, atHour(-500)]) {
      expect(plannedBy(late)).toEqual({ slowdown: 168, staging: 14 * DAYS });
    }
    expect(plannedBy(MIDNIGHT, 10 * DAYS)).toEqual({ slowdown: 3, staging: 14 * DAYS });
  });

  test('counts by the length that it may have where nobody knows it', () => {
    const points = [
      { work: hours(8), share: 0.5 },
      { work: hours(40), share: 0 },
    ];
    const lengthBelief = { points, mayWait: undefined };
    const job = aPlannableJob({ lengthBelief, deadline: MIDNIGHT });
    const { slowdown } = asFarAsPlanned(job, { slowdown: 1_000, staging: 0 }, MIDNIGHT);
    expect(slowdown * workReckonedWith(job)).toBeCloseTo(14 * DAYS, 0);
    expect(workReckonedWith(job)).toBeGreaterThan(job.remainingWork);
  });
});

describe('what is known of a job by the plan before', () => {
  const job = aPlannableJob({ observedSlowdowns: [slowerBy(0.5), slowerBy(0.25, 'home')] });
  const sites = [AWAY, HOME];
  const made = { slowdown: 7, staging: 0 };
  const earlier = { sites, distances: new Map([[job, made]]) };

  test('stands while the job and all sites are what they were', () => {
    expect(leastDistances({ jobs: [job], sites: [...sites] }, earlier).get(job)).toBe(made);
  });

  test('is reckoned anew for another job, and where a site is another, has come or has gone', () => {
    const other = { ...job };
    expect(leastDistances({ jobs: [other], sites }, earlier).get(other)?.slowdown).toBe(0.25);
    for (const others of [[AWAY, { ...HOME }], [AWAY], [...sites, aSite('third', forecast)]]) {
      expect(leastDistances({ jobs: [job], sites: others }, earlier).get(job)?.slowdown).not.toBe(7);
    }
  });

  test('is handed from plan to plan, without those that cost no time', () => {
    const atHand = aPlannableJob({ key: 'research/other' });
    const snapshot = aSnapshot({ sites, jobs: [job, atHand] });
    const first = planOn(undefined, snapshot).memory;
    expect([...first.context.distances.keys()]).toEqual([job]);
    const next = planOn(first, { ...snapshot, now: MIDNIGHT + MINUTE_MS, jobs: [...snapshot.jobs] }).memory;
    expect(next.context.distances.get(job)).toBe(first.context.distances.get(job));
  });
});

describe('a job that runs where jobs like it took four times as long', () => {
  const current = { site: 'away', product: H100, windows: [{ startsAt: MIDNIGHT, endsAt: atHour(12) }] };
  const running: Partial<PlannableJob> = {
    ...{ phase: 'Running', home: 'home', current, observedSlowdowns: [slowerBy(3)] },
    ...{ remainingWork: hours(12), totalWork: hours(12) },
  };

  test('has its carbon reckoned to the end as far as that is forecast, whatever the rules say by now, and however late it is', () => {
    for (const late of [{}, { maxSlowdownShare: 0.1 }, { deadline: MIDNIGHT }]) {
      const { chosen } = decisionOf({ ...running, ...late }) ?? {};
      expect(chosen?.expected.finishesAt).toBe(atHour(48));
      expect(chosen?.expected.carbon?.grams).toBeCloseTo(48 * 300, 6);
    }
  });

  test('counts the accelerator that it has', () => {
    const twoKinds = aSite('away', forecast, { pools: [aPool({ product: 'A100' }), aPool()] });
    expect(slowdownOf(running, [twoKinds, HOME])).toBe(3);
    expect(slowdownOf({ ...running, current: { ...current, product: 'A100' } }, [twoKinds, HOME])).toBe(0);
    const withoutAny = { devices: 0, current: { ...current, product: undefined } };
    const observedSlowdowns = [{ ...slowerBy(3), product: undefined }];
    expect(slowdownOf({ ...running, ...withoutAny, observedSlowdowns }, [twoKinds, HOME])).toBe(3);
  });

  test('counts where it could run if its site or its accelerator is gone', () => {
    expect(slowdownOf(running, [HOME])).toBe(0);
    expect(slowdownOf({ ...running, current: { ...current, product: 'A100' } })).toBe(0);
  });

  test('counts where it could run once it is paused', () => {
    expect(slowdownOf({ ...running, phase: 'Paused' })).toBe(0);
  });
});

test('a job that is late is started where jobs like it take four times as long, if that is all there is', () => {
  for (const deadline of [atHour(1), MIDNIGHT, atHour(-5)]) {
    const job = { observedSlowdowns: [slowerBy(3)], deadline };
    expect(decisionOf(job, [AWAY])).toMatchObject({
      deadlineAtRisk: true,
      chosen: { site: 'away', windows: [{ startsAt: MIDNIGHT, endsAt: atHour(8) }] },
    });
  }
});
