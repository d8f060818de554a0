import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Cluster } from '../../hack/controlplane/cluster/cluster.ts';
import { startControlPlane, type ControlPlane } from '../../hack/controlplane/control-plane.ts';
import type { Lease } from '../../operator/ports/leases.ts';
import type { LeaseTiming } from '../../operator/runtime/leadership/leader-election.ts';
import { Contender, nowMs } from '../fixtures/contender/contender.ts';
import { eventually } from '../fixtures/eventually.ts';

/** Short, so that the test is, and long enough that a machine which is busy with other tests does not depose anyone; with the proportions of the defaults. */
const timing = { leaseDurationMs: 6_000, renewDeadlineMs: 4_000, retryPeriodMs: 400 };
const WAIT_MS = 30_000;
const LEASES = '/apis/coordination.k8s.io/v1/namespaces/default/leases';

/** All that a contender needs, and no more. */
const rights = [
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'contender', namespace: 'default' },
    rules: [{ apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'create', 'update'] }],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'contender', namespace: 'default' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'contender' },
    subjects: [{ kind: 'User', name: 'contender', apiGroup: 'rbac.authorization.k8s.io' }],
  },
];

jest.setTimeout(60_000);

let plane: ControlPlane;
let cluster: Cluster;
let kubeconfig: string;
let contenders: Contender[];

beforeAll(async () => {
  plane = await startControlPlane({ components: [] });
  cluster = plane.clusters[0];
  await cluster.applyManifests(rights);
  kubeconfig = (await cluster.kubeconfigFor({ user: 'contender' })).path;
}, 120_000);

afterAll(() => plane.stop());

beforeEach(() => {
  contenders = [];
});

afterEach(async () => {
  await Promise.all(contenders.map((contender) => contender.kill()));
  await cluster.request(`${LEASES}/operator`, { method: 'DELETE' });
});

function contend(identity: string, own: LeaseTiming): Contender {
  const contender = new Contender({ kubeconfig, identity, timing: own });
  contenders.push(contender);
  return contender;
}

async function leaderAnd(standby: string, own: LeaseTiming = timing): Promise<[Contender, Contender]> {
  const leader = contend('first', own);
  await eventually('the first leads', () => leader.leads);
  const other = contend(standby, own);
  await other.contends();
  return [leader, other];
}

function expectOneLeaderAtATime(): void {
  const reigns = contenders.flatMap((contender) => contender.reigns()).sort((a, b) => a.startedAtMs - b.startedAtMs);
  for (const [i, reign] of reigns.entries()) {
    const next = reigns[i + 1];
    if (next !== undefined) expect(next.startedAtMs).toBeGreaterThanOrEqual(reign.endedAtMs);
  }
}

async function record(): Promise<NonNullable<Lease['spec']>> {
  const { spec } = await cluster.request<Required<Lease>>(`${LEASES}/operator`);
  return spec;
}

/** When the lease runs out if nobody renews it from now on, on the clock of {@link nowMs}. */
async function runsOutAt(): Promise<number> {
  const { renewTime = '' } = await record();
  return Date.parse(renewTime) - (Date.now() - nowMs()) + timing.leaseDurationMs;
}

describe('of two processes', () => {
  test('one leads, and its record is what the API server takes for a Lease', async () => {
    const [first, second] = await leaderAnd('second');
    const before = await record();
    expect(before).toMatchObject({ holderIdentity: 'first', leaseDurationSeconds: 6, leaseTransitions: 0 });
    expect(before.renewTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    await eventually('it has renewed', async () => (await record()).renewTime !== before.renewTime);
    expect((await record()).acquireTime).toBe(before.acquireTime);
    expect([first.leads, second.leads]).toEqual([true, false]);
  });

  test('the second takes over from the first that is killed, once the lease has run out, not before', async () => {
    const [first, second] = await leaderAnd('second');
    await first.kill();
    const freeFrom = await runsOutAt();
    await eventually('the second leads', () => second.leads, WAIT_MS);
    expect(second.reigns()[0]?.startedAtMs).toBeGreaterThanOrEqual(freeFrom);
    expect(await record()).toMatchObject({ holderIdentity: 'second', leaseTransitions: 1 });
    expectOneLeaderAtATime();
  });

  test('the second takes over at once from the first that is told to end', async () => {
    const [first, second] = await leaderAnd('second');
    await first.terminate();
    const endedAt = nowMs();
    expect(first.exitCode).toBe(0);
    await eventually('the second leads', () => second.leads, WAIT_MS);
    // The lease would have run out no earlier than a retry period before all of its duration.
    expect(nowMs() - endedAt).toBeLessThan(timing.leaseDurationMs / 2);
    expectOneLeaderAtATime();
  });

  test('the first leads on through a restart of the API server that is shorter than its deadline', async () => {
    const patient = { leaseDurationMs: 45_000, renewDeadlineMs: 30_000, retryPeriodMs: 400 };
    const [first, second] = await leaderAnd('second', patient);
    const { renewTime } = await record();
    await cluster.killApiServer();
    await cluster.startApiServer();
    await eventually('it renews again', async () => (await record()).renewTime !== renewTime, WAIT_MS);
    expect(first.reigns()).toHaveLength(1);
    expect([first.leads, second.leads]).toEqual([true, false]);
  });

  test('the first steps down when the API server stays away, exits with an error, and the second follows', async () => {
    const [first, second] = await leaderAnd('second');
    await cluster.killApiServer();
    // No renewal came after that.
    const freeFrom = nowMs() + timing.leaseDurationMs;
    await eventually('the first has ended', () => first.exitCode !== undefined, WAIT_MS);
    expect(first.exitCode).toBe(1);
    expect(first.reigns()[0]?.endedAtMs).toBeLessThan(freeFrom);
    expect(first.log).toContain('leadership lost');
    expect(second.leads).toBe(false);
    await cluster.startApiServer();
    await eventually('the second leads', () => second.leads, WAIT_MS);
    expectOneLeaderAtATime();
  });
});
