import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { aJobRecord } from '../../../test/builders/carbon-aware-job.ts';
import { aView, aWindow, aWorkload } from '../../../test/builders/job-view.ts';
import { aPlannableJob, aSite, aSnapshot, atHour, H100, hours, MIDNIGHT } from '../../../test/builders/planning.ts';
import { BUILT_IN_POLICY } from '../../api/v1alpha1/defaults.ts';
import { ACCELERATOR_RESOURCES } from '../../domain/accelerators/accelerator-resource.ts';
import type { Decision } from '../../domain/decision.ts';
import { HOUR_MS, MINUTE_MS } from '../../domain/units.ts';
import { plan } from '../../planning/plan.ts';
import { sameValue } from '../../planning/replan/same-value.ts';
import type { JobRecord } from '../carbonawarejob/job-record.ts';
import { planningSurroundings, toPlannable } from '../carbonawarejob/plannable/to-plannable.ts';
import { statusOf } from '../carbonawarejob/status/status-of.ts';
import { withPromises } from './promises.ts';

const SLOT = 5 * MINUTE_MS;

const someFigures = fc.array(fc.double({ min: 1, max: 900, noNaN: true }), { minLength: 30, maxLength: 30 });
const someSpec = fc.record({
  maxDelay: fc.constantFrom('1m', '7h', '23h'),
  interruptible: fc.constantFrom(undefined, {
    minimumRun: '30m',
    restartOverhead: '5m',
    moveOverhead: '10m',
    maxPauses: 3,
  }),
  expectedDuration: fc.constantFrom('47m', '3h', '7h30m', undefined),
});

/** As the operator sees it a while after midnight, at two sites. */
function seen(record: JobRecord, figures: readonly (readonly number[])[], now: number) {
  const sites = ['north', 'south'].map((name, k) => aSite(name, figures[k] ?? []));
  const surroundings = planningSurroundings(sites, {
    ...{ now, slot: SLOT, resources: ACCELERATOR_RESOURCES },
    avoidanceBackoff: { base: 10 * MINUTE_MS, longest: HOUR_MS },
  });
  const job = toPlannable(record, aWorkload(), BUILT_IN_POLICY, surroundings);
  if (job === undefined) throw new Error('there is nothing to plan');
  return { job, snapshot: aSnapshot({ now, slot: SLOT, sites, jobs: [job] }) };
}

test('a job holds to its plan as its status will tell it, so that it is the same once that is written', () => {
  fc.assert(
    fc.property(
      fc.tuple(someFigures, someFigures),
      someSpec,
      fc.integer({ min: 0, max: HOUR_MS }),
      (figures, { expectedDuration, interruptible, maxDelay }, sinceMidnight) => {
        const now = MIDNIGHT + sinceMidnight;
        const spec = {
          maxDelay,
          ...(expectedDuration !== undefined && { expectedDuration }),
          ...(interruptible !== undefined && { interruptible }),
        };
        const { job, snapshot } = seen(aJobRecord({ spec }), figures, now);
        const published = plan(snapshot);
        const decision = published.decisions.get(job.key);
        const [promised] = withPromises(snapshot, published).jobs;
        expect(promised?.current).toBeDefined();

        const status = statusOf(aView({ now, record: aJobRecord({ spec }), decision }), {});
        const told = seen(aJobRecord({ spec, status }), figures, now).job;
        expect({ ...promised, same: sameValue(promised, told) }).toEqual({ ...told, same: true });
      },
    ),
  );
});

test('only a job that waits without a word in its status does so, and only by a plan of its own revision', () => {
  const job = aPlannableJob();
  const snapshot = aSnapshot({ sites: [aSite('north', [300, 200, 100])], jobs: [job] });
  const published = plan(snapshot);
  const current = { site: 'south', product: undefined, windows: [], moves: [] };
  for (const other of [
    aPlannableJob({ current }),
    aPlannableJob({ phase: 'Paused' }),
    aPlannableJob({ revision: 'another/1' }),
  ]) {
    expect(withPromises({ ...snapshot, jobs: [other] }, published).jobs).toEqual([other]);
  }
  const nowhere = [...published.decisions].map(([key, decision]): [string, Decision] => [
    key,
    { ...decision, chosen: undefined },
  ]);
  expect(withPromises(snapshot, { ...published, decisions: new Map(nowhere) }).jobs).toEqual([job]);
  expect(withPromises(snapshot, undefined).jobs).toEqual([job]);
});

test('of places whose windows are all over by then none is promised, but for the last', () => {
  const cleanIn = (...clean: readonly number[]) => Array.from({ length: 24 }, (_, h) => (clean.includes(h) ? 10 : 900));
  const interruptible = { minimumRun: 0, restartOverhead: 0, moveOverhead: hours(1), maxPauses: 4 };
  const job = aPlannableJob({ interruptible, remainingWork: hours(6), totalWork: hours(6) });
  const sites = [aSite('north', cleanIn(0, 1, 4, 5)), aSite('south', cleanIn(8, 9, 10))];
  const snapshot = aSnapshot({ sites, jobs: [job] });
  const published = plan(snapshot);
  const promisedAt = (hour: number) => withPromises({ ...snapshot, now: atHour(hour) }, published).jobs[0]?.current;
  const south = { site: 'south', product: H100, windows: [aWindow(8, 11)] };
  const all = { site: 'north', product: H100, windows: [aWindow(0, 2), aWindow(4, 6)], moves: [south] };
  expect([0, 3, 7, 20].map(promisedAt)).toEqual([all, all, { ...south, moves: [] }, { ...south, moves: [] }]);
});

describe('the baseline of a decision', () => {
  const decidedOnce = () => {
    const job = aPlannableJob({ home: 'north' });
    const snapshot = aSnapshot({ sites: [aSite('north', [300, 200, 100])], jobs: [job] });
    return { job, snapshot, published: plan(snapshot) };
  };

  test('is put into the words of a status once, not at every plan', () => {
    const { snapshot, published } = decidedOnce();
    const [first, later] = [0, 1].map((hour) => withPromises({ ...snapshot, now: atHour(hour) }, published).jobs[0]);
    expect(first?.baseline?.site).toBe('north');
    expect(later?.baseline).toBe(first?.baseline);
  });

  test('is told of each job from its own creation on, even if two were decided alike', () => {
    const { job, snapshot, published } = decidedOnce();
    const other = aPlannableJob({ key: 'research/other', createdAt: atHour(-3) });
    const decisions = new Map(
      [job, other].map(({ key }) => [key, published.decisions.get(job.key)] as [string, Decision]),
    );
    const { jobs } = withPromises({ ...snapshot, jobs: [job, other, job] }, { ...published, decisions });
    expect(jobs.map(({ baseline }) => baseline?.startsAt)).toEqual([MIDNIGHT, atHour(-3), MIDNIGHT]);
  });
});
