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
  offBy,
} from '../../test/builders/planning.ts';
import type { Decision } from '../domain/decision.ts';
import type { PlannableJob } from '../domain/job.ts';
import type { Site } from '../domain/site.ts';
import { plan } from './plan.ts';
import type { PlanningSnapshot } from './snapshot.ts';

/** A day that is dirty but for noon to three. */
const SOLAR_DAY = Array.from({ length: 72 }, (_, hour) => (hour % 24 >= 12 && hour % 24 < 15 ? 50 : 400));
const FLAT = Array.from({ length: 72 }, () => 300);

function decide(job: PlannableJob, sites: readonly Site[], overrides: Partial<PlanningSnapshot> = {}): Decision {
  const decision = plan(aSnapshot({ sites, jobs: [job], ...overrides })).decisions.get(job.key);
  if (decision === undefined) throw new Error('the plan has no decision for the job');
  return decision;
}

describe('when a job runs', () => {
  test('it waits for the cleanest window before its deadline', () => {
    const decision = decide(aPlannableJob(), [aSite('berlin', SOLAR_DAY)]);
    expect(decision.reason).toBe('BetterWindow');
    expect(decision.chosen?.windows).toEqual([{ startsAt: atHour(12), endsAt: atHour(14) }]);
    expect(decision.chosen?.expected.carbon?.grams).toBeCloseTo(100);
    expect(decision.baseline?.carbon?.grams).toBeCloseTo(800);
    expect(decision.message).toBe('against starting at once at berlin: 700 g less (88 %), finishes 12.0 h later');
  });

  test('it is told what starting at once would cost at the same place', () => {
    const [atOnce] = decide(aPlannableJob(), [aSite('berlin', SOLAR_DAY)]).alternatives;
    expect(atOnce).toMatchObject({ site: 'berlin', reason: 'MoreCarbon', expected: { startsAt: MIDNIGHT } });
    expect(atOnce?.message).toBe('700 g more (700 %), finishes 12.0 h earlier');
  });

  test('it starts now when the deadline leaves no time to wait', () => {
    const decision = decide(aPlannableJob({ deadline: atHour(2) }), [aSite('berlin', SOLAR_DAY)]);
    expect(decision.reason).toBe('RunsNow');
    expect(decision.chosen?.expected.startsAt).toBe(MIDNIGHT);
  });

  test('a flat signal means now', () => {
    expect(decide(aPlannableJob(), [aSite('berlin', FLAT)]).chosen?.expected.startsAt).toBe(MIDNIGHT);
  });

  test('a delay that costs more than the grams it saves is not worth it', () => {
    const objective = { lexicographic: false, carbonPricePerTonne: 100, delayPricePerAcceleratorHour: 1 };
    expect(decide(aPlannableJob({ objective }), [aSite('berlin', SOLAR_DAY)]).reason).toBe('RunsNow');
  });

  test('between edges of slots it may start now', () => {
    const now = atHour(0) + 600_000;
    const decision = decide(aPlannableJob(), [aSite('berlin', FLAT)], { now });
    expect(decision.chosen?.expected.startsAt).toBe(now);
  });

  test('it does not wait for a gain that no forecast is exact enough to promise', () => {
    const hardlyCleaner = FLAT.map((figure, hour) => (hour >= 20 ? figure - 2 : figure));
    expect(decide(aPlannableJob(), [offBy(0.2, aSite('berlin', hardlyCleaner))]).reason).toBe('RunsNow');
  });

  test('of starts that are as good as the cleanest it takes the earliest', () => {
    const slope = FLAT.map((figure, hour) => (hour < 6 ? figure : 100 - hour / 100));
    expect(decide(aPlannableJob(), [offBy(0.2, aSite('berlin', slope))]).chosen?.expected.startsAt).toBe(atHour(6));
  });

  test('a deadline years away neither makes the slots longer nor lets it wait for what nobody knows', () => {
    const patient = aPlannableJob({ key: 'research/patient', deadline: atHour(80_000) });
    const { decisions } = plan(aSnapshot({ slot: 300_000, sites: [aSite('berlin', SOLAR_DAY)], jobs: [patient] }));
    expect(decisions.get('research/patient')?.chosen?.windows).toEqual([{ startsAt: atHour(12), endsAt: atHour(14) }]);
  });

  test('what can no longer meet its deadline takes the option that finishes first, and says so', () => {
    const decision = decide(aPlannableJob({ deadline: atHour(1) }), [aSite('berlin', SOLAR_DAY)]);
    expect(decision).toMatchObject({ reason: 'DeadlineAtRisk', deadlineAtRisk: true });
    expect(decision.chosen?.expected.startsAt).toBe(MIDNIGHT);
  });
});

describe('where a job runs', () => {
  const dirty = aSite('katowice', FLAT);
  const clean = aSite(
    'lulea',
    FLAT.map(() => 20),
  );

  test('it moves to the cleaner site', () => {
    const decision = decide(aPlannableJob({ home: 'katowice' }), [dirty, clean]);
    expect(decision).toMatchObject({ reason: 'BetterSite', chosen: { site: 'lulea' } });
    expect(decision.alternatives).toMatchObject([{ site: 'katowice', reason: 'MoreCarbon' }]);
  });

  test.each([
    ['its own deny list', { jobDenies: ['lulea'] }, 'SiteDenied'],
    ['its own allow list', { jobAllows: ['katowice'] }, 'SiteNotAllowed'],
    ['its policy', { policyAllows: ['katowice'] }, 'PolicyForbidsSite'],
    ['its template', { templateRegions: ['region-katowice'] }, 'TemplateExcludesSite'],
  ])('it stays where %s keeps it', (_, rules, reason) => {
    const job = aPlannableJob({ placementRules: { ...aPlannableJob().placementRules, ...rules } });
    const decision = decide(job, [dirty, clean]);
    expect(decision.chosen?.site).toBe('katowice');
    expect(decision.alternatives).toContainEqual(expect.objectContaining({ site: 'lulea', reason }));
  });

  test('a site on paper is compared and never chosen', () => {
    const decision = decide(aPlannableJob(), [dirty, { ...clean, schedulable: false }]);
    expect(decision.chosen?.site).toBe('katowice');
    expect(decision.alternatives[0]).toMatchObject({ site: 'lulea', reason: 'InventoryOnly' });
    expect(decision.alternatives[0]?.expected?.carbon?.grams).toBeCloseTo(40);
  });

  test('figures of another scope are not compared', () => {
    const direct = { Average: { series: series([10, 10, 10], { scope: 'Direct' }), rung: 'LiveForecast' } } as const;
    const decision = decide(aPlannableJob({ home: 'katowice' }), [dirty, { ...clean, outlooks: direct }]);
    expect(decision.chosen?.site).toBe('katowice');
    expect(decision.alternatives).toContainEqual(
      expect.objectContaining({ site: 'lulea', reason: 'SignalNotComparable' }),
    );
  });

  test('prices in two currencies are not weighed against one another', () => {
    const euros = { ...dirty, electricityPricePerKilowattHour: 0.2 };
    const kronor = { ...clean, currency: 'SEK', electricityPricePerKilowattHour: 0.5 };
    const decision = decide(aPlannableJob({ home: 'katowice' }), [euros, kronor]);
    expect(decision.chosen?.site).toBe('katowice');
    expect(decision.alternatives).toContainEqual(
      expect.objectContaining({ site: 'lulea', reason: 'CurrencyNotComparable' }),
    );
    expect(decide(aPlannableJob(), [euros, { ...kronor, electricityPricePerKilowattHour: 0 }]).chosen?.site).toBe(
      'lulea',
    );
  });

  test.each([
    ['Unschedulable', 'RecentlyUnschedulable'],
    ['Idle', 'RecentlyIdle'],
  ] as const)('a pair that just failed the job (%s) is left alone for a while', (cause, reason) => {
    const avoid = [{ cause, site: 'lulea', product: H100, until: atHour(1), message: 'said by the one who knows' }];
    const decision = decide(aPlannableJob({ avoid }), [dirty, clean]);
    expect(decision.chosen?.site).toBe('katowice');
    expect(decision.alternatives).toContainEqual(expect.objectContaining({ reason }));
  });

  test('a slower accelerator takes longer and is weighed with all it uses', () => {
    const slow = { ...clean, pools: [aPool({ product: 'NVIDIA-A100-SXM4-80GB' })] };
    const accelerators = [
      { product: H100, speed: 1 },
      { product: 'NVIDIA-A100-SXM4-80GB', speed: 0.5 },
    ];
    const decision = decide(aPlannableJob({ accelerators }), [dirty, slow]);
    expect(decision.chosen).toMatchObject({ site: 'lulea', product: 'NVIDIA-A100-SXM4-80GB' });
    expect(decision.chosen?.windows).toEqual([{ startsAt: MIDNIGHT, endsAt: atHour(4) }]);
  });

  test('a site that is not ready is left out, and says why', () => {
    const sitesNotReady = [{ site: 'mars', message: 'the grid zone of region "mars-1" is not known' }];
    expect(decide(aPlannableJob(), [dirty], { sitesNotReady }).alternatives).toContainEqual(
      expect.objectContaining({ site: 'mars', reason: 'SiteNotReady', message: sitesNotReady[0]?.message }),
    );
    expect(decide(aPlannableJob(), [], { sitesNotReady }).message).toContain('mars: the grid zone');
  });

  test('without any site it says so', () => {
    expect(decide(aPlannableJob(), [])).toMatchObject({ reason: 'NoSite', chosen: undefined, deadlineAtRisk: true });
  });

  test('without any place its deadline is at risk, unless one that just failed it is tried again early enough', () => {
    const avoidedUntil = (hour: number): PlannableJob['avoid'] => [
      { cause: 'Idle', site: 'katowice', product: H100, until: atHour(hour), message: '' },
    ];
    const job = aPlannableJob({ remainingWork: hours(2), totalWork: hours(2), deadline: atHour(8) });
    const atRisk = (hour: number): boolean =>
      decide({ ...job, avoid: avoidedUntil(hour) }, [aSite('katowice', FLAT)]).deadlineAtRisk;
    expect([atRisk(1), atRisk(6), atRisk(7)]).toEqual([false, false, true]);
  });

  test('without room nothing is said of a deadline that is beyond what can be planned', () => {
    const full = aSite('katowice', FLAT, { pools: [aPool({ heldByOthers: 8 })] });
    const atRisk = (hour: number): boolean => decide(aPlannableJob({ deadline: atHour(hour) }), [full]).deadlineAtRisk;
    expect([atRisk(12), atRisk(24 * 60)]).toEqual([true, false]);
  });

  test('without a site that has the accelerator it says which one is missing', () => {
    const decision = decide(aPlannableJob({ accelerators: [{ product: 'NVIDIA-B200', speed: 1 }] }), [dirty]);
    expect(decision.message).toBe('no site can carry it (katowice: katowice has no NVIDIA-B200)');
  });
});

describe('capacity', () => {
  const job = (name: string, overrides: Partial<PlannableJob> = {}): PlannableJob =>
    aPlannableJob({ key: `research/${name}`, devices: 8, ...overrides });

  test('not all jobs meet in the one cleanest hour', () => {
    const jobs = ['a', 'b', 'c'].map((name) => job(name, { remainingWork: hours(3), totalWork: hours(3) }));
    const { decisions } = plan(aSnapshot({ sites: [aSite('berlin', SOLAR_DAY)], jobs }));
    const starts = jobs.map(({ key }) => decisions.get(key)?.chosen?.expected.startsAt);
    expect(new Set(starts).size).toBe(3);
    expect(starts).toContain(atHour(12));
  });

  test('the job with less time to spare chooses first', () => {
    const jobs = [job('patient'), job('urgent', { deadline: atHour(14) })];
    const { decisions } = plan(aSnapshot({ sites: [aSite('berlin', SOLAR_DAY)], jobs }));
    expect(decisions.get('research/urgent')?.chosen?.expected.startsAt).toBe(atHour(12));
    expect(decisions.get('research/patient')?.chosen?.expected.startsAt).not.toBe(atHour(12));
  });

  test('devices that others hold are not there', () => {
    const site = aSite('berlin', FLAT, { pools: [aPool({ heldByOthers: 1 })] });
    expect(decide(job('a'), [site])).toMatchObject({ reason: 'NoCapacity', chosen: undefined, deadlineAtRisk: true });
  });

  test('a site scaled to zero is an option, with the time that its nodes take to come', () => {
    const pools = [aPool({ capacity: 0, maxCapacity: 8, provisioning: hours(1) })];
    const clean = aSite(
      'lulea',
      FLAT.map(() => 20),
      { pools },
    );
    const decision = decide(job('a'), [aSite('berlin', FLAT), clean]);
    expect(decision.chosen).toMatchObject({ site: 'lulea', windows: [{ startsAt: MIDNIGHT, endsAt: atHour(3) }] });
    expect(decision.chosen?.expected.energy).toBeCloseTo(16);
  });
});

describe('without carbon data', () => {
  test('the policy says run: it starts at once', () => {
    const decision = decide(aPlannableJob(), [aSite('berlin', undefined)]);
    expect(decision).toMatchObject({ reason: 'DataMissing', rung: 'None' });
    expect(decision.chosen?.expected).toMatchObject({ startsAt: MIDNIGHT, carbon: undefined });
  });

  test('the policy says hold: it waits, but never past its latest start', () => {
    const decision = decide(aPlannableJob({ withoutData: 'Hold' }), [aSite('berlin', undefined)]);
    expect(decision.chosen?.windows).toEqual([{ startsAt: atHour(22), endsAt: atHour(24) }]);
  });

  test('a run that reaches past the forecast is not taken for a clean one', () => {
    const decision = decide(aPlannableJob(), [aSite('berlin', [400, 300, 200, 10])]);
    expect(decision.chosen?.windows).toEqual([{ startsAt: atHour(2), endsAt: atHour(4) }]);
  });

  test('an objective that ignores carbon needs none', () => {
    const objective = { lexicographic: false, carbonPricePerTonne: 0, delayPricePerAcceleratorHour: 0 };
    const cheap = aSite('cheap', undefined, { electricityPricePerKilowattHour: 0.1 });
    const dear = aSite('dear', undefined, { electricityPricePerKilowattHour: 0.3 });
    expect(decide(aPlannableJob({ objective, home: 'dear' }), [dear, cheap]).chosen?.site).toBe('cheap');
  });
});

describe('pausing', () => {
  const twoDips = Array.from({ length: 48 }, (_, hour) => ([2, 3, 8, 9].includes(hour) ? 10 : 500));
  const interruptible = { minimumRun: hours(1), restartOverhead: 0, maxPauses: 4 };

  test('an interruptible job runs in the two clean windows', () => {
    const job = aPlannableJob({ interruptible, remainingWork: hours(4), totalWork: hours(4) });
    const decision = decide(job, [aSite('berlin', twoDips)]);
    expect(decision.reason).toBe('PausesForCleanerPower');
    expect(decision.chosen?.windows).toEqual([
      { startsAt: atHour(2), endsAt: atHour(4) },
      { startsAt: atHour(8), endsAt: atHour(10) },
    ]);
  });

  test('a job that is not interruptible runs in one piece', () => {
    const decision = decide(aPlannableJob({ remainingWork: hours(4), totalWork: hours(4) }), [
      aSite('berlin', twoDips),
    ]);
    expect(decision.chosen?.windows).toHaveLength(1);
  });

  test('a pause that does not pay for its restart is not made', () => {
    const shallow = twoDips.map((figure) => (figure === 10 ? 480 : 500));
    const job = aPlannableJob({
      interruptible: { ...interruptible, restartOverhead: hours(1) },
      remainingWork: hours(4),
      totalWork: hours(4),
    });
    expect(decide(job, [aSite('berlin', shallow)]).chosen?.windows).toHaveLength(1);
  });

  test('a running job that may not pause goes on', () => {
    const current = { site: 'berlin', product: H100, windows: [{ startsAt: MIDNIGHT, endsAt: atHour(2) }] };
    const decision = decide(aPlannableJob({ phase: 'Running', current }), [aSite('berlin', SOLAR_DAY)]);
    expect(decision).toMatchObject({
      reason: 'RunsOn',
      chosen: { windows: [{ startsAt: MIDNIGHT, endsAt: atHour(2) }] },
    });
  });

  test('a running job is not paused before its minimum run', () => {
    const dirtyStart = [600, 600, 600, ...Array.from({ length: 45 }, () => 10)];
    const job = aPlannableJob({
      phase: 'Running',
      interruptible: { minimumRun: hours(2), restartOverhead: 0, maxPauses: 4 },
      remainingWork: hours(6),
      totalWork: hours(7),
      current: { site: 'berlin', product: H100, windows: [{ startsAt: atHour(-1), endsAt: atHour(6) }] },
    });
    const decision = decide(job, [aSite('berlin', dirtyStart)]);
    expect(decision.chosen?.windows[0]?.startsAt).toBe(MIDNIGHT);
    expect(decision.chosen?.windows[0]?.endsAt).toBe(atHour(1));
  });
});

describe('changes of mind', () => {
  test('a promise is kept while nothing is better by the margin', () => {
    const current = { site: 'berlin', product: H100, windows: [{ startsAt: atHour(6), endsAt: atHour(8) }] };
    const nearlyFlat = FLAT.map((figure, hour) => (hour === 12 ? figure - 5 : figure));
    const decision = decide(aPlannableJob({ current }), [aSite('berlin', nearlyFlat)]);
    expect(decision).toMatchObject({ kept: true, chosen: { windows: current.windows } });
  });

  test('a promise is broken for something much better', () => {
    const current = { site: 'berlin', product: H100, windows: [{ startsAt: atHour(6), endsAt: atHour(8) }] };
    const decision = decide(aPlannableJob({ current }), [aSite('berlin', SOLAR_DAY)]);
    expect(decision).toMatchObject({ kept: false, chosen: { windows: [{ startsAt: atHour(12) }] } });
  });

  test('the saving is told against the first baseline', () => {
    const first = decide(aPlannableJob(), [aSite('berlin', SOLAR_DAY)]).baseline;
    const later = decide(aPlannableJob({ baseline: first }), [aSite('berlin', SOLAR_DAY)], { now: atHour(12) });
    expect(later.baseline).toEqual(first);
    expect(later.reason).toBe('RunsNow');
  });
});

describe('idle hardware', () => {
  test('where nodes stay on, only the difference to idle power speaks for waiting or moving', () => {
    const clean = aSite(
      'lulea',
      FLAT.map(() => 250),
    );
    const idling = aSite('berlin', FLAT, {
      idleNodesStayOn: true,
      pools: [aPool({ power: { ...aPool().power, idle: 300 as never } })],
    });
    expect(decide(aPlannableJob({ home: 'berlin' }), [idling, clean]).chosen?.site).toBe('berlin');
  });
});
