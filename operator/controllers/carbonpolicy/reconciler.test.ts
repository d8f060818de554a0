import { describe, expect, test } from '@jest/globals';
import { aCarbonPolicy } from '../../../test/builders/cluster.ts';
import { FakeClock } from '../../../test/fixtures/fake-clock.ts';
import { InMemoryKubernetesApi } from '../../../test/fixtures/in-memory-kubernetes-api/in-memory-kubernetes-api.ts';
import { interceptedKubernetesApi } from '../../../test/fixtures/intercepted-kubernetes-api.ts';
import type { CarbonPolicy, CarbonPolicySpec } from '../../api/v1alpha1/carbon-policy.generated.ts';
import { CARBON_POLICIES } from '../../api/v1alpha1/kinds.ts';
import type { Change } from '../../runtime/cache/replica.ts';
import { Store } from '../../runtime/cache/store.ts';
import { HOUR_MS } from '../../domain/units.ts';
import { governanceOf } from './governance.ts';
import { policyRecordOf, projectNamespace, type NamespaceFacts, type PolicyRecord } from './policy-record.ts';
import { CarbonPolicyReconciler } from './reconciler.ts';
import { policyTriggers } from './triggers.ts';

const abort = new AbortController().signal;
const research = { matchLabels: { team: 'research' } };

function aCluster(namespaces: Record<string, Record<string, string>>) {
  const clock = new FakeClock();
  const server = new InMemoryKubernetesApi(() => clock.now());
  let writes = 0;
  const api = interceptedKubernetesApi(server, (call, proceed) => {
    if (call.verb === 'apply') writes += 1;
    return proceed();
  });
  const policies = new Store<PolicyRecord>();
  const facts = Object.entries(namespaces).map(([name, labels]) => projectNamespace({ metadata: { name, labels } }));
  const observe = (policy: CarbonPolicy): void => policies.set(policy.metadata.name, policyRecordOf(policy));
  const governance = () => governanceOf(facts, policies.list());
  const reconciler = new CarbonPolicyReconciler({
    ...{ api, clock, policies, governance, observe },
    longestFound: 6 * HOUR_MS,
  });
  return {
    clock,
    policies,
    writes: () => writes,
    async create(name: string, spec: Partial<CarbonPolicySpec> = {}) {
      const { apiVersion, kind, spec: given } = aCarbonPolicy(name, spec);
      const object = { apiVersion, kind, metadata: { name }, spec: given };
      observe(await server.create<CarbonPolicy>(CARBON_POLICIES, object, { fieldManager: 'test' }, abort));
    },
    async reconcile(name: string) {
      await reconciler.reconcile(name, abort);
      return (await server.get<CarbonPolicy>(CARBON_POLICIES, { name }, abort)).status;
    },
    reconcileGone: (name: string) => reconciler.reconcile(name, abort),
    server,
  };
}

describe('the status of a policy', () => {
  test('counts the namespaces that it governs', async () => {
    const cluster = aCluster({ vision: { team: 'research' }, audio: { team: 'research' }, web: {} });
    await cluster.create('research', { namespaceSelector: research });
    expect(await cluster.reconcile('research')).toEqual({
      observedGeneration: 1,
      namespaces: 2,
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          reason: 'Governs',
          message: 'governs 2 namespaces',
          observedGeneration: 1,
          lastTransitionTime: '2026-03-21T12:00:00Z',
        },
      ],
    });
  });

  test('says what it asks for and nobody can find, since it is not looked back so far', async () => {
    const cluster = aCluster({ web: {} });
    const idle = { utilisationBelowPercent: 5, for: '6h1m', action: 'Alert' } as const;
    await cluster.create('patient', { idle });
    expect((await cluster.reconcile('patient'))?.conditions).toMatchObject([
      {
        status: 'True',
        message:
          'governs 1 namespace; spec.idle.for must be at most 6h for anything to be found, as far as the operator looks back with its usage.interval',
      },
    ]);
    const other = aCluster({ web: {} });
    await other.create('content', { idle: { ...idle, for: '6h' } });
    expect((await other.reconcile('content'))?.conditions).toMatchObject([{ message: 'governs 1 namespace' }]);
  });

  test('says where another policy goes before it', async () => {
    const cluster = aCluster({ vision: { team: 'research' }, web: {} });
    await cluster.create('all');
    await cluster.create('research', { namespaceSelector: research });
    expect((await cluster.reconcile('all'))?.conditions).toMatchObject([
      {
        reason: 'Governs',
        message: 'governs 1 namespace; others that it selects have a policy of their own: vision (research)',
      },
    ]);
  });

  test('says so where it governs none of those that it selects, and names a few', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const cluster = aCluster(Object.fromEntries(names.map((name) => [name, { team: 'research' }])));
    await cluster.create('all');
    await cluster.create('research', { namespaceSelector: research });
    expect(await cluster.reconcile('all')).toMatchObject({
      namespaces: 0,
      conditions: [
        {
          status: 'False',
          reason: 'Overruled',
          message:
            'every namespace that it selects is governed by a more specific or older policy: ' +
            'a (research), b (research), c (research), d (research), e (research) and 2 more',
        },
      ],
    });
  });

  test('says so where it selects none', async () => {
    const cluster = aCluster({ web: {} });
    await cluster.create('research', { namespaceSelector: research });
    expect(await cluster.reconcile('research')).toMatchObject({
      namespaces: 0,
      conditions: [{ status: 'False', reason: 'SelectsNothing' }],
    });
  });

  test('names every field that can not be used', async () => {
    const cluster = aCluster({ web: {} });
    await cluster.create('odd', { objective: 'Cheap' as never, limits: { maxDelay: 'soon' } });
    const status = await cluster.reconcile('odd');
    expect(status?.conditions).toMatchObject([{ status: 'False', reason: 'InvalidSpec' }]);
    expect(status?.conditions?.[0]?.message).toMatch(/spec\.objective: .*spec\.limits\.maxDelay: /);
  });
});

describe('a write', () => {
  test('is made once, and not again while nothing changes', async () => {
    const cluster = aCluster({ web: {} });
    await cluster.create('all');
    await cluster.reconcile('all');
    await cluster.clock.advance(60_000);
    await cluster.reconcile('all');
    expect(cluster.writes()).toBe(1);
  });

  test('is refused where the policy has changed since it was judged', async () => {
    const cluster = aCluster({ web: {} });
    await cluster.create('all');
    await cluster.server.mergePatch(
      CARBON_POLICIES,
      { name: 'all' },
      { spec: { signal: 'Marginal' } },
      { fieldManager: 'user' },
      abort,
    );
    await expect(cluster.reconcile('all')).rejects.toMatchObject({ status: 409, reason: 'Conflict' });
  });

  test('to a policy that was just deleted is no error', async () => {
    const cluster = aCluster({ web: {} });
    await cluster.create('all');
    await cluster.server.delete(CARBON_POLICIES, { name: 'all' }, { propagationPolicy: 'Background' }, abort);
    expect(await cluster.reconcileGone('all')).toEqual({});
    cluster.policies.delete('all');
    expect(await cluster.reconcileGone('all')).toEqual({});
  });
});

describe('looked at again', () => {
  const records = ['all', 'research'].map((name) => policyRecordOf(aCarbonPolicy(name)));
  const [all, other] = records as [PolicyRecord, PolicyRecord];

  function triggered(tell: (triggers: ReturnType<typeof policyTriggers>) => boolean) {
    const policies = new Store<PolicyRecord>();
    for (const record of records) policies.set(record.name, record);
    const names = new Set<string>();
    return { planned: tell(policyTriggers(policies, (name) => names.add(name))), names: [...names] };
  }

  test('are all policies when one comes, goes, or changes its spec', () => {
    const changes: Change<PolicyRecord>[] = [
      { type: 'added', key: 'all', current: all },
      { type: 'deleted', key: 'all', previous: all },
      { type: 'updated', key: 'all', previous: all, current: { ...all, generation: 2 } },
    ];
    for (const change of changes) {
      expect(triggered((triggers) => triggers.policyChanged(change))).toEqual({
        planned: true,
        names: ['all', 'research'],
      });
    }
  });

  test('is a policy alone when only its status has changed', () => {
    const change = { type: 'updated', key: 'research', previous: other, current: { ...other } } as const;
    expect(triggered((triggers) => triggers.policyChanged(change))).toEqual({ planned: false, names: ['research'] });
  });

  test('are all policies when a namespace comes or changes its labels, and none when it changes otherwise', () => {
    const vision: NamespaceFacts = { name: 'vision', labels: { team: 'research' } };
    const change = { type: 'updated', key: 'vision', previous: vision } as const;
    const told = (current: NamespaceFacts) =>
      triggered((triggers) => triggers.namespaceChanged({ ...change, current })).names;
    expect(told({ ...vision, labels: { team: 'web' } })).toEqual(['all', 'research']);
    expect(told({ ...vision, labels: { ...vision.labels, env: 'prod' } })).toEqual(['all', 'research']);
    expect(told({ ...vision, labels: { ...vision.labels } })).toEqual([]);
  });
});
