import { describe, expect, test } from '@jest/globals';
import { aPlannableJob, aPool, aSite, aSnapshot, atHour, hours } from '../../../test/builders/planning.ts';
import type { PlannableJob } from '../../domain/job.ts';
import type { Candidate } from '../candidate.ts';
import { planningContext, type PlanningContext } from '../context.ts';
import { bookCandidate, place, release, type Placed } from '../placing.ts';
import { BookingChanges } from './booking-changes.ts';

/** Cleanest in the third hour. */
const FIGURES = [9, 5, 1, 3, 9, 9];

function job(name: string, rest: Partial<PlannableJob> = {}): PlannableJob {
  const work = { remainingWork: hours(1), totalWork: hours(1) };
  return aPlannableJob({ key: `research/${name}`, ...work, deadline: atHour(4), ...rest });
}

function contextOf(jobs: readonly PlannableJob[], capacity = 1): PlanningContext {
  const sites = [
    aSite('berlin', FIGURES, { pools: [aPool({ capacity })] }),
    aSite('oslo', FIGURES, { pools: [aPool({ capacity, resource: 'amd.com/gpu' })] }),
  ];
  return planningContext(aSnapshot({ jobs, sites }));
}

/** Where it would be if it were alone. */
function aloneIn(context: PlanningContext, one: PlannableJob): Placed {
  const placed = place(one, context);
  release(placed.chosen, context);
  return placed;
}

/** What the books say after something was given back or taken beside what `placed` has. */
function changed(context: PlanningContext, candidate: Candidate | undefined, sign: 1 | -1): BookingChanges {
  const changes = new BookingChanges(context);
  changes.add(candidate, sign);
  if (sign === 1) bookCandidate(candidate, context);
  return changes;
}

describe('what has changed in the books', () => {
  const rival = job('rival');
  const waiting = job('waiting');

  test('concerns nobody where nothing has', () => {
    const context = contextOf([rival, waiting]);
    expect(new BookingChanges(context).concern(aloneIn(context, waiting))).toBe(false);
  });

  test('concerns the one whose slot has become full', () => {
    const context = contextOf([rival, waiting]);
    const placed = aloneIn(context, waiting);
    expect(changed(context, aloneIn(context, rival).chosen, 1).concern(placed)).toBe(true);
  });

  test('concerns the one for whom a slot has become free', () => {
    const context = contextOf([rival, waiting]);
    const before = place(rival, context);
    const placed = place(waiting, context);
    expect(placed.chosen?.windows).toEqual([{ startsAt: atHour(3), endsAt: atHour(4) }]);
    release(before.chosen, context);
    release(placed.chosen, context);
    expect(changed(context, before.chosen, -1).concern(placed)).toBe(true);
  });

  test('concerns nobody where there are devices enough before and after', () => {
    const context = contextOf([rival, waiting], 2);
    const placed = aloneIn(context, waiting);
    expect(changed(context, aloneIn(context, rival).chosen, 1).concern(placed)).toBe(false);
  });

  test('concerns nobody where it comes out even', () => {
    const context = contextOf([rival, waiting]);
    const placed = aloneIn(context, waiting);
    const { chosen } = aloneIn(context, rival);
    const changes = new BookingChanges(context);
    changes.add(chosen, 1);
    changes.add(chosen, -1);
    expect(changes.concern(placed)).toBe(false);
  });

  test('does not concern those that want other devices or none, or must be done before', () => {
    const later = job('later', { deadline: atHour(6), remainingWork: hours(1) });
    const context = contextOf([rival, waiting, later]);
    const taken = aloneIn(context, rival).chosen;
    const inTime = aloneIn(contextOf([waiting]), waiting);
    expect(changed(contextOf([waiting]), taken, -1).concern(inTime)).toBe(true);
    const others = [
      job('other', { resource: 'amd.com/gpu' }),
      job('none', { devices: 0 }),
      job('early', { deadline: atHour(2) }),
    ];
    for (const other of others) {
      const placed = aloneIn(contextOf([other]), other);
      expect(changed(contextOf([other]), taken, -1).concern(placed)).toBe(false);
    }
  });

  test('concerns one that is late, whatever it is', () => {
    const late = job('late', { remainingWork: hours(3), deadline: atHour(2) });
    const context = contextOf([rival, late]);
    const placed = aloneIn(context, late);
    expect(placed.decision.deadlineAtRisk).toBe(true);
    const other = aloneIn(context, job('small', { deadline: atHour(6) })).chosen;
    expect(changed(context, other, 1).concern(placed)).toBe(true);
  });
});
