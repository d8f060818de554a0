import { describe, expect, test } from '@jest/globals';
import { aCondition, aJobRecord } from '../../../../test/builders/carbon-aware-job.ts';
import { anAttempt, aView, aWindow, aWorkload } from '../../../../test/builders/job-view.ts';
import { aSite, aSnapshot, atHour, H100, hours } from '../../../../test/builders/planning.ts';
import type {
  CarbonAwareJobStatus,
  CarbonAwareJobStatusAttempt,
} from '../../../api/v1alpha1/carbon-aware-job.generated.ts';
import { BUILT_IN_POLICY } from '../../../api/v1alpha1/defaults.ts';
import { formatTime } from '../../../api/v1alpha1/timestamps.ts';
import { ACCELERATOR_RESOURCES } from '../../../domain/accelerators/accelerator-resource.ts';
import { HOUR_MS, MINUTE_MS } from '../../../domain/units.ts';
import { plan } from '../../../planning/plan.ts';
import { writeAttempt } from '../attempts/attempts.ts';
import { statusOf } from '../status/status-of.ts';
import { planningSurroundings, toPlannable } from './to-plannable.ts';

const DIRTY = 900;
const cleanIn = (...clean: readonly number[]): readonly number[] =>
  Array.from({ length: 24 }, (_, hour) => (clean.includes(hour) ? 10 : DIRTY));
const SITES = [aSite('north', cleanIn(0, 1, 4, 5)), aSite('south', cleanIn(8, 9, 10))];
const interruptible = { minimumRun: '30m', restartOverhead: '0s', moveOverhead: '1h', maxPauses: 4 };
const spec = { expectedDuration: '6h', maxDelay: '16h', objective: 'Carbon', interruptible } as const;

/** What an operator plans and tells that knows no more than a status. */
function planned(status: CarbonAwareJobStatus, hour: number, sites = SITES) {
  const now = atHour(hour);
  const isRunning = status.attempts?.some(({ endedAt }) => endedAt === undefined) === true;
  const record = aJobRecord({ spec, status });
  const surroundings = planningSurroundings(sites, {
    ...{ now, slot: 5 * MINUTE_MS, resources: ACCELERATOR_RESOURCES },
    avoidanceBackoff: { base: 10 * MINUTE_MS, longest: HOUR_MS },
  });
  const attempt = status.attempts?.length ?? 0;
  const workload = aWorkload({ suspended: !isRunning, ...(attempt > 0 && { attempt }) });
  const job = toPlannable(record, workload, BUILT_IN_POLICY, surroundings);
  if (job === undefined) throw new Error('there is nothing to plan');
  const decision = plan(aSnapshot({ now, sites, jobs: [job] })).decisions.get(job.key);
  return { job, decision, status: statusOf(aView({ now, record, workload, decision }), {}) };
}

const ran = (number: number, site: string, from: number, to: number): CarbonAwareJobStatusAttempt =>
  writeAttempt(
    anAttempt({
      ...{ number, site, startedAt: atHour(from) },
      ...{ endedAt: atHour(to), ran: hours(to - from), reason: 'Paused' },
    }),
  );
const runs = (number: number, site: string, from: number): CarbonAwareJobStatusAttempt =>
  writeAttempt(anAttempt({ number, site, startedAt: atHour(from) }));
const runningSince = (hour: number) => [
  aCondition('Planned'),
  aCondition('Running', { lastTransitionTime: formatTime(atHour(hour)) }),
];
const told = (from: number, to: number) => ({ start: formatTime(atHour(from)), end: formatTime(atHour(to)) });

describe('a plan that goes on elsewhere', () => {
  const first = planned({}, 0).status;
  const moves = [{ site: 'south', accelerator: H100, windows: [told(8, 11)] }];

  test('is told with the site where the job runs next, and where it goes on', () => {
    expect(first.plan).toMatchObject({ site: 'north', windows: [told(0, 2), told(4, 6)], moves });
    expect(first.plan?.expected?.finish).toBe(formatTime(atHour(11)));
  });

  test.each<[string, CarbonAwareJobStatus, number, object]>([
    [
      'while it runs',
      { attempts: [runs(1, 'north', 0)], conditions: runningSince(0) },
      1,
      { site: 'north', windows: [told(0, 2), told(4, 6)], moves },
    ],
    ['in its first pause', { attempts: [ran(1, 'north', 0, 2)] }, 3, { site: 'north', windows: [told(4, 6)], moves }],
    [
      'while it runs for the last time there',
      { attempts: [ran(1, 'north', 0, 2), runs(2, 'north', 4)], conditions: runningSince(4) },
      5,
      { site: 'north', windows: [told(4, 6)], moves },
    ],
    [
      'once it is paused to go on elsewhere',
      { attempts: [ran(1, 'north', 0, 2), ran(2, 'north', 4, 6)] },
      7,
      { site: 'south', windows: [told(8, 11)] },
    ],
    [
      'while it runs elsewhere',
      { attempts: [ran(1, 'north', 0, 2), ran(2, 'north', 4, 6), runs(3, 'south', 8)], conditions: runningSince(8) },
      10,
      { site: 'south', windows: [told(8, 11)] },
    ],
  ])('is kept by an operator that was started anew %s', (_, since, hour, left) => {
    const { decision, status } = planned({ ...first, ...since }, hour);
    expect(decision?.chosen?.windows.at(-1)?.endsAt).toBeGreaterThan(atHour(hour));
    expect(status.plan).toMatchObject(left);
    expect(status.plan?.moves).toEqual('moves' in left ? left.moves : undefined);
    expect(status.plan?.expected?.finish).toBe(formatTime(atHour(11)));
  });

  test('stays though going back would be a little cleaner by now, as any promise does', () => {
    const attempts = [ran(1, 'north', 0, 2), ran(2, 'north', 4, 6)];
    const north = cleanIn(0, 1, 4, 5).map((figure, hour) => (hour === 13 || hour === 14 ? 14.8 : figure));
    const sites = [aSite('north', north), aSite('south', cleanIn(8, 9, 10))];
    const chosen = (status: CarbonAwareJobStatus) => planned({ ...status, attempts }, 7, sites).decision;
    expect(chosen(first)).toMatchObject({ kept: true, chosen: { site: 'south' } });
    expect(chosen({})).toMatchObject({ kept: false, chosen: { site: 'north', windows: [aWindow(13, 15)] } });
  });
});

describe('where a job that has run is, for the planner', () => {
  const attempts = [ran(1, 'north', 0, 2), ran(2, 'north', 4, 6)];
  const conditions = [aCondition('Planned')];
  const there = { site: 'south', accelerator: H100, windows: [told(8, 11)] };

  test('is where it ran last, with what was promised elsewhere as a move', () => {
    expect(planned({ attempts, conditions, plan: there }, 7).job.current).toEqual({
      ...{ site: 'north', product: H100, windows: [aWindow(4, 6)] },
      moves: [{ site: 'south', product: H100, windows: [aWindow(8, 11)] }],
    });
  });

  test('does not change with a start that never ran', () => {
    const failed = writeAttempt(
      anAttempt({ number: 3, site: 'south', startedAt: atHour(6), endedAt: atHour(6), ran: 0, reason: 'Moved' }),
    );
    const status = { attempts: [...attempts, failed], conditions, plan: there };
    expect(planned(status, 7).job.current?.site).toBe('north');
  });

  test('is told without a promise as well', () => {
    expect(planned({ attempts }, 7).job.current).toEqual({ site: 'north', product: H100, windows: [], moves: [] });
  });

  test('is never a window that a clock elsewhere ended later than now', () => {
    expect(planned({ attempts, conditions, plan: there }, 5.5).job.current?.windows).toEqual([aWindow(4, 5.5)]);
  });
});
