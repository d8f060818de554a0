import { describe, expect, test } from '@jest/globals';
import { aComputeSite, aNode, aPod, metadataOfJobPod } from '../../../test/builders/cluster.ts';
import { NO_PRICES, staticOutlooks } from '../../../test/builders/outlooks.ts';
import { atHour, H100, MIDNIGHT, series } from '../../../test/builders/planning.ts';
import type { UsageSnapshot } from '../../accounting/usage/usage-snapshot.ts';
import type { ComputeSite } from '../../api/v1alpha1/compute-site.generated.ts';
import { BUILT_IN_POLICY } from '../../api/v1alpha1/defaults.ts';
import { ACCELERATOR_RESOURCES } from '../../domain/accelerators/accelerator-resource.ts';
import { HOUR_MS } from '../../domain/units.ts';
import { projectNamespace } from '../carbonpolicy/policy-record.ts';
import { siteRecordOf } from '../computesite/site-record.ts';
import { projectNode, type RawNode } from '../inventory/node-facts.ts';
import { projectPod, type RawPod } from '../inventory/pod-facts.ts';
import { chainsOf, gatherUsage } from './gather.ts';

const OWNER_LABELS = ['team'];
const NOW = atHour(0);

interface World {
  readonly pods: readonly RawPod[];
  readonly nodes: readonly RawNode[];
  readonly sites: readonly ComputeSite[];
  readonly namespace: { readonly labels?: Record<string, string>; readonly annotations?: Record<string, string> };
}

const factsOf = (pods: readonly RawPod[]) =>
  pods.flatMap((pod) => projectPod(pod, { resources: ACCELERATOR_RESOURCES, ownerLabels: OWNER_LABELS }) ?? []);

function gathered({
  pods = [],
  nodes = [aNode('a')],
  sites = [aComputeSite('lulea')],
  namespace = {},
}: Partial<World>): UsageSnapshot {
  const facts = factsOf(pods);
  const sources = {
    pods: { list: () => facts },
    nodes: { list: () => nodes.map((node) => projectNode(node, ACCELERATOR_RESOURCES)) },
    namespaces: { get: (name: string) => projectNamespace({ metadata: { name, ...namespace } }) },
    sites: { list: () => sites.map(siteRecordOf) },
    jobs: { get: (key: string) => ({ metadata: { name: key, uid: `uid of ${key}` } }) },
    governance: () => ({
      policyOf: () => ({ ...BUILT_IN_POLICY, name: 'everyone' }),
      dominionOf: () => undefined,
      policies: [],
    }),
    outlooks: staticOutlooks({ 'SE-SE3': { outlook: { series: series([25, 30]), rung: 'LiveForecast' } } }),
    ...NO_PRICES,
    workloadOf: ({ namespace: of, first }: { namespace: string; first: { kind: string; name: string } }) => ({
      namespace: of,
      apiVersion: 'apps/v1',
      kind: `above ${first.kind}`,
      name: first.name,
      uid: '',
    }),
    accelerators: ACCELERATOR_RESOURCES,
    ownerLabels: OWNER_LABELS,
  };
  return gatherUsage(sources, undefined, NOW);
}

const replicaSet = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'chat-5d8f', uid: 'u', controller: true };

describe('a pod that holds devices', () => {
  test('is told with its workload, its policy, and since when', () => {
    const conditions = [{ type: 'PodScheduled', status: 'True', lastTransitionTime: '2026-11-22T00:00:00Z' }];
    const status = { phase: 'Running', conditions };
    const { pods } = gathered({
      pods: [aPod('p', 'a', { gpus: 2, metadata: { ownerReferences: [replicaSet] }, status })],
    });
    expect(pods).toEqual([
      {
        namespace: 'research',
        name: 'p',
        node: 'a',
        heldSince: Date.UTC(2026, 10, 22),
        holds: [{ resource: 'nvidia.com/gpu', devices: 2 }],
        workload: {
          namespace: 'research',
          apiVersion: 'apps/v1',
          kind: 'above ReplicaSet',
          name: 'chat-5d8f',
          uid: '',
        },
        owner: 'research',
        policyName: 'everyone',
        policy: BUILT_IN_POLICY.usage,
        activeHours: undefined,
      },
    ]);
  });

  test('and that somebody made by hand is its own workload, and nobody needs to be asked', () => {
    expect(gathered({ pods: [aPod('p', 'a')] }).pods[0]?.workload).toMatchObject({ kind: 'above Pod', name: 'p' });
    expect(chainsOf(factsOf([aPod('p', 'a')]))).toEqual([]);
    expect(chainsOf(factsOf([aPod('q', 'a', { metadata: { ownerReferences: [replicaSet] } })]))).toHaveLength(1);
  });

  test('and is of a CarbonAwareJob needs nobody to be asked', () => {
    const pod = aPod('p', 'a', { metadata: metadataOfJobPod('train') });
    expect(gathered({ pods: [pod] }).pods[0]?.workload).toEqual({
      namespace: 'research',
      apiVersion: 'sunward.dev/v1alpha1',
      kind: 'CarbonAwareJob',
      name: 'train',
      uid: 'uid of research/train',
    });
    expect(chainsOf(factsOf([pod]))).toEqual([]);
  });

  test('is answered for by whom its label names, else that of its namespace', () => {
    const namespace = { labels: { team: 'speech' } };
    const pods = [aPod('p', 'a', { metadata: { labels: { team: 'vision' } } }), aPod('q', 'a')];
    expect(gathered({ pods, namespace }).pods.map(({ owner }) => owner)).toEqual(['vision', 'speech']);
  });

  test('is needed when it says, else when its namespace says, by the clocks there', () => {
    const annotations = { 'sunward.dev/active-hours': 'Mon-Fri 08:00-18:00 Europe/Berlin' };
    const own = { 'sunward.dev/active-hours': '22:00-06:00' };
    const pods = [aPod('p', 'a', { metadata: { annotations: own } }), aPod('q', 'a')];
    const snapshot = gathered({ pods, namespace: { annotations } });
    expect(snapshot.pods.map(({ activeHours }) => activeHours)).toEqual([
      '22:00-06:00',
      'Mon-Fri 08:00-18:00 Europe/Berlin',
    ]);
    const offsets = [...snapshot.clocks].map(([zone, spans]) => [zone, spans.map(({ offsetMs }) => offsetMs)]);
    expect(offsets).toEqual([
      ['UTC', [0]],
      ['Europe/Berlin', [2 * HOUR_MS]],
    ]);
  });
});

test('a pod that waits for devices holds none; only what the scheduler says of it counts', () => {
  const conditions = [
    {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message: 'none',
      lastTransitionTime: '2026-11-22T00:00:00Z',
    },
  ];
  const waiting = aPod('p', undefined, { gpus: 8, status: { phase: 'Pending', conditions } });
  const snapshot = gathered({ pods: [waiting, aPod('q', undefined)] });
  expect(snapshot.pods).toEqual([]);
  expect(snapshot.waiting).toEqual([
    {
      namespace: 'research',
      name: 'p',
      asks: [{ resource: 'nvidia.com/gpu', devices: 8 }],
      unschedulableSince: Date.UTC(2026, 10, 22),
    },
  ]);

  const bound = (region: string, product: string) => {
    const pod = aPod('r', undefined, { gpus: 8, status: { phase: 'Pending', conditions } });
    const nodeSelector = { 'topology.kubernetes.io/region': region, 'nvidia.com/gpu.product': product };
    return gathered({ pods: [{ ...pod, spec: { ...pod.spec, nodeSelector } }] }).waiting;
  };
  expect(bound('elsewhere', H100)).toMatchObject([{ sites: [], asks: [{ resource: 'nvidia.com/gpu', devices: 8 }] }]);
  expect(bound('north', 'NVIDIA-L40S')).toMatchObject([{ asks: [{ devices: 8, products: [] }] }]);
});

describe('a site', () => {
  test('is told with what it costs and emits now', () => {
    const prices = { electricityPerKWh: '0.09', accelerators: [{ product: H100, perHour: '2.10' }] };
    expect(gathered({ sites: [aComputeSite('lulea', { prices })] }).sites).toMatchObject([
      {
        name: 'lulea',
        currency: 'EUR',
        pue: 1.1,
        averageIntensity: 25,
        pricePerKilowattHour: 0.09,
        products: [{ product: H100, pricePerHour: 2.1 }],
      },
    ]);
  });

  test('of which no intensity is known is told without', () => {
    expect(gathered({ sites: [aComputeSite('lulea', { zone: 'DE' })] }).sites[0]?.averageIntensity).toBeUndefined();
  });

  test('has the nodes of its region; the older of two has them, and one on paper none', () => {
    const younger = { metadata: { creationTimestamp: '2030-01-01T00:00:00Z' } };
    const paper = aComputeSite('paper', { cluster: { inventory: {} } });
    const sites = [aComputeSite('younger', {}, younger), aComputeSite('lulea'), paper];
    const nodes = [aNode('a'), aNode('b', { labels: { 'topology.kubernetes.io/region': 'south' } })];
    const snapshot = gathered({ nodes, sites });
    expect(snapshot.sites.map(({ name }) => name)).toEqual(['lulea']);
    expect(snapshot.nodes.map(({ name, site }) => [name, site])).toEqual([
      ['a', 'lulea'],
      ['b', undefined],
    ]);
  });

  test('knows the product and the price of devices that its only node does not offer for a while', () => {
    const status = { ...aNode('a').status, allocatable: { 'nvidia.com/gpu': '0' } };
    const prices = { accelerators: [{ product: H100, perHour: '2.10' }] };
    const snapshot = gathered({ nodes: [aNode('a', { status })], sites: [aComputeSite('lulea', { prices })] });
    expect(snapshot.nodes[0]?.accelerators).toEqual([{ resource: 'nvidia.com/gpu', product: H100, allocatable: 0 }]);
    expect(snapshot.sites[0]?.products).toMatchObject([{ product: H100, pricePerHour: 2.1 }]);
  });

  test('whose grid zone nobody knows still has its nodes and their prices', () => {
    const { zone: _, ...spec } = aComputeSite('lulea').spec;
    const snapshot = gathered({ sites: [{ ...aComputeSite('lulea'), spec }] });
    expect(snapshot.nodes[0]?.site).toBe('lulea');
    expect(snapshot.sites[0]?.averageIntensity).toBeUndefined();
  });
});

test('the moment is that of the snapshot', () => {
  expect(gathered({}).now).toBe(MIDNIGHT);
});
