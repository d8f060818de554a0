import { expect } from '@jest/globals';
import fc from 'fast-check';
import {
  aPlannableJob,
  aPool,
  aSite,
  aSnapshot,
  atHour,
  hours,
  MIDNIGHT,
  pricesPerSlot,
} from '../builders/planning.ts';
import { PRESETS } from '../../operator/api/v1alpha1/objectives.ts';
import type { Decision } from '../../operator/domain/decision.ts';
import { RUNGS, standAlike, type Rung } from '../../operator/domain/intensity.ts';
import type { Objective, PlannableJob } from '../../operator/domain/job.ts';
import { integralOf } from '../../operator/domain/samples.ts';
import { priceOutsideSamples, type Site } from '../../operator/domain/site.ts';
import { HOUR_MS } from '../../operator/domain/units.ts';
import { plan } from '../../operator/planning/plan.ts';
import type { PlanningSnapshot } from '../../operator/planning/snapshot.ts';

const figures = fc.array(fc.integer({ min: 1, max: 800 }), { minLength: 60, maxLength: 60 });

/** An hour each; negative where the market pays for consumption, and with gaps. Most sites have none. */
const prices = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  {
    weight: 3,
    arbitrary: fc.array(
      fc.option(
        fc.integer({ min: -20, max: 60 }).map((cents) => cents / 100),
        { freq: 5, nil: undefined },
      ),
      {
        maxLength: 60,
      },
    ),
  },
);

const sites: fc.Arbitrary<readonly Site[]> = fc
  .array(
    fc.record({
      figures,
      prices,
      flatPrice: fc.constantFrom(0, 0.25),
      pricePerHour: fc.constantFrom(0, 2),
      capacity: fc.integer({ min: 0, max: 12 }),
      extra: fc.integer({ min: 0, max: 8 }),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((records) =>
    records.map(({ figures: day, prices: hourly, flatPrice, capacity, extra, pricePerHour }, i) =>
      aSite(`site-${String(i)}`, day, {
        electricityPricePerKilowattHour: flatPrice,
        electricityPrices: pricesPerSlot(hourly),
        pools: [aPool({ capacity, maxCapacity: capacity + extra, provisioning: hours(1), pricePerHour })],
      }),
    ),
  );

const objectives: fc.Arbitrary<Objective> = fc.constantFrom(
  ...[PRESETS.Carbon, PRESETS.Balanced, PRESETS.Cost, PRESETS.Speed],
  { lexicographic: false, carbonPricePerTonne: 400, delayPricePerAcceleratorHour: 0.02 },
);

const jobs: fc.Arbitrary<readonly PlannableJob[]> = fc
  .array(
    fc.record({
      objective: objectives,
      devices: fc.integer({ min: 0, max: 8 }),
      work: fc.integer({ min: 1, max: 10 }),
      slack: fc.integer({ min: 0, max: 30 }),
      pausable: fc.boolean(),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((records) =>
    records.map(({ objective, devices, work, slack, pausable }, i) =>
      aPlannableJob({
        key: `research/job-${String(i)}`,
        objective,
        devices,
        remainingWork: hours(work),
        totalWork: hours(work),
        deadline: atHour(work + slack),
        interruptible: pausable ? { minimumRun: hours(1), restartOverhead: hours(0.25), maxPauses: 3 } : undefined,
      }),
    ),
  );

/** What holds of every plan holds however long jobs were looked at together: this is a tenth of the product's. */
const LITTLE_EFFORT = { ...aSnapshot().tuning, effort: 0.1 };

const snapshots: fc.Arbitrary<PlanningSnapshot> = fc
  .record({ sites, jobs, minutesPast: fc.integer({ min: 0, max: 59 }) })
  .map(({ minutesPast, ...rest }) =>
    aSnapshot({ ...rest, now: MIDNIGHT + minutesPast * 60_000, tuning: LITTLE_EFFORT }),
  );

/** With room for everything, so that a job chooses among all that there is. */
function withRoom(someSites: readonly Site[]): readonly Site[] {
  return someSites.map((site) => ({
    ...site,
    pools: site.pools.map((pool) => aPool({ ...pool, capacity: 64, maxCapacity: 64 })),
  }));
}

interface Cost {
  readonly money: number;
  readonly grams: number;
  readonly startsAt: number;
}

/** What a run in one piece costs, reckoned from the samples as they are. */
function costOf({ devices, totalWork }: PlannableJob, site: Site, startsAt: number): Cost {
  const window = { startsAt, endsAt: startsAt + totalWork };
  const length = totalWork / HOUR_MS;
  const carbon = integralOf(
    site.outlooks.Average?.series.samples ?? [],
    window,
    ({ gramsPerKilowattHour: figure }) => figure,
  );
  const price = integralOf(site.electricityPrices, window, ({ perKilowattHour }) => perKilowattHour);
  const priceHours = (price.integral + (totalWork - price.covered) * priceOutsideSamples(site)) / HOUR_MS;
  const money = devices * ((site.pools[0]?.pricePerHour ?? 0) * length + priceHours);
  const grams = (devices * carbon.integral) / HOUR_MS;
  return { money, grams, startsAt };
}

/** On the one scale of a priced objective. */
function weighed({ money, grams, startsAt }: Cost, { objective, devices }: PlannableJob): number {
  const delay = (Math.max(1, devices) * (startsAt - MIDNIGHT)) / HOUR_MS;
  return money + (objective.carbonPricePerTonne / 1e6) * grams + objective.delayPricePerAcceleratorHour * delay;
}

function onRung(site: Site, rung: Rung = 'LiveForecast'): Site {
  const { Average: average } = site.outlooks;
  return average === undefined ? site : { ...site, outlooks: { Average: { ...average, rung } } };
}

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
      if (job === undefined) return;
      const byCarbon = { ...job, objective: PRESETS.Carbon };
      const [decision] = decisionsOf(aSnapshot({ sites: withRoom(someSites), jobs: [byCarbon] }));
      const [chosen, baseline] = [decision?.chosen?.expected.carbon, decision?.baseline?.carbon];
      expect(chosen?.grams).toBeLessThanOrEqual((baseline?.grams ?? 0) + 1e-6);
    }),
  },
  {
    claim: 'a job alone in one piece costs no more than at any other start, by the prices of its objective',
    property: fc.property(sites, jobs, (someSites, [job]) => {
      if (job === undefined || job.objective.lexicographic) return;
      const inOnePiece = { ...job, interruptible: undefined };
      const roomy = withRoom(someSites);
      const [decision] = decisionsOf(aSnapshot({ sites: roomy, jobs: [inOnePiece] }));
      const { money = NaN, carbon, startsAt = NaN } = decision?.chosen?.expected ?? {};
      const cost = weighed({ money, grams: carbon?.grams ?? NaN, startsAt }, job);
      for (const site of roomy) {
        for (let start = MIDNIGHT; start + job.totalWork <= job.deadline; start += HOUR_MS) {
          expect(cost).toBeLessThanOrEqual(weighed(costOf(job, site, start), job) + 1e-6);
        }
      }
    }),
  },
  {
    claim: 'of the starts that are as clean, a job that compares grams first takes the cheapest',
    property: fc.property(sites, jobs, ([site], [job]) => {
      if (job === undefined || site === undefined) return;
      const byCarbon = { ...job, objective: PRESETS.Carbon, interruptible: undefined };
      const roomy = withRoom([site]);
      const { money = NaN, carbon } =
        decisionsOf(aSnapshot({ sites: roomy, jobs: [byCarbon] }))[0]?.chosen?.expected ?? {};
      for (let start = MIDNIGHT; start + job.totalWork <= job.deadline; start += HOUR_MS) {
        for (const place of roomy) {
          const other = costOf(job, place, start);
          if (other.grams <= (carbon?.grams ?? NaN)) expect(money).toBeLessThanOrEqual(other.money + 1e-6);
        }
      }
    }),
  },
  {
    claim: 'money is always known, whatever is known of prices',
    property: fc.property(snapshots, (snapshot) => {
      for (const { chosen, baseline } of decisionsOf(snapshot)) {
        expect(chosen?.expected.money).not.toBeNaN();
        expect(baseline?.money).not.toBeNaN();
      }
    }),
  },
  {
    claim: 'the rungs that figures stand on change no plan, and no share is told between a typical day and others',
    property: fc.property(snapshots, fc.array(fc.constantFrom(...RUNGS), { minLength: 3 }), (snapshot, rungs) => {
      const laddered = decisionsOf({ ...snapshot, sites: snapshot.sites.map((site, i) => onRung(site, rungs[i])) });
      decisionsOf(snapshot).forEach(({ chosen, baseline }, i) => {
        expect(laddered[i]?.chosen?.site).toBe(chosen?.site);
        expect(laddered[i]?.chosen?.windows).toEqual(chosen?.windows);
        const [ofPlan, ofHome] = [laddered[i]?.chosen?.expected.carbon, laddered[i]?.baseline?.carbon];
        expect(ofHome?.grams).toBe(baseline?.carbon?.grams);
        if (ofPlan === undefined || ofHome === undefined || standAlike(ofPlan.rung, ofHome.rung)) return;
        expect(laddered[i]?.message).not.toContain('%');
      });
    }),
  },
  {
    // Where not all can be in time, jobs that are late make way for one another from plan to plan.
    claim: 'where all are in time, nobody changes their mind when planned again from the plan a moment later',
    property: fc.property(snapshots, (snapshot) => {
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
  },
] as const;
