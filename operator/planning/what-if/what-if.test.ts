import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
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
import { HOUR_MS } from '../../domain/units.ts';
import { planOn } from '../plan.ts';
import type { PlanningSnapshot } from '../snapshot.ts';
import { whatIfs } from './changes.ts';
import { optionsOf } from './options.ts';

/** A day that is dirty but for noon to three. */
const SOLAR_DAY = Array.from({ length: 72 }, (_, hour) => (hour % 24 >= 12 && hour % 24 < 15 ? 50 : 400));
const CLEAN = SOLAR_DAY.map(() => 30);

function planned(job: PlannableJob, overrides: Partial<PlanningSnapshot> = {}) {
  return planOn(undefined, aSnapshot({ sites: [aSite('berlin', SOLAR_DAY)], jobs: [job], ...overrides }));
}

describe('the options of a job', () => {
  const job = aPlannableJob({ home: 'berlin', deadline: atHour(20) });

  test('are every site and accelerator, now and at the best time, sites on paper among them', () => {
    const quote = { ...aSite('quote', CLEAN), schedulable: false };
    const { places, baseline } = optionsOf(planned(job, { sites: [aSite('berlin', SOLAR_DAY), quote] }), job.key);
    expect(baseline).toMatchObject({ site: 'berlin', startsAt: MIDNIGHT });
    expect(places).toMatchObject([
      {
        site: 'berlin',
        product: H100,
        onPaper: false,
        earliest: { windows: [{ startsAt: MIDNIGHT }], late: false },
        best: { windows: [{ startsAt: atHour(12) }], late: false },
      },
      { site: 'quote', onPaper: true, best: { windows: [{ startsAt: MIDNIGHT }] } },
    ]);
  });

  test('begin as soon as others leave room', () => {
    const holder = aPlannableJob({
      key: 'research/holder',
      phase: 'Running',
      devices: 8,
      remainingWork: hours(3),
      current: { site: 'berlin', product: H100, windows: [{ startsAt: atHour(-1), endsAt: atHour(3) }] },
    });
    const { places } = optionsOf(planned(job, { jobs: [holder, job] }), job.key);
    expect(places[0]?.earliest?.windows).toEqual([{ startsAt: atHour(3), endsAt: atHour(5) }]);
  });

  test('end late where nothing is in time, and say so', () => {
    const { places } = optionsOf(planned({ ...job, deadline: atHour(1) }), job.key);
    expect(places[0]).toMatchObject({ earliest: { late: true }, best: { late: true } });
  });

  test('have none at a site that a rule shuts out, and the rule is named', () => {
    const denied = { ...job, placementRules: { ...job.placementRules, jobDenies: ['berlin'] } };
    const { places, refused } = optionsOf(planned(denied), job.key);
    expect(places).toEqual([]);
    expect(refused).toMatchObject([{ site: 'berlin', reason: 'SiteDenied' }]);
  });

  test('are no worse than what the plan chose there', () => {
    const figures = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 48, maxLength: 48 });
    fc.assert(
      fc.property(figures, fc.integer({ min: 2, max: 40 }), (some, deadline) => {
        const asked = { ...job, deadline: atHour(deadline) };
        const standing = planned(asked, { sites: [aSite('berlin', some)] });
        const chosen = standing.plan.decisions.get(job.key)?.chosen?.expected.carbon?.grams ?? NaN;
        const [place] = optionsOf(standing, job.key).places;
        expect(place?.best?.expected.carbon?.grams).toBeLessThanOrEqual(chosen + 1e-6);
      }),
    );
  });

  test('of a job that the plan does not have are an error', () => {
    expect(() => optionsOf(planned(job), 'research/none')).toThrow('the plan has no job research/none');
  });
});

describe('what would change a decision', () => {
  const changesFor = (job: PlannableJob, overrides: Partial<PlanningSnapshot> = {}) =>
    whatIfs(planned(job, overrides), job.key).changes.map(({ change, decision }) => ({
      ...change,
      startsAt: decision.chosen?.windows[0]?.startsAt,
    }));

  test('is a deadline that lets it reach the cleaner hours, and no later one that brings no more', () => {
    const job = aPlannableJob({ home: 'berlin', deadline: atHour(12) });
    expect(changesFor(job)).toEqual([{ kind: 'LaterDeadline', by: 2 * HOUR_MS, startsAt: atHour(12) }]);
  });

  test('is nothing where it has the best already', () => {
    expect(changesFor(aPlannableJob({ home: 'berlin', deadline: atHour(15) }))).toEqual([]);
  });

  test('is the right to pause, where the clean hours are apart', () => {
    const apart = SOLAR_DAY.map((_, hour) => (hour === 3 || hour === 9 ? 10 : 400));
    const job = aPlannableJob({ home: 'berlin', deadline: atHour(12) });
    expect(changesFor(job, { sites: [aSite('berlin', apart)] })).toMatchObject([{ kind: 'MayPause' }]);
  });

  test('is a site that the job shuts out itself, but not one that its policy forbids', () => {
    const rules = aPlannableJob().placementRules;
    const sites = [aSite('berlin', SOLAR_DAY), aSite('oslo', CLEAN)];
    const narrowed = (placementRules: PlannableJob['placementRules']) =>
      changesFor(aPlannableJob({ home: 'berlin', deadline: atHour(20), placementRules }), { sites });
    expect(narrowed({ ...rules, jobDenies: ['oslo'] })).toMatchObject([{ kind: 'AnySite' }]);
    expect(narrowed({ ...rules, jobDenies: ['oslo'], policyAllows: ['berlin'] })).toEqual([]);
  });

  test('is what makes a late job be in time', () => {
    const job = aPlannableJob({ home: 'berlin', deadline: atHour(1) });
    expect(changesFor(job)[0]).toMatchObject({ kind: 'LaterDeadline', by: 2 * HOUR_MS });
  });

  test('counts what all others hold, and not what the job itself was given', () => {
    const pool = [aPool({ capacity: 2 })];
    const site = { ...aSite('berlin', SOLAR_DAY), pools: pool };
    const other = aPlannableJob({ key: 'research/other', deadline: atHour(14), home: 'berlin', devices: 2 });
    const job = aPlannableJob({ deadline: atHour(12), home: 'berlin', devices: 2 });
    const [first] = changesFor(job, { sites: [site], jobs: [other, job] });
    // From noon to two the other one has the place.
    expect(first).toMatchObject({ kind: 'LaterDeadline', startsAt: atHour(14) });
  });

  test('is nothing for a job that runs and can’t be paused', () => {
    const current = { site: 'berlin', product: H100, windows: [{ startsAt: atHour(-1), endsAt: atHour(1) }] };
    expect(changesFor(aPlannableJob({ phase: 'Running', current, deadline: atHour(12) }))).toEqual([]);
  });
});
