import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { ApiRequestError } from '../../hack/controlplane/client/api-client.ts';
import { waitFor } from '../../hack/controlplane/process/wait.ts';
import { loadKubeConfig } from '../../operator/adapters/kubernetes/client/kube-config.ts';
import type { RestClient } from '../../operator/adapters/kubernetes/client/rest-client.ts';
import { ClusterInventory } from '../../operator/controllers/inventory/cluster-inventory.ts';
import { NODES, projectNode, type NodeFacts, type RawNode } from '../../operator/controllers/inventory/node-facts.ts';
import { PODS, projectPod, type PodFacts, type RawPod } from '../../operator/controllers/inventory/pod-facts.ts';
import { ACCELERATOR_RESOURCES } from '../../operator/domain/accelerators/accelerator-resource.ts';
import type { Decision } from '../../operator/domain/decision.ts';
import { HOUR_MS } from '../../operator/domain/units.ts';
import { Reflector } from '../../operator/runtime/cache/reflector.ts';
import { Store } from '../../operator/runtime/cache/store.ts';
import { systemClock } from '../../operator/runtime/clocks.ts';
import { ReflectorMetrics } from '../../operator/telemetry/reflector-metrics.ts';
import { aDecision, anOption } from '../builders/job-view.ts';
import { H100 } from '../builders/planning.ts';
import type { JobOperator } from '../fixtures/job-operator.ts';
import { conditionOf, JobWorld, type JobNamespace } from '../fixtures/job-world.ts';
import { RecordingLogger } from '../fixtures/recording-logger.ts';
import { restClient } from '../fixtures/rest-client.ts';

jest.setTimeout(120_000);

const WAIT_MS = 30_000;
/** One that the user wrote: no node has the label, so that it decides nothing. */
const OF_THE_USER = {
  weight: 100,
  preference: { matchExpressions: [{ key: 'example.com/fast-disk', operator: 'Exists' }] },
};

/** Servers that let preferences of a Job that ran be changed, and those that don't. */
describe.each([
  { server: 'of today', options: {}, changes: true },
  { server: 'that behaves like 1.35', options: { emulatedVersion: '1.35' }, changes: false },
])('on an API server $server', ({ options, changes }) => {
  let world: JobWorld;
  let admin: RestClient;
  let team: JobNamespace;
  let inventory: ClusterInventory;
  const ending = new AbortController();
  const operators: JobOperator[] = [];

  beforeAll(async () => {
    world = await JobWorld.start(options);
    ({ api: admin } = restClient(await loadKubeConfig({ path: world.cluster.adminKubeconfig.path })));
    inventory = await liveInventory(admin, ending.signal);
  }, 180_000);

  afterAll(async () => {
    ending.abort();
    admin.close();
    await world.stop();
  });

  beforeEach(async () => {
    team = await world.aNamespace();
  });

  afterEach(async () => {
    await Promise.all(operators.splice(0).map((operator) => operator.stop()));
    // Else its controller would make the pod anew, on nodes that the next test looks at.
    if ((await team.batchJob('train')) !== undefined) await team.delete('jobs', 'train');
    for (const { metadata } of await team.pods()) await deletePod(metadata.name);
  }, 2 * WAIT_MS);

  const path = (name = ''): string => `/api/v1/namespaces/${team.name}/pods${name === '' ? '' : `/${name}`}`;

  async function deletePod(name: string): Promise<void> {
    await world.cluster.request(path(name), { method: 'DELETE', body: { gracePeriodSeconds: 0 } }).catch(notIfGone);
    await team.untilGone('pods', name);
  }

  /** Two GPUs of a node, and most of what else it has: left to itself, the scheduler puts the next pod on another one. */
  async function occupy(node: string): Promise<void> {
    const resources = { requests: { cpu: '100', memory: '800Gi' }, limits: { 'nvidia.com/gpu': '2' } };
    const containers = [{ name: 'serve', image: 'registry.example/serve:1', resources }];
    const metadata = { name: `on-${node}`, annotations: { 'sunward.dev/run-for': '1h' } };
    const body = { apiVersion: 'v1', kind: 'Pod', metadata, spec: { nodeName: node, containers } };
    await world.cluster.request(path(), { method: 'POST', body });
    await untilPartlyUsed('north', [node]);
  }

  async function untilPartlyUsed(region: string, nodes: readonly string[]): Promise<void> {
    await waitFor({ for: `${nodes.join(' and ')} of ${region} to be partly used`, timeoutMs: WAIT_MS }, () => {
      const seen = inventory.partlyUsed(region, H100, 4, 16);
      return Promise.resolve(JSON.stringify(seen) === JSON.stringify(nodes) ? true : undefined);
    });
  }

  async function operate(idleNodesStayOn: boolean, plan: () => Decision): Promise<JobOperator> {
    const sites = world.sites.map((site) => ({ ...site, spec: { ...site.spec, power: { idleNodesStayOn } } }));
    const operator = await world.operator({ namespace: team.name, sites, plan, inventory });
    operators.push(operator);
    return operator;
  }

  /** Of its pod, once that runs. */
  function nodeOfJob(): Promise<string> {
    return waitFor({ for: 'a pod of the job to run', timeoutMs: WAIT_MS }, async () => {
      const pods = (await team.pods()).filter(({ metadata }) => metadata.name.startsWith('train-'));
      return pods.find(({ status }) => status.phase === 'Running')?.spec.nodeName;
    });
  }

  const batchJob = async () => {
    const job = await team.batchJob('train');
    const affinity = job?.spec?.template?.spec?.affinity?.nodeAffinity;
    const terms = affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    const named = terms.map(({ preference }) => preference.matchFields?.[0]?.values?.[0]);
    return { uid: job?.metadata.uid, terms, prefers: named.filter((name) => name !== undefined) };
  };

  const nodesOf = async (region: string): Promise<readonly string[]> => {
    const { items } = await world.cluster.request<{ items: RawNode[] }>(
      `/api/v1/nodes?labelSelector=topology.kubernetes.io/region=${region}`,
    );
    return items.map(({ metadata }) => metadata.name).sort();
  };

  test.each([
    { what: 'goes to sleep', idleNodesStayOn: false },
    { what: 'stays on', idleNodesStayOn: true },
  ])('a job goes to a node that is partly used only where one that is not $what', async ({ idleNodesStayOn }) => {
    const [used = '', unused = ''] = await nodesOf('north');
    await occupy(used);
    await operate(idleNodesStayOn, () => now('north'));
    await team.create('train', aSpec());
    await team.untilRunning('train');

    expect(await nodeOfJob()).toBe(idleNodesStayOn ? unused : used);
    const { prefers, terms } = await batchJob();
    expect(prefers).toEqual(idleNodesStayOn ? [] : [used]);
    expect(terms[0]).toEqual(OF_THE_USER);
    const job = await team.job('train');
    expect(conditionOf(job, 'JobDrifted')?.status).not.toBe('True');
  });

  test('a job that goes on prefers what is partly used then, and is never made anew for that alone', async () => {
    const [first = '', second = ''] = await nodesOf('north');
    await occupy(first);
    let plan = (): Decision => now('north');
    const operator = await operate(false, () => plan());
    const replan = (to: () => Decision): void => {
      plan = to;
      operator.enqueue(team.key('train'));
    };
    await team.create('train', aSpec());
    await team.untilRunning('train');
    const before = await batchJob();

    replan(later);
    await team.untilCondition('train', 'Paused', 'True', 'Paused');
    await deletePod(`on-${first}`);
    await occupy(second);
    replan(() => now('north'));
    await team.untilRunning('train', 2);
    const after = await batchJob();
    expect(after.uid).toBe(before.uid);
    expect(after.prefers).toEqual([changes ? second : first]);
    expect(await nodeOfJob()).toBe(changes ? second : first);

    replan(later);
    await team.until('paused again', 'train', ({ status }) => status?.attempts?.[1]?.endedAt !== undefined);
    replan(() => now('south'));
    await team.until('runs in the south', 'train', (job) => {
      const open = job.status?.attempts?.at(-1);
      return conditionOf(job, 'Running')?.status === 'True' && open?.site === 'south' && open.endedAt === undefined;
    });
    const moved = await batchJob();
    expect(moved.terms).toEqual([OF_THE_USER]);
    expect(moved.uid === before.uid).toBe(changes);
    expect(await nodesOf('south')).toContain(await nodeOfJob());
  });
});

/** Its Job may have taken it away first. */
function notIfGone(error: unknown): void {
  if (!(error instanceof ApiRequestError && error.reason === 'NotFound')) throw error;
}

function now(site: string): Decision {
  const startsAt = Date.now() - 1;
  return aDecision({ chosen: anOption({ site, windows: [{ startsAt, endsAt: startsAt + HOUR_MS }] }) });
}

function later(): Decision {
  const startsAt = Date.now() + HOUR_MS;
  return aDecision({ chosen: anOption({ site: 'north', windows: [{ startsAt, endsAt: startsAt + HOUR_MS }] }) });
}

/** One pod of four GPUs that can be interrupted. */
function aSpec(): object {
  const resources = { limits: { 'nvidia.com/gpu': '4' } };
  const containers = [{ name: 'train', image: 'registry.example/train:1', resources }];
  const nodeAffinity = { preferredDuringSchedulingIgnoredDuringExecution: [OF_THE_USER] };
  const template = {
    metadata: { annotations: { 'sunward.dev/run-for': '1h' } },
    spec: { restartPolicy: 'Never', containers, affinity: { nodeAffinity } },
  };
  return {
    template: { spec: { template } },
    expectedDuration: '1h',
    interruptible: { minimumRun: '1s', restartOverhead: '0s', maxPauses: 4 },
  };
}

/** As the operator keeps it: of every node and every pod of the cluster, by watches. */
async function liveInventory(api: RestClient, abort: AbortSignal): Promise<ClusterInventory> {
  const inventory = new ClusterInventory();
  const logger = new RecordingLogger();
  const parts = { clock: systemClock, random: Math.random, logger, metrics: new ReflectorMetrics(new Registry()) };
  const reflectors = [
    new Reflector<RawNode, NodeFacts>({
      ...{ ...parts, listWatch: api.listWatch<RawNode>(NODES), store: new Store<NodeFacts>() },
      project: (node) => projectNode(node, ACCELERATOR_RESOURCES),
      onChange: (change) => {
        inventory.nodeChanged(change);
      },
    }),
    new Reflector<RawPod, PodFacts>({
      ...{ ...parts, listWatch: api.listWatch<RawPod>(PODS), store: new Store<PodFacts>() },
      project: (pod) => projectPod(pod, { resources: ACCELERATOR_RESOURCES, ownerLabels: [] }),
      onChange: (change) => {
        inventory.podChanged(change);
      },
    }),
  ] as const;
  for (const reflector of reflectors) reflector.run(abort).catch(() => undefined);
  await Promise.all(reflectors.map((reflector) => reflector.whenSynced(abort)));
  return inventory;
}
