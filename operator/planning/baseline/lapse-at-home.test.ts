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
import type { BaselineCost, Decision } from '../../domain/decision.ts';
import type { PlannableJob } from '../../domain/job.ts';
import type { LengthBelief } from '../../domain/length/length-belief.ts';
import type { AcceleratorPool, Site } from '../../domain/site.ts';
import { kilowattHours, watts } from '../../domain/units.ts';
import { plan } from '../plan.ts';

const DIRTY = Array.from({ length: 72 }, () => 400);
const CLEAN = Array.from({ length: 72 }, () => 100);
const NODES = aPool({ pricePerHour: 2 });
const OF_ANOTHER_KIND = aPool({ product: 'L4', power: { busy: watts(300), idle: watts(30), basis: 'Table' } });
/** Nobody told its length: so many hours, as far as is known. */
const takenFor = (n: number): LengthBelief => ({ points: [{ work: hours(n), share: 0 }], mayWait: hours(8) });
const UNKNOWN = takenFor(2);
const RUNS_AT_HOME: Partial<PlannableJob> = {
  phase: 'Running',
  current: { site: 'home', product: H100, windows: [{ startsAt: MIDNIGHT, endsAt: atHour(2) }] },
};

/** Its nodes are cordoned, or not ready. */
const withoutRoom = (pool: AcceleratorPool): AcceleratorPool => ({ ...pool, capacity: 0, maxCapacity: 0 });
const homeWith = (...pools: readonly AcceleratorPool[]): Site =>
  aSite('home', DIRTY, { pools, electricityPricePerKilowattHour: 0.5 });

function decided(sites: readonly Site[], job: Partial<PlannableJob> = {}, now = MIDNIGHT): Decision {
  const made = plan(aSnapshot({ now, sites, jobs: [aPlannableJob({ home: 'home', ...job })] }));
  const decision = made.decisions.get('research/train');
  if (decision === undefined) throw new Error('the job has no decision');
  return decision;
}

function baselineOf(sites: readonly Site[], job: Partial<PlannableJob> = {}): BaselineCost {
  const { baseline } = decided(sites, job);
  if (baseline === undefined) throw new Error('there is no baseline');
  return baseline;
}

/** As the first plan has told it: 2 kWh, 800 g, 5 EUR. */
const KEPT = baselineOf([homeWith(NODES)]);

describe('while home has no room on its accelerator', () => {
  test.each([
    ['a job whose length was told', {}],
    ['a job of unknown length', { lengthBelief: UNKNOWN }],
    ['a job of unknown length that runs there', { lengthBelief: UNKNOWN, ...RUNS_AT_HOME }],
  ])('the baseline of %s stays', (_, job) => {
    expect(KEPT).toMatchObject({ energy: 2, carbon: { grams: 800 }, money: 5, accelerator: { product: H100 } });
    expect(baselineOf([homeWith(withoutRoom(NODES))], { ...job, baseline: KEPT })).toEqual(KEPT);
  });

  test('it stays on that accelerator, though home has room on another', () => {
    const home = homeWith(OF_ANOTHER_KIND, withoutRoom(NODES));
    expect(baselineOf([home], { baseline: KEPT, lengthBelief: UNKNOWN })).toEqual(KEPT);
  });

  test('it goes by the length and the power of today', () => {
    const measured = withoutRoom({ ...NODES, power: { busy: watts(600), idle: watts(60), basis: 'Measured' } });
    const longer = { lengthBelief: takenFor(3), totalWork: hours(3), remainingWork: hours(1) };
    const job = { baseline: KEPT, ...RUNS_AT_HOME, ...longer };
    const before = baselineOf([homeWith(NODES)], job);
    expect(before).toMatchObject({ energy: 3, carbon: { grams: 1200 }, money: 7.5, finishesAt: atHour(3) });
    expect(baselineOf([homeWith(withoutRoom(NODES))], job)).toEqual(before);
    expect(baselineOf([homeWith(measured)], job).energy).toBeCloseTo(0.6 * before.energy, 9);
  });
});

test.each([
  ['lists it no more', [homeWith(OF_ANOTHER_KIND)]],
  ['lists none', [homeWith()]],
  ['is gone', [aSite('away', CLEAN)]],
])('a baseline stays where home %s', (_, sites) => {
  expect(baselineOf(sites, { baseline: KEPT, lengthBelief: UNKNOWN })).toEqual(KEPT);
});

test('a baseline stays where its accelerator is no longer one for the job: nobody knows how fast it would be there', () => {
  const slow = baselineOf([homeWith(NODES)], { accelerators: [{ product: H100, speed: 0.5 }] });
  const job = { baseline: slow, lengthBelief: UNKNOWN, accelerators: [{ product: 'L4', speed: 1 }] };
  expect(slow.energy).toBe(4);
  expect(baselineOf([homeWith(NODES, OF_ANOTHER_KIND)], job)).toEqual(slow);
});

test('a baseline of an early status, which does not tell its accelerator, waits for home to have one', () => {
  const { accelerator: _, ...untold } = KEPT;
  const job = { baseline: untold, lengthBelief: UNKNOWN };
  expect(baselineOf([homeWith(withoutRoom(NODES))], job)).toEqual(untold);
  expect(baselineOf([homeWith(NODES)], job)).toEqual(KEPT);
});

test('a job without accelerators has its baseline whatever home has', () => {
  const job = { devices: 0, otherPower: watts(500) };
  const first = baselineOf([homeWith()], job);
  expect(first).toMatchObject({ energy: 1, carbon: { grams: 400 }, money: 0.5 });
  const later = { ...job, baseline: first, lengthBelief: UNKNOWN };
  expect(baselineOf([homeWith(NODES)], later)).toEqual(first);
  expect(baselineOf([homeWith(withoutRoom(NODES))], later)).toEqual(first);
  const longer = { lengthBelief: takenFor(3), totalWork: hours(3), remainingWork: hours(3) };
  expect(baselineOf([homeWith()], { ...later, ...longer })).toMatchObject({ energy: 1.5, money: 0.75 });
});

test('a lapse of capacity at home and its return leave the baseline as it was', () => {
  const cases = fc.record({
    speed: fc.constantFrom(0.5, 1, 3),
    devices: fc.integer({ min: 1, max: 8 }),
    pricePerHour: fc.integer({ min: 0, max: 4 }),
    lengthBelief: fc.constantFrom(undefined, UNKNOWN),
    runs: fc.boolean(),
    others: fc.subarray([OF_ANOTHER_KIND]),
    left: fc.option(fc.integer({ min: 0, max: 7 })),
  });
  fc.assert(
    fc.property(cases, ({ devices, left, lengthBelief, others, pricePerHour, runs, speed }) => {
      const pool = aPool({ pricePerHour });
      const accelerators = [
        { product: H100, speed },
        { product: OF_ANOTHER_KIND.product, speed: 0.4 },
      ];
      const job: Partial<PlannableJob> = { accelerators, devices, lengthBelief, deadline: atHour(60) };
      const lapsed = left === null ? others : [...others, { ...pool, capacity: left, maxCapacity: left }];
      const before = baselineOf([homeWith(...others, pool)], job);
      const later = { ...job, ...(runs && RUNS_AT_HOME) };
      const during = baselineOf([homeWith(...lapsed)], { ...later, baseline: before });
      expect(during).toEqual(before);
      expect(baselineOf([homeWith(...others, pool)], { ...later, baseline: during })).toEqual(before);
    }),
  );
});

describe('a first plan while home has no accelerator for the job', () => {
  const away = aSite('away', CLEAN);

  test.each([
    ['a job whose length was told', {}],
    ['a job of unknown length', { lengthBelief: UNKNOWN }],
  ])('tells %s no baseline, and says nothing of a saving', (_, job) => {
    for (const home of [homeWith(withoutRoom(NODES)), homeWith(OF_ANOTHER_KIND), homeWith()]) {
      const accelerators = [{ product: H100, speed: 1 }];
      const { baseline, chosen, message, reason } = decided([home, away], { accelerators, ...job });
      expect(baseline).toBeUndefined();
      expect({ chosen: chosen?.site, reason }).toEqual({ chosen: 'away', reason: 'BetterSite' });
      expect(message).toMatch(/^the best of what is known/);
      expect(message).not.toMatch(/less|against/);
    }
  });

  test('chooses as if it had one', () => {
    const figures = [...DIRTY.slice(0, 12), ...CLEAN];
    const sites = (pool: AcceleratorPool) => [homeWith(pool), aSite('away', figures)];
    const placeOf = ({ chosen }: Decision) => ({ site: chosen?.site, windows: chosen?.windows });
    expect(placeOf(decided(sites(withoutRoom(NODES))))).toEqual(placeOf(decided(sites(NODES))));
  });

  test('leaves it to the plan that finds one there', () => {
    expect(decided([homeWith(withoutRoom(NODES)), away]).baseline).toBeUndefined();
    const { baseline, message } = decided([homeWith(NODES), away]);
    expect(baseline).toEqual(KEPT);
    expect(message).toMatch(/^against starting at once at home: 600 g less/);
  });

  test.each([
    ['whose length was told', {}],
    ['of unknown length', { lengthBelief: UNKNOWN }],
  ])('or that finds the job %s under way elsewhere: what it used there does not count', (_, job) => {
    const current = { site: 'away', product: H100, windows: [{ startsAt: MIDNIGHT, endsAt: atHour(2) }] };
    const spent = { energy: kilowattHours(1), carbon: 0 as const, money: 7 };
    for (const phase of ['Running', 'Paused'] as const) {
      const interruptible = { minimumRun: 0, restartOverhead: hours(1), maxPauses: 9 };
      const begun = { phase, current, spent, interruptible, remainingWork: hours(1), ...job };
      const { baseline } = decided([homeWith(NODES), away], begun, atHour(1));
      // It would have started when it came.
      expect(baseline).toMatchObject({ energy: 2, carbon: { grams: 800 }, money: 5, finishesAt: atHour(2) });
      expect(decided([homeWith(NODES), away], { ...begun, baseline }, atHour(1.5)).baseline).toEqual(baseline);
    }
  });
});

test('a first plan while home is not ready tells no baseline, least of all that of another place', () => {
  const sitesNotReady = [{ site: 'home', message: 'none of its nodes is ready' }];
  const jobAtHome = (home: string) => {
    const snapshot = aSnapshot({ sites: [aSite('away', CLEAN)], sitesNotReady, jobs: [aPlannableJob({ home })] });
    return plan(snapshot).decisions.get('research/train');
  };
  expect(jobAtHome('home')?.chosen?.site).toBe('away');
  expect(jobAtHome('home')?.baseline).toBeUndefined();
  // A name of no site is as good as none.
  expect(jobAtHome('hme')?.baseline?.site).toBe('away');
});
