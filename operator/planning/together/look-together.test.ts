import { describe, expect, test } from '@jest/globals';
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
import type { PlannableJob } from '../../domain/job.ts';
import type { Site } from '../../domain/site.ts';
import { startOf } from '../candidate.ts';
import { allPools } from '../capacity.ts';
import { planningContext } from '../context.ts';
import type { Placed } from '../placing.ts';
import { takeTurns } from '../turns.ts';
import { lookTogether } from './look-together.ts';

function oneDevice(figures: readonly number[], rest: Partial<Site> = {}): Site {
  return aSite('berlin', figures, { pools: [aPool({ capacity: 1 })], ...rest });
}

function job(name: string, length: number, by: number, rest: Partial<PlannableJob> = {}): PlannableJob {
  const work = { remainingWork: hours(length), totalWork: hours(length) };
  return aPlannableJob({ key: name, ...work, deadline: atHour(by), ...rest });
}

/** As they come out of their turns, taken in this order, and looked at together. */
function bothWays(jobs: readonly PlannableJob[], site: Site) {
  const context = planningContext(aSnapshot({ jobs, sites: [site] }));
  const before = takeTurns(jobs, context).map(({ placed }) => placed);
  const booked = (): readonly number[] => allPools(context.ledger).flatMap(({ all }) => [...all.booked]);
  return { before, after: lookTogether(before, context), booked };
}

function startsOf(placed: readonly Placed[]): readonly number[] {
  return placed.map(({ chosen }) => (startOf(chosen?.windows ?? []) - MIDNIGHT) / hours(1));
}

/** One hour is clean, the next nearly as clean, and only the first of them is before the deadline of the second job. */
const CLEAN_AND_NEARLY = [90, 10, 12, 90];

describe('jobs that are looked at together', () => {
  const first = job('a/first', 1, 4);
  const second = job('a/second', 1, 2);

  test('give way where that costs one little and spares another much', () => {
    const { before, after, booked } = bothWays([first, second], oneDevice(CLEAN_AND_NEARLY));
    expect(startsOf(before)).toEqual([1, 0]);
    expect(startsOf(after)).toEqual([2, 1]);
    expect(booked().slice(0, 4)).toEqual([0, 1, 1, 0]);
  });

  test('keep what they were promised, whatever another would gain', () => {
    const current = { site: 'berlin', product: H100, windows: [{ startsAt: atHour(1), endsAt: atHour(2) }] };
    const { before, after } = bothWays([{ ...first, current }, second], oneDevice(CLEAN_AND_NEARLY));
    expect(startsOf(after)).toEqual([1, 0]);
    expect(after).toBe(before);
  });

  test('do not pay for another namespace', () => {
    const { before, after } = bothWays([first, { ...second, key: 'b/second' }], oneDevice(CLEAN_AND_NEARLY));
    expect(startsOf(after)).toEqual([1, 0]);
    expect(after).toBe(before);
  });

  test('make room for one that would be late, also of another namespace', () => {
    const { before, after } = bothWays([first, job('b/late', 2, 2)], oneDevice([90, 10, 12, 90]));
    expect(before[1]?.decision.deadlineAtRisk).toBe(true);
    expect(startsOf(after)).toEqual([2, 0]);
    expect(after[1]?.decision).toMatchObject({ deadlineAtRisk: false });
  });

  test('stay where they are if all have the best that they could have alone, and the books as they were', () => {
    const { before, after, booked } = bothWays([first, job('a/other', 1, 4)], oneDevice([90, 10, 10, 90]));
    expect(after).toBe(before);
    expect(booked().slice(0, 4)).toEqual([0, 1, 1, 0]);
  });

  test('stop nobody who runs', () => {
    const current = { site: 'berlin', product: H100, windows: [{ startsAt: atHour(0), endsAt: atHour(2) }] };
    const running = job('a/running', 2, 4, { phase: 'Running', current });
    const { after } = bothWays([running, job('a/late', 2, 2)], oneDevice(CLEAN_AND_NEARLY));
    expect(startsOf(after)).toEqual([0, 2]);
  });
});
