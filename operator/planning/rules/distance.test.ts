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
import { plan } from '../plan.ts';
import { leastDistance } from './distance.ts';

const forecast = Array.from({ length: 96 }, () => 300);
const HOME = aSite('home', forecast);
const AWAY = aSite('away', forecast, { links: [aLink('home', { bitsPerSecond: 20 * GIGABIT })] });

const slowerBy = (share: number, site = 'away') => anObservation({ site, share, certainShare: share });
const slowdownOf = (job: Partial<PlannableJob>, sites = [AWAY, HOME]): number =>
  leastDistance(aPlannableJob(job), sites, MIDNIGHT).slowdown;

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

  test('is no further than the deadline for what its data take, but for four times its length', () => {
    const far = aSite('away', forecast, { links: [aLink('home', { bitsPerSecond: GIGABIT / 10 })] });
    const copying = { data: [stagedData(900 * TEBIBYTE)] };
    expect(slowdownOf({ ...reading, deadline: atHour(24) }, [far])).toBe(12);
    expect(slowdownOf({ ...reading, deadline: MIDNIGHT }, [far])).toBe(3);
    const stagingBy = (deadline: number) =>
      leastDistance(aPlannableJob({ ...copying, deadline }), [far], MIDNIGHT).staging;
    expect([stagingBy(atHour(24)), stagingBy(MIDNIGHT)]).toEqual([hours(24), hours(6)]);
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
