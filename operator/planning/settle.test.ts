import { describe, expect, test } from '@jest/globals';
import { aPlannableJob, aPool, aSite, aSnapshot, atHour, H100, hours, MIDNIGHT } from '../../test/builders/planning.ts';
import type { PlannableJob } from '../domain/job.ts';
import { startOf } from './candidate.ts';
import { planningContext } from './context.ts';
import { place, release, type Placed } from './placing.ts';
import { settled } from './settle.ts';

const berlin = aSite('berlin', [9, 5, 1, 3], { pools: [aPool({ capacity: 1 })] });

function job(name: string, rest: Partial<PlannableJob> = {}): PlannableJob {
  return aPlannableJob({
    key: `research/${name}`,
    remainingWork: hours(1),
    totalWork: hours(1),
    deadline: atHour(4),
    ...rest,
  });
}

function startsOf(placed: readonly Placed[]): readonly number[] {
  return placed.map(({ chosen }) => (startOf(chosen?.windows ?? []) - MIDNIGHT) / hours(1));
}

describe('when some have given way', () => {
  test('the others choose again, one after another, until nobody finds anything better', () => {
    const jobs = ['gone', 'a', 'b', 'c'].map((name) => job(name));
    const context = planningContext(aSnapshot({ jobs, sites: [berlin] }));
    const [gone, ...left] = jobs.map((one) => place(one, context));
    expect(startsOf(left)).toEqual([3, 1, 0]);
    release(gone?.chosen, context);
    expect(startsOf(settled(left, context))).toEqual([2, 3, 1]);
  });

  test('nobody moves who has the best already, who runs, or who keeps a promise', () => {
    const at = (from: number) => ({
      site: 'berlin',
      product: H100,
      windows: [{ startsAt: atHour(from), endsAt: atHour(from + 1) }],
    });
    const nearlyAsGood = aSite('berlin', [9, 1.01, 1, 3], { pools: [aPool({ capacity: 1 })] });
    const jobs = [job('runs', { phase: 'Running', current: at(0) }), job('promised', { current: at(1) })];
    const context = planningContext(aSnapshot({ jobs, sites: [nearlyAsGood] }));
    const placed = jobs.map((one) => place(one, context));
    expect(startsOf(placed)).toEqual([0, 1]);
    expect(settled(placed, context).map(({ chosen }) => chosen)).toEqual(placed.map(({ chosen }) => chosen));
  });
});
