import { describe, expect, test } from '@jest/globals';
import { aCondition, aJobRecord, type JobOverrides } from '../../../../test/builders/carbon-aware-job.ts';
import { atHour, H100, hours } from '../../../../test/builders/planning.ts';
import { FakeClock } from '../../../../test/fixtures/fake-clock.ts';
import type { CarbonAwareJobStatusAttempt } from '../../../api/v1alpha1/carbon-aware-job.generated.ts';
import { formatTime } from '../../../api/v1alpha1/timestamps.ts';
import { SECOND_MS } from '../../../domain/units.ts';
import type { JobRecord } from '../job-record.ts';
import { KnownSlowdowns, type KnownRuns } from './known-slowdowns.ts';
import { siteRun } from './site-runs.ts';

type Told = Partial<CarbonAwareJobStatusAttempt> & { readonly hours: number };

/** Attempts one after the other from midnight on. */
function finished(runs: readonly Told[], { status, ...overrides }: JobOverrides = {}): JobRecord {
  let startsAt = 0;
  const attempts = runs.map(({ hours: length, ...told }, k) => {
    const from = startsAt;
    startsAt += length;
    return {
      ...{ number: k + 1, site: 'north', accelerator: H100, job: 'train', reason: 'Completed' },
      ...{ startedAt: formatTime(atHour(from)), endedAt: formatTime(atHour(from + length)) },
      ...told,
      runSeconds: length * 3_600,
    };
  });
  return aJobRecord({ ...overrides, status: { conditions: [aCondition('Complete')], attempts, ...status } });
}

describe('what a finished job tells about its site', () => {
  test('is its work, by the speed of its accelerator and without what was planned for its data', () => {
    const spec = { accelerators: [{ product: H100, speed: '0.5' }] };
    const run = { identity: aJobRecord().identity, site: 'north', product: H100 };
    expect(siteRun(finished([{ hours: 6, slowdownPercent: '20' }], { spec }))).toEqual({ ...run, work: hours(2.5) });
  });

  test('is nothing where it failed, was moved, is not over, or has attempts that are no longer listed', () => {
    const failed = finished([{ hours: 6 }], { status: { conditions: [aCondition('Failed')] } });
    const moved = finished([{ hours: 3 }, { hours: 3, site: 'south' }]);
    const elsewhere = finished([{ hours: 3 }, { hours: 3, accelerator: 'A100' }]);
    const forgotten = finished([{ hours: 3, number: 2 }], { status: { completedWork: 3_600 } });
    for (const job of [failed, moved, elsewhere, forgotten, aJobRecord()]) expect(siteRun(job)).toBeUndefined();
  });

  test('is the same where it was announced elsewhere and never ran there', () => {
    expect(siteRun(finished([{ hours: 0, site: 'south' }, { hours: 6 }]))).toMatchObject({
      site: 'north',
      work: hours(6),
    });
  });

  test('is nothing where restarts may have taken more than a tenth of its time', () => {
    const spec = { interruptible: { restartOverhead: '15m' } };
    const twice = [{ hours: 3 }, { hours: 3 }];
    expect(siteRun(finished(twice, { spec }))?.work).toBe(hours(5.75));
    expect(siteRun(finished([...twice, { hours: 0.5 }, { hours: 0.5 }], { spec }))).toBeUndefined();
  });
});

describe('known slowdowns', () => {
  const job = (name: string, site: string, length: number): JobRecord =>
    finished([{ hours: length, site }], { metadata: { name, uid: name } });
  const jobs = [0, 1, 2].flatMap((k) => [job(`north-${String(k)}`, 'north', 6), job(`south-${String(k)}`, 'south', 9)]);

  const waiting = aJobRecord();
  const last = job('last', 'south', 9);
  const runsOf = ({ history }: KnownRuns): number | undefined => history.observed(last.identity, 'north')[0]?.runs;

  /** Six jobs, of which what they tell has been worked out. */
  function known() {
    const store: JobRecord[] = [...jobs];
    const clock = new FakeClock();
    const slowdowns = new KnownSlowdowns({ list: () => store }, clock);
    return { store, clock, slowdowns, first: slowdowns.now() };
  }

  test('are worked out anew when another job has finished, or is gone', () => {
    const { store, slowdowns, first } = known();
    expect(runsOf(first)).toBe(3);
    store.push(last);
    slowdowns.jobChanged({ type: 'updated', key: 'last', previous: waiting, current: last });
    expect(runsOf(slowdowns.now())).toBe(4);
    store.splice(0);
    slowdowns.jobChanged({ type: 'deleted', key: 'last', previous: last });
    expect(runsOf(slowdowns.now())).toBeUndefined();
  });

  test('are not for what changes of a job otherwise', () => {
    const { slowdowns, first } = known();
    const [finishedJob = waiting] = jobs;
    const annotated = { ...finishedJob, metadata: { ...finishedJob.metadata, resourceVersion: '2' } };
    slowdowns.jobChanged({ type: 'added', key: 'a', current: waiting });
    slowdowns.jobChanged({ type: 'updated', key: 'a', previous: waiting, current: waiting });
    slowdowns.jobChanged({ type: 'updated', key: 'b', previous: finishedJob, current: annotated });
    expect(slowdowns.now()).toBe(first);
  });

  test('may be some seconds old for who looks at one job', async () => {
    const { clock, store, slowdowns, first } = known();
    store.push(last);
    slowdowns.jobChanged({ type: 'updated', key: 'last', previous: waiting, current: last });
    expect(slowdowns.lately()).toBe(first);
    await clock.advance(10 * SECOND_MS);
    const later = slowdowns.lately();
    expect(runsOf(later)).toBe(4);
    await clock.advance(10 * SECOND_MS);
    expect(slowdowns.lately()).toBe(later);
  });

  test('are never those of a cache that was not full yet', () => {
    const { store, slowdowns } = known();
    store.push(last);
    slowdowns.jobChanged({ type: 'added', key: 'last', current: last });
    expect(runsOf(slowdowns.lately())).toBe(4);
  });
});
