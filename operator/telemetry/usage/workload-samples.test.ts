import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Holding, Rate } from '../../domain/usage/assessment.ts';
import { watts } from '../../domain/units.ts';
import { aHolding, anIdleHolding, aWaste } from '../../../test/builders/holding.ts';
import type { Sample } from './sums.ts';
import { workloadSamples, type WorkloadSamples } from './workload-samples.ts';

const NONE: Rate = { power: watts(0), moneyPerHour: 0, gramsPerHour: undefined };

function named(name: string, overrides: Partial<Holding> = {}): Holding {
  return aHolding({ workload: { ...aHolding().workload, name }, ...overrides });
}

function samplesOf(holdings: readonly Holding[], most = 100): WorkloadSamples {
  const currencyOf = (site: string): string => (site === '' ? '' : 'EUR');
  return workloadSamples({ assessment: { at: 0, holdings, nodes: [], sites: [] }, currencyOf }, most);
}

const OWN = {
  workload_namespace: 'research',
  workload_kind: 'Job',
  workload: 'train',
  owner: 'team-x',
  site: 'frankfurt',
  product: 'H100',
};
const OTHERS = {
  ...OWN,
  workload_namespace: '(others)',
  workload_kind: '',
  workload: '(others)',
  owner: '',
};

describe('a workload', () => {
  test('has series of what it holds, does, draws, costs, emits and wastes', () => {
    const samples = samplesOf([anIdleHolding()]);
    expect(samples.gpus).toEqual([{ labels: { ...OWN, sharing: 'Whole' }, value: 8 }]);
    expect(samples.active).toEqual([{ labels: OWN, value: 0 }]);
    expect(samples.idleSeconds).toEqual([{ labels: OWN, value: 2_400 }]);
    expect(samples.rates.power).toEqual([{ labels: { ...OWN, basis: 'Measured' }, value: 3_100 }]);
    expect(samples.rates.cost).toEqual([{ labels: { ...OWN, currency: 'EUR' }, value: 12 }]);
    expect(samples.rates.emissions).toEqual([{ labels: OWN, value: 1_240 }]);
    expect(samples.wastedGpus).toEqual([{ labels: { ...OWN, class: 'Idle' }, value: 8 }]);
    expect(samples.wastedRates.power).toEqual([{ labels: { ...OWN, class: 'Idle' }, value: 3_100 }]);
    expect(samples.wastedRates.cost).toEqual([{ labels: { ...OWN, class: 'Idle', currency: 'EUR' }, value: 12 }]);
    expect(samples.wastedRates.emissions).toEqual([{ labels: { ...OWN, class: 'Idle' }, value: 1_240 }]);
  });

  test('is governed by the policy of its namespace, or by the built-in defaults', () => {
    const elsewhere = { ...named('rank'), workload: { ...aHolding().workload, namespace: 'adverts' } };
    const { policies } = samplesOf([
      named('a', { policy: 'strict' }),
      named('b', { policy: 'strict' }),
      { ...elsewhere, policy: undefined },
    ]);
    expect(policies).toEqual([
      { labels: { workload_namespace: 'adverts', policy: '' }, value: 1 },
      { labels: { workload_namespace: 'research', policy: 'strict' }, value: 1 },
    ]);
    expect(samplesOf([named('a', { policy: 'strict' })], 0).policies).toEqual([]);
  });

  test('that wastes nothing has no series of waste', () => {
    const { wastedGpus, wastedRates } = samplesOf([aHolding()]);
    expect([wastedGpus, wastedRates.power, wastedRates.cost, wastedRates.emissions]).toEqual([[], [], [], []]);
  });

  test('of which nothing is known has no series of that, and never 0', () => {
    const rate: Rate = { power: watts(900), moneyPerHour: 0, gramsPerHour: undefined };
    const { active, idleSeconds, rates } = samplesOf([
      aHolding({ active: undefined, idleFor: undefined, rate, site: '', powerBasis: 'Modelled' }),
    ]);
    expect([active, idleSeconds, rates.cost, rates.emissions]).toEqual([[], [], [], []]);
    expect(rates.power).toEqual([{ labels: { ...OWN, site: '', basis: 'Modelled' }, value: 900 }]);
  });

  test('with devices of two resources has one series of both', () => {
    const parts = aHolding({
      resource: 'nvidia.com/mig-1g.10gb',
      sharing: 'Mig',
      devices: 2,
      active: 0.4,
      idleFor: 60_000,
    });
    const { active, gpus, idleSeconds } = samplesOf([aHolding(), parts]);
    expect(gpus.map(({ labels, value }) => [labels['sharing'], value])).toEqual([
      ['Whole', 8],
      ['Mig', 2],
    ]);
    expect(active.map(({ value }) => value)).toEqual([(8 * 0.9 + 2 * 0.4) / 10]);
    expect(idleSeconds.map(({ value }) => value)).toEqual([0]);
    expect(samplesOf([aHolding(), { ...parts, idleFor: undefined }]).idleSeconds).toEqual([]);
  });
});

describe('beyond the bound', () => {
  test('those that waste most power have their series, then those with most devices, whatever they cost in whichever currency', () => {
    const waste = (moneyPerHour: number, power: number) =>
      aWaste({ rate: { ...NONE, moneyPerHour, power: watts(power) } });
    const holdings = [
      named('large', { devices: 64 }),
      named('hot', { waste: waste(0, 700) }),
      named('dear', { waste: waste(300, 100) }),
      named('small', { devices: 1 }),
    ];
    const own = (most: number) => samplesOf(holdings, most).active.map(({ labels }) => labels['workload']);
    expect(own(4)).toEqual(['hot', 'dear', 'large', 'small']);
    expect(own(1)).toEqual(['hot', '(others)']);
  });

  test('the others have one series for each site and product: sums, and means by devices where they are known', () => {
    const holdings = [
      named('own', { waste: aWaste() }),
      named('a', { devices: 6, active: 0.5 }),
      named('b', { devices: 2, active: 0.9 }),
      named('c', { devices: 4, active: undefined }),
      named('d', { site: 'lulea' }),
    ];
    const { active, gpus, idleSeconds } = samplesOf(holdings, 1);
    expect(gpus).toContainEqual({ labels: { ...OTHERS, sharing: 'Whole' }, value: 12 });
    expect(gpus).toContainEqual({ labels: { ...OTHERS, site: 'lulea', sharing: 'Whole' }, value: 8 });
    expect(active).toContainEqual({ labels: OTHERS, value: (6 * 0.5 + 2 * 0.9) / 8 });
    expect(idleSeconds.map(({ labels }) => labels['workload'])).toEqual(['own']);
  });
});

const rateOf = fc.record({
  power: fc.integer({ min: 0, max: 9_000 }).map(watts),
  moneyPerHour: fc.integer({ min: 0, max: 50 }),
  gramsPerHour: fc.option(fc.integer({ min: 0, max: 5_000 }), { nil: undefined }),
});

const anyHolding: fc.Arbitrary<Holding> = fc
  .record({
    name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
    site: fc.constantFrom('frankfurt', 'lulea', ''),
    devices: fc.integer({ min: 1, max: 16 }),
    active: fc.option(fc.constantFrom(0, 0.25, 0.5, 1), { nil: undefined }),
    sharing: fc.constantFrom('Whole', 'Mig', 'Shared'),
    powerBasis: fc.constantFrom('Measured', 'Modelled'),
    rate: rateOf,
    waste: fc.option(
      fc
        .record({ class: fc.constantFrom('Idle', 'Underused'), devices: fc.integer({ min: 1, max: 8 }), rate: rateOf })
        .map(aWaste),
      { nil: undefined },
    ),
  })
  .map(({ name, ...holding }) => named(name, holding));

/** Sums by what is no matter of who has series: site and product, and the labels beside the workload's. */
function sumsOf(samples: readonly Sample[]): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const { labels, value } of samples) {
    const { workload_namespace: _namespace, workload_kind: _kind, workload: _name, owner: _owner, ...rest } = labels;
    const key = JSON.stringify(rest);
    sums[key] = (sums[key] ?? 0) + value;
  }
  return sums;
}

function allSums({ gpus, rates, wastedGpus, wastedRates }: WorkloadSamples) {
  return [
    gpus,
    ...Object.values<readonly Sample[]>({ ...rates }),
    wastedGpus,
    ...Object.values<readonly Sample[]>({ ...wastedRates }),
  ].map(sumsOf);
}

test('sums over all series are the same with and without a bound, and there are few', () => {
  fc.assert(
    fc.property(fc.array(anyHolding, { maxLength: 30 }), fc.nat(5), (holdings, most) => {
      const samples = samplesOf(holdings, most);
      expect(allSums(samples)).toEqual(allSums(samplesOf(holdings)));
      expect(samples.wastedGpus.length).toBeLessThanOrEqual(2 * (most + 3));
      expect(samples.active.length).toBeLessThanOrEqual(most + 3);
    }),
  );
});

test('no mean is beyond those that it is made of', () => {
  fc.assert(
    fc.property(fc.array(anyHolding, { maxLength: 30 }), fc.nat(5), (holdings, most) => {
      for (const { value } of samplesOf(holdings, most).active) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1 + 1e-12);
      }
    }),
  );
});
