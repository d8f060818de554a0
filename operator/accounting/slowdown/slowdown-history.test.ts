import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { normal, seededRandom } from '../../domain/random.ts';
import { HOUR_MS } from '../../domain/units.ts';
import type { WorkloadIdentity } from '../length-history/length-history.ts';
import { NOTHING_OBSERVED, SlowdownHistory, type SiteRun } from './slowdown-history.ts';

const TRAIN: WorkloadIdentity = { namespace: 'research', template: 'train', workload: undefined, owner: undefined };

/** Runs of one kind at one site, in hours. */
function runsAt(site: string, hours: readonly number[], overrides: Partial<SiteRun> = {}): readonly SiteRun[] {
  return hours.map((length) => ({ identity: TRAIN, site, product: 'H100', work: length * HOUR_MS, ...overrides }));
}

const six = (runs: number): readonly number[] => Array.from({ length: runs }, (_, k) => 6 + 0.01 * (k % 5));
const aFifthLonger = (runs: number): readonly number[] => six(runs).map((hours) => 1.2 * hours);
const observedOf = (runs: readonly SiteRun[], home?: string, identity = TRAIN) =>
  new SlowdownHistory(runs).observed(identity, home);

describe('the same job at two sites, of which one is a fifth slower', () => {
  test('took about a fifth longer there', () => {
    expect(observedOf([...runsAt('north', six(20)), ...runsAt('south', aFifthLonger(20))])).toEqual([
      {
        site: 'south',
        product: 'H100',
        share: expect.closeTo(0.2, 2),
        certainShare: expect.closeTo(0.17, 1),
        runs: 20,
        comparedWith: { site: 'north', product: 'H100', runs: 20 },
      },
    ]);
  });

  test('is believed the more the more runs there are', () => {
    const shares = [3, 5, 10, 40].map((runs) => {
      const [south] = observedOf([...runsAt('north', six(40)), ...runsAt('south', aFifthLonger(runs))]);
      return south?.share ?? NaN;
    });
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares[0]).toBeGreaterThan(0.15);
    expect(shares[3]).toBeLessThan(0.2);
  });

  test('is not known by fewer than three runs at either', () => {
    expect(observedOf([...runsAt('north', six(20)), ...runsAt('south', aFifthLonger(2))])).toEqual([]);
    expect(observedOf([...runsAt('north', six(2)), ...runsAt('south', aFifthLonger(20))])).toEqual([]);
    expect(NOTHING_OBSERVED.observed(TRAIN, 'north')).toEqual([]);
  });

  test('is a gain at the other where the slower one is home', () => {
    const runs = [...runsAt('north', six(20)), ...runsAt('south', aFifthLonger(20))];
    expect(observedOf(runs, 'south')).toMatchObject([{ site: 'north', share: expect.closeTo(1 / 1.2 - 1, 2) }]);
  });

  test('is told apart from one run that hung', () => {
    const runs = [...runsAt('north', six(9)), ...runsAt('south', [...aFifthLonger(9), 300])];
    expect(observedOf(runs, 'north')).toMatchObject([{ site: 'south', share: expect.closeTo(0.19, 1) }]);
    expect(observedOf(runs, 'north')[0]?.certainShare).toBeGreaterThan(0.1);
  });
});

describe('what places are compared with', () => {
  const runs = [...runsAt('a', six(5)), ...runsAt('b', six(9)), ...runsAt('c', six(4))];

  test('is home, where enough ran there, else where most ran', () => {
    expect(new Set(observedOf(runs, 'c').map(({ comparedWith }) => comparedWith.site))).toEqual(new Set(['c']));
    expect(observedOf(runs, 'elsewhere').map(({ site, comparedWith }) => [site, comparedWith.site])).toEqual([
      ['a', 'b'],
      ['c', 'b'],
    ]);
  });

  test('is worked out once for all homes that make no difference, however many users name', () => {
    const history = new SlowdownHistory([...runs, ...runsAt('d', six(2))]);
    const usual = history.observed(TRAIN, undefined);
    for (const home of ['d', 'b', 'elsewhere', 'invented']) expect(history.observed(TRAIN, home)).toBe(usual);
    expect(history.observed(TRAIN, 'c')).not.toBe(usual);
    expect(history.observed(TRAIN, 'c')).toBe(history.observed(TRAIN, 'c'));
  });

  test('is set by a home among the places that are known, where there are two', () => {
    const homesOf = (of: readonly SiteRun[]) => [...new SlowdownHistory(of).knownPlaces(TRAIN).homes].sort();
    expect(homesOf([...runs, ...runsAt('d', six(2))])).toEqual(['a', 'b', 'c']);
    expect(homesOf([...runsAt('a', six(5)), ...runsAt('b', six(2))])).toEqual([]);
    expect(homesOf([])).toEqual([]);
  });

  test('is one for all, so that the shares of two places say how they differ as well', () => {
    const three = [...runsAt('a', six(50)), ...runsAt('b', aFifthLonger(50)), ...runsAt('c', six(60))];
    const byName = new Map(observedOf(three, 'b').map(({ site, share }) => [site, share]));
    expect(byName.get('a')).toBeCloseTo(byName.get('c') ?? NaN, 2);
  });

  test('are accelerators of one site as well', () => {
    const onSlower = runsAt('a', aFifthLonger(20), { product: 'A100' });
    expect(observedOf([...runsAt('a', six(30)), ...onSlower])).toMatchObject([
      { site: 'a', product: 'A100', comparedWith: { site: 'a', product: 'H100' } },
    ]);
  });
});

describe('kinds of jobs', () => {
  const labelled = (template: string): WorkloadIdentity => ({
    ...TRAIN,
    template,
    workload: 'llama',
    owner: 'CronJob/x',
  });

  test('are templates first, then labels', () => {
    const runs = [
      ...runsAt('north', six(10), { identity: labelled('one') }),
      ...runsAt('south', aFifthLonger(10), { identity: labelled('two') }),
    ];
    expect(observedOf(runs, 'north', labelled('three'))).toMatchObject([{ site: 'south', runs: 10 }]);
    const ofOne = runsAt('south', six(5), { identity: labelled('one') });
    expect(observedOf([...runs, ...ofOne], 'north', labelled('one'))).toMatchObject([
      { site: 'south', share: expect.closeTo(0, 2), runs: 5 },
    ]);
  });

  test('are not owners, whose steps differ, nor anything across namespaces', () => {
    const runs = [...runsAt('north', six(10)), ...runsAt('south', aFifthLonger(10))].map((run, k) => ({
      ...run,
      identity: { ...TRAIN, template: `step-${String(k)}`, owner: 'Workflow/x' },
    }));
    expect(observedOf(runs, 'north', { ...TRAIN, template: 'step', owner: 'Workflow/x' })).toEqual([]);
    const others = [...runsAt('north', six(10)), ...runsAt('south', aFifthLonger(10))];
    expect(observedOf(others, 'north', { ...TRAIN, namespace: 'adverts' })).toEqual([]);
  });
});

describe('one run against others', () => {
  const history = new SlowdownHistory([...runsAt('north', six(10)), ...runsAt('south', aFifthLonger(10))]);
  const aRun = (site: string, hours: number, product = 'H100'): SiteRun => ({
    ...{ identity: TRAIN, site, product },
    work: hours * HOUR_MS,
  });

  test('is as much longer as it is, less what chance may do', () => {
    const against = history.againstOthers(aRun('east', 9), 'north');
    expect(against).toMatchObject({ share: expect.closeTo(0.5, 1), comparedWith: { site: 'north', runs: 10 } });
    expect(against?.certainShare).toBeGreaterThan(0.3);
    expect(against?.certainShare).toBeLessThan(0.5);
    expect(history.againstOthers(aRun('east', 6.1), 'north')).toMatchObject({ certainShare: 0 });
  });

  test('is held against the one place that all are compared with', () => {
    expect(history.againstOthers(aRun('south', 6), 'north')).toMatchObject({ comparedWith: { site: 'north' } });
    expect(history.againstOthers(aRun('north', 6), 'south')).toMatchObject({ comparedWith: { site: 'south' } });
    expect(history.againstOthers(aRun('north', 9, 'A100'), 'north')).toMatchObject({
      share: expect.closeTo(0.5, 1),
      comparedWith: { site: 'north', product: 'H100' },
    });
  });

  test('is never longer at that place itself, nor at home, however much quicker others are', () => {
    expect(history.againstOthers(aRun('south', 60), 'south')).toBeUndefined();
    expect(history.workWithin(0.1, aRun('south', 60), 'south')).toBe(Infinity);
    expect(history.againstOthers(aRun('north', 60))).toBeUndefined();
    expect(history.againstOthers(aRun('east', 60), 'east')).toBeUndefined();
    expect(new SlowdownHistory(runsAt('north', six(10))).againstOthers(aRun('north', 60))).toBeUndefined();
  });

  test('is held against jobs of its label where those of its template ran nowhere else', () => {
    const labelled = { ...TRAIN, workload: 'llama' };
    const ofLabel = new SlowdownHistory([
      ...runsAt('south', six(10), { identity: labelled }),
      ...runsAt('north', six(10), { identity: { ...labelled, template: 'other' } }),
    ]);
    const run = { ...aRun('south', 9), identity: labelled };
    expect(ofLabel.againstOthers(run, 'north')).toMatchObject({ comparedWith: { site: 'north' } });
  });

  test('is held against what plans go by: its label, where its template is known at one place alone', () => {
    const labelled = { ...TRAIN, workload: 'llama' };
    const other = { identity: { ...labelled, template: 'other' } };
    const quick = six(3).map((hours) => hours / 2);
    const ofLabel = new SlowdownHistory([
      ...runsAt('east', quick, { identity: labelled }),
      ...runsAt('north', six(10), other),
      ...runsAt('south', six(10), other),
    ]);
    const run = { ...aRun('south', 6.1), identity: labelled };
    expect(ofLabel.againstOthers(run, 'north')).toMatchObject({ certainShare: 0, comparedWith: { site: 'north' } });
  });

  test('is held against one place alone where that is all that is known', () => {
    const atNorth = new SlowdownHistory(runsAt('north', six(10)));
    expect(atNorth.againstOthers(aRun('south', 9))).toMatchObject({ comparedWith: { site: 'north' } });
  });
});

const hours = fc.double({ min: 0.1, max: 100, noNaN: true });
const someRuns = fc.array(hours, { minLength: 3, maxLength: 12 });

test('chance alone comes to little, and what is beyond doubt to nothing', () => {
  const random = seededRandom(3);
  let beyondDoubt = 0;
  for (let k = 0; k < 200; k++) {
    const noisy = (): readonly number[] => Array.from({ length: 8 }, () => 6 * Math.exp(0.3 * normal(random)));
    const [south] = observedOf([...runsAt('north', noisy()), ...runsAt('south', noisy())], 'north');
    expect(Math.abs(south?.share ?? NaN)).toBeLessThan(0.15);
    if (south?.certainShare !== 0) beyondDoubt += 1;
  }
  expect(beyondDoubt).toBeLessThanOrEqual(4);
});

test('neither is ever more than the runs are apart, nor on the other side of 0', () => {
  fc.assert(
    fc.property(someRuns, someRuns, (north, south) => {
      const [observed] = observedOf([...runsAt('north', north), ...runsAt('south', south)], 'north');
      const all = [...north, ...south];
      const { share = NaN, certainShare = NaN } = observed ?? {};
      const most = Math.max(...all) / Math.min(...all);
      expect(share).toBeLessThanOrEqual(most - 1 + 1e-9);
      expect(share).toBeGreaterThanOrEqual(1 / most - 1 - 1e-9);
      expect(share).toBeLessThanOrEqual(3);
      expect(share).toBeGreaterThanOrEqual(-0.5);
      expect(Math.abs(certainShare)).toBeLessThanOrEqual(Math.abs(share));
      expect(certainShare * share).toBeGreaterThanOrEqual(0);
    }),
  );
});

test('neither the order of the runs nor the unit of time matters', () => {
  fc.assert(
    fc.property(someRuns, someRuns, fc.double({ min: 0.01, max: 100, noNaN: true }), (north, south, unit) => {
      const runs = [...runsAt('north', north), ...runsAt('south', south)];
      const [observed] = observedOf(runs, 'north');
      expect(observedOf(runs.toReversed(), 'north')).toEqual([observed]);
      const [scaled] = observedOf(
        runs.map((run) => ({ ...run, work: unit * run.work })),
        'north',
      );
      expect(scaled?.share).toBeCloseTo(observed?.share ?? NaN, 9);
      expect(scaled?.certainShare).toBeCloseTo(observed?.certainShare ?? NaN, 9);
    }),
  );
});
