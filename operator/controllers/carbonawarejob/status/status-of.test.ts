import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { CarbonAwareJobStatus } from '../../../api/v1alpha1/carbon-aware-job.generated.ts';
import { findCondition } from '../../../api/v1alpha1/conditions.ts';
import { BUILT_IN_POLICY } from '../../../api/v1alpha1/defaults.ts';
import type { Footing } from '../../../domain/intensity.ts';
import { HOUR_MS, MINUTE_MS, watts } from '../../../domain/units.ts';
import { aCondition, aJobRecord } from '../../../../test/builders/carbon-aware-job.ts';
import {
  aCost,
  aDecision,
  anAttempt,
  anOption,
  aView,
  aWindow,
  aWorkload,
} from '../../../../test/builders/job-view.ts';
import { atHour, H100, MIDNIGHT, someCarbon } from '../../../../test/builders/planning.ts';
import { promisedBaseline, promisedIntensity } from '../plannable/promise.ts';
import { MAX_STATUS_BYTES, sizeOf } from './fit.ts';
import { statusOf } from './status-of.ts';

const saying = (status: CarbonAwareJobStatus, type: string): [string | undefined, string | undefined] => {
  const condition = status.conditions?.find((one) => one.type === type);
  return [condition?.status, condition?.reason];
};
const AN_ALTERNATIVE = {
  site: 'south',
  product: undefined,
  expected: undefined,
  reason: 'MoreCarbon',
  message: '100 g more',
};
const paused = anAttempt({ endedAt: atHour(1), ran: HOUR_MS, reason: 'Paused' });

describe('the status of a job', () => {
  test('that waits tells its plan', () => {
    const decision = aDecision({ chosen: anOption({ windows: [aWindow(6, 8)] }) });
    const status = statusOf(aView({ decision }), {});
    expect(status).toMatchObject({
      phase: 'Waiting',
      observedGeneration: 1,
      plan: {
        site: 'north',
        starts: '2026-06-01T06:00:00Z',
        windows: [{ start: '2026-06-01T06:00:00Z', end: '2026-06-01T08:00:00Z' }],
        expected: { energyKWh: '2', carbonGrams: '100', cost: '1.5', currency: 'EUR', finish: '2026-06-01T08:00:00Z' },
        baseline: {
          ...{ site: 'home', carbonGrams: '200' },
          ...{ signal: 'Average', scope: 'Lifecycle', rung: 'LiveForecast' },
        },
        saves: '50%',
        signal: 'Average',
        scope: 'Lifecycle',
        dataSource: 'file (LiveForecast)',
        promised: { gramsPerKWh: '50', signal: 'Average', scope: 'Lifecycle', rung: 'LiveForecast' },
        deadline: '2026-06-01T14:00:00Z',
        reason: 'BetterSite',
        message: 'half the carbon',
      },
    });
    expect(saying(status, 'Accepted')).toEqual(['True', 'Accepted']);
    expect(saying(status, 'Planned')).toEqual(['True', 'BetterSite']);
    expect(saying(status, 'Running')).toEqual(['False', 'AwaitingWindow']);
    expect(saying(status, 'DeadlineAtRisk')).toEqual(['False', 'DeadlineHolds']);
    expect(saying(status, 'CarbonDataFresh')).toEqual(['True', 'LiveForecast']);
    expect(saying(status, 'CarbonDataComparable')).toEqual(['True', 'Comparable']);
    for (const absent of ['Paused', 'Complete', 'Failed', 'SuspendedByOther', 'JobDrifted']) {
      expect(saying(status, absent)).toEqual([undefined, undefined]);
    }
  });

  test('tells on which accelerator it would have run at once, and by which power', () => {
    const baseline = { ...aCost({ site: 'home' }), accelerator: { product: H100, busy: watts(911.6) } };
    const told = statusOf(aView({ decision: aDecision({ baseline }) }), {}).plan?.baseline;
    expect(told).toMatchObject({ site: 'home', accelerator: H100, acceleratorWatts: 912 });
  });

  test('that is paid for the electricity it takes has a cost below zero, which is read again', () => {
    const chosen = { ...anOption(), expected: aCost({ money: -0.126 }) };
    const decision = aDecision({
      chosen,
      baseline: aCost({ site: 'home', money: -2 }),
      alternatives: [{ ...AN_ALTERNATIVE, expected: aCost({ money: -0.00001 }) }],
    });
    const status = statusOf(aView({ decision }), {});
    expect(status).toMatchObject({
      plan: { expected: { cost: '-0.126' }, baseline: { cost: '-2' } },
      alternatives: [{ cost: '0' }],
    });
    expect(promisedBaseline(aJobRecord({ status }))?.money).toBe(-2);
  });

  test('that nothing can carry says why, and keeps its last plan', () => {
    const before = { plan: { site: 'south' } };
    const decision = aDecision({ chosen: undefined, reason: 'NoSite', message: 'there is no ComputeSite' });
    const record = aJobRecord({ status: before });
    const status = statusOf(aView({ record, decision }), {});
    expect(saying(status, 'Planned')).toEqual(['False', 'NoSite']);
    expect(saying(status, 'Running')).toEqual(['False', 'AwaitingPlan']);
    expect(status.plan).toEqual(before.plan);
    expect(saying(status, 'DeadlineAtRisk')).toEqual(['Unknown', 'AwaitingPlan']);
    const late = statusOf(aView({ record, decision: { ...decision, deadlineAtRisk: true } }), {});
    expect(findCondition(late.conditions, 'DeadlineAtRisk')).toMatchObject({
      status: 'True',
      message: 'no plan finishes before the deadline: there is no ComputeSite',
    });
  });

  test('that runs where nothing can carry it any more is not called late for that', () => {
    const decision = aDecision({ chosen: undefined, reason: 'NoSite', message: 'there is no ComputeSite' });
    const workload = aWorkload({ suspended: false, attempt: 1 });
    const status = statusOf(aView({ attempts: [anAttempt()], workload, decision }), {});
    expect(saying(status, 'Planned')).toEqual(['False', 'NoSite']);
    expect(saying(status, 'DeadlineAtRisk')).toEqual([undefined, undefined]);
  });

  test('that somebody keeps from being planned is late once what is left of it can not be done in time', () => {
    const record = aJobRecord({ spec: { suspend: true } });
    const told = (hour: number) => {
      const { conditions } = statusOf(aView({ record, decision: undefined, now: atHour(hour) }), {});
      return findCondition(conditions, 'DeadlineAtRisk');
    };
    expect(told(21)).toMatchObject({
      status: 'Unknown',
      reason: 'Suspended',
      message:
        'spec.suspend is true; the deadline 2026-06-02T00:00:00Z may hold if it goes on before 2026-06-01T22:00:00Z',
    });
    expect(told(22.1)).toMatchObject({
      status: 'True',
      message: 'spec.suspend is true, and what is left takes until after the deadline 2026-06-02T00:00:00Z',
    });
    const byOther = aView({
      attempts: [anAttempt({ endedAt: atHour(1), ran: HOUR_MS, reason: 'SuspendedByOther' })],
      workload: aWorkload({ attempt: 1, suspendSetBy: 'kubectl-patch' }),
    });
    const planned = findCondition(statusOf(byOther, {}).conditions, 'Planned');
    expect(planned).toMatchObject({
      status: 'False',
      reason: 'SuspendedByOther',
      message: 'not planned while somebody suspended its Job; set suspend of the Job to false to go on',
    });
  });

  test('that runs tells when it really started, and where', () => {
    const attempts = [anAttempt({ startedAt: MIDNIGHT + MINUTE_MS })];
    const workload = aWorkload({ suspended: false, attempt: 1 });
    const pods = { running: 1, runningSince: MIDNIGHT + MINUTE_MS };
    const status = statusOf(aView({ attempts, workload, pods, now: atHour(1) }), {});
    expect(status).toMatchObject({ phase: 'Running', plan: { starts: '2026-06-01T00:01:00Z' } });
    expect(saying(status, 'Running')).toEqual(['True', 'Started']);
    expect(status.attempts).toEqual([
      expect.objectContaining({ number: 1, site: 'north', startedAt: '2026-06-01T00:01:00Z' }),
    ]);
  });

  test('that runs on keeps telling why it was sent there, and what else there was', () => {
    const sent = statusOf(aView({ decision: aDecision({ alternatives: [AN_ALTERNATIVE] }) }), {});
    const decision = aDecision({ reason: 'RunsOn', message: 'runs on', alternatives: [] });
    const status = statusOf(aView({ record: aJobRecord({ status: sent }), decision }), {});
    expect(status.plan?.reason).toBe('BetterSite');
    expect(status.alternatives).toMatchObject([{ site: 'south', reason: 'MoreCarbon' }]);
    expect(saying(status, 'Planned')).toEqual(['True', 'RunsOn']);
  });

  test('that runs on tells what that saves in the figures of one plan, not in words of the plan that sent it there', () => {
    const sent = statusOf(aView({ decision: aDecision({ message: '16 g more (70 %)' }) }), {});
    const chosen = { ...anOption(), expected: aCost({ carbon: someCarbon(194) }) };
    const decision = aDecision({ chosen, reason: 'RunsOn', message: 'runs on; 6 g less (3 %)' });
    const { plan } = statusOf(aView({ record: aJobRecord({ status: sent }), decision }), {});
    expect(plan).toMatchObject({ saves: '3%', message: 'runs on; 6 g less (3 %)' });
  });

  test('holds to the mean intensity that it was started with, and to that of the last plan before', () => {
    const expecting = (mass: number) =>
      aDecision({ chosen: { ...anOption(), expected: aCost({ carbon: someCarbon(mass) }) } });
    const promisedBy = (status: CarbonAwareJobStatus, attempts = [anAttempt()], mass = 300) => {
      const record = aJobRecord({ status });
      return statusOf(aView({ record, attempts, decision: expecting(mass) }), {});
    };
    const waiting = statusOf(aView({ decision: expecting(100) }), {});
    const announced = promisedBy(waiting, [anAttempt()], 200);
    expect(announced.plan?.promised?.gramsPerKWh).toBe('100');
    expect(promisedBy(announced).plan?.promised?.gramsPerKWh).toBe('100');
    const neverRan = promisedBy(announced, [anAttempt({ endedAt: MIDNIGHT, ran: 0, reason: 'Unschedulable' })]);
    expect(promisedBy(neverRan, []).plan?.promised?.gramsPerKWh).toBe('150');
  });

  test('that was started and whose pods do not run yet is not Running', () => {
    const workload = aWorkload({ suspended: false, attempt: 1 });
    const status = statusOf(aView({ attempts: [anAttempt()], workload }), {});
    expect(saying(status, 'Running')).toEqual(['False', 'NotStarted']);
    expect(status.phase).toBe('Running');
  });

  describe('that goes on elsewhere', () => {
    const moves = [{ site: 'south', product: undefined, windows: [aWindow(6, 7)] }];
    const decision = aDecision({ chosen: anOption({ windows: [aWindow(0, 1), aWindow(3, 4)], moves }) });
    const there = { site: 'south', windows: [{ start: '2026-06-01T06:00:00Z', end: '2026-06-01T07:00:00Z' }] };
    const windowsOf = (status: CarbonAwareJobStatus) => status.plan?.windows?.map(({ start }) => start.slice(11, 16));

    test('tells where, after the windows of the site where it runs', () => {
      const waits = statusOf(aView({ decision }), {});
      expect(waits.plan).toMatchObject({ site: 'north', accelerator: H100, moves: [there] });
      expect(windowsOf(waits)).toEqual(['00:00', '03:00']);
      const running = { attempts: [anAttempt()], workload: aWorkload({ suspended: false, attempt: 1 }) };
      expect(statusOf(aView({ decision, ...running, now: atHour(1.5) }), {}).plan).toMatchObject({ site: 'north' });
    });

    test('tells the site where it runs next, also before its plan is made anew', () => {
      const view = { decision, attempts: [paused], workload: aWorkload({ attempt: 1 }) };
      const between = statusOf(aView({ ...view, now: atHour(2) }), {});
      expect(between.plan).toMatchObject({ site: 'north', moves: [there] });
      const last = statusOf(aView({ ...view, now: atHour(4) }), {});
      expect(last.plan).toMatchObject(there);
      expect(last.plan).not.toHaveProperty('accelerator');
      expect(last.plan).not.toHaveProperty('moves');
    });

    test('tells the site where it runs once it has moved', () => {
      const attempts = [paused, anAttempt({ number: 2, site: 'south', startedAt: atHour(6) })];
      const status = statusOf(aView({ decision, attempts, now: atHour(6) }), {});
      expect(status.plan).toMatchObject(there);
      expect(status.plan?.starts).toBe('2026-06-01T00:00:00Z');
    });
  });

  test('that is paused tells why, and goes on telling it', () => {
    const view = aView({ attempts: [paused], workload: aWorkload({ attempt: 1 }) });
    const status = statusOf(view, { pauseMessage: 'cleaner power at six' });
    expect(status.phase).toBe('Paused');
    expect(saying(status, 'Paused')).toEqual(['True', 'Paused']);
    const again = statusOf({ ...view, record: aJobRecord({ status }) }, {});
    expect(again.conditions?.find(({ type }) => type === 'Paused')?.message).toBe('cleaner power at six');
  });

  test('that has resumed is not paused', () => {
    const status = { conditions: [aCondition('Paused')] };
    const attempts = [paused, anAttempt({ number: 2 })];
    const workload = aWorkload({ suspended: false, attempt: 2 });
    expect(saying(statusOf(aView({ record: aJobRecord({ status }), attempts, workload }), {}), 'Paused')).toEqual([
      'False',
      'Resumed',
    ]);
  });

  test('that has ended has the words of its Job', () => {
    const end = { outcome: 'Failed' as const, reason: 'DeadlineExceeded', message: 'took too long', at: atHour(2) };
    const status = statusOf(aView({ attempts: [paused], workload: aWorkload({ end }) }), {});
    expect(status.phase).toBe('Failed');
    expect(saying(status, 'Failed')).toEqual(['True', 'DeadlineExceeded']);
    expect(saying(status, 'Running')).toEqual(['False', 'Failed']);
  });

  test('whose end is written changes no more', () => {
    const before = { phase: 'Succeeded', policy: 'everyone', conditions: [aCondition('Complete')] };
    expect(statusOf(aView({ record: aJobRecord({ status: before }), workload: undefined }), {})).toEqual({
      ...before,
      observedGeneration: 1,
    });
  });

  test('that is refused says so alone, and stays so', () => {
    const view = aView({ workload: undefined, decision: undefined });
    const status = statusOf(view, { refusal: { reason: 'TemplateRefused', message: 'no' } });
    expect(status).toMatchObject({ phase: 'Refused', conditions: [{ type: 'Accepted', status: 'False' }] });
    expect(statusOf({ ...view, record: aJobRecord({ status }) }, {})).toEqual(status);
  });

  test('names the policy that governs it, and none where none does', () => {
    const policy = { ...BUILT_IN_POLICY, name: 'everyone' };
    expect(statusOf(aView(), {}, policy).policy).toBe('everyone');
    expect(statusOf(aView({ record: aJobRecord({ status: { policy: 'everyone' } }) }), {}).policy).toBeUndefined();
  });

  test('says which fields of its Job someone changed, unless they changed them back', () => {
    const field = { path: ['spec', 'parallelism'], value: '2', setBy: 'kubectl' };
    const drifted = statusOf(aView({ workload: aWorkload({ foreignFields: [field] }) }), {});
    expect(saying(drifted, 'JobDrifted')).toEqual(['True', 'JobDrifted']);
    const record = aJobRecord({
      spec: { template: { spec: { parallelism: 2, template: {} } } },
      status: { conditions: drifted.conditions ?? [] },
    });
    const back = statusOf(aView({ record, workload: aWorkload({ foreignFields: [field] }) }), {});
    expect(saying(back, 'JobDrifted')).toEqual(['False', 'InSync']);
    // From a spec that can't be read nobody can tell.
    const garbled = aJobRecord({
      spec: { expectedDuration: 'banana' },
      status: { conditions: drifted.conditions ?? [] },
    });
    const workload = aWorkload({ foreignFields: [field] });
    expect(saying(statusOf(aView({ record: garbled, workload }), {}), 'JobDrifted')).toEqual(['True', 'JobDrifted']);
  });

  test('says that its Job has lost its label', () => {
    const { labels: _, ...metadata } = aWorkload().metadata;
    const status = statusOf(aView({ workload: aWorkload({ metadata }) }), {});
    expect(saying(status, 'JobDrifted')).toEqual(['True', 'JobDrifted']);
  });

  test('never claims a saving that is not known', () => {
    const unknown = aDecision({ chosen: { ...anOption(), expected: { ...aCost(), carbon: undefined } } });
    expect(statusOf(aView({ decision: unknown }), {}).plan?.saves).toBeUndefined();
    const worse = aDecision({ baseline: aCost({ carbon: someCarbon(80) }) });
    expect(statusOf(aView({ decision: worse }), {}).plan?.saves).toBe('-25%');
    const zero = aDecision({ baseline: aCost({ carbon: someCarbon(0) }) });
    expect(statusOf(aView({ decision: zero }), {}).plan?.saves).toBeUndefined();
  });
});

describe('figures of a typical day', () => {
  const saving = (chosen: Footing, home: Footing): string | undefined => {
    const decision = aDecision({
      chosen: { ...anOption(), expected: aCost({ carbon: someCarbon(100, { rung: chosen }) }) },
      baseline: aCost({ site: 'home', carbon: someCarbon(200, { rung: home }) }),
    });
    return statusOf(aView({ decision }), {}).plan?.saves;
  };

  test('make a saving with their like alone', () => {
    expect(saving('TypicalDay', 'TypicalDay')).toBe('50%');
    expect(saving('Persistence', 'LiveForecast')).toBe('50%');
    expect(saving('TypicalDay', 'LiveForecast')).toBeUndefined();
    expect(saving('CachedForecast', 'TypicalDay')).toBeUndefined();
    expect(saving('PartlyTypicalDay', 'TypicalDay')).toBeUndefined();
    expect(saving('PartlyTypicalDay', 'LiveForecast')).toBeUndefined();
  });

  test('promise nothing where they are of a typical day in part', () => {
    const chosen = { ...anOption(), expected: aCost({ carbon: someCarbon(100, { rung: 'PartlyTypicalDay' }) }) };
    expect(statusOf(aView({ decision: aDecision({ chosen }) }), {}).plan).not.toHaveProperty('promised');
  });
});

describe('grams of unlike kinds', () => {
  test('make no saving, and each says what it counts', () => {
    const decision = aDecision({ baseline: aCost({ carbon: someCarbon(200, { scope: 'Direct' }) }) });
    const { plan } = statusOf(aView({ decision }), {});
    expect(plan).toMatchObject({ scope: 'Lifecycle', baseline: { carbonGrams: '200', scope: 'Direct' } });
    expect(plan?.saves).toBeUndefined();
  });

  test('are told in a condition, in the words of the plan', () => {
    const notComparable = 'lulea is left out: zone SE has Direct figures, the plan compares Lifecycle';
    const status = statusOf(aView({ decision: aDecision({ notComparable }) }), {});
    expect(saying(status, 'CarbonDataComparable')).toEqual(['False', 'SignalNotComparable']);
    expect(status.conditions?.find(({ type }) => type === 'CarbonDataComparable')?.message).toBe(notComparable);
  });

  test('that nobody knows count nothing', () => {
    const chosen = { ...anOption(), expected: aCost({ carbon: undefined }) };
    const { plan } = statusOf(aView({ decision: aDecision({ chosen, baseline: aCost({ carbon: undefined }) }) }), {});
    expect(plan).not.toHaveProperty('scope');
    expect(plan?.baseline).not.toHaveProperty('signal');
  });

  test('come back from a status as they went in', () => {
    const ofHome = someCarbon(200, { scope: 'Operational', rung: 'TypicalDay' });
    const decision = aDecision({ baseline: aCost({ site: 'home', carbon: ofHome }) });
    const record = aJobRecord({ status: statusOf(aView({ decision }), {}) });
    expect(promisedBaseline(record)?.carbon).toEqual(ofHome);
    expect(promisedIntensity(record)).toEqual({ figure: 50, kind: someCarbon(0).kind, rung: 'LiveForecast' });
  });
});

describe('the size of a status', () => {
  const long = fc.string({ unit: 'binary', minLength: 0, maxLength: 3_000 });
  const name = fc.stringMatching(/^[a-z]{1,63}$/);

  test('is at most 8 KiB, whatever happened to the job', () => {
    fc.assert(
      fc.property(long, name, fc.nat(40), fc.nat(80), fc.nat(10), (text, place, tries, pieces, legs) => {
        const windows = Array.from({ length: pieces + 1 }, (_, i) => aWindow(2 * i, 2 * i + 1));
        const moves = Array.from({ length: legs }, () => ({ site: place, product: place, windows }));
        const chosen = { ...anOption({ windows, moves }), site: place, product: place };
        const alternative = { site: place, product: place, expected: aCost(), reason: 'MoreCarbon', message: text };
        const decision = aDecision({ chosen, message: text, alternatives: [alternative, alternative, alternative] });
        const attempts = Array.from({ length: tries }, (_, i) =>
          anAttempt({
            number: i + 1,
            site: place,
            product: place,
            job: place,
            endedAt: atHour(1),
            ran: 1,
            reason: 'Paused',
          }),
        );
        const foreignFields = [{ path: ['spec', text], value: '1', setBy: text }];
        const workload = aWorkload({ attempt: tries, foreignFields });
        const status = statusOf(aView({ decision, attempts, workload }), { pauseMessage: text });
        expect(sizeOf(status)).toBeLessThanOrEqual(MAX_STATUS_BYTES);
        const listed = [status.plan ?? {}, ...(status.plan?.moves ?? [])].map((leg) => leg.windows?.length ?? 0);
        expect(listed.every((count) => count > 0)).toBe(true);
        expect(listed.reduce((sum, count) => sum + count)).toBeLessThanOrEqual(64);
        expect(listed.length).toBeLessThanOrEqual(9);
        expect(status.attempts?.at(-1)?.number ?? 0).toBe(tries);
      }),
      { numRuns: 300 },
    );
  });

  test('never costs the last attempts, and keeps the work of those that it drops', () => {
    const attempts = Array.from({ length: 40 }, (_, i) =>
      anAttempt({ number: i + 1, endedAt: atHour(1), ran: HOUR_MS, reason: 'Paused' }),
    );
    const status = statusOf(aView({ attempts, workload: aWorkload({ attempt: 40 }) }), {});
    const kept = status.attempts?.length ?? 0;
    expect(kept).toBeGreaterThanOrEqual(4);
    expect(status.attempts?.[0]?.number).toBe(41 - kept);
    expect(status.completedWork).toBe((40 - kept) * 3_600);
  });
});
