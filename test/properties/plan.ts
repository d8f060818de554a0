import { expect } from '@jest/globals';
import fc from 'fast-check';
import { aPlannableJob, aPool, aSite, aSnapshot, atHour, hours, MIDNIGHT } from '../builders/planning.ts';
import type { Decision } from '../../operator/domain/decision.ts';
import type { PlannableJob } from '../../operator/domain/job.ts';
import type { Site } from '../../operator/domain/site.ts';
import { HOUR_MS } from '../../operator/domain/units.ts';
import { plan } from '../../operator/planning/plan.ts';
import type { PlanningSnapshot } from '../../operator/planning/snapshot.ts';

const figures = fc.array(fc.integer({ min: 1, max: 800 }), { minLength: 60, maxLength: 60 });

const sites: fc.Arbitrary<readonly Site[]> = fc
  .array(fc.record({ figures, capacity: fc.integer({ min: 0, max: 12 }), extra: fc.integer({ min: 0, max: 8 }) }), {
    minLength: 1,
    maxLength: 3,
  })
  .map((records) =>
    records.map(({ figures: day, capacity, extra }, i) =>
      aSite(`site-${String(i)}`, day, {
        pools: [aPool({ capacity, maxCapacity: capacity + extra, provisioning: hours(1) })],
      }),
    ),
  );

const jobs: fc.Arbitrary<readonly PlannableJob[]> = fc
  .array(
    fc.record({
      devices: fc.integer({ min: 0, max: 8 }),
      work: fc.integer({ min: 1, max: 10 }),
      slack: fc.integer({ min: 0, max: 30 }),
      pausable: fc.boolean(),
      late: fc.integer({ min: 0, max: 59 }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((records) =>
    records.map(({ devices, work, slack, pausable }, i) =>
      aPlannableJob({
        key: `research/job-${String(i)}`,
        devices,
        remainingWork: hours(work),
        totalWork: hours(work),
        deadline: atHour(work + slack),
        interruptible: pausable ? { minimumRun: hours(1), restartOverhead: hours(0.25), maxPauses: 3 } : undefined,
      }),
    ),
  );

const snapshots: fc.Arbitrary<PlanningSnapshot> = fc
  .record({ sites, jobs, minutesPast: fc.integer({ min: 0, max: 59 }) })
  .map(({ minutesPast, ...rest }) => aSnapshot({ ...rest, now: MIDNIGHT + minutesPast * 60_000 }));

function decisionsOf(snapshot: PlanningSnapshot): readonly Decision[] {
  return [...plan(snapshot).decisions.values()];
}

/** What holds of every plan, whatever the snapshot. */
export const PLAN_PROPERTIES = [
  {
    claim: 'every job has one decision, and the same snapshot gives the same plan',
    property: fc.property(snapshots, (snapshot) => {
      expect(decisionsOf(snapshot)).toHaveLength(snapshot.jobs.length);
      expect(decisionsOf(snapshot)).toEqual(decisionsOf(snapshot));
    }),
  },
  {
    claim: 'no site is given more work than it can have devices at any moment',
    property: fc.property(snapshots, (snapshot) => {
      const devicesOf = new Map(snapshot.jobs.map((job) => [job.key, job.devices]));
      for (const site of snapshot.sites) {
        const booked = decisionsOf(snapshot).filter(({ chosen }) => chosen?.site === site.name);
        for (let instant = snapshot.now; instant < snapshot.now + 70 * HOUR_MS; instant += HOUR_MS / 4) {
          const held = booked
            .filter(({ chosen }) => chosen?.windows.some((w) => w.startsAt <= instant && instant < w.endsAt) === true)
            .reduce((sum, { job }) => sum + (devicesOf.get(job) ?? 0), 0);
          expect(held).toBeLessThanOrEqual(site.pools[0]?.maxCapacity ?? 0);
        }
      }
    }),
  },
  {
    claim: 'a job is late only if it says so, and nothing starts in the past',
    property: fc.property(snapshots, (snapshot) => {
      const deadlineOf = new Map(snapshot.jobs.map((job) => [job.key, job.deadline]));
      for (const { job, chosen, deadlineAtRisk } of decisionsOf(snapshot)) {
        if (chosen === undefined) continue;
        expect(chosen.expected.finishesAt > (deadlineOf.get(job) ?? 0)).toBe(deadlineAtRisk);
        expect(chosen.expected.startsAt).toBeGreaterThanOrEqual(snapshot.now);
      }
    }),
  },
  {
    claim: 'a job alone never emits more than started at once at home',
    property: fc.property(sites, jobs, (someSites, [job]) => {
      const roomy = someSites.map((site) => ({ ...site, pools: [aPool({ capacity: 64 })] }));
      if (job === undefined) return;
      const [decision] = decisionsOf(aSnapshot({ sites: roomy, jobs: [job] }));
      const [chosen, baseline] = [decision?.chosen?.expected.carbon, decision?.baseline?.carbon];
      expect(chosen?.grams).toBeLessThanOrEqual((baseline?.grams ?? 0) + 1e-6);
    }),
  },
  {
    claim: 'planned again from its own plan a moment later, nobody changes their mind',
    property: fc.property(snapshots, (snapshot) => {
      const first = plan(snapshot).decisions;
      const again = snapshot.jobs.map((job) => {
        const chosen = first.get(job.key)?.chosen;
        return chosen === undefined
          ? job
          : { ...job, current: { site: chosen.site, product: chosen.product, windows: chosen.windows } };
      });
      for (const { job, chosen, deadlineAtRisk } of decisionsOf({ ...snapshot, jobs: again })) {
        if (deadlineAtRisk) continue;
        expect(chosen?.windows).toEqual(first.get(job)?.chosen?.windows);
        expect(chosen?.site).toEqual(first.get(job)?.chosen?.site);
      }
    }),
  },
] as const;
