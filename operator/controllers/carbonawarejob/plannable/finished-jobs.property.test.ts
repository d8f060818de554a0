import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { aCondition, aJobRecord, aJobTemplate, type JobOverrides } from '../../../../test/builders/carbon-aware-job.ts';
import { atHour, hours } from '../../../../test/builders/planning.ts';
import { FakeClock } from '../../../../test/fixtures/fake-clock.ts';
import { LengthHistory } from '../../../accounting/length-history/length-history.ts';
import { conditionIsTrue } from '../../../api/v1alpha1/conditions.ts';
import { WORKLOAD_LABEL } from '../../../api/v1alpha1/labels.ts';
import { formatTime } from '../../../api/v1alpha1/timestamps.ts';
import { Store } from '../../../runtime/cache/store.ts';
import { completedWork, endedIdle } from '../attempts/progress.ts';
import type { JobRecord } from '../job-record.ts';
import { KnownSlowdowns } from '../slowdown/known-slowdowns.ts';
import { slowdownHistoryOf } from '../slowdown/site-runs.ts';
import { rememberedLengths } from './finished-jobs.ts';
import { progressOf } from './to-plannable.ts';

interface Kind {
  readonly template: number;
  readonly label: string | undefined;
  readonly owner: string | undefined;
}

interface Run {
  readonly site: string;
  readonly accelerator: string;
  readonly lasted: number;
  readonly reason: string;
}

type Step =
  | { readonly does: 'finish'; readonly kind: Kind; readonly count: number; readonly runs: readonly Run[] }
  | { readonly does: 'ask'; readonly kind: Kind; readonly home: string | undefined; readonly wait: number }
  | { readonly does: 'wait' | 'forget' };

const NO_KIND: Kind = { template: 0, label: undefined, owner: undefined };

const aKind: fc.Arbitrary<Kind> = fc.record({
  template: fc.constantFrom(1, 2),
  label: fc.constantFrom('llama', undefined),
  owner: fc.constantFrom('nightly', undefined),
});
const aRun: fc.Arbitrary<Run> = fc.record({
  site: fc.constantFrom('north', 'south', 'east'),
  accelerator: fc.constantFrom('H100', 'H100', 'A100'),
  lasted: fc.integer({ min: 1, max: 20 }),
  reason: fc.constantFrom('Completed', 'Completed', 'Completed', 'Idle'),
});
const aFinish: fc.Arbitrary<Step> = fc.record({
  does: fc.constant('finish'),
  kind: aKind,
  // Three at a place are needed to know it.
  count: fc.integer({ min: 2, max: 5 }),
  runs: fc.array(aRun, { minLength: 1, maxLength: 2 }),
});
const anAsk: fc.Arbitrary<Step> = fc.record({
  does: fc.constant('ask'),
  kind: aKind,
  home: fc.constantFrom('north', 'south', 'east', 'invented', 'invented-too', undefined),
  wait: fc.integer({ min: 1, max: 24 }),
});
const aStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: aFinish },
  { weight: 5, arbitrary: anAsk },
  { weight: 1, arbitrary: fc.record({ does: fc.constantFrom('wait', 'forget') }) },
);

function aJobOf(kind: Kind, name: string, status: JobOverrides['status'] = {}): JobRecord {
  const owner = { apiVersion: 'v1', kind: 'CronJob', name: kind.owner ?? '', uid: 'u', controller: true };
  return aJobRecord({
    metadata: {
      ...{ name, uid: name },
      ...(kind.label !== undefined && { labels: { [WORKLOAD_LABEL]: kind.label } }),
      ...(kind.owner !== undefined && { ownerReferences: [owner] }),
    },
    spec: {
      template: aJobTemplate({ spec: { parallelism: kind.template } }),
      accelerators: [{ product: 'A100', speed: '0.7' }],
    },
    status,
  });
}

/** Attempts one after the other from midnight on. */
function finished(kind: Kind, name: string, runs: readonly Run[]): JobRecord {
  let startsAt = 0;
  const attempts = runs.map(({ lasted, ...run }, k) => {
    const from = startsAt;
    startsAt += lasted;
    const times = { startedAt: formatTime(atHour(from)), endedAt: formatTime(atHour(startsAt)) };
    return { number: k + 1, job: name, ...run, ...times, runSeconds: lasted * 3_600 };
  });
  return aJobOf(kind, name, { conditions: [aCondition('Complete')], attempts });
}

/** Of every job anew, for this home alone. */
function plainHistory(records: readonly JobRecord[], home: string | undefined): LengthHistory {
  const slowdowns = slowdownHistoryOf(records);
  return new LengthHistory(
    records.flatMap((record) => {
      const { attempts, identity, spec, status } = record;
      if (!spec.ok || !conditionIsTrue(status.conditions, 'Complete') || attempts.some(endedIdle)) return [];
      const observedSlowdowns = slowdowns.observed(identity, home);
      const progress = { ...progressOf(record, spec.value), observedSlowdowns };
      const work = completedWork(progress, attempts.at(-1)?.endedAt ?? 0);
      return [{ identity, homes: new Set<string>(), work: () => work }];
    }),
  );
}

/** A cache of jobs, and what is remembered of it. */
function cached() {
  const store = new Store<JobRecord>();
  const slowdowns = new KnownSlowdowns(store, new FakeClock());
  const lengths = rememberedLengths();
  return {
    list: () => store.list(),
    history: () => lengths(store.list(), slowdowns.now().history),
    put(current: JobRecord): void {
      store.set(current.metadata.name, current);
      slowdowns.jobChanged({ type: 'added', key: current.metadata.name, current });
    },
    forgetFirst(): void {
      const [previous] = store.list();
      if (previous === undefined) return;
      store.delete(previous.metadata.name);
      slowdowns.jobChanged({ type: 'deleted', key: previous.metadata.name, previous });
    },
  };
}

test('what is remembered is what would be worked out anew for each home, whatever finishes or is deleted meanwhile', () => {
  fc.assert(
    fc.property(fc.array(aStep, { minLength: 20, maxLength: 40 }), (steps) => {
      const jobs = cached();
      for (const [k, step] of steps.entries()) {
        if (step.does === 'ask') {
          const { identity } = aJobOf(step.kind, 'asks');
          const wait = hours(step.wait);
          const plain = plainHistory(jobs.list(), step.home).beliefOf(identity, wait);
          expect(jobs.history().beliefOf(identity, wait, step.home)).toEqual(plain);
        } else if (step.does === 'finish') {
          const names = Array.from({ length: step.count }, (_, i) => `${String(k)}-${String(i)}`);
          for (const name of names) jobs.put(finished(step.kind, name, step.runs));
        } else if (step.does === 'wait') jobs.put(aJobOf(NO_KIND, `waits-${String(k)}`));
        else jobs.forgetFirst();
      }
    }),
  );
});
