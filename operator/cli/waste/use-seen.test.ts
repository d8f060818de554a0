import { beforeEach, describe, expect, test } from '@jest/globals';
import { aComputeSite, aNode, aPod } from '../../../test/builders/cluster.ts';
import { H100 } from '../../../test/builders/planning.ts';
import { InMemoryKubernetesApi } from '../../../test/fixtures/in-memory-kubernetes-api/in-memory-kubernetes-api.ts';
import { CARBON_POLICIES, COMPUTE_SITES } from '../../api/v1alpha1/kinds.ts';
import { parseConfig } from '../../config/parse-config.ts';
import { NAMESPACES } from '../../controllers/carbonpolicy/policy-record.ts';
import { NODES } from '../../controllers/inventory/node-facts.ts';
import { PODS } from '../../controllers/inventory/pod-facts.ts';
import type { Holding } from '../../domain/usage/assessment.ts';
import type { DeviceUsage, PodName } from '../../domain/usage/device-usage.ts';
import type { UsageGrid } from '../../domain/usage/usage-grid.ts';
import { HOUR_MS } from '../../domain/units.ts';
import {
  KubernetesApiError,
  type KubernetesObject,
  type ListScope,
  type ObjectReference,
  type ResourceType,
} from '../../ports/kubernetes-api.ts';
import type { MetricsSource } from '../../ports/metrics-source.ts';
import { SourceError } from '../../ports/source-error.ts';
import { systemClock } from '../../runtime/clocks.ts';
import { ClusterError, type Reader } from '../world/reading.ts';
import { useResourcesOf } from './use-resources.ts';
import { useSeen } from './use-seen.ts';
import type { UseSight } from './sight.ts';

const CONFIG = parseConfig('', 'a test');
const NOW = Date.UTC(2026, 10, 23, 12, 30);
const BOUND = '2026-11-23T02:00:00Z';
const REPLICA_SETS = { group: 'apps', version: 'v1', plural: 'replicasets', kind: 'ReplicaSet', namespaced: true };
const DEPLOYMENTS = { group: 'apps', version: 'v1', plural: 'deployments', kind: 'Deployment', namespaced: true };
const never = new AbortController().signal;

let api: InMemoryKubernetesApi;

async function put(
  resource: ResourceType,
  object: KubernetesObject & { readonly status?: unknown },
): Promise<KubernetesObject> {
  const created = await api.create(resource, object, { fieldManager: 'test' }, never);
  // As of the real one: what is created has no status yet.
  const { status } = object;
  const options = { fieldManager: 'test', subresource: 'status' } as const;
  return status === undefined ? created : api.mergePatch(resource, created.metadata, { status }, options, never);
}

/** A pod of a Deployment in a namespace, with all that is between. */
async function putDeployment(namespace: string, name: string, pod: { readonly node: string; readonly gpus: number }) {
  const refOf = (apiVersion: string, kind: string, { metadata }: KubernetesObject) => {
    return [{ apiVersion, kind, name: metadata.name, uid: metadata.uid ?? '', controller: true }];
  };
  const deployment = await put(DEPLOYMENTS, { metadata: { name, namespace } });
  const ownerReferences = refOf('apps/v1', 'Deployment', deployment);
  const replicas = await put(REPLICA_SETS, { metadata: { name: `${name}-5d`, namespace, ownerReferences } });
  const metadata = { namespace, ownerReferences: refOf('apps/v1', 'ReplicaSet', replicas) };
  const conditions = [{ type: 'PodScheduled', status: 'True', lastTransitionTime: BOUND }];
  const status = { phase: 'Running', conditions };
  await put(PODS, aPod(`${name}-5d-x`, pod.node, { gpus: pod.gpus, metadata, status }));
}

beforeEach(async () => {
  api = new InMemoryKubernetesApi(() => NOW - 12 * HOUR_MS);
  for (const name of ['research', 'speech']) await put(NAMESPACES, { metadata: { name, labels: { team: name } } });
  await put(NODES, aNode('gpu-1'));
  const prices = { currency: 'EUR', electricityPerKWh: '0', accelerators: [{ product: H100, perHour: '2' }] };
  await put(COMPUTE_SITES, aComputeSite('stockholm', { prices }));
  await putDeployment('research', 'chat', { node: 'gpu-1', gpus: 4 });
  await putDeployment('speech', 'tts', { node: 'gpu-1', gpus: 2 });
});

/** The API server to somebody who may read only so much. */
function readerOf(maySee: (resource: ResourceType, namespace: string | undefined) => boolean): Reader {
  const refuse = ({ plural }: ResourceType): never => {
    throw new KubernetesApiError({ status: 403, reason: 'Forbidden', message: `${plural} is forbidden` });
  };
  return {
    get: <T extends KubernetesObject>(resource: ResourceType, ref: ObjectReference, abort: AbortSignal): Promise<T> =>
      maySee(resource, ref.namespace ?? ref.name) ? api.get<T>(resource, ref, abort) : refuse(resource),
    listWatch: <T extends KubernetesObject>(resource: ResourceType, scope: ListScope = {}) => ({
      ...{ resource, watch: () => refuse(resource) },
      list: async (options: { limit: number; continue?: string }, abort: AbortSignal) =>
        maySee(resource, scope.namespace) ? api.listWatch<T>(resource, scope).list(options, abort) : refuse(resource),
    }),
  };
}

const ALL: Reader = readerOf(() => true);
/** Whoever has the roles `sunward-view` in the cluster, and `view` in one namespace. */
const OF_RESEARCH: Reader = readerOf(({ plural }, namespace) => {
  return ['computesites', 'carbonpolicies'].includes(plural) || (plural !== 'nodes' && namespace === 'research');
});

/** A device that has done this much in every column. */
function aDevice(gpu: string, pod: PodName | undefined, active: number, { columns }: UsageGrid): DeviceUsage {
  const row = (value: number): readonly number[] => Array.from({ length: columns }, () => value);
  return { gpu, instance: undefined, node: 'gpu-1', pod, active: row(active), power: row(NaN) };
}

function aSource(devicesOn: (grid: UsageGrid) => readonly DeviceUsage[]): MetricsSource {
  const gaps = [{ figure: 'HostPower', error: new SourceError('NoData', 'no Kepler') }] as const;
  return {
    name: 'test',
    usage: (grid) => Promise.resolve({ grid, devices: devicesOn(grid), pods: [], nodes: [], gaps, isWhole: true }),
  };
}

const CHAT = { namespace: 'research', name: 'chat-5d-x' };
const TTS = { namespace: 'speech', name: 'tts-5d-x' };
const IDLE_CHAT = aSource((grid) => [
  ...['a', 'b', 'c', 'd'].map((gpu) => aDevice(gpu, CHAT, 0, grid)),
  ...['e', 'f'].map((gpu) => aDevice(gpu, TTS, 0.9, grid)),
]);

async function seenBy(reader: Reader, source?: MetricsSource): Promise<UseSight> {
  const projection = { resources: CONFIG.accelerators, ownerLabels: CONFIG.usage.ownerLabels };
  const found = await useResourcesOf(reader, 'research', projection, never);
  const options = { config: CONFIG, clock: { ...systemClock, now: () => NOW }, intensityFile: undefined };
  return useSeen(found, source, options, never);
}

function shownOf({ assessment }: UseSight) {
  return assessment.holdings.map(({ devices, product, site, waste, workload }: Holding) => {
    return [`${workload.kind}/${workload.namespace}/${workload.name}`, devices, product, site, waste?.class];
  });
}

describe('who may see everything', () => {
  test('sees every workload by what its pods are a part of, with what it wastes', async () => {
    const sight = await seenBy(ALL, IDLE_CHAT);
    expect(shownOf(sight)).toEqual([
      ['Deployment/research/chat', 4, H100, 'stockholm', 'Idle'],
      ['Deployment/speech/tts', 2, H100, 'stockholm', undefined],
    ]);
    expect(sight.assessment.holdings[0]).toMatchObject({ heldSince: Date.parse(BOUND), rate: { moneyPerHour: 8 } });
    expect(sight).toMatchObject({ isWhole: true, notes: [], lookBack: 6 * HOUR_MS });
    expect(sight.currencyOf('stockholm')).toBe('EUR');
    expect(sight.gaps).toHaveLength(1);
  });

  test('is told who holds what where nobody is asked what it does', async () => {
    const sight = await seenBy(ALL);
    expect(sight.gaps).toBeUndefined();
    expect(sight.assessment.holdings.map(({ active, attribution }) => [active, attribution])).toEqual([
      [undefined, 'None'],
      [undefined, 'None'],
    ]);
  });

  test('goes by the policy of the namespace', async () => {
    const spec = { namespaceSelector: { matchLabels: { team: 'research' } }, idle: { for: '12h' } };
    await put(CARBON_POLICIES, { metadata: { name: 'patient' }, ...{ spec } });
    const sight = await seenBy(ALL, IDLE_CHAT);
    expect(sight.assessment.holdings.map(({ policy, waste }) => [policy, waste?.class])).toEqual([
      // Twelve hours are longer than anybody was asked for; little used it is all the same.
      ['patient', 'Underused'],
      [undefined, undefined],
    ]);
  });
});

test('active hours that can’t be read are told, of a pod or of its namespace', async () => {
  const metadata = {
    namespace: 'speech',
    annotations: { 'sunward.dev/active-hours': 'Mon-Fri 08:00-18:00 Mars/Base' },
  };
  await put(PODS, aPod('notebook', 'gpu-1', { metadata }));
  const annotations = { 'sunward.dev/active-hours': 'whenever' };
  await api.mergePatch(
    NAMESPACES,
    { name: 'research' },
    { metadata: { annotations } },
    { fieldManager: 'test' },
    never,
  );
  const { unreadableHours } = await seenBy(ALL);
  expect(unreadableHours).toMatchObject([
    { workload: { kind: 'Deployment', name: 'chat' }, problem: expect.stringMatching(/^"whenever" is not/) },
    { workload: { kind: 'Pod', name: 'notebook' }, problem: expect.stringContaining('Mars/Base') },
  ]);
});

describe('who may see one namespace', () => {
  test('sees its workloads, and is told what is not seen', async () => {
    const sight = await seenBy(OF_RESEARCH, IDLE_CHAT);
    expect(shownOf(sight)).toEqual([['Deployment/research/chat', 4, '', '', 'Idle']]);
    expect(sight.isWhole).toBe(false);
    expect(sight.notes).toEqual([
      "pods of other namespaces than research can't be seen: what they hold is not told",
      "nodes can't be seen: of which product devices are, where, and at what price is not known; ask for the right to list nodes",
    ]);
  });

  test('is not taken for idle by devices of somebody who can’t be seen', async () => {
    const ofOthers = aSource((grid) => ['e', 'f', 'g', 'h'].map((gpu) => aDevice(gpu, TTS, 0, grid)));
    const ofNobodyNamed = aSource((grid) => ['e', 'f', 'g', 'h'].map((gpu) => aDevice(gpu, undefined, 0, grid)));
    const seesNodes = readerOf(({ plural }, namespace) => {
      return ['computesites', 'carbonpolicies', 'nodes'].includes(plural) || namespace === 'research';
    });
    for (const source of [ofOthers, ofNobodyNamed]) {
      const { assessment } = await seenBy(seesNodes, source);
      expect(assessment.holdings.map(({ active, waste }) => [active, waste])).toEqual([[undefined, undefined]]);
    }
  });

  test('and not what its pods are a part of sees what they run through', async () => {
    const noOwners = readerOf(({ plural }, namespace) => {
      return (
        plural === 'computesites' || plural === 'carbonpolicies' || (plural === 'pods' && namespace === 'research')
      );
    });
    const sight = await seenBy(noOwners);
    expect(shownOf(sight)[0]?.[0]).toBe('ReplicaSet/research/chat-5d');
    expect(sight.notes.at(-1)).toBe(
      "replicasets can't be read: a workload is told by what it runs through, and may be a part of something",
    );
  });
});

test('who may see no site is told which right is missing', async () => {
  await expect(seenBy(readerOf(() => false))).rejects.toThrow(ClusterError);
});

test('a cluster without sites has workloads all the same', async () => {
  await api.delete(COMPUTE_SITES, { name: 'stockholm' }, { propagationPolicy: 'Background' }, never);
  const sight = await seenBy(ALL, IDLE_CHAT);
  expect(shownOf(sight)[0]).toEqual(['Deployment/research/chat', 4, H100, '', 'Idle']);
  expect(sight.notes).toEqual(['the cluster has no ComputeSite: neither prices nor emissions are known']);
});
