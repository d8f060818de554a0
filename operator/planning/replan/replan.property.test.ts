import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { aPlannableJob, aPool, aSite, aSnapshot, atHour, hours, MIDNIGHT } from '../../../test/builders/planning.ts';
import { laterOn } from '../../../test/properties/time-goes-by.ts';
import type { Decision } from '../../domain/decision.ts';
import type { PlannableJob } from '../../domain/job.ts';
import type { Site } from '../../domain/site.ts';
import { plan, planOn, planOneMore } from '../plan.ts';
import type { PlanningSnapshot } from '../snapshot.ts';

const HORIZON = 40;

const someFigures = fc.array(fc.integer({ min: 1, max: 600 }), { minLength: HORIZON, maxLength: HORIZON });

const someSite = fc.record({ figures: someFigures, capacity: fc.integer({ min: 2, max: 10 }) });

function siteOf({ figures, capacity }: { figures: readonly number[]; capacity: number }, index: number): Site {
  return aSite(`site-${String(index)}`, figures, { pools: [aPool({ capacity })] });
}

const someJob = fc.record({
  devices: fc.integer({ min: 1, max: 4 }),
  work: fc.integer({ min: 1, max: 6 }),
  slack: fc.integer({ min: 0, max: 20 }),
  namespace: fc.constantFrom('a', 'b'),
  site: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
  pausable: fc.boolean(),
});

function jobOf(
  { devices, work, slack, namespace, site, pausable }: typeof someJob extends fc.Arbitrary<infer T> ? T : never,
  index: number,
): PlannableJob {
  const { placementRules } = aPlannableJob();
  return aPlannableJob({
    key: `${namespace}/job-${String(index)}`,
    createdAt: MIDNIGHT + index,
    devices,
    remainingWork: hours(work),
    totalWork: hours(work),
    deadline: atHour(work + slack),
    interruptible: pausable ? { minimumRun: hours(1), restartOverhead: 0, maxPauses: 2 } : undefined,
    placementRules: { ...placementRules, jobAllows: site === undefined ? undefined : [`site-${String(site)}`] },
  });
}

/** One job has a deadline at the end of the horizon, so that no change makes the grid another. */
const snapshots: fc.Arbitrary<PlanningSnapshot> = fc
  .record({
    sites: fc.array(someSite, { minLength: 3, maxLength: 3 }),
    jobs: fc.array(someJob, { minLength: 2, maxLength: 10 }),
  })
  .map(({ sites, jobs }) =>
    aSnapshot({
      tuning: { ...aSnapshot().tuning, effort: 0.1 },
      sites: sites.map(siteOf),
      jobs: [aPlannableJob({ key: 'c/last', deadline: atHour(30), devices: 1 }), ...jobs.map(jobOf)],
    }),
  );

/** Something happens: a new forecast, a job that comes, goes or gets more time, a node that fails. */
const changes: fc.Arbitrary<(snapshot: PlanningSnapshot) => PlanningSnapshot> = fc.oneof(
  fc.tuple(someFigures, fc.nat(2)).map(([figures, at]) => (snapshot: PlanningSnapshot) => ({
    ...snapshot,
    sites: snapshot.sites.map((site, i) =>
      i === at ? { ...site, outlooks: aSite(site.name, figures).outlooks } : site,
    ),
  })),
  someJob.map((job) => (snapshot: PlanningSnapshot) => ({
    ...snapshot,
    jobs: [...snapshot.jobs, jobOf(job, 90)],
  })),
  fc.nat(8).map((at) => (snapshot: PlanningSnapshot) => ({
    ...snapshot,
    jobs: snapshot.jobs.filter((_, i) => i !== at + 1),
  })),
  fc.tuple(fc.nat(9), fc.integer({ min: 1, max: 8 })).map(([at, more]) => (snapshot: PlanningSnapshot) => ({
    ...snapshot,
    jobs: snapshot.jobs.map((job, i) => (i === at + 1 ? { ...job, deadline: job.deadline + hours(more) } : job)),
  })),
  fc.nat(2).map((at) => (snapshot: PlanningSnapshot) => ({
    ...snapshot,
    sites: snapshot.sites.map((site, i) =>
      i === at ? { ...site, pools: site.pools.map((pool) => ({ ...pool, heldByOthers: 1 })) } : site,
    ),
  })),
);

/** As a worker or another gathering would hand it over: alike in everything, and the same in nothing. */
function copyOf(snapshot: PlanningSnapshot): PlanningSnapshot {
  return structuredClone(snapshot);
}

describe('a plan made from the one before', () => {
  test('is the plan that would be made anew, after any changes one after another', () => {
    fc.assert(
      fc.property(snapshots, fc.array(changes, { minLength: 1, maxLength: 4 }), fc.boolean(), (first, some, copies) => {
        let snapshot = first;
        let { memory } = planOn(undefined, snapshot);
        for (const change of some) {
          snapshot = change(copies ? copyOf(snapshot) : snapshot);
          const planned = planOn(memory, snapshot);
          expect([...planned.plan.decisions.values()].map(withoutWords)).toEqual(
            [...plan(snapshot).decisions.values()].map(withoutWords),
          );
          memory = planned.memory;
        }
      }),
      { numRuns: 100 },
    );
  });

  test('is the same where the jobs hold to what they were promised', () => {
    fc.assert(
      fc.property(snapshots, changes, (first, change) => {
        const promised = withPromises(first);
        const { memory } = planOn(undefined, promised);
        const changed = change(promised);
        expect([...planOn(memory, changed).plan.decisions.values()].map(withoutWords)).toEqual(
          [...plan(changed).decisions.values()].map(withoutWords),
        );
      }),
      { numRuns: 100 },
    );
  });

  test('is the same while some jobs run, others pause, and the rest wait', () => {
    fc.assert(
      fc.property(snapshots, changes, fc.integer({ min: 1, max: 12 }), (first, change, hour) => {
        const begun = laterOn(first, plan(first), atHour(hour));
        const { memory } = planOn(undefined, begun);
        const changed = change(begun);
        expect([...planOn(memory, changed).plan.decisions.values()].map(withoutWords)).toEqual(
          [...plan(changed).decisions.values()].map(withoutWords),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('gives one job more what it would have among jobs that all keep what they have', () => {
    fc.assert(
      fc.property(snapshots, someJob, (first, more) => {
        const promised = withPromises(first);
        const standing = planOn(undefined, promised);
        const job = jobOf(more, 91);
        const jobs = [...promised.jobs, job];
        const anew = plan({ ...promised, jobs }).decisions;
        const allStay = promised.jobs.every(({ key }) => anew.get(key)?.kept);
        fc.pre(allStay && anew.get(job.key)?.deadlineAtRisk === false);
        const oneMore = () => planOneMore(standing.memory, job).placed.decision;
        expect(oneMore()).toEqual(anew.get(job.key));
        // Nothing of the first time stays booked.
        expect(oneMore()).toEqual(anew.get(job.key));
      }),
      { numRuns: 100 },
    );
  });

  test('asks only jobs that could use the site whose forecast is new', () => {
    const sites = [0, 1].map((i) =>
      aSite(
        `site-${String(i)}`,
        Array.from({ length: HORIZON }, (_, hour) => 50 + hour),
      ),
    );
    const { placementRules } = aPlannableJob();
    const bound = (key: string, site: string): PlannableJob =>
      aPlannableJob({ key, deadline: atHour(20), placementRules: { ...placementRules, jobAllows: [site] } });
    const snapshot = aSnapshot({ sites, jobs: [bound('a/here', 'site-0'), bound('a/there', 'site-1')] });
    const { plan: before, memory } = planOn(undefined, snapshot);
    const cleanLater = Array.from({ length: HORIZON }, (_, hour) => (hour > 5 ? 1 : 50));
    const after = planOn(memory, {
      ...snapshot,
      sites: [sites[0] ?? aSite('none', []), aSite('site-1', cleanLater)],
    }).plan;
    expect(after.decisions.get('a/here')).toBe(before.decisions.get('a/here'));
    expect(after.decisions.get('a/there')?.chosen?.expected.startsAt).toBe(atHour(6));
  });
});

function withPromises(snapshot: PlanningSnapshot): PlanningSnapshot {
  const { decisions } = plan(snapshot);
  return {
    ...snapshot,
    jobs: snapshot.jobs.map((job) => ({ ...job, current: decisions.get(job.key)?.chosen })),
  };
}

/** What is told of the options that a job did not choose may be as old as the slot. */
function withoutWords({ alternatives: _alternatives, ...decision }: Decision) {
  return decision;
}
