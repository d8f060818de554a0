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
import type { Objective, PlannableJob } from '../../operator/domain/job.ts';
import type { Site } from '../../operator/domain/site.ts';
import { MINUTE_MS } from '../../operator/domain/units.ts';
import { plan } from '../../operator/planning/plan.ts';
import type { PlanningSnapshot } from '../../operator/planning/snapshot.ts';

/** Something that holds of every plan. */
export interface PlanProperty {
  readonly claim: string;
  readonly property: fc.IProperty<unknown>;
  /** In every run of the tests; the soak tries thousands. */
  readonly runs: number;
}

/** Hours that the figures reach. */
const KNOWN_HOURS = 60;

export const figures = fc.array(fc.integer({ min: 1, max: 800 }), { minLength: KNOWN_HOURS, maxLength: KNOWN_HOURS });

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
      { maxLength: KNOWN_HOURS },
    ),
  },
);

export const someSites: fc.Arbitrary<readonly Site[]> = fc
  .array(
    fc.record({
      figures,
      prices,
      flatPrice: fc.constantFrom(0, 0.25),
      pricePerHour: fc.constantFrom(0, 2),
      capacity: fc.integer({ min: 0, max: 12 }),
      extra: fc.integer({ min: 0, max: 8 }),
      heldByOthers: fc.constantFrom(0, 0, 1, 3),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((records) =>
    records.map(({ figures: day, prices: hourly, flatPrice, capacity, extra, heldByOthers, pricePerHour }, i) =>
      aSite(`site-${String(i)}`, day, {
        electricityPricePerKilowattHour: flatPrice,
        electricityPrices: pricesPerSlot(hourly),
        pools: [aPool({ capacity, heldByOthers, maxCapacity: capacity + extra, provisioning: hours(1), pricePerHour })],
      }),
    ),
  );

const objectives: fc.Arbitrary<Objective> = fc.constantFrom(
  ...[PRESETS.Carbon, PRESETS.Balanced, PRESETS.Cost, PRESETS.Speed],
  { lexicographic: false, carbonPricePerTonne: 400, delayPricePerAcceleratorHour: 0.02 },
);

const someJobRecord = fc.record({
  objective: objectives,
  devices: fc.integer({ min: 0, max: 8 }),
  work: fc.integer({ min: 1, max: 10 }),
  slack: fc.integer({ min: 0, max: 30 }),
  pausable: fc.boolean(),
});

export const PAUSABLE = { minimumRun: hours(1), restartOverhead: hours(0.25), maxPauses: 3 };

const someJobs: fc.Arbitrary<readonly PlannableJob[]> = fc
  .array(someJobRecord, { minLength: 1, maxLength: 12 })
  .map((records) =>
    records.map(({ objective, devices, work, slack, pausable }, i) =>
      aPlannableJob({
        key: `research/job-${String(i)}`,
        objective,
        devices,
        remainingWork: hours(work),
        totalWork: hours(work),
        deadline: atHour(work + slack),
        interruptible: pausable ? PAUSABLE : undefined,
      }),
    ),
  );

/** One of them, that could be on time if it were alone and there is room. */
export const someJob: fc.Arbitrary<PlannableJob> = someJobs.map(([job]) => job ?? aPlannableJob());

/** On the edge of a slot, or between two. */
export const someNow = fc
  .oneof(fc.constant(0), fc.integer({ min: 0, max: 59 }))
  .map((past) => MIDNIGHT + past * MINUTE_MS);

/** What holds of every plan holds however long jobs were looked at together: this is a tenth of the product's. */
export const LITTLE_EFFORT = { ...aSnapshot().tuning, effort: 0.1 };

export const someSnapshot: fc.Arbitrary<PlanningSnapshot> = fc
  .record({ sites: someSites, jobs: someJobs, now: someNow })
  .map((given) => aSnapshot({ ...given, tuning: LITTLE_EFFORT }));

/** With room for everything, so that a job chooses among all that there is. */
export function withRoom(sites: readonly Site[]): readonly Site[] {
  return sites.map((site) => ({
    ...site,
    pools: site.pools.map((pool) => aPool({ ...pool, capacity: 64, maxCapacity: 64, heldByOthers: 0 })),
  }));
}

export function decisionsOf(snapshot: PlanningSnapshot): readonly Decision[] {
  return [...plan(snapshot).decisions.values()];
}

/** Of a job that is alone. */
export function decisionOn(job: PlannableJob, sites: readonly Site[], rest: Partial<PlanningSnapshot> = {}): Decision {
  const decision = plan(aSnapshot({ ...rest, sites, jobs: [job] })).decisions.get(job.key);
  if (decision === undefined) throw new Error('the plan has no decision for the job');
  return decision;
}
