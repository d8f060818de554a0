import { describe, expect, test } from '@jest/globals';
import type { CarbonAwareJobStatus } from '../../api/v1alpha1/carbon-aware-job.generated.ts';
import { NOTHING_OBSERVED } from '../../accounting/slowdown/slowdown-history.ts';
import { BUILT_IN_POLICY } from '../../api/v1alpha1/defaults.ts';
import type { Decision } from '../../domain/decision.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../domain/units.ts';
import { WorkloadError, type SuspendableWorkload, type Workload } from '../../ports/workloads.ts';
import { FakeClock } from '../../../test/fixtures/fake-clock.ts';
import { aJobRecord, aJobTemplate, JOB_UID } from '../../../test/builders/carbon-aware-job.ts';
import { aDecision, anOption, aWindow, aWorkload } from '../../../test/builders/job-view.ts';
import { MIDNIGHT } from '../../../test/builders/planning.ts';
import { CarbonAwareJobReconciler } from './controller.ts';
import type { JobRecord } from './job-record.ts';

const KEY = 'research/train';
const never = new AbortController().signal;
const unlabelled = (): Workload => {
  const { labels: _, ...metadata } = aWorkload().metadata;
  return aWorkload({ metadata });
};

/** An API server of one job: what is written shows at once, in the caches too. */
function world(options: { record?: JobRecord; cached?: Workload; live?: Workload; decision?: Decision } = {}) {
  const clock = new FakeClock(MIDNIGHT);
  const calls: string[] = [];
  const state = {
    record: options.record ?? aJobRecord(),
    cached: options.cached,
    live: options.live ?? options.cached,
    decision: options.decision,
    refuseCreation: undefined as WorkloadError | undefined,
  };
  const act = (call: string, workload: Workload): Promise<Workload> => {
    calls.push(call);
    state.cached = workload;
    state.live = workload;
    return Promise.resolve(workload);
  };
  const workloads: SuspendableWorkload = {
    read: () => {
      calls.push('read');
      return Promise.resolve(state.live);
    },
    create: () => {
      if (state.refuseCreation === undefined) return act('create', aWorkload());
      calls.push('create');
      return Promise.reject(state.refuseCreation);
    },
    start: (workload, { attempt }) =>
      act(`start ${attempt}`, { ...workload, suspended: false, settled: false, attempt }),
    suspend: (workload, reason) => act('suspend', { ...workload, suspended: true, suspendedFor: reason }),
    delete: () => Promise.resolve(),
    hasLivePods: () => Promise.resolve(false),
  };
  const write = (record: JobRecord, status: CarbonAwareJobStatus): Promise<JobRecord> => {
    calls.push('status');
    const generation = record.metadata.generation ?? 1;
    state.record = aJobRecord({ metadata: { generation }, status });
    return Promise.resolve(state.record);
  };
  const reconciler = new CarbonAwareJobReconciler({
    clock,
    sources: {
      jobs: { get: (key) => (key === KEY ? state.record : undefined) },
      workloads: { get: () => state.cached },
      pods: { byIndex: () => [] },
      sites: { get: () => undefined },
      decisions: { get: (_, revision) => (state.decision?.revision === revision ? state.decision : undefined) },
      policyOf: () => BUILT_IN_POLICY,
      inventory: { partlyUsed: () => [] },
      usage: { idle: () => undefined, use: () => 'Unknown' },
      slowdowns: () => NOTHING_OBSERVED,
    },
    hands: { workloads, statuses: { write }, events: { record: () => undefined } },
    settings: {
      slot: MINUTE_MS,
      retryRefusedAfter: 10 * MINUTE_MS,
      unschedulableAfter: MINUTE_MS,
      avoidanceBackoff: { base: MINUTE_MS, longest: MINUTE_MS },
    },
  });
  const reconcile = () => reconciler.reconcile(KEY, never);
  return { calls, clock, reconcile, reconciler, state };
}

const later = aDecision({ chosen: anOption({ windows: [aWindow(6, 8)] }) });

describe('a reconcile', () => {
  test('of a job that is gone does nothing', async () => {
    const { calls, reconciler } = world();
    expect(await reconciler.reconcile('research/other', never)).toEqual({});
    expect(calls).toEqual([]);
  });

  test('of a job without a plan writes nothing and waits to be asked again', async () => {
    const { calls, reconcile } = world();
    expect(await reconcile()).toEqual({});
    expect(calls).toEqual([]);
  });

  test.each([
    ['another job of the same name', 'another/1'],
    ['an earlier spec', `${JOB_UID}/0`],
  ])('never carries out what was planned for %s', async (_, revision) => {
    const { calls, reconcile } = world({ cached: aWorkload(), decision: aDecision({ revision }) });
    await reconcile();
    expect(calls).not.toContain('start 1');
    expect(calls).not.toContain('create');
  });

  test('makes the Job, writes the status once, and comes again when the window begins', async () => {
    const { calls, reconcile } = world({ decision: later });
    expect(await reconcile()).toEqual({ requeueAfterMs: 6 * HOUR_MS });
    expect(calls).toEqual(['create', 'status']);
    expect(await reconcile()).toEqual({ requeueAfterMs: 6 * HOUR_MS });
    expect(calls).toHaveLength(2);
  });

  test('of a refused job asks the API server again after ten minutes, or at once when the spec has changed', async () => {
    const { calls, clock, reconcile, state } = world({ decision: later });
    state.refuseCreation = new WorkloadError('Refused', 'spec.template: no');
    expect(await reconcile()).toEqual({ requeueAfterMs: 10 * MINUTE_MS });
    expect(calls).toEqual(['create', 'status']);

    clock.jump(MINUTE_MS);
    expect(await reconcile()).toEqual({ requeueAfterMs: 9 * MINUTE_MS });
    expect(calls).toHaveLength(2);

    state.record = { ...state.record, metadata: { ...state.record.metadata, generation: 2 } };
    state.decision = { ...later, revision: `${JOB_UID}/2` };
    await reconcile();
    expect(calls).toEqual(['create', 'status', 'create', 'status']);

    clock.jump(10 * MINUTE_MS);
    await reconcile();
    expect(calls.filter((call) => call === 'create')).toHaveLength(3);
  });

  test('of a job whose name is taken by its own Job, unseen by the cache, goes on with that Job', async () => {
    const { calls, reconcile, state } = world({ live: unlabelled(), decision: later });
    state.refuseCreation = new WorkloadError('NameTaken', 'exists');
    expect(await reconcile()).toEqual({ requeueAfterMs: 10 * SECOND_MS });
    expect(calls).toEqual(['create', 'read', 'status']);
    expect(state.record.status.conditions).toContainEqual(
      expect.objectContaining({ type: 'JobDrifted', status: 'True' }),
    );
  });

  test('does not take what a lagging cache lacks for a Job that is gone', async () => {
    const attempts = [{ number: 1, site: 'north', job: 'train', startedAt: '2026-06-01T00:00:00Z' }];
    const record = aJobRecord({ status: { attempts } });
    const { calls, reconcile, state } = world({ record, live: aWorkload({ suspended: false, attempt: 1 }) });
    await reconcile();
    expect(calls).toEqual(['read', 'status']);
    expect(state.record.status).toMatchObject({ phase: 'Running' });
  });

  test('takes a Job that the API server does not have either for deleted', async () => {
    const attempts = [{ number: 1, site: 'north', job: 'train', startedAt: '2026-06-01T00:00:00Z' }];
    const { calls, reconcile, state } = world({ record: aJobRecord({ status: { attempts } }), decision: later });
    await reconcile();
    expect(state.record.status).toMatchObject({ phase: 'Failed' });
    await reconcile();
    expect(calls).toEqual(['read', 'status']);
  });

  test('of a job that Kueue manages makes no Job, and does not come again by itself', async () => {
    const template = aJobTemplate({ metadata: { labels: { 'kueue.x-k8s.io/queue-name': 'gpus' } } });
    const { calls, reconcile } = world({ record: aJobRecord({ spec: { template } }), decision: later });
    expect(await reconcile()).toEqual({});
    expect(calls).toEqual(['status']);
  });
});
