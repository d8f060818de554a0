import { beforeEach, describe, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { aComputeSite, aNode, aPod, metadataOfJobPod } from '../../../test/builders/cluster.ts';
import { NO_PRICES, staticOutlooks } from '../../../test/builders/outlooks.ts';
import { FakeClock } from '../../../test/fixtures/fake-clock.ts';
import { RecordingLogger } from '../../../test/fixtures/recording-logger.ts';
import { BUILT_IN_POLICY } from '../../api/v1alpha1/defaults.ts';
import { ACCELERATOR_RESOURCES } from '../../domain/accelerators/accelerator-resource.ts';
import type { UsageGrid } from '../../domain/usage/usage-grid.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../domain/units.ts';
import type { EventNote } from '../../ports/events.ts';
import type { UsageAnswer } from '../../ports/metrics-source.ts';
import { SourceError } from '../../ports/source-error.ts';
import { UsageMetrics } from '../../telemetry/usage/usage-metrics.ts';
import { projectNamespace } from '../carbonpolicy/policy-record.ts';
import { siteRecordOf } from '../computesite/site-record.ts';
import { projectNode } from '../inventory/node-facts.ts';
import { projectPod } from '../inventory/pod-facts.ts';
import { Owners } from './owners/owners.ts';
import { UsageCycle } from './usage-cycle.ts';

const never = new AbortController().signal;
const T0 = Date.UTC(2026, 10, 23, 8);
const JOB = 'research/train';

let clock: FakeClock;
let notes: EventNote[];
let registry: Registry;
/** Share of time active of each of the eight devices, at a time; `undefined`: nothing is known. */
let active: (at: number) => number | undefined;
let failing: SourceError | undefined;
let asked: UsageGrid[];
/** Jobs to look at again, by turn. */
let again: string[][];

/** Of the policy. */
let idleFor: number;
beforeEach(() => {
  clock = new FakeClock(T0);
  notes = [];
  registry = new Registry();
  active = () => 0.9;
  failing = undefined;
  idleFor = 30 * MINUTE_MS;
  asked = [];
  again = [];
});

function answer(grid: UsageGrid): UsageAnswer {
  asked.push(grid);
  if (failing !== undefined) {
    return { grid, devices: [], pods: [], nodes: [], gaps: [{ figure: 'Activity', error: failing }], isWhole: false };
  }
  const columns = Array.from({ length: grid.columns }, (_, k) => active(grid.startsAt + k * grid.step) ?? NaN);
  const devices = Array.from({ length: 8 }, (_, gpu) => ({
    gpu: `GPU-${String(gpu)}`,
    instance: undefined,
    node: 'a',
    pod: { namespace: 'research', name: 'p' },
    active: columns,
    power: columns.map((share) => 80 + 500 * share),
  }));
  return { grid, devices, pods: [], nodes: [], gaps: [], isWhole: true };
}

const pod = aPod('p', 'a', {
  gpus: 8,
  metadata: { ...metadataOfJobPod('train'), creationTimestamp: '2026-11-22T00:00:00Z' },
});

function cycle({ measures = true, activeHours }: { measures?: boolean; activeHours?: string } = {}): UsageCycle {
  const annotations = activeHours === undefined ? {} : { 'sunward.dev/active-hours': activeHours };
  const facts = projectPod(
    { ...pod, metadata: { ...pod.metadata, annotations } },
    { resources: ACCELERATOR_RESOURCES, ownerLabels: [] },
  );
  const policy = () => ({
    ...BUILT_IN_POLICY,
    usage: { ...BUILT_IN_POLICY.usage, idle: { below: 0.05, for: idleFor, action: 'Pause' as const } },
  });
  const logger = new RecordingLogger();
  return new UsageCycle({
    source: measures ? { name: 'prometheus', usage: (grid) => Promise.resolve(answer(grid)) } : undefined,
    sources: {
      pods: { list: () => (facts === undefined ? [] : [facts]) },
      nodes: { list: () => [projectNode(aNode('a'), ACCELERATOR_RESOURCES)] },
      namespaces: { get: (name) => projectNamespace({ metadata: { name } }) },
      sites: { list: () => [siteRecordOf(aComputeSite('lulea'))] },
      jobs: { get: () => undefined },
      governance: () => {
        const governing = policy();
        return { policyOf: () => governing, dominionOf: () => undefined, policies: [governing] };
      },
      outlooks: staticOutlooks({}),
      ...NO_PRICES,
      accelerators: ACCELERATOR_RESOURCES,
      ownerLabels: [],
    },
    owners: new Owners({ api: { get: () => Promise.reject(new Error('nobody is to be asked')) }, logger }),
    events: { record: (_, note) => notes.push(note) },
    metrics: new UsageMetrics(registry),
    clock,
    random: () => 0,
    logger,
    intervalMs: MINUTE_MS,
    lookBackMs: HOUR_MS,
    onAssessed: ({ jobs }) => again.push([...jobs]),
  });
}

/** So many turns, a minute apart. */
async function turns(one: UsageCycle, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await one.turn(never);
    await clock.advance(MINUTE_MS);
  }
}

const series = async (name: string) => (await registry.getSingleMetric(name)?.get())?.values ?? [];

describe('the usage cycle', () => {
  test('finds at its first turn what has been idle for long, from what the source remembers', async () => {
    active = () => 0.01;
    const one = cycle();
    await one.turn(never);
    expect(one.idle(JOB)).toMatchObject({ action: 'Pause' });
    expect(one.use(JOB)).toBe('Quiet');
    expect(one.site('lulea')).toMatchObject({
      products: [{ capacity: 8, held: 8 }],
      known: { reason: 'UsageMeasured' },
    });
    expect(notes.map(({ reason }) => reason)).toEqual(['GPUsIdle']);
    expect(await series('sunward_workload_wasted_gpus')).toMatchObject([{ value: 8, labels: { class: 'Idle' } }]);
  });

  test('asks at first for as long as its policies speak of, and then for what is new', async () => {
    await turns(cycle(), 3);
    expect(asked.map(({ columns }) => columns)).toEqual([120, 5, 3, 3]);
  });

  test('says that devices are idle after the time of the policy, and that they are not once they work', async () => {
    active = (at) => (at < T0 || at >= T0 + 60 * MINUTE_MS ? 0.9 : 0);
    const one = cycle();
    await turns(one, 29);
    expect(one.idle(JOB)).toBeUndefined();
    await turns(one, 5);
    expect(one.idle(JOB)).toBeDefined();
    await turns(one, 30);
    expect(one.idle(JOB)).toBeUndefined();
    expect(notes.map(({ reason }) => reason)).toEqual(['GPUsIdle']);
    await turns(one, 4);
    expect(notes.map(({ reason }) => reason)).toEqual(['GPUsIdle', 'GPUsInUse']);
  });

  test('has a job looked at again while it is idle, and once more when it is not', async () => {
    active = (at) => (at < T0 + 3 * MINUTE_MS ? 0 : 0.9);
    await turns(cycle(), 7);
    expect(again).toEqual([[JOB], [JOB], [JOB], [JOB], [JOB], [], []]);
  });

  test('pauses nothing by a policy that waits for longer than the one by which it was found', async () => {
    active = (at) => (at < T0 - 45 * MINUTE_MS ? 0.9 : 0);
    const one = cycle();
    await one.turn(never);
    expect(one.idle(JOB)).toMatchObject({ action: 'Pause' });
    idleFor = 4 * HOUR_MS;
    expect(one.idle(JOB)).toMatchObject({ action: 'Alert' });
    await turns(one, 1);
    expect(one.idle(JOB)).toBeUndefined();
    expect(one.use(JOB)).toBe('Quiet');
  });

  test('knows nothing while the source fails, and all of it again when it answers', async () => {
    active = () => 0;
    const one = cycle();
    await turns(one, 2);
    failing = new SourceError('Unavailable', 'connection refused');
    await turns(one, 10);
    expect(one.idle(JOB)).toBeUndefined();
    expect(one.use(JOB)).toBe('Unknown');
    expect(one.site('lulea')?.known).toMatchObject({ status: 'False', reason: 'Unavailable' });
    expect(await series('sunward_workload_wasted_gpus')).toEqual([]);
    expect(await series('sunward_usage_known')).toContainEqual({ value: 0, labels: { figure: 'Activity' } });
    failing = undefined;
    await turns(one, 1);
    expect(one.idle(JOB)).toBeDefined();
    expect(notes.map(({ reason }) => reason)).toEqual(['GPUsIdle']);
  });

  test('tells who holds what where nobody measures', async () => {
    const one = cycle({ measures: false });
    await one.turn(never);
    expect(one.site('lulea')).toMatchObject({ products: [{ held: 8 }], known: { reason: 'UsageNotMeasured' } });
    expect(one.idle(JOB)).toBeUndefined();
    expect(await series('sunward_workload_gpus')).toMatchObject([{ value: 8 }]);
    expect(await series('sunward_usage_known')).toEqual([]);
  });

  test('tells a workload that its active hours can not be read, and tells it again after an hour', async () => {
    const one = cycle({ activeHours: '8-18' });
    await turns(one, 3);
    expect(notes).toEqual([
      {
        type: 'Warning',
        reason: 'ActiveHoursUnreadable',
        action: 'Assess',
        message: expect.stringMatching(/^sunward\.dev\/active-hours: .*"8-18"/) as unknown,
      },
    ]);
    await turns(one, 58);
    expect(notes).toHaveLength(2);
  });

  test('says nothing of now once its last turn is long ago', async () => {
    active = () => 0;
    const one = cycle();
    await one.turn(never);
    await clock.advance(10 * MINUTE_MS);
    expect(one.idle(JOB)).toBeUndefined();
    expect(one.site('lulea')).toBeUndefined();
    expect(await series('sunward_workload_gpus')).toEqual([]);
  });

  test('goes on by itself, and ends when it is told', async () => {
    const stop = new AbortController();
    const running = cycle().run(stop.signal);
    await clock.advance(3 * MINUTE_MS + SECOND_MS);
    stop.abort();
    await running;
    expect(asked.map(({ columns }) => columns)).toEqual([120, 5, 3, 3, 3]);
  });
});
