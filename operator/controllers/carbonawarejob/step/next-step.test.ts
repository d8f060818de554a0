import { describe, expect, test } from '@jest/globals';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../domain/units.ts';
import { aCondition, aJobRecord, aJobTemplate } from '../../../../test/builders/carbon-aware-job.ts';
import {
  aDecision,
  anAttempt,
  anOption,
  aView,
  aWindow,
  aWorkload,
  WORKLOAD_UID,
} from '../../../../test/builders/job-view.ts';
import { atHour, H100, MIDNIGHT } from '../../../../test/builders/planning.ts';
import type { Attempt } from '../attempts/attempts.ts';
import { nextStep } from './next-step.ts';

const interruptible = { minimumRun: '30m', restartOverhead: '5m', maxPauses: 4 };
const later = aDecision({ chosen: anOption({ windows: [aWindow(6, 8)] }) });
const ended = (reason: string, overrides: Partial<Attempt> = {}): Attempt =>
  anAttempt({ endedAt: MIDNIGHT + HOUR_MS, ran: HOUR_MS, reason, ...overrides });
const placement = [
  { label: 'topology.kubernetes.io/region', value: 'region-north' },
  { label: 'nvidia.com/gpu.product', value: H100 },
];

describe('a job that is new', () => {
  test('waits for its first plan before anything is written', () => {
    expect(nextStep(aView({ workload: undefined, decision: undefined }))).toEqual({ do: 'Wait' });
  });

  test('gets its Job, suspended, with the first plan', () => {
    expect(nextStep(aView({ workload: undefined }))).toEqual({ do: 'Create' });
  });

  test('gets its Job without a plan where its user has suspended it', () => {
    const record = aJobRecord({ spec: { suspend: true } });
    expect(nextStep(aView({ record, workload: undefined, decision: undefined }))).toEqual({ do: 'Create' });
  });

  test('is refused where Kueue would suspend and resume it', () => {
    const template = aJobTemplate({ metadata: { labels: { 'kueue.x-k8s.io/queue-name': 'gpus' } } });
    const step = nextStep(aView({ record: aJobRecord({ spec: { template } }), workload: undefined }));
    expect(step).toMatchObject({ do: 'Refuse', refusal: { reason: 'QueueManaged' } });
  });

  test('is refused where a Job of its name belongs to someone else', () => {
    const workload = aWorkload({ metadata: { name: 'train', namespace: 'research', uid: 'other' } });
    expect(nextStep(aView({ workload }))).toMatchObject({ do: 'Refuse', refusal: { reason: 'JobNameTaken' } });
  });

  test('is tried again some time after the API server refused it, not before', () => {
    const status = { conditions: [aCondition('Accepted', { status: 'False', reason: 'TemplateRefused' })] };
    const view = aView({ record: aJobRecord({ status }), workload: undefined, decision: undefined });
    const notBefore = MIDNIGHT + 10 * MINUTE_MS;
    expect(nextStep({ ...view, createNotBefore: notBefore })).toEqual({ do: 'Wait', until: notBefore });
    expect(nextStep({ ...view, createNotBefore: notBefore, now: notBefore })).toEqual({ do: 'Create' });
  });

  test('is left to the garbage collector once it is being deleted', () => {
    const record = aJobRecord({ metadata: { deletionTimestamp: '2026-06-01T00:00:00Z' } });
    expect(nextStep(aView({ record }))).toEqual({ do: 'Wait' });
  });
});

describe('a job that waits for its window', () => {
  test('is looked at again when the window begins', () => {
    expect(nextStep(aView({ decision: later }))).toEqual({ do: 'Wait', until: atHour(6) });
  });

  test('has its start announced when the window has come', () => {
    expect(nextStep(aView({ decision: later, now: atHour(6) }))).toEqual({
      do: 'Announce',
      attempt: anAttempt({ startedAt: atHour(6) }),
    });
  });

  test('has announced with its start how much longer its work takes there', () => {
    const slowed = { ...later, chosen: later.chosen && { ...later.chosen, slowdown: 0.25 } };
    expect(nextStep(aView({ decision: slowed, now: atHour(6) }))).toMatchObject({
      do: 'Announce',
      attempt: { slowdown: 0.25 },
    });
  });

  test('is placed and unsuspended once its start is announced', () => {
    expect(nextStep(aView({ attempts: [anAttempt()] }))).toEqual({ do: 'Start', start: { attempt: 1, placement } });
  });

  test('does not start before the Job controller has seen its Job', () => {
    expect(nextStep(aView({ workload: aWorkload({ settled: false }) }))).toEqual({ do: 'Wait' });
  });

  test('asks for no product where it needs no accelerator', () => {
    const chosen = { ...anOption(), product: undefined };
    const { product: _, ...attempt } = anAttempt();
    const view = aView({ attempts: [attempt], decision: aDecision({ chosen }) });
    expect(nextStep(view)).toEqual({ do: 'Start', start: { attempt: 1, placement: placement.slice(0, 1) } });
  });

  test('stays as it is while the plan is unknown, as after a restart', () => {
    expect(nextStep(aView({ attempts: [anAttempt()], decision: undefined }))).toEqual({ do: 'Wait' });
  });

  test('takes an announced start back when the plan no longer wants it now', () => {
    expect(nextStep(aView({ attempts: [anAttempt()], decision: later }))).toEqual({ do: 'Retract' });
  });

  test('takes an announced start back when the plan wants it elsewhere', () => {
    const decision = aDecision({ chosen: anOption({ site: 'south' }) });
    expect(nextStep(aView({ attempts: [anAttempt()], decision }))).toEqual({ do: 'Retract' });
  });

  test('does not start where its user has suspended it, and is looked at when its deadline can not hold any more', () => {
    const record = aJobRecord({ spec: { suspend: true } });
    expect(nextStep(aView({ record }))).toEqual({ do: 'Wait', until: atHour(22) + SECOND_MS });
    expect(nextStep(aView({ record, now: atHour(22.5) }))).toEqual({ do: 'Wait' });
  });

  test('does not start at a site that is gone', () => {
    const decision = aDecision({ chosen: anOption({ site: 'west' }) });
    expect(nextStep(aView({ decision }))).toMatchObject({ do: 'Wait' });
  });
});

describe('a job that runs', () => {
  const running = aWorkload({ suspended: false, attempt: 1 });
  const goesOn = aDecision({ chosen: anOption({ windows: [aWindow(0, 1), aWindow(6, 7)] }) });
  const record = aJobRecord({ spec: { interruptible } });
  const view = aView({ record, attempts: [anAttempt()], workload: running, decision: goesOn });

  test('is looked at again at the end of its window, where another one follows', () => {
    expect(nextStep(view)).toEqual({ do: 'Wait', until: atHour(1) });
  });

  test('pauses at the end of its window', () => {
    const now = atHour(1);
    const pods = { running: 1, runningSince: MIDNIGHT };
    expect(nextStep({ ...view, now, pods })).toMatchObject({
      do: 'Suspend',
      end: { at: now, ran: HOUR_MS, reason: 'Paused' },
    });
  });

  test('pauses at the end of its last window here to go on elsewhere later, and says where', () => {
    const moves = [{ site: 'south', product: H100, windows: [aWindow(6, 7)] }];
    const decision = aDecision({ chosen: anOption({ windows: [aWindow(0, 1)], moves }) });
    expect(nextStep({ ...view, decision })).toEqual({ do: 'Wait', until: atHour(1) });
    expect(nextStep({ ...view, decision, now: atHour(1) })).toMatchObject({
      do: 'Suspend',
      end: { reason: 'Paused' },
      message: 'goes on at south from 2026-06-01T06:00:00Z: half the carbon',
    });
  });

  test('moves at the end of its last window here where it goes on elsewhere at once', () => {
    const moves = [{ site: 'south', product: H100, windows: [aWindow(1, 2)] }];
    const decision = aDecision({ chosen: anOption({ windows: [aWindow(0, 1)], moves }) });
    expect(nextStep({ ...view, decision, now: atHour(1) })).toMatchObject({
      do: 'Suspend',
      end: { reason: 'Moved' },
      message: 'moves from north to south: half the carbon',
    });
  });

  test('runs on where a plan that is not made anew yet has it by now', () => {
    const moves = [
      { site: 'south', product: H100, windows: [aWindow(2, 4)] },
      { site: 'north', product: H100, windows: [aWindow(6, 7)] },
    ];
    const decision = aDecision({ chosen: anOption({ windows: [aWindow(0, 1)], moves }) });
    const attempts = [ended('Paused'), anAttempt({ number: 2, site: 'south', startedAt: atHour(2) })];
    const workload = aWorkload({ suspended: false, attempt: 2 });
    expect(nextStep({ ...view, attempts, workload, decision, now: atHour(3) })).toEqual({
      do: 'Wait',
      until: atHour(4),
    });
  });

  test('is not stopped before the Job controller has seen its start', () => {
    const unseen = { ...view, workload: { ...running, suspendedAt: MIDNIGHT }, now: atHour(1) };
    expect(nextStep(unseen)).toEqual({ do: 'Wait' });
    expect(nextStep({ ...unseen, record: aJobRecord({ spec: { suspend: true } }) })).toEqual({ do: 'Wait' });
  });

  test('does not pause before it has run for its minimum', () => {
    const decision = aDecision({ chosen: anOption({ windows: [aWindow(6, 8)] }) });
    expect(nextStep({ ...view, decision, now: MIDNIGHT + MINUTE_MS })).toEqual({
      do: 'Wait',
      until: MIDNIGHT + 30 * MINUTE_MS,
    });
  });

  test('never pauses where it must run in one piece, whatever the plan says', () => {
    expect(nextStep({ ...view, record: aJobRecord(), now: atHour(3) })).toEqual({ do: 'Wait' });
  });

  test('runs on when its last window is over', () => {
    expect(nextStep({ ...view, decision: aDecision(), now: atHour(5) })).toEqual({ do: 'Wait' });
  });

  test('stops to move where the plan goes on elsewhere', () => {
    const decision = aDecision({ chosen: anOption({ site: 'south', windows: [aWindow(0, 4)] }) });
    expect(nextStep({ ...view, decision, now: atHour(1) })).toMatchObject({ do: 'Suspend', end: { reason: 'Moved' } });
  });

  test('is suspended when its user says so', () => {
    const suspended = aJobRecord({ spec: { suspend: true } });
    expect(nextStep({ ...view, record: suspended, decision: undefined })).toMatchObject({
      do: 'Suspend',
      end: { reason: 'Suspended' },
    });
  });

  test('is suspended when its pods have stayed unschedulable for five minutes, with the words of the scheduler', () => {
    const unschedulable = { count: 2, since: MIDNIGHT, message: '0/3 nodes are available' };
    const pods = { running: 0, unschedulable };
    const giveUpAt = MIDNIGHT + 5 * MINUTE_MS;
    expect(nextStep({ ...view, decision: aDecision(), pods })).toEqual({ do: 'Wait', until: giveUpAt });
    expect(nextStep({ ...view, decision: aDecision(), pods, now: giveUpAt })).toEqual({
      do: 'Suspend',
      end: { at: giveUpAt, ran: 0, reason: 'Unschedulable' },
      message: '2 pods stayed unschedulable at north: 0/3 nodes are available',
    });
  });

  test('gives a site the time that it says its nodes take to come', () => {
    const pods = { running: 0, unschedulable: { count: 1, since: MIDNIGHT, message: '' } };
    const attempts = [anAttempt({ site: 'south' })];
    const decision = aDecision({ chosen: anOption({ site: 'south' }) });
    expect(nextStep({ ...view, attempts, pods, decision, now: MIDNIGHT + 10 * MINUTE_MS })).toEqual({
      do: 'Wait',
      until: MIDNIGHT + HOUR_MS + 5 * MINUTE_MS,
    });
  });

  test('is not stopped for pods without a node while others of it do work that would be lost', () => {
    const pods = { running: 3, unschedulable: { count: 1, since: MIDNIGHT, message: '' } };
    expect(nextStep({ ...view, record: aJobRecord(), pods, now: atHour(1) })).toEqual({ do: 'Wait' });
  });

  test('has its attempt recovered from the Job where the status was lost', () => {
    const workload = aWorkload({ suspended: false, attempt: 1, startedAt: atHour(1) });
    expect(nextStep(aView({ workload, now: atHour(2) }))).toEqual({
      do: 'Announce',
      attempt: anAttempt({ startedAt: atHour(1) }),
    });
  });
});

describe('a job that is paused', () => {
  const attempts = [ended('Paused')];
  const settled = aWorkload({ attempt: 1 });

  test('resumes in its next window, as the next attempt', () => {
    const decision = aDecision({ chosen: anOption({ windows: [aWindow(6, 7)] }) });
    expect(nextStep(aView({ attempts, workload: settled, decision, now: atHour(6) }))).toMatchObject({
      do: 'Announce',
      attempt: { number: 2, startedAt: atHour(6) },
    });
  });

  test('resumes elsewhere in its next window there, also by a plan that was made before its pause', () => {
    const moves = [{ site: 'south', product: H100, slowdown: 0.25, windows: [aWindow(6, 7)] }];
    const decision = aDecision({ chosen: anOption({ windows: [aWindow(0, 1)], moves }) });
    const view = aView({ attempts, workload: settled, decision, now: atHour(2) });
    expect(nextStep(view)).toEqual({ do: 'Wait', until: atHour(6) });
    const announced = anAttempt({ number: 2, site: 'south', startedAt: atHour(6), slowdown: 0.25 });
    expect(nextStep({ ...view, now: atHour(6) })).toEqual({ do: 'Announce', attempt: announced });
    expect(nextStep({ ...view, attempts: [...attempts, announced], now: atHour(6) })).toMatchObject({
      do: 'Start',
      start: { attempt: 2, placement: [{ value: 'region-south' }, { value: H100 }] },
    });
  });

  test('does not resume while pods of the last attempt may still run', () => {
    const unsettled = aWorkload({ attempt: 1, settled: false });
    const terminating = aWorkload({ attempt: 1, terminatingPods: 1 });
    expect(nextStep(aView({ attempts, workload: unsettled }))).toEqual({ do: 'Wait' });
    expect(nextStep(aView({ attempts, workload: terminating }))).toEqual({ do: 'Wait' });
  });

  test('has what it ran already taken off its own time limit', () => {
    const record = aJobRecord({ spec: { template: aJobTemplate({ spec: { activeDeadlineSeconds: 7_200 } }) } });
    const announced = [...attempts, anAttempt({ number: 2 })];
    expect(nextStep(aView({ record, attempts: announced, workload: settled }))).toMatchObject({
      do: 'Start',
      start: { timeLimit: HOUR_MS },
    });
  });

  test('has its end recorded by what is left to see, where the operator stopped in between', () => {
    const status = { conditions: [aCondition('Running')] };
    const record = aJobRecord({ status });
    const workload = aWorkload({ attempt: 1, suspendedAt: atHour(1) });
    const view = aView({ record, attempts: [anAttempt()], workload, now: atHour(2) });
    expect(nextStep(view)).toEqual({ do: 'Close', end: { at: atHour(1), ran: HOUR_MS, reason: 'Paused' } });
    expect(nextStep({ ...view, record: aJobRecord() })).toMatchObject({
      do: 'Close',
      end: { reason: 'Unschedulable' },
    });
    expect(nextStep({ ...view, record: aJobRecord({ spec: { suspend: true } }) })).toMatchObject({
      do: 'Close',
      end: { reason: 'Suspended' },
    });
  });

  test('has its end recorded as the Job itself knows it, before what is left to see', () => {
    const record = aJobRecord({ status: { conditions: [aCondition('Running')] } });
    const workload = (suspendedFor: string) => aWorkload({ attempt: 1, suspendedAt: atHour(1), suspendedFor });
    const view = aView({ record, attempts: [anAttempt()], now: atHour(2) });
    for (const reason of ['Suspended', 'Unschedulable', 'Moved', 'Paused', 'Idle']) {
      expect(nextStep({ ...view, workload: workload(reason) })).toMatchObject({ do: 'Close', end: { reason } });
    }
    const byHand = nextStep({ ...view, workload: workload('a whim') });
    expect(byHand).toMatchObject({ do: 'Close', end: { reason: 'Paused' } });
  });

  test('is made anew where the API server would not place it again', () => {
    const refused = [...attempts, ended('Moved', { number: 2, ran: 0 })];
    expect(nextStep(aView({ attempts: refused, workload: settled }))).toEqual({ do: 'Remake' });
    expect(nextStep(aView({ attempts: refused, workload: undefined }))).toEqual({ do: 'Create' });
    const anew = aWorkload({ metadata: { ...settled.metadata, uid: 'new' } });
    expect(nextStep(aView({ attempts: refused, workload: anew }))).toMatchObject({
      do: 'Announce',
      attempt: { number: 3, jobUid: 'new' },
    });
  });
});

describe('a Job that has disappeared', () => {
  test.each([
    ['while it ran', [anAttempt()]],
    ['while it was paused', [ended('Paused')]],
    ['after a move that had stopped it', [ended('Moved')]],
    ['after its pods had been unschedulable', [ended('Unschedulable', { ran: 0 })]],
  ])('%s has failed, and is not run again', (_, attempts) => {
    expect(nextStep(aView({ attempts, workload: undefined }))).toMatchObject({
      do: 'Fail',
      refusal: { reason: 'JobDeleted' },
    });
  });

  test('and has been replaced by one of someone else has failed as well', () => {
    const workload = aWorkload({ metadata: { name: 'train', namespace: 'research', uid: 'other' } });
    expect(nextStep(aView({ attempts: [anAttempt()], workload }))).toMatchObject({ do: 'Fail' });
  });

  test('before it was ever started is made again', () => {
    expect(nextStep(aView({ workload: undefined }))).toEqual({ do: 'Create' });
  });

  test('is waited for while it is still going', () => {
    const { metadata } = aWorkload();
    const workload = aWorkload({ metadata: { ...metadata, deletionTimestamp: '2026-06-01T00:00:00Z' } });
    expect(nextStep(aView({ attempts: [anAttempt()], workload }))).toEqual({ do: 'Wait' });
  });
});

describe('a hand that is not ours', () => {
  const suspendedByOther = aWorkload({ attempt: 1, suspendSetBy: 'kubectl-patch', suspendedAt: atHour(1) });
  const startedByOther = aWorkload({ suspended: false, suspendSetBy: 'kubectl-patch', startedAt: atHour(1) });

  test('that suspends a running Job ends its attempt', () => {
    const view = aView({ attempts: [anAttempt()], workload: suspendedByOther, pods: { running: 0 }, now: atHour(1) });
    expect(nextStep(view)).toMatchObject({ do: 'Close', end: { at: atHour(1), reason: 'SuspendedByOther' } });
  });

  test('that suspended a Job is not overruled, though its window has come', () => {
    expect(nextStep(aView({ attempts: [ended('SuspendedByOther')], workload: suspendedByOther }))).toEqual({
      do: 'Wait',
      until: atHour(23) + SECOND_MS,
    });
  });

  test('that sets it back has its Job taken over as the next attempt', () => {
    const workload = { ...startedByOther, attempt: 1 };
    const view = aView({ attempts: [ended('SuspendedByOther')], workload });
    expect(nextStep(view)).toMatchObject({ do: 'Announce', attempt: { number: 2, site: 'north', reason: 'Resumed' } });
    const adopted = [ended('SuspendedByOther'), anAttempt({ number: 2, reason: 'Resumed' })];
    expect(nextStep({ ...view, attempts: adopted })).toMatchObject({ do: 'Wait' });
  });

  test('that starts a Job before its time has it written down, and is not overruled', () => {
    const view = aView({ workload: startedByOther, decision: later, now: atHour(2) });
    expect(nextStep(view)).toMatchObject({
      do: 'Announce',
      attempt: { number: 1, startedAt: atHour(1), reason: 'SuspendedByOther' },
    });
    const attempts = [anAttempt({ reason: 'SuspendedByOther' })];
    expect(nextStep({ ...view, attempts })).toEqual({ do: 'Wait' });
  });

  test('that started a Job and suspends it again gives it back', () => {
    const attempts = [anAttempt({ reason: 'SuspendedByOther' })];
    const workload = aWorkload({ suspendSetBy: 'kubectl-patch', suspendedAt: atHour(1) });
    const view = aView({ attempts, workload, now: atHour(2) });
    expect(nextStep(view)).toMatchObject({ do: 'Close', end: { reason: 'Paused' } });
    const closed = [ended('Paused')];
    expect(nextStep({ ...view, attempts: closed, decision: later })).toEqual({ do: 'Wait', until: atHour(6) });
  });

  test('that touched suspend once, and left it as we have it, is none', () => {
    const running = aWorkload({ suspended: false, attempt: 1, suspendSetBy: 'kubectl-patch' });
    const record = aJobRecord({ spec: { interruptible } });
    const decision = aDecision({ chosen: anOption({ windows: [aWindow(6, 8)] }) });
    const view = aView({ record, attempts: [anAttempt()], workload: running, decision, now: atHour(1) });
    expect(nextStep(view)).toMatchObject({ do: 'Suspend', end: { reason: 'Paused' } });
  });
});

describe('a job that has ended', () => {
  const end = { outcome: 'Complete' as const, reason: 'CompletionsReached', message: '', at: atHour(2) };

  test('has its attempt closed at the end that its Job tells', () => {
    const workload = aWorkload({ suspended: false, attempt: 1, end, startedAt: MIDNIGHT });
    const view = aView({ attempts: [anAttempt()], workload, now: atHour(3) });
    expect(nextStep(view)).toEqual({ do: 'Close', end: { at: atHour(2), ran: 2 * HOUR_MS, reason: 'Completed' } });
    expect(nextStep({ ...view, attempts: [ended('Completed')] })).toEqual({ do: 'Wait' });
  });

  test('keeps its Job for as long as the template says, and then loses it', () => {
    const template = aJobTemplate({ spec: { ttlSecondsAfterFinished: 3_600 } });
    const record = aJobRecord({ spec: { template }, status: { conditions: [aCondition('Complete')] } });
    const view = aView({ record, workload: aWorkload({ end }), now: atHour(2) });
    expect(nextStep(view)).toEqual({ do: 'Wait', until: atHour(3) });
    expect(nextStep({ ...view, now: atHour(3) })).toEqual({ do: 'Remove' });
    expect(nextStep({ ...view, workload: undefined, now: atHour(4) })).toEqual({ do: 'Wait' });
  });

  test('keeps its Job where the template says nothing', () => {
    const record = aJobRecord({ status: { conditions: [aCondition('Failed')] } });
    expect(nextStep(aView({ record, workload: aWorkload({ end }), now: atHour(99) }))).toEqual({ do: 'Wait' });
  });

  test('never has a Job of someone else removed', () => {
    const template = aJobTemplate({ spec: { ttlSecondsAfterFinished: 0 } });
    const record = aJobRecord({ spec: { template }, status: { conditions: [aCondition('Failed')] } });
    const workload = aWorkload({ end, metadata: { name: 'train', namespace: 'research', uid: WORKLOAD_UID } });
    expect(nextStep(aView({ record, workload, now: atHour(99) }))).toEqual({ do: 'Wait' });
  });
});
