import { describe, expect, test } from '@jest/globals';
import { aDecision, anOption } from '../../test/builders/job-view.ts';
import { atHour, hours, MIDNIGHT } from '../../test/builders/planning.ts';
import { aKilowattJob, aScenario } from '../../test/builders/simulation.ts';
import type { Leg } from '../domain/decision.ts';
import { Course } from './course.ts';
import { worldOf } from './world.ts';

const WORLD = worldOf(aScenario({ north: [100, 100, 100, 100, 100, 100], south: [10, 10, 10, 10, 10, 10] }));

const asked = aKilowattJob({
  ...{ totalWork: hours(3), remainingWork: hours(3), deadline: atHour(6) },
  interruptible: { minimumRun: 0, restartOverhead: hours(0.5), moveOverhead: hours(0.5), maxPauses: 2 },
});

function leg(site: string, ...windows: readonly (readonly [number, number])[]): Leg {
  return {
    site,
    product: undefined,
    windows: windows.map(([from, to]) => ({ startsAt: atHour(from), endsAt: atHour(to) })),
  };
}

function promised(...legs: readonly Leg[]): Course {
  const course = new Course(WORLD, { asked });
  const [first = leg('north'), ...moves] = legs;
  course.promise(aDecision({ chosen: anOption({ ...first, moves }), baseline: undefined }), MIDNIGHT);
  return course;
}

/** Carries it out alone. */
function carriedOut(course: Course): Course {
  for (let now = MIDNIGHT; now < Infinity; now = course.nextHappening(now)) {
    course.endWhatIsDue(now);
    const due = course.startDue(now);
    if (due !== undefined) course.start(due, now, 0);
  }
  return course;
}

describe('a promise with a move', () => {
  const moving = [leg('north', [0, 1]), leg('south', [1, 4])];

  test('is carried out: the job goes on elsewhere, and repeats what a restart and a move cost', () => {
    const outcome = carriedOut(promised(...moving)).outcome();
    expect(outcome).toMatchObject({
      runs: [
        { site: 'north', startsAt: atHour(0), endsAt: atHour(1) },
        { site: 'south', startsAt: atHour(1), endsAt: atHour(4) },
      ],
      ...{ restarts: 1, moves: 1, energy: 4, grams: 130, finishesAt: atHour(4), late: false },
    });
  });

  test('is what the next plan is told: where it runs since when, and where it goes on', () => {
    const course = promised(...moving);
    course.start(leg('north', [0, 1]), MIDNIGHT, 0);
    expect(course.plannable(atHour(0.5))).toMatchObject({
      ...{ phase: 'Running', remainingWork: hours(2.5), pausesSoFar: 0, spent: { energy: 0.5 } },
      current: { ...leg('north', [0, 1]), moves: [leg('south', [1, 4])] },
    });
  });
});

test('a paused job tells what it has done without what it repeated', () => {
  const course = promised(leg('north', [0, 1], [2, 3], [4, 6]));
  course.start(leg('north'), MIDNIGHT, 0);
  course.endWhatIsDue(atHour(1));
  course.start(leg('north'), atHour(2), 0);
  course.endWhatIsDue(atHour(3));
  expect(course.plannable(atHour(3))).toMatchObject({
    ...{ phase: 'Paused', remainingWork: hours(1.5), pausesSoFar: 2, current: leg('north', [0, 1], [2, 3], [4, 6]) },
  });
});

describe('a paused job that is to go on elsewhere', () => {
  test('is where it ran last, and where it goes on is a move: the next plan counts what that repeats', () => {
    const course = promised(leg('north', [0, 1]), leg('south', [2, 5]));
    course.start(leg('north'), MIDNIGHT, 0);
    course.endWhatIsDue(atHour(1));
    expect(course.plannable(atHour(1))).toMatchObject({
      ...{ phase: 'Paused', remainingWork: hours(2), pausesSoFar: 1 },
      current: { ...leg('north', [0, 1]), moves: [leg('south', [2, 5])] },
    });
  });

  test('is still where it ran last when all that was promised is missed', () => {
    const course = promised(leg('north', [0, 1]), leg('south', [2, 3]));
    course.start(leg('north'), MIDNIGHT, 0);
    course.endWhatIsDue(atHour(1));
    expect(course.plannable(atHour(4))).toMatchObject({
      current: { ...leg('north', [0, 1]), moves: [leg('south', [2, 3])] },
    });
  });
});

test('a new promise that leaves out the present pauses the job', () => {
  const course = promised(leg('north', [0, 3]));
  course.start(leg('north'), MIDNIGHT, 0);
  course.promise(aDecision({ chosen: anOption(leg('north', [4, 6])) }), atHour(1));
  expect(course.place).toBeUndefined();
  expect(carriedOut(course).outcome()).toMatchObject({ restarts: 1, finishesAt: atHour(6.5), late: true });
});
