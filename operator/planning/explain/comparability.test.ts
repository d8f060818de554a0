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
  series,
  someCarbon,
  offBy,
} from '../../../test/builders/planning.ts';
import { PRESETS } from '../../api/v1alpha1/objectives.ts';
import type { Decision, ExpectedCost } from '../../domain/decision.ts';
import type { EmissionScope } from '../../domain/intensity.ts';
import type { PlannableJob } from '../../domain/job.ts';
import type { Site } from '../../domain/site.ts';
import { kilowattHours } from '../../domain/units.ts';
import { plan } from '../plan.ts';
import type { PlanningSnapshot } from '../snapshot.ts';

/** A day that is dirty but for noon to three. */
const SOLAR_DAY = Array.from({ length: 48 }, (_, hour) => (hour % 24 >= 12 && hour % 24 < 15 ? 50 : 400));

function decide(job: PlannableJob, sites: readonly Site[], overrides: Partial<PlanningSnapshot> = {}): Decision {
  const decision = plan(aSnapshot({ sites, jobs: [job], ...overrides })).decisions.get(job.key);
  if (decision === undefined) throw new Error('the plan has no decision for the job');
  return decision;
}

function inScope(name: string, scope: EmissionScope, figures: readonly (number | undefined)[] = SOLAR_DAY): Site {
  const zone = `ZONE-${name}`;
  const average = { series: series(figures, { scope, zone }), rung: 'LiveForecast' } as const;
  return { ...aSite(name, undefined, { zone }), outlooks: { Average: average } };
}

/** What the first plan, at midnight, expected of berlin. */
const baseline: ExpectedCost = {
  site: 'berlin',
  energy: kilowattHours(2),
  carbon: someCarbon(800),
  money: 0,
  currency: 'EUR',
  startsAt: MIDNIGHT,
  finishesAt: atHour(2),
};

describe('sites whose figures count other grams', () => {
  test('are left out of the comparison, and the decision says which and why', () => {
    const job = aPlannableJob({ home: 'berlin' });
    const decision = decide(job, [
      inScope('berlin', 'Lifecycle'),
      inScope(
        'lulea',
        'Direct',
        SOLAR_DAY.map(() => 1),
      ),
    ]);
    expect(decision.chosen?.site).toBe('berlin');
    expect(decision.notComparable).toBe(
      'lulea is left out: zone ZONE-lulea has Direct figures, the plan compares Lifecycle',
    );
    expect(decide(job, [inScope('berlin', 'Lifecycle'), inScope('lulea', 'Lifecycle')]).notComparable).toBeUndefined();
  });

  test('are compared with those of the home that the planner takes where none is named', () => {
    const large = { ...inScope('warsaw', 'Direct'), pools: [aPool({ capacity: 64 })] };
    const decision = decide(aPlannableJob(), [inScope('berlin', 'Lifecycle'), large]);
    expect(decision.baseline).toMatchObject({ site: 'warsaw', carbon: { kind: { scope: 'Direct' } } });
    expect(decision.chosen).toMatchObject({ site: 'warsaw', expected: { carbon: { kind: { scope: 'Direct' } } } });
  });

  test('are compared with one another where home is out of reach, and no saving against home is told', () => {
    const rules = { ...aPlannableJob().placementRules, jobDenies: ['berlin'] };
    const job = aPlannableJob({ home: 'berlin', placementRules: rules });
    const sites = [
      inScope('berlin', 'Lifecycle'),
      inScope('lulea', 'Direct'),
      inScope(
        'oslo',
        'Direct',
        SOLAR_DAY.map(() => 5),
      ),
    ];
    const decision = decide(job, sites);
    expect(decision).toMatchObject({ reason: 'BetterSite', chosen: { site: 'oslo' } });
    expect(decision.message).toBe(
      'against starting at once at berlin: carbon not comparable (Direct figures against Lifecycle ones)',
    );
    expect(decision.notComparable).toBe(
      'a start at once at berlin is known in Lifecycle figures, the plan is made with Direct ones',
    );
  });

  test('do not matter to a job that does not count carbon', () => {
    const job = aPlannableJob({ home: 'berlin', objective: PRESETS.Cost });
    const decision = decide(job, [inScope('berlin', 'Lifecycle'), inScope('lulea', 'Direct')]);
    expect(decision.notComparable).toBeUndefined();
    expect(decision.alternatives).toMatchObject([{ site: 'lulea', reason: 'NotBetterByEnough' }]);
    expect(decision.alternatives[0]?.message).toBe('carbon not comparable (Direct figures against Lifecycle ones)');
  });
});

describe('a baseline of another kind than what is known now', () => {
  const job = aPlannableJob({ baseline });
  const now = atHour(1);

  test('is weighed anew at its own time where the figures of today reach back to it', () => {
    const decision = decide(
      job,
      [
        inScope(
          'berlin',
          'Operational',
          SOLAR_DAY.map((figure) => figure / 2),
        ),
      ],
      { now },
    );
    expect(decision.baseline).toEqual({ ...baseline, carbon: someCarbon(400, { scope: 'Operational' }) });
    expect(decision.notComparable).toBeUndefined();
    expect(decision.message).toContain('350 g less (88 %)');
  });

  test('stays as it is where they don’t, and nothing is compared with it', () => {
    const known = SOLAR_DAY.map((figure, hour) => (hour === 0 ? undefined : figure / 2));
    const decision = decide(job, [inScope('berlin', 'Operational', known)], { now });
    expect(decision.baseline).toEqual(baseline);
    expect(decision.message).toBe(
      'against starting at once at berlin: carbon not comparable (Operational figures against Lifecycle ones), finishes 12.0 h later',
    );
    expect(decision.notComparable).toBe(
      'a start at once at berlin is known in Lifecycle figures, the plan is made with Operational ones',
    );
    expect(decide(job, [inScope('berlin', 'Lifecycle', known)], { now })).toMatchObject({
      baseline,
      notComparable: undefined,
    });
  });

  test('is named by its signal where that is what changed', () => {
    const marginal = { series: { ...series(SOLAR_DAY), signal: 'Marginal' as const }, rung: 'LiveForecast' as const };
    const site = { ...aSite('berlin', undefined), outlooks: { Marginal: marginal } };
    const late = { ...job, signal: 'Marginal' as const, baseline: { ...baseline, finishesAt: atHour(1) } };
    expect(decide(late, [site], { now }).notComparable).toContain(
      'known in Average figures, the plan is made with Marginal',
    );
  });

  test('whose grams were unknown gets them once they are known', () => {
    const blind = { ...job, baseline: { ...baseline, carbon: undefined } };
    expect(decide(blind, [inScope('berlin', 'Direct')], { now }).baseline?.carbon).toEqual(
      someCarbon(800, { scope: 'Direct' }),
    );
  });

  test('does not keep a promise from being weighed by the figures of today', () => {
    const current = { site: 'berlin', product: H100, windows: [{ startsAt: atHour(12), endsAt: atHour(14) }] };
    const decision = decide({ ...job, current }, [inScope('berlin', 'Operational')], { now });
    expect(decision).toMatchObject({ kept: true, chosen: { windows: current.windows } });
  });
});

describe('what a job has used in grams of another kind', () => {
  const paused = aPlannableJob({
    phase: 'Paused',
    baseline,
    interruptible: { minimumRun: hours(1), restartOverhead: 0, maxPauses: 4 },
    spent: { energy: kilowattHours(1), carbon: someCarbon(300), money: 0 },
  });

  test('is not added to what is to come: the sum is unknown', () => {
    const decision = decide(paused, [inScope('berlin', 'Direct')]);
    expect(decision.chosen?.expected.carbon).toBeUndefined();
    expect(decision.chosen?.windows[0]?.startsAt).toBe(atHour(12));
    expect(decision.notComparable).toBe(
      'what it has used so far is known in Lifecycle figures, the plan is made with Direct ones',
    );
  });

  test('of the same kind is', () => {
    const { chosen } = decide(paused, [inScope('berlin', 'Lifecycle')]);
    expect(chosen?.expected.carbon).toEqual(someCarbon(400));
  });
});

describe('the reason why an option was not chosen', () => {
  test('is not more carbon where its carbon is unknown', () => {
    const known = inScope('berlin', 'Lifecycle', SOLAR_DAY.slice(0, 14));
    const job = aPlannableJob({ deadline: atHour(1), home: 'berlin' });
    const decision = decide(job, [known, { ...aSite('lulea', undefined), pools: [aPool({ capacity: 2 })] }]);
    expect(decision.alternatives).toContainEqual(expect.objectContaining({ site: 'lulea', reason: 'CarbonUnknown' }));
  });

  test('is money where carbon does not count', () => {
    const cheap = { ...inScope('berlin', 'Lifecycle'), electricityPricePerKilowattHour: 0.1 };
    const dear = {
      ...inScope(
        'warsaw',
        'Lifecycle',
        SOLAR_DAY.map(() => 900),
      ),
      electricityPricePerKilowattHour: 0.2,
    };
    const decision = decide(aPlannableJob({ objective: PRESETS.Cost, home: 'berlin' }), [cheap, dear]);
    expect(decision.alternatives).toMatchObject([{ site: 'warsaw', reason: 'MoreMoney' }]);
  });
});

describe('a job that waits', () => {
  const flat = Array.from({ length: 48 }, () => 300);
  const holder = aPlannableJob({
    key: 'research/holder',
    phase: 'Running',
    devices: 8,
    remainingWork: hours(3),
    current: { site: 'berlin', product: H100, windows: [{ startsAt: atHour(-1), endsAt: atHour(3) }] },
  });
  const waiting = (figures: readonly number[]): Decision => {
    const jobs = [holder, aPlannableJob()];
    const sites = [offBy(0.2, aSite('berlin', figures))];
    const decision = plan(aSnapshot({ sites, jobs })).decisions.get('research/train');
    if (decision === undefined) throw new Error('the plan has no decision for the job');
    return decision;
  };

  test('only because its site is full says that, and not that the time is better', () => {
    const decision = waiting(flat);
    expect(decision).toMatchObject({ reason: 'AwaitsCapacity', chosen: { windows: [{ startsAt: atHour(3) }] } });
    expect(decision.message).toBe(
      'waits until berlin has room; against starting at once at berlin: finishes 3.0 h later',
    );
  });

  test('for a gain that is within what no forecast can tell waits for room alone', () => {
    expect(waiting(flat.map((figure, hour) => (hour >= 3 ? figure - 2 : figure))).reason).toBe('AwaitsCapacity');
  });

  test('for cleaner hours says so, whether its site is full now or not', () => {
    expect(waiting(SOLAR_DAY)).toMatchObject({
      reason: 'BetterWindow',
      chosen: { windows: [{ startsAt: atHour(12) }] },
    });
  });
});
