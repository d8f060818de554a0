import { describe, expect, test } from '@jest/globals';
import type { CarbonAwareJobStatus } from '../../../api/v1alpha1/carbon-aware-job.generated.ts';
import { BUILT_IN_POLICY } from '../../../api/v1alpha1/defaults.ts';
import type { EffectivePolicy } from '../../../api/v1alpha1/effective-policy.ts';
import { ACCELERATOR_RESOURCES } from '../../../domain/accelerators/accelerator-resource.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../domain/units.ts';
import {
  aCondition,
  aJobRecord,
  aJobTemplate,
  type JobOverrides,
  JOB_UID,
} from '../../../../test/builders/carbon-aware-job.ts';
import { anAttempt, aWorkload } from '../../../../test/builders/job-view.ts';
import {
  aPool,
  aSite,
  atHour,
  H100,
  MIDNIGHT,
  pricesPerSlot,
  series,
  someCarbon,
} from '../../../../test/builders/planning.ts';
import type { Rung } from '../../../domain/intensity.ts';
import type { Site } from '../../../domain/site.ts';
import type { Workload } from '../../../ports/workloads.ts';
import { writeAttempt } from '../attempts/attempts.ts';
import { planningSurroundings, toPlannable } from './to-plannable.ts';

const SITES = [aSite('north', [100, 100, 100, 100]), aSite('south', [400, 400, 400, 400])];

function plannable(
  job: JobOverrides = {},
  {
    workload = aWorkload(),
    policy = {},
    now = MIDNIGHT,
    sites = SITES,
  }: {
    workload?: Workload | undefined;
    policy?: Partial<EffectivePolicy>;
    now?: number;
    sites?: readonly Site[];
  } = {},
) {
  const surroundings = planningSurroundings(sites, {
    now,
    slot: 5 * MINUTE_MS,
    resources: ACCELERATOR_RESOURCES,
    avoidanceBackoff: { base: 10 * MINUTE_MS, longest: HOUR_MS },
  });
  return toPlannable(aJobRecord(job), workload, { ...BUILT_IN_POLICY, ...policy }, surroundings);
}

const interruptible = { minimumRun: '30m', restartOverhead: '6m', maxPauses: 4 };
const ended = (reason: string, overrides = {}) =>
  writeAttempt(anAttempt({ endedAt: atHour(1), ran: HOUR_MS, reason, ...overrides }));
const plan = {
  site: 'north',
  accelerator: H100,
  windows: [
    { start: '2026-06-01T00:00:00Z', end: '2026-06-01T01:00:00Z' },
    { start: '2026-06-01T06:00:00Z', end: '2026-06-01T07:00:00Z' },
  ],
};

describe('a job as the planner sees it', () => {
  test('has what its spec and its policy say', () => {
    expect(plannable({ spec: { interruptible } }, { policy: { home: 'south' } })).toMatchObject({
      key: 'research/train',
      revision: `${JOB_UID}/1`,
      phase: 'Waiting',
      createdAt: MIDNIGHT,
      home: 'south',
      totalWork: 2 * HOUR_MS,
      remainingWork: 2 * HOUR_MS,
      deadline: MIDNIGHT + 14 * HOUR_MS,
      resource: 'nvidia.com/gpu',
      devices: 1,
      interruptible: { minimumRun: 30 * MINUTE_MS, restartOverhead: 6 * MINUTE_MS, maxPauses: 4 },
      accelerators: [{ product: H100, speed: 1 }],
      current: undefined,
      avoid: [],
    });
  });

  test('prefers its own words to those of the policy', () => {
    const spec = { objective: 'Carbon' as const, maxDelay: '1h', placement: { home: 'north' } };
    expect(plannable({ spec }, { policy: { home: 'south' } })).toMatchObject({
      objective: { lexicographic: true },
      home: 'north',
      deadline: MIDNIGHT + 3 * HOUR_MS,
    });
  });

  test('may not be delayed for longer than the policy says', () => {
    const longestDelay = HOUR_MS;
    expect(plannable({ spec: { maxDelay: '48h' } }, { policy: { longestDelay } })?.deadline).toBe(atHour(3));
    const spec = { completeBy: '2026-06-03T00:00:00Z' };
    expect(plannable({ spec }, { policy: { longestDelay } })?.deadline).toBe(atHour(3));
    expect(plannable({ spec })?.deadline).toBe(atHour(48));
  });

  test('runs only in regions and on products that its template leaves', () => {
    const nodeSelector = { 'topology.kubernetes.io/region': 'region-south', 'nvidia.com/gpu.product': 'A100' };
    const template = aJobTemplate({ podSpec: { nodeSelector } });
    expect(plannable({ spec: { template } })?.placementRules).toMatchObject({
      templateRegions: ['region-south'],
      templateProducts: [],
    });
    expect(plannable()?.placementRules).toMatchObject({ templateRegions: undefined, templateProducts: undefined });
  });

  test('has less to do once it has run, and at least a slot until it is finished', () => {
    const attempts = [ended('Paused')];
    expect(plannable({ spec: { interruptible }, status: { attempts } })).toMatchObject({
      phase: 'Paused',
      remainingWork: HOUR_MS,
      pausesSoFar: 1,
    });
    const long = [ended('Paused', { ran: 99 * HOUR_MS })];
    expect(plannable({ status: { attempts: long } })?.remainingWork).toBe(5 * MINUTE_MS);
  });

  test('that runs is where it is, since it started', () => {
    const status = {
      attempts: [writeAttempt(anAttempt({ startedAt: MIDNIGHT + 30 * SECOND_MS }))],
      conditions: [aCondition('Running')],
      plan,
    };
    const workload = aWorkload({ suspended: false, attempt: 1 });
    expect(plannable({ spec: { interruptible }, status }, { workload, now: MIDNIGHT + 30 * MINUTE_MS })).toMatchObject({
      phase: 'Running',
      remainingWork: 90 * MINUTE_MS + 30 * SECOND_MS,
      current: {
        site: 'north',
        product: H100,
        windows: [
          { startsAt: MIDNIGHT + 30 * SECOND_MS, endsAt: atHour(1) },
          { startsAt: atHour(6), endsAt: atHour(7) },
        ],
      },
    });
  });

  test('that waits is where its status promises, as long as the promise holds', () => {
    const conditions = [aCondition('Planned')];
    const current = { site: 'north', product: H100, windows: [{ startsAt: MIDNIGHT }, { startsAt: atHour(6) }] };
    expect(plannable({ status: { plan, conditions } })?.current).toMatchObject(current);
    const broken = [aCondition('Planned', { status: 'False' })];
    expect(plannable({ status: { plan, conditions: broken } })?.current).toBeUndefined();
  });

  test('keeps its first baseline, its accelerator, what its grams count, and what they rest on', () => {
    const baseline = {
      ...{ site: 'south', accelerator: H100, acceleratorWatts: 912 },
      ...{ energyKWh: '2.5', carbonGrams: '800', cost: '1.25', currency: 'EUR' },
      ...({ finish: '2026-06-01T02:00:00Z', signal: 'Average', scope: 'Direct', rung: 'Persistence' } as const),
    };
    const kept = {
      ...{ site: 'south', accelerator: { product: H100, busy: 912 }, energy: 2.5 },
      carbon: someCarbon(800, { scope: 'Direct', rung: 'Persistence' }),
      ...{ money: 1.25, currency: 'EUR' },
      ...{ startsAt: MIDNIGHT, finishesAt: atHour(2) },
    };
    expect(plannable({ status: { plan: { ...plan, baseline } } })?.baseline).toEqual(kept);
    for (const untold of ['scope', 'rung']) {
      const ofAnEarlyVersion = Object.fromEntries(Object.entries(baseline).filter(([name]) => name !== untold));
      expect(plannable({ status: { plan: { ...plan, baseline: ofAnEarlyVersion } } })?.baseline).toEqual({
        ...kept,
        carbon: undefined,
      });
    }
  });

  test('avoids for a while where its pods found no node', () => {
    const attempts = [ended('Unschedulable', { ran: 0 })];
    expect(plannable({ status: { attempts } }, { now: atHour(1) })?.avoid).toMatchObject([
      { site: 'north', product: H100, until: atHour(1) + 10 * MINUTE_MS },
    ]);
    expect(plannable({ status: { attempts } }, { now: atHour(2) })?.avoid).toEqual([]);
  });
});

describe('what a job has spent', () => {
  const status = { attempts: [ended('Paused')], conditions: [] };

  test('is nothing before it has run', () => {
    expect(plannable()?.spent).toEqual({ energy: 0, carbon: 0, money: 0 });
  });

  test('is the power of its accelerators over the time that it ran, at the intensity of that time', () => {
    expect(plannable({ status })?.spent).toEqual({ energy: 1, carbon: someCarbon(100), money: 0 });
  });

  const promised = {
    gramsPerKWh: '250',
    ...({ signal: 'Average', scope: 'Lifecycle', rung: 'CachedForecast' } as const),
  };
  const spentOf = (attempts: CarbonAwareJobStatus['attempts'], promise = {}, sites = SITES) =>
    plannable({ status: { attempts: attempts ?? [], plan: { ...plan, ...promise } } }, { sites, now: atHour(22) })
      ?.spent;

  test('goes by what the job was started with where the intensity is no longer known', () => {
    const late = [ended('Paused', { startedAt: atHour(20), endedAt: atHour(21) })];
    const kept = someCarbon(250, { rung: 'CachedForecast' });
    expect(spentOf(late, { promised })).toEqual({ energy: 1, carbon: kept, money: 0 });
    const ofAnEarlyVersion = {
      signal: 'Average',
      scope: 'Lifecycle',
      expected: { energyKWh: '2', carbonGrams: '500' },
    };
    expect(spentOf(late, ofAnEarlyVersion)?.carbon).toBeUndefined();
    expect(spentOf(late)?.carbon).toBeUndefined();
  });

  test('goes by what is known of a run, and by the promise only for the rest of it', () => {
    const halfKnown = [ended('Paused', { startedAt: atHour(3), endedAt: atHour(5), ran: 2 * HOUR_MS })];
    expect(spentOf(halfKnown, { promised })?.carbon).toEqual(someCarbon(100 + 250, { rung: 'CachedForecast' }));
    expect(spentOf(halfKnown)?.carbon).toBeUndefined();
  });

  test('rests on what the figures of its time do, which may be of a typical day', () => {
    const on = (rung: Rung, ...figures: number[]) => ({ Average: { series: series(figures), rung } });
    const attempts = [ended('Paused')];
    const typical = [aSite('north', undefined, { outlooks: on('TypicalDay', 100) })];
    expect(spentOf(attempts, {}, typical)?.carbon).toEqual(someCarbon(100, { rung: 'TypicalDay' }));
    const kept = series([100]).samples.map((sample) => ({ ...sample, rung: 'TypicalDay' as const }));
    const since = { series: { ...series([]), samples: [...kept, ...series([undefined, 50]).samples] } };
    const recovered = [
      aSite('north', undefined, { outlooks: { Average: { ...since, rung: 'LiveForecast' } } }),
      aSite('south', undefined, { outlooks: on('LiveForecast', 70, 70) }),
    ];
    expect(spentOf(attempts, {}, recovered)?.carbon).toEqual(someCarbon(100, { rung: 'TypicalDay' }));
    const both = [ended('Paused'), ended('Moved', { number: 2, site: 'south' })];
    expect(spentOf(both, {}, recovered)?.carbon).toEqual(someCarbon(170, { rung: 'PartlyTypicalDay' }));
  });

  test('is not known where the site is gone, or not all attempts are listed', () => {
    const gone = { attempts: [ended('Paused', { site: 'west' })] };
    expect(plannable({ status: gone })?.spent.carbon).toBeUndefined();
    expect(plannable({ status: { ...status, completedWork: 60 } })?.spent.carbon).toBeUndefined();
  });

  test('is not known where its runs count other grams: they have no sum', () => {
    const average = { series: series([100, 100], { scope: 'Direct' }), rung: 'LiveForecast' } as const;
    const sites = [aSite('north', [100, 100]), aSite('west', undefined, { outlooks: { Average: average } })];
    const attempts = [ended('Paused'), ended('Moved', { number: 2, site: 'west' })];
    expect(plannable({ status: { attempts } }, { sites })?.spent).toMatchObject({ energy: 2, carbon: undefined });
    const late = [ended('Paused'), ended('Paused', { number: 2, startedAt: atHour(20), endedAt: atHour(21) })];
    expect(spentOf(late, { promised: { ...promised, scope: 'Direct' } })?.carbon).toBeUndefined();
  });

  const priced = { pools: [aPool({ pricePerHour: 2 })], electricityPricePerKilowattHour: 0.25, pue: 1.2 };

  test('has a price where the site has one', () => {
    const spent = plannable({ status }, { sites: [aSite('north', [100], priced)], now: atHour(2) })?.spent;
    expect(spent?.energy).toBeCloseTo(1.2, 9);
    expect(spent?.money).toBeCloseTo(2 + 1.2 * 0.25, 9);
  });

  test('has the price of its time, and the flat one where that is not known', () => {
    const electricityPrices = pricesPerSlot([-0.1, undefined, 0.5], HOUR_MS / 4);
    const sites = [aSite('north', [100], { ...priced, electricityPrices })];
    const spent = plannable({ status }, { sites, now: atHour(2) })?.spent;
    expect(spent?.money).toBeCloseTo(2 + 0.3 * (-0.1 + 0.25 + 0.5 + 0.25), 9);
  });
});

describe('a job that is not planned', () => {
  const refused = { conditions: [aCondition('Accepted', { status: 'False' })] };
  const queue = aJobTemplate({ metadata: { labels: { 'kueue.x-k8s.io/queue-name': 'gpus' } } });

  test.each<[string, JobOverrides]>([
    ['is suspended by its user', { spec: { suspend: true } }],
    ['is complete', { status: { conditions: [aCondition('Complete')] } }],
    ['has failed', { status: { conditions: [aCondition('Failed')] } }],
    ['was refused', { status: refused }],
    ['is Kueue’s', { spec: { template: queue } }],
    ['can’t be read', { spec: { expectedDuration: 'soon' } }],
    ['is being deleted', { metadata: { deletionTimestamp: '2026-06-01T00:00:00Z' } }],
  ])('because it %s', (_, job) => {
    expect(plannable(job)).toBeUndefined();
  });

  test('because its Job has ended', () => {
    const end = { outcome: 'Complete' as const, reason: 'CompletionsReached', message: '', at: MIDNIGHT };
    expect(plannable({}, { workload: aWorkload({ end }) })).toBeUndefined();
  });

  test('because another hand suspended its Job', () => {
    const status = { attempts: [ended('SuspendedByOther')] };
    expect(plannable({ status }, { workload: aWorkload({ suspendSetBy: 'kubectl-patch' }) })).toBeUndefined();
  });

  test('is planned again once its spec has changed', () => {
    expect(plannable({ metadata: { generation: 2 }, status: refused })).toBeDefined();
  });
});
