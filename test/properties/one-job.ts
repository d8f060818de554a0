import { expect } from '@jest/globals';
import fc from 'fast-check';
import { aPlannableJob, aPool, aSite, aSnapshot, atHour, H100, hours, MIDNIGHT, offBy } from '../builders/planning.ts';
import { PRESETS } from '../../operator/api/v1alpha1/objectives.ts';
import type { Decision } from '../../operator/domain/decision.ts';
import type { PlannableJob } from '../../operator/domain/job.ts';
import type { Site } from '../../operator/domain/site.ts';
import { gramsPerKilowattHour, HOUR_MS } from '../../operator/domain/units.ts';
import { decisionOn, PAUSABLE, someJob, someNow, someSites, withRoom, type PlanProperty } from './arbitraries.ts';
import { earliestFinish } from './earliest-finish.ts';
import { leastGrams } from './least-grams.ts';
import { leastGramsInPieces } from './least-by-pieces.ts';
import { reckonedCost, weighed } from './reckoned-cost.ts';

/** Pauses that gain anything are earned: then nothing is given up for a margin. */
const NO_MARGIN = { tuning: { ...aSnapshot().tuning, pauseGainShare: 0 } };
const ROUNDING = 1e-9;

const byCarbon = (job: PlannableJob): PlannableJob => ({ ...job, objective: PRESETS.Carbon });
const inOnePiece = (job: PlannableJob): PlannableJob => ({ ...job, interruptible: undefined });
const inPieces = (job: PlannableJob): PlannableJob => ({ ...job, interruptible: PAUSABLE });

/** What comes first in the score of what was chosen. */
function costOfChoice({ chosen }: Decision, job: PlannableJob): number {
  const { money = NaN, carbon, finishesAt = NaN } = chosen?.expected ?? {};
  return weighed({ money, grams: carbon?.grams ?? NaN, finishesAt }, job);
}

function isAtMost(cost: number, other: number): void {
  expect(cost).toBeLessThanOrEqual(other + ROUNDING * Math.max(1, Math.abs(other)));
}

const A100 = 'NVIDIA-A100-SXM4-80GB';

/** Too few devices, devices that are yet to come or in other hands, slower ones, hours that nobody knows. */
const scarceSites: fc.Arbitrary<readonly Site[]> = fc
  .array(
    fc.record({
      figures: fc.option(fc.array(fc.option(fc.integer({ min: 1, max: 800 }), { freq: 6, nil: undefined })), {
        nil: undefined,
      }),
      capacity: fc.integer({ min: 0, max: 4 }),
      extra: fc.integer({ min: 0, max: 4 }),
      heldByOthers: fc.integer({ min: 0, max: 2 }),
      provisioning: fc.integer({ min: 1, max: 90 }).map((minutes) => hours(minutes / 30)),
      product: fc.constantFrom(H100, A100),
      schedulable: fc.boolean(),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((records) =>
    records.map(({ figures, capacity, extra, schedulable, ...pool }, i) =>
      aSite(`site-${String(i)}`, figures, {
        schedulable,
        pools: [aPool({ ...pool, capacity, maxCapacity: capacity + extra })],
      }),
    ),
  );

/** As tight as can be, and paused ones among them. */
const hurriedJob: fc.Arbitrary<PlannableJob> = fc
  .record({
    job: someJob,
    devices: fc.integer({ min: 1, max: 4 }),
    minutes: fc.integer({ min: 1, max: 600 }),
    slack: fc.oneof(fc.constantFrom(0, 1, 60), fc.integer({ min: 0, max: 600 })),
    isPaused: fc.boolean(),
    withoutData: fc.constantFrom('Run' as const, 'Hold' as const),
    speed: fc.constantFrom(0.45, 0.5, 0.7),
  })
  .map(({ job, devices, minutes, slack, isPaused, withoutData, speed }) => ({
    ...job,
    devices,
    withoutData,
    remainingWork: hours(minutes / 60),
    totalWork: hours(10),
    deadline: atHour((minutes + slack) / 60),
    accelerators: [
      { product: H100, speed: 1 },
      { product: A100, speed },
    ],
    ...(isPaused && {
      phase: 'Paused' as const,
      pausesSoFar: 1,
      interruptible: { ...PAUSABLE, moveOverhead: hours(0.2) },
      current: { site: 'site-0', product: H100, windows: [{ startsAt: atHour(-2), endsAt: atHour(-1) }] },
    }),
  }));

const ON_TIME: PlanProperty = {
  claim: 'is late only where no seat could have it done in time, and then says so',
  runs: 300,
  property: fc.property(scarceSites, hurriedJob, fc.integer({ min: 0, max: 59 }), (sites, job, minutesPast) => {
    const now = MIDNIGHT + minutesPast * 60_000;
    const { chosen, deadlineAtRisk } = decisionOn(job, sites, { now });
    const earliest = earliestFinish(job, sites, now);
    if (Math.abs(earliest - job.deadline) < 1) return;
    const isFeasible = earliest < job.deadline;
    expect(chosen === undefined).toBe(earliest === Infinity);
    // Without any option it hangs on how far can be planned.
    if (chosen !== undefined) expect(deadlineAtRisk).toBe(!isFeasible);
    if (isFeasible) expect(chosen?.expected.finishesAt).toBeLessThanOrEqual(job.deadline);
  }),
};

const NO_MORE_THAN_AT_ONCE: PlanProperty = {
  claim: 'never emits more than started at once at home where grams come first, however good the forecast',
  runs: 100,
  property: fc.property(
    someSites,
    someJob,
    someNow,
    fc.constantFrom(0, 0.05, 0.2, 0.6),
    (sites, { deadline, ...job }, now, share) => {
      const roomy = withRoom(sites).map((site) => offBy(share, site));
      const [home] = roomy;
      if (home === undefined) return;
      const asked = byCarbon({ ...job, deadline: deadline + hours(1), home: home.name });
      const atOnce = reckonedCost(asked, home, { startsAt: now, endsAt: now + job.totalWork });
      isAtMost(costOfChoice(decisionOn(asked, roomy, { now }), asked), atOnce.grams);
    },
  ),
};

const PAUSES_ARE_NO_WORSE: PlanProperty = {
  claim: 'is never worse off for being allowed to pause',
  runs: 60,
  property: fc.property(someSites, someJob, someNow, (sites, job, now) => {
    const whole = decisionOn(inOnePiece(job), sites, { now });
    if (whole.chosen === undefined || whole.deadlineAtRisk) return;
    isAtMost(costOfChoice(decisionOn(inPieces(job), sites, { now }), job), costOfChoice(whole, job));
  }),
};

/** Where grams come first money decides between what is as clean to a thousandth: not here, where no thousandth is allowed. */
const withoutPrices = (sites: readonly Site[]): readonly Site[] =>
  sites.map((site) => ({ ...site, electricityPrices: [] }));

const SLACK_IS_NO_WORSE: PlanProperty = {
  claim: 'is never worse off for a later deadline',
  runs: 60,
  property: fc.property(someSites, someJob, fc.integer({ min: 1, max: 12 }), (sites, job, more) => {
    const some = job.objective.lexicographic ? withoutPrices(sites) : sites;
    const before = decisionOn(job, some, NO_MARGIN);
    if (before.chosen === undefined || before.deadlineAtRisk) return;
    const later = decisionOn({ ...job, deadline: job.deadline + hours(more) }, some, NO_MARGIN);
    isAtMost(costOfChoice(later, job), costOfChoice(before, job));
  }),
};

function scaled(site: Site, factor: number): Site {
  const { Average: average } = site.outlooks;
  if (average === undefined) return site;
  const samples = average.series.samples.map((sample) => ({
    ...sample,
    gramsPerKilowattHour: gramsPerKilowattHour(sample.gramsPerKilowattHour * factor),
  }));
  return { ...site, outlooks: { Average: { ...average, series: { ...average.series, samples } } } };
}

const SCALE_DOES_NOT_MATTER: PlanProperty = {
  claim: 'chooses the same where grams come first and all intensities are some power of two higher',
  runs: 60,
  property: fc.property(someSites, someJob, someNow, fc.integer({ min: -2, max: 8 }), (sites, job, now, power) => {
    const asked = byCarbon(job);
    const { chosen } = decisionOn(asked, sites, { now });
    const other = decisionOn(
      asked,
      sites.map((site) => scaled(site, 2 ** power)),
      { now },
    ).chosen;
    expect(other?.site).toBe(chosen?.site);
    expect(other?.windows).toEqual(chosen?.windows);
    expect(other?.moves).toEqual(chosen?.moves);
  }),
};

const ANY_SCALE_IS_AS_GOOD: PlanProperty = {
  claim: 'emits as much more as all intensities are higher where grams come first, by whatever factor',
  runs: 60,
  property: fc.property(
    someSites.map(withoutPrices),
    someJob,
    someNow,
    fc.double({ min: 0.5, max: 50, noNaN: true }),
    (sites, job, now, factor) => {
      const asked = byCarbon(job);
      const grams = costOfChoice(decisionOn(asked, sites, { ...NO_MARGIN, now }), asked);
      const scaledSites = sites.map((site) => scaled(site, factor));
      const others = costOfChoice(decisionOn(asked, scaledSites, { ...NO_MARGIN, now }), asked);
      if (Number.isNaN(grams)) return;
      expect(others / factor).toBeCloseTo(grams, 4);
    },
  ),
};

const CHEAPEST_START: PlanProperty = {
  claim: 'costs no more in one piece than at any other start, by the prices of its objective',
  runs: 60,
  property: fc.property(someSites, someJob, (sites, job) => {
    const whole = inOnePiece(job);
    const roomy = withRoom(sites);
    const cost = costOfChoice(decisionOn(whole, roomy), whole);
    for (const site of roomy) {
      for (let startsAt = MIDNIGHT; startsAt + job.totalWork <= job.deadline; startsAt += HOUR_MS) {
        isAtMost(cost, weighed(reckonedCost(job, site, { startsAt, endsAt: startsAt + job.totalWork }), job));
      }
    }
  }),
};

const CHEAPEST_OF_CLEANEST: PlanProperty = {
  claim: 'takes the cheapest of the starts that are as clean where grams come first',
  runs: 60,
  property: fc.property(someSites, someJob, (sites, job) => {
    const asked = byCarbon(inOnePiece(job));
    const roomy = withRoom(sites.slice(0, 1));
    const { money = NaN, carbon } = decisionOn(asked, roomy).chosen?.expected ?? {};
    for (const site of roomy) {
      for (let startsAt = MIDNIGHT; startsAt + job.totalWork <= job.deadline; startsAt += HOUR_MS) {
        const other = reckonedCost(asked, site, { startsAt, endsAt: startsAt + job.totalWork });
        if (other.grams <= (carbon?.grams ?? NaN)) expect(money).toBeLessThanOrEqual(other.money + 1e-6);
      }
    }
  }),
};

/** In slots of an hour; a restart repeats none, or as much as steps of a quarter, half or whole hour can tell. */
const someRules = fc.record({
  parts: fc.constantFrom(1, 2, 4),
  repeated: fc.integer({ min: 0, max: 1 }),
  moved: fc.integer({ min: 0, max: 2 }),
  minimum: fc.integer({ min: 0, max: 3 }),
  maxPauses: fc.integer({ min: 1, max: 4 }),
});

function rowsOf(hoursKnown: number, most: number): fc.Arbitrary<readonly Site[]> {
  const row = fc.array(fc.integer({ min: 1, max: 600 }), { minLength: hoursKnown, maxLength: hoursKnown });
  return fc
    .array(row, { minLength: 1, maxLength: most })
    .map((rows) => rows.map((day, i) => aSite(`site-${String(i)}`, day)));
}

const BEST_OF_ALL_WAYS: PlanProperty = {
  claim: 'emits as little as the best of all ways to spend the hours of a short time, in one piece and in pieces',
  runs: 100,
  property: fc.property(
    rowsOf(9, 2),
    fc.option(someRules, { nil: undefined }),
    fc.integer({ min: 1, max: 5 }),
    (sites, rules, work) => {
      const job = aPlannableJob({
        remainingWork: hours(work),
        totalWork: hours(work),
        deadline: atHour(9),
        interruptible: rules && {
          minimumRun: hours(rules.minimum),
          restartOverhead: hours(rules.repeated),
          moveOverhead: hours(rules.moved),
          maxPauses: rules.maxPauses,
        },
      });
      const least = leastGrams(aSnapshot({ sites, jobs: [job] }));
      expect(costOfChoice(decisionOn(job, sites, NO_MARGIN), job)).toBeCloseTo(least, 6);
    },
  ),
};

const BEST_BY_PROGRAMME: PlanProperty = {
  claim: 'emits as little as a dynamic programme over pieces finds, over two to four days',
  runs: 60,
  property: fc.property(
    fc.constantFrom(48, 72, 96).chain((known) => fc.record({ known: fc.constant(known), sites: rowsOf(known, 2) })),
    someRules,
    fc.integer({ min: 2, max: 30 }),
    fc.boolean(),
    ({ known, sites }, { parts, repeated, moved, minimum, maxPauses }, work, mayPause) => {
      const unit = HOUR_MS / (mayPause && repeated > 0 ? parts : 1);
      const job = aPlannableJob({
        devices: 2,
        remainingWork: work * unit,
        totalWork: work * unit,
        deadline: atHour(known),
        interruptible: mayPause
          ? {
              minimumRun: minimum * unit,
              restartOverhead: repeated * unit,
              moveOverhead: moved * unit,
              maxPauses,
            }
          : undefined,
      });
      const least = leastGramsInPieces({ job, sites, now: MIDNIGHT, unit });
      expect(costOfChoice(decisionOn(job, sites, NO_MARGIN), job)).toBeCloseTo(least, 6);
    },
  ),
};

/** What holds of a job that is alone, where the figures are taken at their word unless the claim says otherwise. */
export const ONE_JOB_PROPERTIES: readonly PlanProperty[] = [
  ON_TIME,
  NO_MORE_THAN_AT_ONCE,
  PAUSES_ARE_NO_WORSE,
  SLACK_IS_NO_WORSE,
  SCALE_DOES_NOT_MATTER,
  ANY_SCALE_IS_AS_GOOD,
  CHEAPEST_START,
  CHEAPEST_OF_CLEANEST,
  BEST_OF_ALL_WAYS,
  BEST_BY_PROGRAMME,
];
