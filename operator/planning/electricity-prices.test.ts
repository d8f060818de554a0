import { describe, expect, test } from '@jest/globals';
import {
  aPlannableJob,
  aPool,
  aSite,
  aSnapshot,
  atHour,
  H100,
  hours,
  MIDNIGHT,
  pricesPerSlot,
} from '../../test/builders/planning.ts';
import { PRESETS } from '../api/v1alpha1/objectives.ts';
import type { Decision } from '../domain/decision.ts';
import type { PlannableJob } from '../domain/job.ts';
import type { Site } from '../domain/site.ts';
import { plan } from './plan.ts';
import type { PlanningSnapshot } from './snapshot.ts';

const FLAT_CARBON = Array.from({ length: 48 }, () => 300);
/** Cheap from two to five. */
const CHEAP_NIGHT = Array.from({ length: 24 }, (_, hour) => (hour >= 2 && hour < 5 ? 0.05 : 0.3));

function decide(job: PlannableJob, sites: readonly Site[], overrides: Partial<PlanningSnapshot> = {}): Decision {
  const decision = plan(aSnapshot({ sites, jobs: [job], ...overrides })).decisions.get(job.key);
  if (decision === undefined) throw new Error('the plan has no decision for the job');
  return decision;
}

function sitePriced(prices: readonly (number | undefined)[], overrides: Partial<Site> = {}): Site {
  return aSite('berlin', FLAT_CARBON, {
    electricityPricePerKilowattHour: 0.3,
    electricityPrices: pricesPerSlot(prices),
    ...overrides,
  });
}

const byCost = aPlannableJob({ objective: PRESETS.Cost });
const byCarbon = aPlannableJob({ objective: PRESETS.Carbon });

function startOf({ chosen }: Decision): number | undefined {
  return chosen?.expected.startsAt;
}

describe('a price that varies in time', () => {
  test('makes a job that counts money wait for the cheap night', () => {
    const decision = decide(byCost, [sitePriced(CHEAP_NIGHT)]);
    expect(decision).toMatchObject({ reason: 'BetterWindow', chosen: { windows: [{ startsAt: atHour(2) }] } });
    expect(decision.chosen?.expected.money).toBeCloseTo(0.1);
    expect(decision.baseline?.money).toBeCloseTo(0.6);
    expect(decision.message).toBe('against starting at once at berlin: 0.50 EUR less, finishes 2.0 h later');
    expect(decide(byCost, [sitePriced([])]).reason).toBe('RunsNow');
  });

  test('is paid for the time that the job runs, and nodes for the time that it holds them', () => {
    const pools = [aPool({ capacity: 0, maxCapacity: 8, provisioning: hours(1), pricePerHour: 2 })];
    const { chosen } = decide({ ...byCost, devices: 2 }, [sitePriced(CHEAP_NIGHT, { pools, pue: 1.5 })]);
    expect(chosen?.windows).toEqual([{ startsAt: atHour(1), endsAt: atHour(4) }]);
    expect(chosen?.expected.money).toBeCloseTo(2 * 2 * 3 + 2 * 1.5 * 2 * 0.05);
  });

  test('sends a job to the site that is cheaper then', () => {
    const day = CHEAP_NIGHT.map((_, hour) => (hour < 2 ? 0.02 : 0.4));
    const other = { ...sitePriced(day), name: 'madrid' };
    const decision = decide({ ...byCost, home: 'berlin' }, [sitePriced(CHEAP_NIGHT), other]);
    expect(decision).toMatchObject({ reason: 'BetterSite', chosen: { site: 'madrid' } });
    expect(decision.alternatives[0]).toMatchObject({ site: 'berlin', reason: 'MoreMoney' });
  });

  test('is weighed against carbon at the price of carbon', () => {
    // Clean at noon, 250 g less for each kWh; cheap at night, 0.25 less.
    const carbon = FLAT_CARBON.map((figure, hour) => (hour >= 12 && hour < 14 ? figure - 250 : figure));
    const site = { ...sitePriced(CHEAP_NIGHT), outlooks: aSite('berlin', carbon).outlooks };
    const at = (carbonPricePerTonne: number) => ({
      ...byCost,
      objective: { lexicographic: false, carbonPricePerTonne, delayPricePerAcceleratorHour: 0 },
    });
    expect(startOf(decide(at(900), [site]))).toBe(atHour(2));
    expect(startOf(decide(at(1_100), [site]))).toBe(atHour(12));
  });

  test('may be negative, and is then taken', () => {
    const prices = CHEAP_NIGHT.map((price, hour) => (hour === 7 || hour === 8 ? -0.1 : price));
    const decision = decide(byCost, [sitePriced(prices)]);
    expect(startOf(decision)).toBe(atHour(7));
    expect(decision.chosen?.expected.money).toBeCloseTo(-0.2);
  });

  test('is not waited for where waiting costs more than it saves', () => {
    const objective = { ...PRESETS.Cost, delayPricePerAcceleratorHour: 0.3 };
    expect(decide({ ...byCost, objective }, [sitePriced(CHEAP_NIGHT)]).reason).toBe('RunsNow');
  });

  test('says nothing of an hour that it leaves out: that has the flat price', () => {
    const prices = [0.5, 0.5, undefined, undefined, 0.5, ...CHEAP_NIGHT.map(() => 0.5)];
    expect(startOf(decide(byCost, [sitePriced(prices)]))).toBe(atHour(2));
    expect(startOf(decide(byCost, [sitePriced(prices, { electricityPricePerKilowattHour: 0.6 })]))).toBe(MIDNIGHT);
  });

  test('is not free in the hours after it where there is no flat price', () => {
    const decision = decide(byCost, [sitePriced([0.3, 0.2, 0.2, 0.5], { electricityPricePerKilowattHour: 0 })]);
    expect(startOf(decision)).toBe(atHour(1));
  });

  test('in the middle of an hour is that of the part which is left', () => {
    const now = MIDNIGHT + hours(0.5);
    const job = { ...byCost, remainingWork: hours(1), totalWork: hours(1) };
    const decision = decide(job, [sitePriced([0.1, 0.3, 0.3, 0.3])], { now });
    expect(startOf(decision)).toBe(now);
    expect(decision.chosen?.expected.money).toBeCloseTo(0.2);
  });

  test('in another currency is not weighed, as with a flat price', () => {
    const foreign = sitePriced(CHEAP_NIGHT, {
      name: 'lulea',
      currency: 'SEK',
      electricityPricePerKilowattHour: 0,
    });
    const decision = decide({ ...byCost, home: 'berlin' }, [sitePriced(CHEAP_NIGHT), foreign]);
    expect(decision.chosen?.site).toBe('berlin');
    expect(decision.alternatives).toContainEqual(
      expect.objectContaining({ site: 'lulea', reason: 'CurrencyNotComparable' }),
    );
  });

  test('needs no carbon data where carbon does not count', () => {
    const blind = { ...sitePriced(CHEAP_NIGHT), outlooks: {} };
    const decision = decide(byCost, [blind]);
    expect(decision).toMatchObject({ reason: 'BetterWindow', chosen: { expected: { carbon: undefined } } });
    expect(startOf(decision)).toBe(atHour(2));
  });
});

describe('where grams come first', () => {
  test('money decides between starts that are as clean, then the earliest', () => {
    expect(startOf(decide(byCarbon, [sitePriced(CHEAP_NIGHT)]))).toBe(atHour(2));
    expect(startOf(decide(byCarbon, [sitePriced(CHEAP_NIGHT.map(() => 0.2))]))).toBe(MIDNIGHT);
  });

  test('money never costs more grams than no forecast is exact enough to tell', () => {
    const carbon = FLAT_CARBON.map((figure, hour) => (hour >= 2 && hour < 5 ? figure : figure - 20));
    const site = { ...sitePriced(CHEAP_NIGHT), outlooks: aSite('berlin', carbon).outlooks };
    expect(startOf(decide(byCarbon, [site]))).toBe(MIDNIGHT);
  });

  test('a promise is broken for a price that is better by the margin, where the grams are the same', () => {
    const current = { site: 'berlin', product: H100, windows: [{ startsAt: atHour(8), endsAt: atHour(10) }] };
    const decision = decide({ ...byCarbon, current }, [sitePriced(CHEAP_NIGHT)]);
    expect(decision).toMatchObject({ kept: false, chosen: { windows: [{ startsAt: atHour(2) }] } });
    const hardlyCheaper = CHEAP_NIGHT.map((_, hour) => (hour < 5 ? 0.295 : 0.3));
    expect(decide({ ...byCarbon, current }, [sitePriced(hardlyCheaper)]).kept).toBe(true);
  });

  test('pieces that are as clean are the cheaper ones', () => {
    const carbon = FLAT_CARBON.map((figure, hour) => ([3, 7, 11].includes(hour) ? 10 : figure));
    const prices = CHEAP_NIGHT.map((_, hour) => (hour === 3 ? 0.9 : 0.2));
    const site = { ...sitePriced(prices), outlooks: aSite('berlin', carbon).outlooks };
    const interruptible = { minimumRun: hours(1), restartOverhead: 0, maxPauses: 4 };
    const decision = decide({ ...byCarbon, interruptible }, [site]);
    expect(decision.chosen?.windows.map(({ startsAt }) => startsAt)).toEqual([atHour(7), atHour(11)]);
  });
});

describe('pauses for the price', () => {
  const twoDips = Array.from({ length: 24 }, (_, hour) => ([2, 3, 8, 9].includes(hour) ? 0.02 : 0.3));
  const interruptible = { minimumRun: hours(1), restartOverhead: 0, maxPauses: 4 };
  const long = { ...byCost, interruptible, remainingWork: hours(4), totalWork: hours(4) };

  test('are made by a job that counts money alone, and are called what they are', () => {
    const decision = decide(long, [sitePriced(twoDips)]);
    expect(decision.reason).toBe('PausesForCheaperPower');
    expect(decision.chosen?.windows).toEqual([
      { startsAt: atHour(2), endsAt: atHour(4) },
      { startsAt: atHour(8), endsAt: atHour(10) },
    ]);
    expect(decide(long, [sitePriced([])]).chosen?.windows).toHaveLength(1);
  });

  test('must be worth what nodes cost while lost work is repeated', () => {
    const job = { ...long, interruptible: { ...interruptible, restartOverhead: hours(1) } };
    const at = (pricePerHour: number) => decide(job, [sitePriced(twoDips, { pools: [aPool({ pricePerHour })] })]);
    expect(at(0).chosen?.windows).toHaveLength(2);
    expect(at(1).chosen?.windows).toHaveLength(1);
  });

  test('are weighed with carbon on the scale of the objective', () => {
    const carbon = FLAT_CARBON.map((figure, hour) => ([2, 3, 14, 15].includes(hour) ? 100 : figure));
    const site = { ...sitePriced(twoDips), outlooks: aSite('berlin', carbon).outlooks };
    const startsAt = (carbonPricePerTonne: number) =>
      decide({ ...long, objective: { ...PRESETS.Cost, carbonPricePerTonne } }, [site]).chosen?.windows.at(-1)?.startsAt;
    expect(startsAt(1_000)).toBe(atHour(8));
    expect(startsAt(2_000)).toBe(atHour(14));
  });

  test('are never made to be paid for power', () => {
    const paid = sitePriced(twoDips.map(() => -0.1));
    const job = { ...long, interruptible: { ...interruptible, restartOverhead: hours(1) } };
    expect(decide(job, [paid]).chosen?.windows).toEqual([{ startsAt: MIDNIGHT, endsAt: atHour(4) }]);
  });

  test('hold up a running job too', () => {
    const running: PlannableJob = {
      ...long,
      phase: 'Running',
      current: { site: 'berlin', product: H100, windows: [{ startsAt: atHour(-2), endsAt: atHour(4) }] },
    };
    const decision = decide(running, [sitePriced(twoDips)]);
    expect(decision.reason).toBe('PausesForCheaperPower');
    expect(decision.chosen?.windows[0]?.startsAt).toBe(atHour(2));
  });
});
