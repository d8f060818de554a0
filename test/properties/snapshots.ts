import { expect } from '@jest/globals';
import fc from 'fast-check';
import { RUNGS, standAlike, type Rung } from '../../operator/domain/intensity.ts';
import type { Site } from '../../operator/domain/site.ts';
import { plan } from '../../operator/planning/plan.ts';
import { decisionsOf, someSnapshot, type PlanProperty } from './arbitraries.ts';

const LATE_ONLY_IF_SAID: PlanProperty = {
  claim: 'every job has one decision, is late only if that says so, and starts nothing in the past',
  runs: 60,
  property: fc.property(someSnapshot, (snapshot) => {
    const { decisions } = plan(snapshot);
    expect([...decisions.keys()].toSorted()).toEqual(snapshot.jobs.map(({ key }) => key).toSorted());
    for (const { key, deadline } of snapshot.jobs) {
      const { chosen, deadlineAtRisk } = decisions.get(key) ?? {};
      if (chosen === undefined) continue;
      expect(chosen.expected.finishesAt > deadline).toBe(deadlineAtRisk);
      expect(chosen.expected.startsAt).toBeGreaterThanOrEqual(snapshot.now);
    }
  }),
};

const MONEY_IS_KNOWN: PlanProperty = {
  claim: 'money is always known, whatever is known of prices',
  runs: 60,
  property: fc.property(someSnapshot, (snapshot) => {
    for (const { chosen, baseline } of decisionsOf(snapshot)) {
      expect(chosen?.expected.money).not.toBeNaN();
      expect(baseline?.money).not.toBeNaN();
    }
  }),
};

function onRung(site: Site, rung: Rung = 'LiveForecast'): Site {
  const { Average: average } = site.outlooks;
  return average === undefined ? site : { ...site, outlooks: { Average: { ...average, rung } } };
}

const RUNGS_CHANGE_NOTHING: PlanProperty = {
  claim: 'the rungs that figures stand on change no plan, and no share is told between a typical day and others',
  runs: 40,
  property: fc.property(
    someSnapshot,
    fc.array(fc.constantFrom(...RUNGS), { minLength: 3, maxLength: 3 }),
    (snapshot, rungs) => {
      const laddered = decisionsOf({ ...snapshot, sites: snapshot.sites.map((site, i) => onRung(site, rungs[i])) });
      decisionsOf(snapshot).forEach(({ chosen, baseline }, i) => {
        expect(laddered[i]?.chosen?.site).toBe(chosen?.site);
        expect(laddered[i]?.chosen?.windows).toEqual(chosen?.windows);
        const [ofPlan, ofHome] = [laddered[i]?.chosen?.expected.carbon, laddered[i]?.baseline?.carbon];
        expect(ofHome?.grams).toBe(baseline?.carbon?.grams);
        if (ofPlan === undefined || ofHome === undefined || standAlike(ofPlan.rung, ofHome.rung)) return;
        expect(laddered[i]?.message).not.toContain('%');
      });
    },
  ),
};

const NOBODY_CHANGES_THEIR_MIND: PlanProperty = {
  // Where not all can be in time, jobs that are late make way for one another from plan to plan.
  claim: 'where all are in time, nobody changes their mind when planned again from the plan a moment later',
  runs: 60,
  property: fc.property(someSnapshot, (snapshot) => {
    const first = plan(snapshot).decisions;
    fc.pre([...first.values()].every(({ chosen, deadlineAtRisk }) => chosen !== undefined && !deadlineAtRisk));
    const again = snapshot.jobs.map((job) => {
      const chosen = first.get(job.key)?.chosen;
      return chosen === undefined ? job : { ...job, current: chosen };
    });
    for (const { job, chosen } of decisionsOf({ ...snapshot, jobs: again })) {
      expect(chosen?.windows).toEqual(first.get(job)?.chosen?.windows);
      expect(chosen?.site).toEqual(first.get(job)?.chosen?.site);
    }
  }),
};

/** What holds of every plan, whatever the snapshot. */
export const SNAPSHOT_PROPERTIES: readonly PlanProperty[] = [
  LATE_ONLY_IF_SAID,
  MONEY_IS_KNOWN,
  RUNGS_CHANGE_NOTHING,
  NOBODY_CHANGES_THEIR_MIND,
];
