import { describe, expect, jest, test } from '@jest/globals';
import { aCondition, aJobRecord } from '../../../../test/builders/carbon-aware-job.ts';
import { anAttempt, aView, aWorkload } from '../../../../test/builders/job-view.ts';
import { atHour, H100, hours, MIDNIGHT } from '../../../../test/builders/planning.ts';
import { SlowdownHistory } from '../../../accounting/slowdown/slowdown-history.ts';
import type { CarbonAwareJobSpec } from '../../../api/v1alpha1/carbon-aware-job.generated.ts';
import { findCondition, type Condition } from '../../../api/v1alpha1/conditions.ts';
import { formatTime } from '../../../api/v1alpha1/timestamps.ts';
import { HOUR_MS, MINUTE_MS } from '../../../domain/units.ts';
import type { Attempt } from '../attempts/attempts.ts';
import type { JobView } from '../job-view.ts';
import { nextStep } from '../step/next-step.ts';
import { changeNotes } from './change-notes.ts';
import { conditionsOf } from './conditions-of.ts';
import { statusOf } from './status-of.ts';

const TYPE = 'SlowerThanAllowed';
const { identity } = aJobRecord();

/** Ten runs at each of the sites, in hours: on an H100, or on what is named after the site, as in `north A100`. */
function tenRuns(lengths: Readonly<Record<string, number>>): SlowdownHistory {
  return new SlowdownHistory(
    Object.entries(lengths).flatMap(([place, length]) => {
      const [site = '', product = H100] = place.split(' ');
      return Array.from({ length: 10 }, () => ({ identity, site, product, work: hours(length) }));
    }),
  );
}

interface Stage {
  readonly slowdowns?: SlowdownHistory;
  readonly attempts?: readonly Attempt[];
  /** Since midnight. */
  readonly ranHours?: number;
  readonly limit?: number | undefined;
  readonly home?: string | undefined;
  readonly spec?: Partial<CarbonAwareJobSpec>;
  readonly before?: Condition[];
}

/** A job that has run at `north` since midnight. */
function viewOf({ slowdowns = tenRuns({ home: 2, north: 2 }), attempts, ranHours = 1, before = [], ...rest }: Stage) {
  const limit = 'limit' in rest ? rest.limit : 10;
  const home = 'home' in rest ? rest.home : 'home';
  const running = aCondition('Running', { lastTransitionTime: formatTime(MIDNIGHT) });
  const record = aJobRecord({
    spec: { ...(limit !== undefined && { placement: { maxSlowdownPercent: limit } }), ...rest.spec },
    status: { conditions: [running, ...before] },
  });
  const workload = aWorkload({ suspended: false, attempt: 1 });
  const now = atHour(ranHours);
  return aView({
    record,
    slowdowns: () => slowdowns,
    home,
    attempts: attempts ?? [anAttempt()],
    workload,
    now,
  });
}

const told = (stage: Stage): Condition | undefined => findCondition(conditionsOf(viewOf(stage), {}), TYPE);

describe('the condition SlowerThanAllowed', () => {
  test('is not there before there was anything to say', () => {
    expect(told({})).toBeUndefined();
    expect(told({ slowdowns: new SlowdownHistory([]), ranHours: 50 })).toBeUndefined();
  });

  test('says that jobs like it took longer where it runs', () => {
    expect(told({ slowdowns: tenRuns({ home: 2, north: 2.4 }) })).toMatchObject({
      status: 'True',
      reason: TYPE,
      message:
        'measured: jobs like it took 19 % longer at north (10 runs) than at home (10 runs); spec.placement.maxSlowdownPercent allows 10 %: allow more, or name north in spec.placement.sites.deny of jobs to come',
    });
  });

  test('is quiet within the limit, in doubt, without a limit, and before it has run', () => {
    const slowdowns = tenRuns({ home: 2, north: 2.4 });
    expect(told({ slowdowns, limit: 25 })).toBeUndefined();
    expect(told({ slowdowns, limit: undefined })).toBeUndefined();
    expect(told({ slowdowns: tenRuns({ home: 2, north: 2.25 }) })).toBeUndefined();
    expect(told({ slowdowns, attempts: [anAttempt({ endedAt: atHour(1), ran: 0 })] })).toBeUndefined();
  });

  test('asks what jobs like it took only for one that has run and says how much longer it may take', () => {
    const asked = jest.fn(() => tenRuns({ home: 2, north: 2.4 }));
    conditionsOf({ ...viewOf({ limit: undefined }), slowdowns: asked }, {});
    conditionsOf({ ...viewOf({ attempts: [] }), slowdowns: asked }, {});
    expect(asked).not.toHaveBeenCalled();
    conditionsOf({ ...viewOf({}), slowdowns: asked }, {});
    expect(asked).toHaveBeenCalled();
  });

  test('counts what was planned for its data as well', () => {
    const slowdowns = tenRuns({ home: 2, north: 2.25 });
    const attempts = [anAttempt({ slowdown: 0.09 })];
    expect(told({ slowdowns, attempts })).toMatchObject({
      status: 'True',
      message: expect.stringContaining('beside 9 % longer for reading its data'),
    });
  });

  test('says that it has itself taken longer than jobs like it elsewhere, while it still runs', () => {
    const slowdowns = tenRuns({ home: 2 });
    expect(told({ slowdowns, ranHours: 2.2 })).toBeUndefined();
    expect(told({ slowdowns, ranHours: 3 })).toMatchObject({
      status: 'True',
      message: expect.stringContaining(
        'measured: it has taken 50 % longer at north than jobs like it at home (10 runs)',
      ),
    });
  });

  test('is quiet at home, and where no home is named at the place that all are compared with, however quick others are', () => {
    const slowdowns = tenRuns({ north: 3, south: 2 });
    expect(told({ slowdowns, home: 'north', ranHours: 3 })).toBeUndefined();
    expect(told({ slowdowns: tenRuns({ south: 2 }), home: 'north', ranHours: 3 })).toBeUndefined();
    const mostAtNorth = [2, 2, 2, 3, 3, 3, 3].map((length) => {
      return { identity, site: length === 3 ? 'north' : 'south', product: H100, work: hours(length) };
    });
    expect(told({ slowdowns: new SlowdownHistory(mostAtNorth), home: undefined, ranHours: 3 })).toBeUndefined();
  });

  test('is about the accelerator where it is compared with another, and about the site where it is not', () => {
    const stage = { attempts: [anAttempt({ product: 'A100' })], spec: { accelerators: [{ product: 'A100' }] } };
    const slowdowns = tenRuns({ home: 2, north: 2, 'north A100': 3 });
    const remedy =
      'allow more, or correct the speed of A100 in spec.accelerators of jobs to come, or leave it out there';
    const byOthers = told({ ...stage, slowdowns });
    expect(byOthers?.message).toContain('at north on A100 (10 runs) than at home on NVIDIA-H100');
    expect(byOthers?.message.endsWith(`: ${remedy}`)).toBe(true);
    expect(told({ ...stage, slowdowns, home: 'north' })?.message).toContain(remedy);
    expect(told({ ...stage, slowdowns: tenRuns({ home: 2 }), ranHours: 3 })?.message).toContain(remedy);
    const alike = tenRuns({ 'home A100': 2, 'north A100': 3 });
    expect(told({ ...stage, slowdowns: alike })?.message).toContain('name north in spec.placement.sites.deny');
  });

  test('asks for the accelerators to be named where the spec has none whose speed could be corrected', () => {
    const stage = { attempts: [anAttempt({ product: 'A100' })], slowdowns: tenRuns({ home: 2, 'north A100': 3 }) };
    const remedy =
      ': allow more, or name the accelerators to use in spec.accelerators of jobs to come, without A100 or with its speed';
    for (const accelerators of [[], [{ product: H100 }]]) {
      const condition = told({ ...stage, spec: { accelerators } });
      expect(condition?.message.endsWith(remedy)).toBe(true);
    }
  });

  test('says nothing of its own time where it ran at several sites', () => {
    const ended = anAttempt({ site: 'south', endedAt: atHour(1), ran: hours(1) });
    const attempts = [ended, anAttempt({ number: 2, startedAt: atHour(1) })];
    expect(told({ slowdowns: tenRuns({ home: 2 }), attempts, ranHours: 9 })).toBeUndefined();
  });

  test('is over once nothing shows it any more', () => {
    const before = [aCondition(TYPE, { reason: TYPE })];
    expect(told({ before })).toMatchObject({
      ...{ status: 'False', reason: 'SlowdownWithinLimit' },
      message: 'nothing that was measured shows it to be slower than spec.placement.maxSlowdownPercent allows',
    });
  });

  test('is over once nothing is limited any more, and says so', () => {
    const slowdowns = tenRuns({ home: 2, north: 3 });
    expect(told({ slowdowns, limit: undefined, before: [aCondition(TYPE, { reason: TYPE })] })).toMatchObject({
      ...{ status: 'False', reason: 'SlowdownWithinLimit' },
      message: 'spec.placement.maxSlowdownPercent is not set, so it may take as long as its deadline allows',
    });
  });

  test('is left as it is while the spec cannot be read', () => {
    const before = [aCondition(TYPE, { reason: TYPE, message: 'slower' })];
    const stage = { slowdowns: tenRuns({ home: 2, north: 3 }), spec: { expectedDuration: 'banana' } };
    expect(told({ ...stage, before })).toEqual(before[0]);
    expect(told(stage)).toBeUndefined();
  });

  test('keeps the words of when it began, while figures move', () => {
    const stage = { slowdowns: tenRuns({ home: 2 }), ranHours: 3 };
    const first = told(stage);
    if (first === undefined) throw new Error('nothing is said');
    expect(told({ ...stage, ranHours: 4, before: [first] })).toEqual(first);
    expect(told({ slowdowns: tenRuns({ home: 2, north: 3 }), before: [first] })).toEqual(first);
  });

  test('has new words for another limit, at another site, and when it begins again', () => {
    const stage = { slowdowns: tenRuns({ home: 2 }), ranHours: 3 };
    const first = told(stage);
    if (first === undefined) throw new Error('nothing is said');
    const { message } = first;
    expect(told({ ...stage, limit: 5, before: [first] })?.message).toContain('allows 5 %');
    expect(told({ ...stage, attempts: [anAttempt({ site: 'south' })], before: [first] })?.message).toContain(
      'at south',
    );
    expect(told({ ...stage, ranHours: 4, before: [{ ...first, status: 'False' }] })?.message).not.toBe(message);
  });

  test('has them at another site on the same accelerator as well, and keeps them where it stays', () => {
    const on = (site: string): readonly Attempt[] => [anAttempt({ site, product: 'A100' })];
    const slowdowns = tenRuns({ home: 2 });
    const first = told({ slowdowns, attempts: on('north'), ranHours: 3 });
    if (first === undefined) throw new Error('nothing is said');
    const known = tenRuns({ home: 2, 'north A100': 3, 'south A100': 3 });
    expect(told({ slowdowns: known, attempts: on('north'), ranHours: 4, before: [first] })).toEqual(first);
    expect(told({ slowdowns: known, attempts: on('south'), before: [first] })?.message).toContain('at south on A100');
  });

  test('is judged at the end of the job, and told as an event when it begins', () => {
    const view = viewOf({ slowdowns: tenRuns({ home: 2 }), ranHours: 5 });
    const ended = {
      ...view,
      attempts: [anAttempt({ endedAt: atHour(5), ran: hours(5), reason: 'Completed' })],
      workload: aWorkload({
        suspended: false,
        attempt: 1,
        end: { outcome: 'Complete', reason: 'Completed', message: '', at: atHour(5) },
      }),
    };
    const after = statusOf(ended, {});
    expect(findCondition(after.conditions, TYPE)).toMatchObject({ status: 'True' });
    expect(findCondition(after.conditions, 'Complete')).toMatchObject({ status: 'True' });
    const reasons = (from: typeof after): readonly string[] =>
      changeNotes(from, after, 5 * MINUTE_MS).map(({ reason }) => reason);
    expect(reasons({})).toContain(TYPE);
    expect(reasons(after)).not.toContain(TYPE);
  });
});

describe('when a job is looked at again that may become slower than it allows', () => {
  const slowdowns = tenRuns({ home: 2 });
  const lookedAtAgain = (view: JobView): number | undefined => {
    const step = nextStep(view);
    return step.do === 'Wait' ? step.until : undefined;
  };

  test('is when it will be, and not before', () => {
    const at = lookedAtAgain(viewOf({ slowdowns, ranHours: 1 })) ?? NaN;
    const hoursUntil = (at - MIDNIGHT) / HOUR_MS;
    expect(told({ slowdowns, ranHours: hoursUntil })).toMatchObject({ status: 'True' });
    expect(told({ slowdowns, ranHours: hoursUntil - 2 / 3_600 })).toBeUndefined();
    expect(lookedAtAgain(viewOf({ slowdowns, ranHours: 2 }))).toBeCloseTo(at, -1);
  });

  test('comes sooner on an accelerator that does more in the same time', () => {
    const view = viewOf({ slowdowns, ranHours: 1 });
    const accelerators = [{ product: H100, speed: '2' }];
    const record = {
      ...view.record,
      spec: aJobRecord({ spec: { accelerators, placement: { maxSlowdownPercent: 10 } } }).spec,
    };
    const fast = lookedAtAgain({ ...view, record }) ?? NaN;
    const slow = lookedAtAgain(view) ?? NaN;
    expect(fast - MIDNIGHT).toBeCloseTo((slow - MIDNIGHT) / 2, -4);
  });

  test('is never where it has no limit, is slower already, or may take as long as is counted at most', () => {
    expect(lookedAtAgain(viewOf({ slowdowns, limit: undefined }))).toBeUndefined();
    expect(lookedAtAgain(viewOf({ slowdowns, ranHours: 4 }))).toBeUndefined();
    expect(lookedAtAgain(viewOf({ slowdowns, limit: 300 }))).toBeUndefined();
    expect(lookedAtAgain(viewOf({ slowdowns: new SlowdownHistory([]) }))).toBeUndefined();
  });
});
