import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { CarbonAwareJobSpec } from '../../operator/api/v1alpha1/carbon-aware-job.generated.ts';
import { conditionIsTrue } from '../../operator/api/v1alpha1/conditions.ts';
import type { JobRecord } from '../../operator/controllers/carbonawarejob/job-record.ts';
import type { IdleDevices } from '../../operator/controllers/usage/idle-reader.ts';
import type { Decision } from '../../operator/domain/decision.ts';
import type { Interval } from '../../operator/domain/interval.ts';
import { HOUR_MS, SECOND_MS } from '../../operator/domain/units.ts';
import { aPodTemplate } from '../builders/carbon-aware-job.ts';
import { aDecision, anOption } from '../builders/job-view.ts';
import { H100 } from '../builders/planning.ts';
import { eventually } from '../fixtures/eventually.ts';
import { conditionOf, type JobNamespace, JobWorld } from '../fixtures/job-world.ts';
import type { JobOperator, PlanOnPaper } from '../fixtures/job-operator.ts';

jest.setTimeout(90_000);

let world: JobWorld;
let team: JobNamespace;
/** What the plan says of each job; a job without an entry runs at north, now. */
let plans: Map<string, Decision | PlanOnPaper | undefined>;
/** What the policy wants done about the accelerators of each job, which do nothing once its pods run; a job without an entry works. */
let idlers: Map<string, IdleDevices['action']>;
let operator: JobOperator;

beforeAll(async () => {
  world = await JobWorld.start({ audit: 'Metadata' });
}, 180_000);

afterAll(() => world.stop());

beforeEach(async () => {
  team = await world.aNamespace();
  plans = new Map();
  idlers = new Map();
  const atOnce = runsAt('north', fromNow(-1, 3_600));
  const plan = (job: JobRecord): Decision | undefined => {
    const said = plans.has(job.metadata.name) ? plans.get(job.metadata.name) : atOnce;
    return typeof said === 'function' ? said(job) : said;
  };
  const idle = ({ metadata: { name }, attempts, status }: JobRecord): IdleDevices | undefined => {
    const action = idlers.get(name);
    const open = attempts.find(({ endedAt }) => endedAt === undefined);
    if (action === undefined || open === undefined || !conditionIsTrue(status.conditions, 'Running')) return undefined;
    return { since: open.startedAt, for: 0, message: 'one GPU does nothing', action };
  };
  operator = await world.operator({ namespace: team.name, plan, idle });
});

function fromNow(fromSeconds: number, toSeconds: number): Interval {
  const now = Date.now();
  return { startsAt: now + fromSeconds * SECOND_MS, endsAt: now + toSeconds * SECOND_MS };
}

function runsAt(site: string, ...windows: readonly Interval[]): Decision {
  return aDecision({ chosen: anOption({ site, windows }) });
}

/**
 * Two windows at north, then one at south, each a second after the one before: by what happened, not by the clock, and made
 * anew as the planner does, without what is over.
 * @param enough the number of the last attempt whose window is over
 */
function northTwiceThenSouth({ attempts: [first, second] }: JobRecord, enough: number): Decision {
  const far = Date.now() + HOUR_MS;
  const after = (attempt: typeof first): number | undefined =>
    attempt?.endedAt === undefined ? undefined : attempt.endedAt + SECOND_MS;
  const windowOf = (attempt: typeof first, startsAt: number): Interval => {
    if (attempt === undefined) return { startsAt, endsAt: startsAt + HOUR_MS };
    return { startsAt: attempt.startedAt, endsAt: attempt.endedAt ?? (attempt.number <= enough ? Date.now() : far) };
  };
  const windows = [windowOf(first, Date.now() - 1), windowOf(second, after(first) ?? far + HOUR_MS)];
  const south = windowOf(undefined, after(second) ?? far + 3 * HOUR_MS);
  if (second?.endedAt !== undefined) return runsAt('south', south);
  const chosen = anOption({ windows, moves: [{ site: 'south', product: H100, windows: [south] }] });
  return aDecision({ chosen, message: 'runs in pieces' });
}

function planned(name: string, decision: Decision | PlanOnPaper | undefined): void {
  plans.set(name, decision);
  operator.enqueue(team.key(name));
}

/** Until someone says that they are done: {@link JobNamespace.finishPods}. */
const UNTIL_TOLD = '1h';

/** One pod of one GPU that runs for `runFor`. */
function aSpec(runFor: string, spec: Partial<CarbonAwareJobSpec> = {}, jobSpec: object = {}): object {
  const { metadata, ...pods } = aPodTemplate();
  const annotations = { 'sunward.dev/run-for': runFor };
  const template = { spec: { template: { metadata: { ...(metadata as object), annotations }, ...pods }, ...jobSpec } };
  return { template, expectedDuration: '1h', ...spec };
}

const interruptible = { minimumRun: '1s', restartOverhead: '0s', maxPauses: 4 };

async function regionOf(pod: { spec: { nodeName?: string } }): Promise<string | undefined> {
  type Node = { metadata: { labels: Record<string, string> } };
  if (pod.spec.nodeName === undefined) return undefined;
  const node = await world.cluster.request<Node>(`/api/v1/nodes/${pod.spec.nodeName}`);
  return node.metadata.labels['topology.kubernetes.io/region'];
}

/** Writes of the operator in this namespace that the API server took, oldest first, e.g. `patch jobs`. */
async function writes(): Promise<readonly string[]> {
  const events = await world.cluster.auditEvents();
  return events
    .filter(({ user, verb }) => user.username.endsWith(':sunward') && !['get', 'list', 'watch'].includes(verb))
    .filter(({ objectRef }) => objectRef?.namespace === team.name && objectRef.resource !== 'events')
    .filter(({ responseStatus }) => (responseStatus?.code ?? 500) < 300)
    .map(({ verb, objectRef }) => [verb, objectRef?.resource, objectRef?.subresource].filter(Boolean).join(' '));
}

describe('a job', () => {
  test('is accepted with its plan and waits, suspended, for its window', async () => {
    planned('train', runsAt('south', fromNow(3_600, 7_200)));
    await team.create('train', aSpec('1s'));
    const job = await team.untilCondition('train', 'Accepted');

    expect(job.status).toMatchObject({ phase: 'Waiting', plan: { site: 'south', saves: '50%' } });
    expect(conditionOf(job, 'Planned')).toMatchObject({ status: 'True', reason: 'BetterSite' });
    expect(conditionOf(job, 'Running')).toMatchObject({ status: 'False', reason: 'AwaitingWindow' });
    const batchJob = await team.batchJob('train');
    expect(batchJob?.spec).toMatchObject({ suspend: true });
    expect(batchJob?.metadata.ownerReferences).toMatchObject([{ kind: 'CarbonAwareJob', controller: true }]);
    await eventually('both writes are logged', async () => (await writes()).length >= 2);
    expect(await writes()).toEqual(['create jobs', 'patch carbonawarejobs status']);
  });

  test('starts where the plan says in one patch, runs there, and is complete', async () => {
    planned('train', runsAt('south', fromNow(-1, 3_600)));
    await team.create('train', aSpec(UNTIL_TOLD));
    await team.untilRunning('train');
    const [pod] = await team.pods();
    expect(pod && (await regionOf(pod))).toBe('south');

    await team.finishPods();
    const job = await team.untilCondition('train', 'Complete');
    expect(job.status?.phase).toBe('Succeeded');
    expect(job.status?.attempts).toMatchObject([{ number: 1, site: 'south', reason: 'Completed' }]);
    expect((await writes()).filter((write) => write === 'patch jobs')).toHaveLength(1);
  });

  test('tells people what happens to it', async () => {
    await team.create('train', aSpec('1s'));
    await team.untilCondition('train', 'Complete');
    const told = async () =>
      (await team.events()).filter(({ regarding }) => regarding.kind === 'CarbonAwareJob').map(({ reason }) => reason);
    await eventually('it is told', async () => (await told()).length >= 3);
    expect((await told()).sort()).toEqual(['Completed', 'Planned', 'Started']);
  });

  test('that fails says so in the words of its Job', async () => {
    const annotations = { 'sunward.dev/fail-after': '1s' };
    const { metadata, ...pods } = aPodTemplate();
    const template = {
      spec: { backoffLimit: 0, template: { metadata: { ...(metadata as object), annotations }, ...pods } },
    };
    await team.create('train', { template, expectedDuration: '1h' });
    const job = await team.untilCondition('train', 'Failed');
    expect(conditionOf(job, 'Failed')).toMatchObject({ reason: 'BackoffLimitExceeded' });
    expect(job.status).toMatchObject({ phase: 'Failed', attempts: [{ reason: 'Failed' }] });
  });

  test('has its Job removed by us after the time that its template says, once its end is recorded', async () => {
    await team.create('train', aSpec('1s', {}, { ttlSecondsAfterFinished: 1 }));
    const job = await team.untilCondition('train', 'Complete');
    expect(job.spec.template.spec).toMatchObject({ ttlSecondsAfterFinished: 1 });
    await team.untilGone('jobs', 'train');
    expect((await team.job('train')).status).toMatchObject({ phase: 'Succeeded' });
  });
});

describe('a job that can be interrupted', () => {
  test('pauses between its windows, resumes at another site, and never runs at both', async () => {
    planned('train', runsAt('north', fromNow(-1, 3_600)));
    await team.create('train', aSpec(UNTIL_TOLD, { interruptible }));
    await team.until('has run for its minimum', 'train', ({ status }) => {
      const startedAt = Date.parse(status?.attempts?.[0]?.startedAt ?? '');
      return conditionOf({ status } as never, 'Running')?.status === 'True' && Date.now() > startedAt + 2_000;
    });
    planned('train', runsAt('north', fromNow(-10, -5), fromNow(3_600, 7_200)));
    const paused = await team.untilCondition('train', 'Paused', 'True', 'Paused');
    expect(paused.status).toMatchObject({
      phase: 'Paused',
      attempts: [{ number: 1, site: 'north', reason: 'Paused' }],
    });
    expect(paused.status?.attempts?.[0]?.runSeconds).toBeGreaterThanOrEqual(1);
    expect((await team.batchJob('train'))?.spec?.suspend).toBe(true);

    planned('train', runsAt('south', fromNow(-1, 3_600)));
    await team.untilRunning('train', 2);
    await team.finishPods();
    const job = await team.untilCondition('train', 'Complete');
    expect(job.status?.attempts).toMatchObject([
      { number: 1, site: 'north', reason: 'Paused' },
      { number: 2, site: 'south', reason: 'Completed' },
    ]);
    const pods = await team.pods();
    expect(await Promise.all(pods.map(regionOf))).toEqual(['south']);
  });

  test('runs its windows at one site and then goes on at another, as one plan says', async () => {
    let enough = 0;
    planned('train', (job) => northTwiceThenSouth(job, enough));
    await team.create('train', aSpec(UNTIL_TOLD, { interruptible: { ...interruptible, moveOverhead: '1m' } }));
    for (const attempt of [1, 2]) {
      const running = await team.untilRunning('train', attempt);
      expect(running.status?.plan).toMatchObject({ site: 'north', moves: [{ site: 'south', accelerator: H100 }] });
      enough = attempt;
      operator.enqueue(team.key('train'));
    }

    const last = await team.until('is paused to go on elsewhere', 'train', (job) => {
      return conditionOf(job, 'Paused')?.status === 'True' && job.status?.attempts?.[1]?.endedAt !== undefined;
    });
    expect(conditionOf(last, 'Paused')).toMatchObject({
      reason: 'Paused',
      message: expect.stringMatching(/^goes on at south from .*: runs in pieces$/) as unknown,
    });

    const moved = await team.untilRunning('train', 3);
    expect(moved.status?.plan?.site).toBe('south');
    expect(moved.status?.plan).not.toHaveProperty('moves');
    const pods = await team.pods();
    expect(await Promise.all(pods.map(regionOf))).toEqual(['south']);

    await team.finishPods();
    const job = await team.untilCondition('train', 'Complete');
    expect(job.status?.attempts).toMatchObject([
      { number: 1, site: 'north', reason: 'Paused' },
      { number: 2, site: 'north', reason: 'Paused' },
      { number: 3, site: 'south', reason: 'Completed' },
    ]);
    expect(new Set(job.status?.attempts?.map(({ jobUID }) => jobUID)).size).toBe(1);
  });

  test('is suspended when its user says so, and goes on when they take it back', async () => {
    await team.create('train', aSpec(UNTIL_TOLD, { interruptible }));
    await team.untilRunning('train');
    await team.patch('carbonawarejobs', 'train', { spec: { suspend: true } });
    const suspended = await team.untilCondition('train', 'Paused', 'True', 'Suspended');
    expect(suspended.status?.phase).toBe('Suspended');
    expect(suspended.status?.observedGeneration).toBe(2);

    await team.patch('carbonawarejobs', 'train', { spec: { suspend: false } });
    await team.untilRunning('train', 2);
    await team.finishPods();
    const job = await team.untilCondition('train', 'Complete');
    expect(job.status?.attempts).toMatchObject([{ reason: 'Suspended' }, { reason: 'Completed' }]);
  });
});

describe('a job whose pods find no node', () => {
  test('is suspended with the words of the scheduler, and runs elsewhere as soon as the plan says so', async () => {
    planned('train', runsAt('west', fromNow(-1, 3_600)));
    await team.create('train', aSpec('1s'));
    const job = await team.untilCondition('train', 'Paused', 'True', 'Unschedulable');
    expect(conditionOf(job, 'Paused')?.message).toMatch(/1 pod stayed unschedulable at west: 0\/4 nodes are available/);
    expect(job.status?.attempts).toMatchObject([{ site: 'west', reason: 'Unschedulable', runSeconds: 0 }]);

    planned('train', runsAt('north', fromNow(-1, 3_600)));
    const done = await team.untilCondition('train', 'Complete');
    expect(done.status?.attempts).toMatchObject([{ reason: 'Unschedulable' }, { site: 'north', reason: 'Completed' }]);
  });
});

describe('a job whose accelerators do nothing', () => {
  test('says so, and runs on where its policy wants no more', async () => {
    idlers.set('train', 'Alert');
    await team.create('train', aSpec(UNTIL_TOLD, { interruptible }));
    const job = await team.untilCondition('train', 'GPUsIdle');
    expect(conditionOf(job, 'GPUsIdle')).toMatchObject({ reason: 'GPUsIdle', message: 'one GPU does nothing' });
    idlers.clear();
    operator.enqueue(team.key('train'));
    await team.untilCondition('train', 'GPUsIdle', 'False', 'GPUsInUse');
    expect((await team.job('train')).status).toMatchObject({ phase: 'Running', attempts: [{ number: 1 }] });
  });

  test('is paused where its policy wants that, not started there again, and goes on elsewhere', async () => {
    idlers.set('train', 'Pause');
    await team.create('train', aSpec(UNTIL_TOLD, { interruptible }));
    const job = await team.untilCondition('train', 'Paused', 'True', 'Idle');
    expect(job.status).toMatchObject({ phase: 'Paused', attempts: [{ site: 'north', reason: 'Idle' }] });
    expect(conditionOf(job, 'Paused')?.message).toMatch(/^one GPU does nothing: paused.*not tried there again before/);
    await eventually('an event says why', async () =>
      (await team.events()).some(({ reason, note }) => reason === 'Idle' && note.startsWith('one GPU does nothing')),
    );
    await eventually('its pods are gone', async () => (await team.pods()).length === 0);
    await operator.lookAgain(team.key('train'));
    expect((await team.batchJob('train'))?.spec?.suspend).toBe(true);
    idlers.clear();

    planned('train', runsAt('south', fromNow(-1, 3_600)));
    const elsewhere = await team.untilCondition('train', 'Running');
    expect(elsewhere.status?.attempts).toMatchObject([{ reason: 'Idle' }, { site: 'south' }]);
    expect(conditionOf(elsewhere, 'GPUsIdle')).toMatchObject({ status: 'False' });
  });
});

describe('a Job in other hands', () => {
  test('that was deleted after it had been started has failed, and is never made again', async () => {
    await team.create('train', aSpec(UNTIL_TOLD));
    await team.untilCondition('train', 'Running');
    await team.delete('jobs', 'train');
    const job = await team.untilCondition('train', 'Failed', 'True', 'JobDeleted');
    expect(job.status).toMatchObject({ phase: 'Failed' });
    await operator.lookAgain(team.key('train'));
    expect(await team.batchJob('train')).toBeUndefined();
    expect((await writes()).filter((write) => write === 'create jobs')).toHaveLength(1);
  });

  test('that was deleted before it was started is made again', async () => {
    planned('train', runsAt('north', fromNow(3_600, 7_200)));
    await team.create('train', aSpec('1s'));
    await team.untilCondition('train', 'Accepted');
    const uid = (await team.batchJob('train'))?.metadata.uid;
    await team.delete('jobs', 'train');
    await eventually('there is a new Job', async () => {
      const job = await team.batchJob('train');
      return job !== undefined && job.metadata.uid !== uid;
    });
    expect((await team.batchJob('train'))?.spec?.suspend).toBe(true);
  });

  test('that someone suspends stays suspended until they set it back', async () => {
    await team.create('train', aSpec(UNTIL_TOLD, { interruptible }));
    await team.untilRunning('train');
    await team.patch('jobs', 'train', { spec: { suspend: true } });
    const held = await team.untilCondition('train', 'SuspendedByOther');
    expect(conditionOf(held, 'SuspendedByOther')?.message).toMatch(/a-user suspended the Job.*spec\.suspend.*false/);
    expect(held.status?.attempts).toMatchObject([{ reason: 'SuspendedByOther' }]);
    await operator.lookAgain(team.key('train'));
    expect((await team.batchJob('train'))?.spec?.suspend).toBe(true);

    await team.patch('jobs', 'train', { spec: { suspend: false } });
    await team.untilRunning('train', 2);
    await team.finishPods();
    const job = await team.untilCondition('train', 'Complete');
    expect(job.status?.attempts).toMatchObject([{ number: 1 }, { number: 2, reason: 'Completed' }]);
    expect(conditionOf(job, 'SuspendedByOther')?.status).toBe('False');
  });

  test('that someone starts before its time runs on, and that is said', async () => {
    planned('train', runsAt('north', fromNow(3_600, 7_200)));
    await team.create('train', aSpec(UNTIL_TOLD));
    await team.untilCondition('train', 'Accepted');
    await team.patch('jobs', 'train', { spec: { suspend: false } });
    const held = await team.untilCondition('train', 'SuspendedByOther');
    expect(conditionOf(held, 'SuspendedByOther')?.message).toMatch(/a-user started the Job/);
    await team.untilRunning('train');
    await team.finishPods();
    const job = await team.untilCondition('train', 'Complete');
    expect(job.status?.attempts).toMatchObject([{ number: 1, reason: 'Completed' }]);
  });

  test('that someone changes in another way runs as it is, and that is said', async () => {
    planned('train', runsAt('north', fromNow(3_600, 7_200)));
    await team.create('train', aSpec('1s', {}, { parallelism: 1, completions: 2, completionMode: 'Indexed' }));
    await team.untilCondition('train', 'Accepted');
    await team.patch('jobs', 'train', { spec: { parallelism: 2 } });
    const drifted = await team.untilCondition('train', 'JobDrifted');
    expect(conditionOf(drifted, 'JobDrifted')?.message).toMatch(/spec\.parallelism \(by a-user\)/);
    planned('train', runsAt('north', fromNow(-1, 3_600)));
    await team.untilCondition('train', 'Complete');
  });
});

describe('a job that can not be carried out', () => {
  test('because a Job of its name is there already is refused, and leaves that Job alone', async () => {
    const { metadata, ...pods } = aPodTemplate();
    const namesake = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'train', namespace: team.name } };
    const spec = { suspend: true, template: { metadata, ...pods } };
    await world.cluster.applyManifests([{ ...namesake, spec } as never]);
    await team.create('train', aSpec('1s'));
    const job = await team.untilCondition('train', 'Accepted', 'False', 'JobNameTaken');
    expect(job.status?.phase).toBe('Refused');
    expect((await team.batchJob('train'))?.metadata.ownerReferences).toBeUndefined();
  });

  test('because Kueue would suspend it too is refused before any Job is made', async () => {
    const spec = aSpec('1s') as { template: object };
    const metadata = { labels: { 'kueue.x-k8s.io/queue-name': 'gpus' } };
    await team.create('train', { ...spec, template: { ...spec.template, metadata } });
    const job = await team.untilCondition('train', 'Accepted', 'False', 'QueueManaged');
    expect(conditionOf(job, 'Accepted')?.message).toMatch(/remove the label/);
    expect(await team.batchJob('train')).toBeUndefined();
  });

  test('because its template is broken is refused in the words of the API server', async () => {
    const { metadata, ...pods } = aPodTemplate({ containers: [{ name: 'Train It', imagePullPolice: 'Always' }] });
    await team.create('train', { template: { spec: { template: { metadata, ...pods } } }, expectedDuration: '1h' });
    const job = await team.untilCondition('train', 'Accepted', 'False', 'TemplateRefused');
    expect(conditionOf(job, 'Accepted')?.message).toMatch(
      /unknown field "spec\.template\.spec\.containers\[0\]\.imagePullPolice"/,
    );
    expect(job.status?.phase).toBe('Refused');

    const again = aPodTemplate({ containers: [{ name: 'Train It' }] });
    await team.patch('carbonawarejobs', 'train', {
      spec: { template: { spec: { template: { spec: again['spec'] } } } },
    });
    const still = await team.until('judged again', 'train', ({ status }) => status?.observedGeneration === 2);
    expect(conditionOf(still, 'Accepted')?.message).toMatch(/containers\[0\]\.name: Invalid value: "Train It"/);
  });

  test('and is mended is accepted', async () => {
    const { metadata, ...pods } = aPodTemplate({ restartPolicy: 'Always' });
    await team.create('train', { template: { spec: { template: { metadata, ...pods } } }, expectedDuration: '1h' });
    await team.untilCondition('train', 'Accepted', 'False', 'TemplateRefused');
    await team.patch('carbonawarejobs', 'train', {
      spec: { template: { spec: { template: { spec: { restartPolicy: 'Never' } } } } },
    });
    await team.untilCondition('train', 'Accepted');
  });
});

describe('the saving of writes', () => {
  test('a plan that moves by less than anyone would notice is not written', async () => {
    planned('train', runsAt('south', { startsAt: Date.now() + HOUR_MS, endsAt: Date.now() + 2 * HOUR_MS }));
    await team.create('train', aSpec('1s'));
    await team.untilCondition('train', 'Accepted');
    const before = (await team.job('train')).metadata.resourceVersion;
    planned('train', runsAt('south', { startsAt: Date.now() + HOUR_MS, endsAt: Date.now() + 2 * HOUR_MS }));
    planned('other', undefined);
    await team.create('other', aSpec('1s', { suspend: true }));
    await team.untilCondition('other', 'Accepted');
    expect((await team.job('train')).metadata.resourceVersion).toBe(before);
  });
});

// Last: the garbage collector takes half a minute to hear of a new kind.
describe('the end of a CarbonAwareJob', () => {
  test('that is deleted takes its Job and its pods with it', async () => {
    await team.create('train', aSpec(UNTIL_TOLD));
    await team.untilCondition('train', 'Running');
    const [pod] = await team.pods();
    await team.delete('carbonawarejobs', 'train');
    await team.untilGone('jobs', 'train');
    await team.untilGone('pods', pod?.metadata.name ?? '');
  });
});
