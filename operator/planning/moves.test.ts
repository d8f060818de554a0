import { describe, expect, test } from '@jest/globals';
import { aLink, GIGABIT, stagedData } from '../../test/builders/data.ts';
import { aWindow } from '../../test/builders/job-view.ts';
import { aPlannableJob, aPool, aSite, aSnapshot, atHour, H100, hours } from '../../test/builders/planning.ts';
import type { Decision } from '../domain/decision.ts';
import type { PlannableJob } from '../domain/job.ts';
import type { Site } from '../domain/site.ts';
import { plan } from './plan.ts';

const DIRTY = 900;
const cleanIn = (...clean: readonly number[]): readonly number[] =>
  Array.from({ length: 48 }, (_, hour) => (clean.includes(hour) ? 10 : DIRTY));
const interruptible = { minimumRun: hours(1), restartOverhead: 0, moveOverhead: hours(1), maxPauses: 4 };

function decide(job: PlannableJob, sites: readonly Site[], hour: number): Decision {
  const decision = plan(aSnapshot({ now: atHour(hour), sites, jobs: [job] })).decisions.get(job.key);
  if (decision === undefined) throw new Error('it was not planned');
  return decision;
}

/** Ran at north until two, half of its four hours. */
function aPausedJob(overrides: Partial<PlannableJob> = {}): PlannableJob {
  return aPlannableJob({
    phase: 'Paused',
    interruptible,
    totalWork: hours(4),
    pausesSoFar: 1,
    current: { site: 'north', product: H100, windows: [aWindow(0, 2)] },
    ...overrides,
  });
}

describe('a paused job', () => {
  test.each([
    ['in one piece', [8, 9, 10], [aWindow(8, 11)]],
    ['in several', [8, 9, 14], [aWindow(8, 10), aWindow(14, 15)]],
  ])('that goes on elsewhere %s loses its move there, once', (_, clean, windows) => {
    const { chosen } = decide(aPausedJob(), [aSite('north', cleanIn()), aSite('south', cleanIn(...clean))], 3);
    expect(chosen).toMatchObject({ site: 'south', windows, moves: [] });
  });

  test('keeps to what it was promised elsewhere, as long as the work takes at the speed that it has there', () => {
    const current = {
      ...{ site: 'north', product: 'A100', windows: [aWindow(0, 4)] },
      moves: [{ site: 'south', product: H100, windows: [aWindow(8, 11)] }],
    };
    const accelerators = [
      { product: 'A100', speed: 0.5 },
      { product: H100, speed: 1 },
    ];
    const sites = [
      aSite('north', cleanIn(), { pools: [aPool({ product: 'A100' })] }),
      aSite('south', cleanIn(8, 9, 10)),
    ];
    const decision = decide(aPausedJob({ accelerators, current }), sites, 5);
    expect(decision).toMatchObject({ kept: true, chosen: { site: 'south', windows: [aWindow(8, 11)] } });
  });

  test('keeps the time in which its data are copied there', () => {
    const current = {
      ...{ site: 'north', product: H100, windows: [aWindow(0, 2)] },
      moves: [{ site: 'south', product: H100, windows: [aWindow(7, 11)] }],
    };
    const anHour = (GIGABIT / 8) * 3_600;
    const link = aLink('north', { bitsPerSecond: GIGABIT });
    const sites = [aSite('north', cleanIn()), aSite('south', cleanIn(7, 8, 9, 10), { links: [link] })];
    const data = [stagedData(anHour, { sites: ['north'] })];
    const decision = decide(aPausedJob({ data, current }), sites, 3);
    expect(decision).toMatchObject({ kept: true, chosen: { site: 'south', windows: [aWindow(7, 11)] } });
  });
});

describe('a running job', () => {
  const running = aPausedJob({
    phase: 'Running',
    remainingWork: hours(4),
    pausesSoFar: 0,
    current: { site: 'north', product: H100, windows: [aWindow(0, 4)] },
  });

  test.each([
    ['later', [8, 9, 10, 11, 12], [aWindow(8, 13)]],
    ['at once', [2, 3, 4, 5, 6], [aWindow(2, 7)]],
  ])('is stopped to do all of the rest elsewhere %s, where that is worth a pause', (_, clean, windows) => {
    const sites = [aSite('north', cleanIn()), aSite('south', cleanIn(...clean))];
    expect(decide(running, sites, 2)).toMatchObject({
      reason: 'PausesForCleanerPower',
      chosen: { site: 'south', windows, moves: [] },
    });
    const spent = { ...running, pausesSoFar: 4 };
    expect(decide(spent, sites, 2)).toMatchObject({ reason: 'RunsOn', chosen: { site: 'north' } });
  });
});
