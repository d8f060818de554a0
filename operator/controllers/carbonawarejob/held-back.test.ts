import { describe, expect, test } from '@jest/globals';
import { aJobRecord } from '../../../test/builders/carbon-aware-job.ts';
import { anAttempt, aView, aWorkload } from '../../../test/builders/job-view.ts';
import { atHour, H100 } from '../../../test/builders/planning.ts';
import { HOUR_MS, SECOND_MS } from '../../domain/units.ts';
import { heldBackBy, lateAt, tooLateFrom } from './held-back.ts';
import type { JobView } from './job-view.ts';

describe('a job is kept from being planned', () => {
  const ended = (reason: string) => [anAttempt({ endedAt: atHour(1), ran: HOUR_MS, reason })];
  const workload = aWorkload({ attempt: 1, suspendSetBy: 'kubectl-patch' });

  test.each<[string, Partial<JobView>, ReturnType<typeof heldBackBy>]>([
    ['by its user', { record: aJobRecord({ spec: { suspend: true } }) }, 'User'],
    ['by who suspended its Job', { workload, attempts: ended('SuspendedByOther') }, 'Other'],
    ['by nobody', {}, undefined],
    [
      'by nobody where the plan paused it',
      { workload: aWorkload({ attempt: 1 }), attempts: ended('Paused') },
      undefined,
    ],
  ])('%s', (_, overrides, by) => {
    expect(heldBackBy(aView(overrides))).toBe(by);
  });
});

describe('a job that stands still is too late', () => {
  const due = { deadline: atHour(10) };
  const lateFrom = (spec: object, overrides: Partial<JobView> = {}) =>
    tooLateFrom(aView({ record: aJobRecord({ spec }), ...due, ...overrides }));

  test('when what is left at the speed of its best accelerator takes longer than until its deadline', () => {
    expect(lateFrom({})).toBe(atHour(8));
    const accelerators = [
      { product: H100, speed: '1' },
      { product: 'B200', speed: '2' },
    ];
    expect(lateFrom({ accelerators })).toBe(atHour(9));
    const attempts = [anAttempt({ endedAt: atHour(1), ran: HOUR_MS, reason: 'Suspended' })];
    expect(lateFrom({}, { attempts })).toBe(atHour(9));
  });

  test('at its deadline where nobody has told its length, and never where that is not known', () => {
    expect(lateFrom({ expectedDuration: undefined })).toBe(atHour(10));
    expect(lateFrom({}, { deadline: undefined })).toBeUndefined();
  });

  test('which is looked at a moment later, and then no more', () => {
    const view = (now: number) => aView({ record: aJobRecord(), ...due, now });
    expect(lateAt(view(atHour(3)))).toBe(atHour(8) + SECOND_MS);
    expect(lateAt(view(atHour(8) + 1))).toBeUndefined();
  });
});
