import { describe, expect, test } from '@jest/globals';
import { aPlannableJob, aPool, aSite, aSnapshot, atHour, H100, hours, MIDNIGHT } from '../../test/builders/planning.ts';
import type { PlannableJob } from '../domain/job.ts';
import type { Site } from '../domain/site.ts';
import { planningContext } from './context.ts';
import { finishOf, startOf } from './candidate.ts';
import { takeTurns } from './turns.ts';

const HOUR = { remainingWork: hours(1), totalWork: hours(1), deadline: atHour(4) };

function oneDevice(name: string, figures: readonly number[]): Site {
  return aSite(name, figures, { pools: [aPool({ capacity: 1 })] });
}

/** In this order, each `site from-to` in hours. */
function turnsOf(jobs: readonly PlannableJob[], sites: readonly Site[]): readonly (string | undefined)[] {
  const hour = (instant: number): string => String((instant - MIDNIGHT) / hours(1));
  return takeTurns(jobs, planningContext(aSnapshot({ jobs, sites }))).map(({ placed: { chosen } }) =>
    chosen === undefined
      ? undefined
      : `${chosen.seat.site.name} ${hour(startOf(chosen.windows))}-${hour(finishOf(chosen.windows))}`,
  );
}

function at(site: string, from: number, to: number) {
  return { site, product: H100, windows: [{ startsAt: atHour(from), endsAt: atHour(to) }] };
}

describe('jobs that take turns', () => {
  test('choose among what those before them left', () => {
    const jobs = ['a', 'b', 'c'].map((name) => aPlannableJob({ key: `research/${name}`, ...HOUR }));
    expect(turnsOf(jobs, [oneDevice('berlin', [9, 3, 1, 2])])).toEqual(['berlin 2-3', 'berlin 3-4', 'berlin 1-2']);
  });

  test('leave to those after them what these were promised', () => {
    const jobs = [
      aPlannableJob({ key: 'research/new', ...HOUR }),
      aPlannableJob({ key: 'research/promised', ...HOUR, current: at('berlin', 2, 3) }),
    ];
    expect(turnsOf(jobs, [oneDevice('berlin', [9, 3, 1, 2])])).toEqual(['berlin 3-4', 'berlin 2-3']);
  });

  test('are promised nothing by a site that is gone, or that has no room for them any more', () => {
    const gone = aPlannableJob({ key: 'research/promised', ...HOUR, current: at('oslo', 2, 3) });
    const tooLarge = { ...gone, devices: 2, current: at('berlin', 2, 3) };
    for (const promised of [gone, tooLarge]) {
      const jobs = [aPlannableJob({ key: 'research/new', ...HOUR }), promised];
      expect(turnsOf(jobs, [oneDevice('berlin', [9, 3, 1, 2])])[0]).toBe('berlin 2-3');
    }
  });

  test('do not move to where another still runs', () => {
    const running = (name: string, site: string): PlannableJob =>
      aPlannableJob({
        key: `research/${name}`,
        phase: 'Running',
        remainingWork: hours(2),
        deadline: atHour(8),
        interruptible: { minimumRun: 0, restartOverhead: 0, maxPauses: 4 },
        current: at(site, 0, 2),
      });
    const sites = [oneDevice('dirty', [90, 90, 90, 90, 90, 90]), oneDevice('clean', [9, 9, 9, 9, 9, 9])];
    expect(turnsOf([running('first', 'dirty'), running('second', 'clean')], sites)).toEqual(['clean 2-4', 'clean 0-2']);
  });

  test('keep what was promised for the time of a pause', () => {
    const paused = aPlannableJob({
      key: 'research/pauses',
      phase: 'Running',
      remainingWork: hours(2),
      deadline: atHour(4),
      interruptible: { minimumRun: 0, restartOverhead: 0, maxPauses: 4 },
      current: { ...at('berlin', -1, 1), windows: [...at('berlin', -1, 1).windows, ...at('berlin', 3, 4).windows] },
    });
    const promised = aPlannableJob({ key: 'research/promised', ...HOUR, current: at('berlin', 1, 2) });
    const rival = aPlannableJob({ key: 'research/rival', ...HOUR });
    expect(turnsOf([paused, rival, promised], [oneDevice('berlin', [1, 8, 9, 1])])).toEqual([
      'berlin 0-4',
      'berlin 2-3',
      'berlin 1-2',
    ]);
  });
});
