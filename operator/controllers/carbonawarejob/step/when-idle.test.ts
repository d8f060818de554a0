import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HOUR_MS, MINUTE_MS } from '../../../domain/units.ts';
import { aJobRecord, aJobTemplate } from '../../../../test/builders/carbon-aware-job.ts';
import { aDecision, anAttempt, anOption, aView, aWindow, aWorkload } from '../../../../test/builders/job-view.ts';
import { atHour, H100, MIDNIGHT } from '../../../../test/builders/planning.ts';
import type { Attempt } from '../attempts/attempts.ts';
import type { JobRecord } from '../job-record.ts';
import type { JobView } from '../job-view.ts';
import type { PodsView } from '../pods-view.ts';
import { nextStep } from './next-step.ts';

const interruptible = { minimumRun: '30m', restartOverhead: '5m', moveOverhead: '10m', maxPauses: 2 };
const idle = {
  since: MIDNIGHT + 30 * MINUTE_MS,
  for: 5 * MINUTE_MS,
  message: '8 GPUs do nothing',
  action: 'Pause',
} as const;
const running = (since: number): PodsView => ({ running: 1, runningSince: since, allSince: since });
const ended = (reason: string, overrides: Partial<Attempt> = {}): Attempt =>
  anAttempt({ endedAt: atHour(1), ran: HOUR_MS, reason, ...overrides });

/** At one: started at midnight, idle for half an hour, with an hour of the plan left and all day for it. */
function idling(overrides: Partial<JobView> = {}): JobView {
  return aView({
    record: aJobRecord({ spec: { interruptible } }),
    attempts: [anAttempt()],
    workload: aWorkload({ suspended: false, attempt: 1 }),
    pods: running(MIDNIGHT),
    now: atHour(1),
    idle,
    ...overrides,
  });
}

/** May run for so long beyond what it would take: this run, a restart and a move, this run again, and the rest of the plan. */
const withTimeLimit = (spareSeconds: number): JobRecord => {
  const template = aJobTemplate({ spec: { activeDeadlineSeconds: 3 * 3_600 + 15 * 60 + spareSeconds } });
  return aJobRecord({ spec: { interruptible, template } });
};

const goesOn = expect.objectContaining({ do: 'Wait' });

describe('a job whose accelerators do nothing', () => {
  test('is suspended, and says until when it is not tried there again', () => {
    expect(nextStep(idling())).toEqual({
      do: 'Suspend',
      end: { at: atHour(1), ran: HOUR_MS, reason: 'Idle' },
      message:
        '8 GPUs do nothing: paused, so that others can use them; not tried there again before 2026-06-01T01:30:00Z',
    });
  });

  test.each<[string, Partial<JobView>]>([
    ['the policy only wants to be told', { idle: { ...idle, action: 'Alert' } }],
    ['it is not known what they do', { idle: undefined }],
    ['it runs in one piece', { record: aJobRecord() }],
    [
      'it has no pause left',
      { attempts: [ended('Paused'), ended('Idle', { number: 2 }), anAttempt({ number: 3 })], deadline: atHour(1_000) },
    ],
    ['nothing is planned for it', { decision: undefined }],
    ['nothing can carry it any more', { decision: aDecision({ chosen: undefined }) }],
    ['its deadline is at risk', { decision: aDecision({ deadlineAtRisk: true }) }],
    ['its deadline is not known', { deadline: undefined }],
    ['it should be done by now', { decision: aDecision({ chosen: anOption({ windows: [aWindow(0, 1)] }) }) }],
    ['its pods do not run yet', { pods: { running: 0 } }],
    ['its pods have not run for as long as it asks for', { pods: running(atHour(1) - 29 * MINUTE_MS) }],
    ['one of its pods does not run yet', { pods: { running: 1, runningSince: MIDNIGHT } }],
    [
      'the last of them has not run for as long as makes them idle',
      { pods: { ...running(MIDNIGHT), allSince: atHour(1) - 4 * MINUTE_MS } },
    ],
    ['its Job may not run for as long as it would have to', { record: withTimeLimit(-1) }],
    ['that was said of pods before these', { idle: { ...idle, since: MIDNIGHT - MINUTE_MS } }],
  ])('runs on where %s', (_, overrides) => {
    const view = idling(overrides);
    const attempt = view.attempts.at(-1)?.number ?? 1;
    expect(nextStep({ ...view, workload: aWorkload({ suspended: false, attempt }) })).toEqual(goesOn);
  });

  test('is looked at again when it has run for as long as it asks for', () => {
    const attempts = [anAttempt({ startedAt: atHour(1) - 10 * MINUTE_MS })];
    const view = idling({ attempts, idle: { ...idle, since: atHour(1) - 5 * MINUTE_MS } });
    expect(nextStep(view)).toEqual({ do: 'Wait', until: atHour(1) + 20 * MINUTE_MS });
    expect(nextStep({ ...view, now: atHour(1) + 20 * MINUTE_MS })).toMatchObject({ do: 'Suspend' });
  });

  test('is suspended where its Job may run for as long as it would have to, less what runs before took', () => {
    expect(nextStep(idling({ record: withTimeLimit(0) }))).toMatchObject({ do: 'Suspend' });
    const attempts = [ended('Paused', { ran: MINUTE_MS }), anAttempt({ number: 2 })];
    const again = { attempts, workload: aWorkload({ suspended: false, attempt: 2 }) };
    expect(nextStep(idling({ ...again, record: withTimeLimit(60) }))).toMatchObject({ do: 'Suspend' });
    expect(nextStep(idling({ ...again, record: withTimeLimit(59) }))).toEqual(goesOn);
  });

  test('is looked at again when the last of its pods has been idle for as long as the policy says', () => {
    const view = idling({ pods: { ...running(MIDNIGHT), allSince: atHour(1) - MINUTE_MS } });
    expect(nextStep(view)).toEqual({ do: 'Wait', until: atHour(1) + 4 * MINUTE_MS });
    expect(nextStep({ ...view, now: atHour(1) + 4 * MINUTE_MS })).toMatchObject({ do: 'Suspend' });
  });

  test('moves rather than pauses where the plan has it elsewhere', () => {
    const decision = aDecision({ chosen: anOption({ site: 'south', windows: [aWindow(1, 2)] }) });
    expect(nextStep(idling({ decision }))).toMatchObject({ do: 'Suspend', end: { reason: 'Moved' } });
  });

  // An hour of the plan, the hour of this run again, and twice the pause: half an hour, and what a restart and a move take.
  const enough = atHour(1) + HOUR_MS + HOUR_MS + 2 * 45 * MINUTE_MS;

  test('is paused where the deadline leaves twice the time that it takes, and not where it leaves less', () => {
    expect(nextStep(idling({ deadline: enough }))).toMatchObject({ do: 'Suspend' });
    expect(nextStep(idling({ deadline: enough - 1 }))).toEqual(goesOn);
  });

  test('needs more time where the nodes that it leaves may have to come anew', () => {
    const place = { region: 'region-north', idleNodesSleep: true, toCome: new Set<string>() };
    const sites = new Map([['north', { ...place, provisioning: new Map([[H100, 10 * MINUTE_MS]]) }]]);
    const deadline = enough + 2 * 10 * MINUTE_MS;
    expect(nextStep(idling({ sites, deadline }))).toMatchObject({ do: 'Suspend' });
    expect(nextStep(idling({ sites, deadline: deadline - 1 }))).toEqual(goesOn);
  });

  test('needs more time where it was idle before, since it is then left alone for longer', () => {
    const attempts = [ended('Idle', { ran: 20 * MINUTE_MS }), anAttempt({ number: 2 })];
    const view = idling({ attempts, workload: aWorkload({ suspended: false, attempt: 2 }) });
    const deadline = enough + 2 * 30 * MINUTE_MS;
    expect(nextStep({ ...view, deadline })).toMatchObject({
      do: 'Suspend',
      message: expect.stringContaining('before 2026-06-01T02:00:00Z'),
    });
    expect(nextStep({ ...view, deadline: deadline - 1 })).toEqual(goesOn);
  });

  test('can still finish in time after the pause, by the plan, wherever it is paused', () => {
    const minutes = (max: number) => fc.integer({ min: 0, max }).map((value) => value * MINUTE_MS);
    let pauses = 0;
    fc.assert(
      fc.property(minutes(300), minutes(60), minutes(600), minutes(240), (left, idleFor, deadlineIn, base) => {
        const now = atHour(1);
        const windows = [{ startsAt: MIDNIGHT, endsAt: now + left }];
        const step = nextStep(
          idling({
            decision: aDecision({ chosen: anOption({ windows }) }),
            deadline: now + deadlineIn,
            idle: { ...idle, since: now - idleFor },
            avoidanceBackoff: { base, longest: base },
          }),
        );
        if (step.do !== 'Suspend') return;
        pauses += 1;
        // All that it did in the hour of this run is done again.
        expect(base + 15 * MINUTE_MS + left + HOUR_MS).toBeLessThanOrEqual(deadlineIn);
      }),
    );
    expect(pauses).toBeGreaterThan(0);
  });
});

describe('a job that was paused for that', () => {
  const paused = [ended('Idle')];
  const view = aView({ attempts: paused, workload: aWorkload({ attempt: 1 }), now: atHour(1) });

  test('is not started there again by a plan that was made before, until the time is over', () => {
    expect(nextStep(view)).toEqual({ do: 'Wait', until: MIDNIGHT + 90 * MINUTE_MS });
    expect(nextStep({ ...view, now: MIDNIGHT + 90 * MINUTE_MS })).toMatchObject({ do: 'Announce' });
  });

  test('nor where it has been announced there', () => {
    const announced = [...paused, anAttempt({ number: 2, startedAt: atHour(1) })];
    expect(nextStep({ ...view, attempts: announced })).toEqual({ do: 'Retract' });
  });

  test('is started elsewhere at once', () => {
    const decision = aDecision({ chosen: anOption({ site: 'south', windows: [aWindow(1, 2)] }) });
    expect(nextStep({ ...view, decision })).toMatchObject({
      do: 'Announce',
      attempt: { number: 2, site: 'south', product: H100 },
    });
  });
});
