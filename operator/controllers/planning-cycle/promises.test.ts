import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { aJobRecord } from '../../../test/builders/carbon-aware-job.ts';
import { aView, aWorkload } from '../../../test/builders/job-view.ts';
import { aPlannableJob, aSite, aSnapshot, atHour, MIDNIGHT } from '../../../test/builders/planning.ts';
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

test('windows that were missed by then are not promised, but for the last', () => {
  const job = aPlannableJob();
  const snapshot = aSnapshot({ sites: [aSite('north', [300, 200, 100, 300])], jobs: [job] });
  const published = plan(snapshot);
  const [first] = withPromises(snapshot, published).jobs;
  const [later] = withPromises({ ...snapshot, now: atHour(20) }, published).jobs;
  expect(later?.current).toEqual(first?.current);
});
