import { describe, expect, test } from '@jest/globals';
import { aPlannableJob, aPool, aSite, aSnapshot, atHour, H100, hours, MIDNIGHT } from '../../test/builders/planning.ts';
import type { PlannableJob } from '../domain/job.ts';
import type { Site } from '../domain/site.ts';
import { startOf } from './candidate.ts';
import { allPools } from './capacity.ts';
import { planningContext } from './context.ts';
import { isLess, latenessOf, withDeadlinesKept } from './deadlines.ts';
import type { Placed } from './placing.ts';
import { takeTurns } from './turns.ts';

const berlin: Site = aSite('berlin', [9, 9, 1, 1, 9, 9, 9, 9], { pools: [aPool({ capacity: 1 })] });

function job(name: string, length: number, by: number, rest: Partial<PlannableJob> = {}): PlannableJob {
  const work = { remainingWork: hours(length), totalWork: hours(length) };
  return aPlannableJob({ key: `research/${name}`, ...work, deadline: atHour(by), ...rest });
}

/** As they come out of their turns, taken in this order, and with their deadlines kept. */
function bothWays(jobs: readonly PlannableJob[]): {
  readonly before: readonly Placed[];
  readonly after: readonly Placed[];
} {
  const context = planningContext(aSnapshot({ jobs, sites: [berlin] }));
  const before = takeTurns(jobs, context).map(({ placed }) => placed);
  return { before, after: withDeadlinesKept(before, context) };
}

function startsOf(placed: readonly Placed[]): readonly number[] {
  return placed.map(({ chosen }) => (startOf(chosen?.windows ?? []) - MIDNIGHT) / hours(1));
}

describe('deadlines', () => {
  test('are kept by beginning anew where turns left too little room for one of them', () => {
    const { before, after } = bothWays([job('choosy', 2, 8), job('urgent', 3, 4)]);
    expect(startsOf(before)).toEqual([2, 4]);
    expect(before[1]?.decision.deadlineAtRisk).toBe(true);
    expect(after.map(({ decision }) => decision.deadlineAtRisk)).toEqual([false, false]);
    expect(startsOf(after)).toEqual([3, 0]);
  });

  test('that all are kept change nothing', () => {
    const { before, after } = bothWays([job('one', 2, 8), job('other', 3, 8)]);
    expect(after).toBe(before);
  });

  test('that nobody can keep change nothing, and leave the books as they were', () => {
    const jobs = [job('hopeless', 6, 4), job('choosy', 2, 8)];
    const context = planningContext(aSnapshot({ jobs, sites: [berlin] }));
    const placed = takeTurns(jobs, context).map((turn) => turn.placed);
    const booked = allPools(context.ledger).map(({ all }) => [...all.booked]);
    expect(placed[0]?.decision.deadlineAtRisk).toBe(true);
    expect(withDeadlinesKept(placed, context)).toBe(placed);
    expect(allPools(context.ledger).map(({ all }) => [...all.booked])).toEqual(booked);
  });

  test('are missed by as little as can be where one of them must be', () => {
    const { before, after } = bothWays([job('choosy', 2, 8), job('hopeless', 6, 4)]);
    expect(startsOf(before)).toEqual([2, 4]);
    expect(startsOf(after)).toEqual([6, 0]);
  });

  test('stop nobody who runs', () => {
    const current = { site: 'berlin', product: H100, windows: [{ startsAt: atHour(-1), endsAt: atHour(3) }] };
    const { after } = bothWays([job('runs', 3, 8, { phase: 'Running', current }), job('urgent', 3, 4)]);
    expect(startsOf(after)).toEqual([0, 3]);
    expect(after[1]?.decision.deadlineAtRisk).toBe(true);
  });
});

describe('lateness', () => {
  test('counts those that are late, and by how much together', () => {
    const { before } = bothWays([job('in time', 2, 8), job('late', 6, 4)]);
    expect(latenessOf(before.map(({ job: one, chosen }) => [one, chosen] as const))).toEqual({ late: 1, by: hours(6) });
    expect(latenessOf([[job('nowhere', 1, 2), undefined]])).toEqual({ late: 1, by: Infinity });
  });

  test('is less where fewer are late, or as many by less', () => {
    expect(isLess({ late: 1, by: hours(9) }, { late: 2, by: hours(2) })).toBe(true);
    expect(isLess({ late: 1, by: hours(1) }, { late: 1, by: hours(2) })).toBe(true);
    expect(isLess({ late: 1, by: hours(2) }, { late: 1, by: hours(2) })).toBe(false);
    expect(isLess({ late: 2, by: 0 }, { late: 1, by: hours(2) })).toBe(false);
  });
});
