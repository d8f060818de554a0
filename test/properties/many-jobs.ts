import { expect } from '@jest/globals';
import fc from 'fast-check';
import { aPlannableJob, aPool, aSite, aSnapshot, hours } from '../builders/planning.ts';
import { legsOf, type Decision } from '../../operator/domain/decision.ts';
import { lengthOf } from '../../operator/domain/interval.ts';
import type { PlannableJob } from '../../operator/domain/job.ts';
import { SECOND_MS } from '../../operator/domain/units.ts';
import { plan } from '../../operator/planning/plan.ts';
import type { PlanningSnapshot } from '../../operator/planning/snapshot.ts';
import {
  decisionsOf,
  figures,
  LITTLE_EFFORT,
  PAUSABLE,
  someNow,
  someSnapshot,
  type PlanProperty,
} from './arbitraries.ts';
import { earliestDeadlineFirst, latenessOf } from './earliest-deadline-first.ts';
import { laterOn } from './time-goes-by.ts';

/** Many that want few devices. */
const crowdedSnapshot: fc.Arbitrary<PlanningSnapshot> = fc
  .record({
    sites: fc.array(fc.record({ figures, capacity: fc.integer({ min: 1, max: 5 }) }), { minLength: 1, maxLength: 3 }),
    jobs: fc.array(
      fc.record({
        devices: fc.integer({ min: 1, max: 4 }),
        work: fc.integer({ min: 1, max: 8 }),
        slack: fc.integer({ min: 0, max: 16 }),
        namespace: fc.constantFrom('a', 'b'),
        pausable: fc.boolean(),
      }),
      { minLength: 2, maxLength: 10 },
    ),
    now: someNow,
  })
  .map(({ sites, jobs, now }) =>
    aSnapshot({
      now,
      tuning: LITTLE_EFFORT,
      sites: sites.map((site, i) =>
        aSite(`site-${String(i)}`, site.figures, {
          zone: `zone-${String(i)}`,
          pools: [aPool({ capacity: site.capacity })],
        }),
      ),
      jobs: jobs.map(({ devices, work, slack, namespace, pausable }, i) =>
        aPlannableJob({
          key: `${namespace}/job-${String(i)}`,
          devices,
          remainingWork: hours(work),
          totalWork: hours(work),
          deadline: now + hours(work + slack),
          interruptible: pausable ? { ...PAUSABLE, moveOverhead: hours(0.5) } : undefined,
        }),
      ),
    }),
  );

/** Devices that are held from an instant on, until another. */
interface Hold {
  readonly place: string;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly devices: number;
  readonly provisioned: boolean;
}

/** What is longer than its work and overheads waits for devices to come. On accelerators of speed 1. */
function holdsOf(job: PlannableJob, { chosen }: Decision): readonly Hold[] {
  if (chosen === undefined) return [];
  const legs = legsOf(chosen);
  const { restartOverhead = 0, moveOverhead = 0 } = job.interruptible ?? {};
  const windows = legs.flatMap((leg) => leg.windows);
  const resumes = windows.length - (job.phase === 'Paused' ? 0 : 1);
  const overheads = resumes * restartOverhead + (legs.length - 1) * moveOverhead;
  const staging = windows.reduce((sum, window) => sum + lengthOf(window), 0) - job.remainingWork - overheads;
  const provisioned = job.phase === 'Waiting' && staging >= SECOND_MS;
  return legs.flatMap(({ site, product, windows: here }, i) =>
    here.map(({ startsAt, endsAt }) => ({
      place: `${site}/${product ?? ''}`,
      startsAt,
      endsAt,
      devices: job.devices,
      provisioned: provisioned && i === 0,
    })),
  );
}

/** Wherever something begins is where most is held. */
function expectRoomForAll(snapshot: PlanningSnapshot): void {
  const { decisions } = plan(snapshot);
  const holds = snapshot.jobs.flatMap((job) => {
    const decision = decisions.get(job.key);
    return decision === undefined ? [] : holdsOf(job, decision);
  });
  for (const { name, pools } of snapshot.sites) {
    for (const { product, capacity, heldByOthers, maxCapacity } of pools) {
      const here = holds.filter(({ place }) => place === `${name}/${product}`);
      for (const { startsAt: instant } of here) {
        const held = here.filter(({ startsAt, endsAt }) => startsAt <= instant && instant < endsAt);
        const devices = (some: readonly Hold[]): number => some.reduce((sum, one) => sum + one.devices, 0);
        expect(devices(held)).toBeLessThanOrEqual(maxCapacity - heldByOthers);
        const onHand = devices(held.filter(({ provisioned }) => !provisioned));
        expect(onHand).toBeLessThanOrEqual(Math.max(0, capacity - heldByOthers));
      }
    }
  }
}

const ROOM_FOR_ALL: PlanProperty = {
  claim: 'are never given more devices than a site can have at any moment, nor more without waiting than it has now',
  runs: 60,
  property: fc.property(someSnapshot, expectRoomForAll),
};

const ROOM_LATER_ON: PlanProperty = {
  claim: 'are never given more devices than there are when they are planned again as they run, pause and wait',
  runs: 40,
  property: fc.property(crowdedSnapshot, fc.integer({ min: 1, max: 60 }), (snapshot, quarters) => {
    expectRoomForAll(laterOn(snapshot, plan(snapshot), snapshot.now + hours(quarters / 4)));
  }),
};

const DETERMINISTIC: PlanProperty = {
  claim: 'get the same plan of the same snapshot, whatever was planned in between and in whatever order they come',
  runs: 30,
  property: fc.property(someSnapshot, someSnapshot, fc.nat(11), (snapshot, other, by) => {
    const { jobs } = snapshot;
    const first = plan(snapshot).decisions;
    plan(other);
    expect([...plan(snapshot).decisions]).toEqual([...first]);
    const turned = [...jobs.slice(by % jobs.length), ...jobs.slice(0, by % jobs.length)];
    const others = plan({ ...snapshot, jobs: turned }).decisions;
    for (const [key, decision] of first) expect(others.get(key)).toEqual(decision);
  }),
};

const NO_LATER_THAN_AT_ONCE: PlanProperty = {
  claim: 'are never more of them late, nor later, than if nobody waited for clean power, earliest deadline first',
  runs: 60,
  property: fc.property(crowdedSnapshot, (snapshot) => {
    const { jobs } = snapshot;
    const planned = new Map(
      decisionsOf(snapshot).flatMap(({ job, chosen }) =>
        chosen === undefined ? [] : [[job, chosen.expected.finishesAt]],
      ),
    );
    const horizon = Math.max(...jobs.map(({ deadline }) => deadline)) + hours(8);
    const atOnce = latenessOf(jobs, earliestDeadlineFirst(snapshot, horizon));
    const ours = latenessOf(jobs, planned);
    expect(ours.late).toBeLessThanOrEqual(atOnce.late);
    if (ours.late === atOnce.late) expect(ours.by).toBeLessThanOrEqual(atOnce.by + 1);
  }),
};

/** What holds of many jobs that share few devices. */
export const MANY_JOBS_PROPERTIES: readonly PlanProperty[] = [
  ROOM_FOR_ALL,
  ROOM_LATER_ON,
  DETERMINISTIC,
  NO_LATER_THAN_AT_ONCE,
];
