import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { aNode, aPod, aSlice, metadataOfJobPod } from '../../../test/builders/cluster.ts';
import { H100 } from '../../../test/builders/planning.ts';
import { ACCELERATOR_RESOURCES } from '../../domain/accelerators/accelerator-resource.ts';
import type { Change } from '../../runtime/cache/replica.ts';
import { ClusterInventory } from './cluster-inventory.ts';
import { projectNode, type NodeFacts, type RawNode } from './node-facts.ts';
import { projectPod, type PodFacts, type RawPod } from './pod-facts.ts';
import { projectSlice, type SliceFacts } from './slice-facts.ts';

/** Stands for the caches: turns what is there into changes. */
class Caches {
  readonly changed: string[] = [];
  readonly inventory = new ClusterInventory((region) => this.changed.push(region));
  readonly nodes = new Map<string, NodeFacts>();
  readonly pods = new Map<string, PodFacts>();
  readonly slices = new Map<string, SliceFacts>();

  node(name: string, raw: RawNode | undefined): void {
    const facts = raw && projectNode(raw, ACCELERATOR_RESOURCES);
    this.#set(this.nodes, name, facts, (change) => this.inventory.nodeChanged(change));
  }

  pod(name: string, raw: RawPod | undefined): void {
    const facts = raw && projectPod(raw, { resources: ACCELERATOR_RESOURCES, ownerLabels: [] });
    this.#set(this.pods, name, facts, (change) => this.inventory.podChanged(change));
  }

  slice(name: string, raw: ReturnType<typeof aSlice> | undefined): void {
    this.#set(this.slices, name, raw && projectSlice(raw), (change) => this.inventory.sliceChanged(change));
  }

  #set<P>(known: Map<string, P>, key: string, current: P | undefined, tell: (change: Change<P>) => void): void {
    const previous = known.get(key);
    if (current === undefined) known.delete(key);
    else known.set(key, current);
    if (previous === undefined && current !== undefined) tell({ type: 'added', key, current });
    else if (previous !== undefined && current !== undefined) tell({ type: 'updated', key, previous, current });
    else if (previous !== undefined) tell({ type: 'deleted', key, previous });
  }
}

function pools(caches: Caches, region = 'north') {
  return caches.inventory.region(region).pools.map(({ capacity, held }) => ({ capacity, held }));
}

describe('the inventory of a region', () => {
  test('adds up nodes and what pods hold on them', () => {
    const caches = new Caches();
    caches.node('a', aNode('a'));
    caches.node('b', aNode('b'));
    caches.pod('p', aPod('p', 'a', { gpus: 3 }));
    caches.pod('q', aPod('q', 'b', { gpus: 2, metadata: metadataOfJobPod('train') }));
    expect(caches.inventory.region('north')).toEqual({
      nodes: 2,
      nodesAcceptingWork: 2,
      pools: [
        {
          product: H100,
          resource: 'nvidia.com/gpu',
          capacity: 16,
          held: 5,
          heldByJob: new Map([['research/train', 2]]),
        },
      ],
      omissions: [],
    });
  });

  test('of which no node is known is empty', () => {
    expect(new Caches().inventory.region('nowhere')).toEqual({
      nodes: 0,
      nodesAcceptingWork: 0,
      pools: [],
      omissions: [],
    });
  });

  test('takes a pod into account that was seen before its node', () => {
    const caches = new Caches();
    caches.pod('p', aPod('p', 'a', { gpus: 3 }));
    caches.node('a', aNode('a'));
    expect(pools(caches)).toEqual([{ capacity: 8, held: 3 }]);
  });

  test('has the devices back once the pod has ended', () => {
    const caches = new Caches();
    caches.node('a', aNode('a'));
    caches.pod('p', aPod('p', 'a', { gpus: 3 }));
    caches.pod('p', aPod('p', 'a', { gpus: 3, status: { phase: 'Succeeded' } }));
    expect(pools(caches)).toEqual([{ capacity: 8, held: 0 }]);
  });

  test('leaves out a cordoned node and what is held there, and keeps its product', () => {
    const caches = new Caches();
    caches.node('a', aNode('a'));
    caches.pod('p', aPod('p', 'a', { gpus: 3 }));
    caches.node('a', aNode('a', { spec: { unschedulable: true } }));
    expect(caches.inventory.region('north')).toMatchObject({ nodes: 1, nodesAcceptingWork: 0 });
    expect(pools(caches)).toEqual([{ capacity: 0, held: 0 }]);
  });

  test('never has more held than there is, where a device has failed under a pod', () => {
    const caches = new Caches();
    caches.pod('p', aPod('p', 'a', { gpus: 8 }));
    caches.node('a', aNode('a', { status: { ...aNode('a').status, allocatable: { 'nvidia.com/gpu': '7' } } }));
    caches.node('b', aNode('b'));
    expect(pools(caches)).toEqual([{ capacity: 15, held: 7 }]);
  });

  test('follows a node whose region is corrected', () => {
    const caches = new Caches();
    caches.node('a', aNode('a'));
    caches.pod('p', aPod('p', 'a'));
    caches.node('a', aNode('a', { labels: { 'topology.kubernetes.io/region': 'south' } }));
    expect(pools(caches, 'north')).toEqual([]);
    expect(pools(caches, 'south')).toEqual([{ capacity: 8, held: 1 }]);
  });
});

describe('the nodes that are partly used', () => {
  const fullest = (caches: Caches, devicesAPod: number, most = 16) =>
    caches.inventory.partlyUsed('north', H100, devicesAPod, most);

  test('come the fullest first, and are those that have room for a pod', () => {
    const caches = new Caches();
    for (const name of ['empty', 'some', 'more', 'full']) caches.node(name, aNode(name));
    caches.pod('p', aPod('p', 'some', { gpus: 2 }));
    caches.pod('q', aPod('q', 'more', { gpus: 5 }));
    caches.pod('r', aPod('r', 'full', { gpus: 8 }));
    expect(fullest(caches, 1)).toEqual(['more', 'some']);
    expect(fullest(caches, 4)).toEqual(['some']);
    expect(fullest(caches, 7)).toEqual([]);
    expect(fullest(caches, 1, 1)).toEqual(['more']);
    expect(caches.inventory.partlyUsed('south', H100, 1, 16)).toEqual([]);
    expect(caches.inventory.partlyUsed('north', 'another', 1, 16)).toEqual([]);
  });

  test('are no more once they have emptied, filled up or are not to get new work', () => {
    const caches = new Caches();
    caches.node('a', aNode('a'));
    caches.pod('p', aPod('p', 'a', { gpus: 2 }));
    caches.pod('q', aPod('q', 'a', { gpus: 6 }));
    expect(fullest(caches, 1)).toEqual([]);
    caches.pod('q', undefined);
    expect(fullest(caches, 1)).toEqual(['a']);
    caches.node('a', aNode('a', { spec: { unschedulable: true } }));
    expect(fullest(caches, 1)).toEqual([]);
    caches.node('a', aNode('a'));
    caches.pod('p', undefined);
    expect(fullest(caches, 1)).toEqual([]);
  });
});

describe('what can not be counted', () => {
  const DRA_ONLY = { status: { ...aNode('a').status, allocatable: { cpu: '128' } } };

  test('is told of a node that offers GPUs only through ResourceSlices', () => {
    const caches = new Caches();
    caches.slice('s', aSlice('s', 'a', 4));
    caches.node('a', aNode('a', DRA_ONLY));
    caches.slice('t', aSlice('t', 'a', 3));
    expect(caches.inventory.region('north').omissions).toEqual([
      { cause: 'OnlyResourceSlices', what: 'gpu.nvidia.com', devices: 7, nodes: ['a'] },
    ]);
    caches.slice('t', undefined);
    expect(caches.inventory.region('north').omissions).toMatchObject([{ devices: 4, nodes: ['a'] }]);
    caches.slice('s', undefined);
    expect(caches.inventory.region('north').omissions).toEqual([]);
  });

  test('is not told where the device plugin offers them as well, or the slices are of no accelerator', () => {
    const caches = new Caches();
    caches.node('a', aNode('a'));
    caches.slice('s', aSlice('s', 'a'));
    caches.node('b', aNode('b', DRA_ONLY));
    caches.slice('t', aSlice('t', 'b', 2, 'dra.cpu'));
    expect(caches.inventory.region('north').omissions).toEqual([]);
  });

  test('is told of nodes without a product label, which count nothing', () => {
    const caches = new Caches();
    for (const name of ['b', 'a']) {
      const node = aNode(name);
      caches.node(name, { ...node, metadata: { name, labels: { 'topology.kubernetes.io/region': 'north' } } });
    }
    expect(caches.inventory.region('north')).toMatchObject({
      nodes: 2,
      pools: [],
      omissions: [{ cause: 'NoProductLabel', what: 'nvidia.com/gpu', devices: 16, nodes: ['a', 'b'] }],
    });
  });

  test('is told where two resources have one product, of which the first by name counts', () => {
    const caches = new Caches();
    const labels = { 'amd.com/gpu.product-name': H100 };
    caches.node('a', aNode('a'));
    caches.node('b', aNode('b', { labels, status: { ...aNode('b').status, allocatable: { 'amd.com/gpu': '4' } } }));
    expect(caches.inventory.region('north')).toMatchObject({
      pools: [{ product: H100, resource: 'amd.com/gpu', capacity: 4 }],
      omissions: [{ cause: 'ProductOfOtherResource', what: 'nvidia.com/gpu', devices: 8, nodes: ['a'] }],
    });
  });
});

describe('a listener', () => {
  test('is told the region of a node, of a pod on it, and of both regions of a node that moves', () => {
    const caches = new Caches();
    caches.node('a', aNode('a'));
    caches.pod('p', aPod('p', 'a'));
    caches.node('a', aNode('a', { labels: { 'topology.kubernetes.io/region': 'south' } }));
    expect(caches.changed).toEqual(['north', 'north', 'north', 'south']);
  });

  test('hears nothing of heartbeats, of pods on unknown nodes, or of a pod that only changes phase', () => {
    const caches = new Caches();
    caches.pod('p', aPod('p', 'a', { status: { phase: 'Pending' } }));
    caches.pod('p', aPod('p', 'a', { status: { phase: 'Running' } }));
    caches.node('a', aNode('a'));
    caches.changed.length = 0;
    caches.node('a', aNode('a'));
    caches.pod('p', aPod('p', 'a', { metadata: { annotations: { note: 'new' } } }));
    expect(caches.changed).toEqual([]);
  });
});

const NAMES = ['a', 'b', 'c'];
const nodeStep = fc.record({
  kind: fc.constant('node' as const),
  name: fc.constantFrom(...NAMES),
  gone: fc.boolean(),
  region: fc.constantFrom('north', 'south'),
  cordoned: fc.boolean(),
  gpus: fc.integer({ min: 0, max: 8 }),
});
const podStep = fc.record({
  kind: fc.constant('pod' as const),
  name: fc.constantFrom('p', 'q', 'r', 's'),
  gone: fc.boolean(),
  node: fc.constantFrom<string | undefined>(...NAMES, undefined),
  gpus: fc.integer({ min: 0, max: 4 }),
  job: fc.constantFrom<string | undefined>('train', 'infer', undefined),
});
const sliceStep = fc.record({
  kind: fc.constant('slice' as const),
  name: fc.constantFrom('x', 'y'),
  gone: fc.boolean(),
  node: fc.constantFrom(...NAMES),
});
type Step = ReturnType<typeof nodeStep.generate>['value'] | { kind: 'pod' | 'slice'; name: string; gone: boolean };

function take(caches: Caches, step: Step & Record<string, unknown>): void {
  const { name, gone } = step;
  if (step.kind === 'slice') caches.slice(name, gone ? undefined : aSlice(name, String(step['node'])));
  else if (step.kind === 'pod') {
    const job = step['job'] as string | undefined;
    const metadata = job === undefined ? {} : metadataOfJobPod(job);
    const node = step['node'] as string | undefined;
    caches.pod(name, gone ? undefined : aPod(name, node, { gpus: Number(step['gpus']), metadata }));
  } else {
    const status = { ...aNode(name).status, allocatable: { 'nvidia.com/gpu': String(step['gpus']) } };
    const labels = { 'topology.kubernetes.io/region': step['region'] };
    const node = aNode(name, { labels, status, spec: { unschedulable: step['cordoned'] === true } });
    caches.node(name, gone ? undefined : node);
  }
}

describe('after any changes in any order', () => {
  const steps = fc.array(fc.oneof(nodeStep, podStep, sliceStep), { maxLength: 40 });

  test('the inventory is as if the cluster were read anew', () => {
    fc.assert(
      fc.property(steps, (history) => {
        const caches = new Caches();
        for (const step of history) {
          take(caches, step);
          caches.inventory.region('north');
        }
        const anew = new Caches();
        for (const [key, current] of caches.slices) anew.inventory.sliceChanged({ type: 'added', key, current });
        for (const [key, current] of [...caches.pods].reverse()) {
          anew.inventory.podChanged({ type: 'added', key, current });
        }
        for (const [key, current] of [...caches.nodes].reverse()) {
          anew.inventory.nodeChanged({ type: 'added', key, current });
        }
        for (const region of ['north', 'south']) {
          expect(caches.inventory.region(region)).toEqual(anew.inventory.region(region));
          for (const devices of [1, 2, 4, 8]) {
            const [kept, read] = [caches, anew].map(({ inventory }) => inventory.partlyUsed(region, H100, devices, 16));
            expect([...(kept ?? [])].sort()).toEqual([...(read ?? [])].sort());
          }
        }
      }),
    );
  });

  test('a node is partly used where pods hold some of its devices and not all', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 8 }), (history, devicesAPod) => {
        const caches = new Caches();
        for (const step of history) take(caches, step);
        const freeOf = (name: string): number | undefined => {
          const node = caches.nodes.get(name);
          const onIt = [...caches.pods.values()].filter((pod) => pod.node === name).flatMap(({ holds }) => holds);
          const held = onIt.reduce((sum, { devices }) => sum + devices, 0);
          const free = (node?.accelerators[0]?.allocatable ?? 0) - held;
          return node?.region === 'north' && node.acceptsWork && held > 0 ? free : undefined;
        };
        const names = caches.inventory.partlyUsed('north', H100, devicesAPod, 16);
        expect([...names].sort()).toEqual(NAMES.filter((name) => (freeOf(name) ?? 0) >= devicesAPod));
        const free = names.map((name) => freeOf(name) ?? 0);
        expect(free).toEqual([...free].sort((a, b) => a - b));
      }),
    );
  });

  test('every device is counted once', () => {
    fc.assert(
      fc.property(steps, (history) => {
        const caches = new Caches();
        for (const step of history) take(caches, step);
        for (const region of ['north', 'south']) {
          const nodes = [...caches.nodes.values()].filter((node) => node.region === region && node.acceptsWork);
          const capacity = nodes.flatMap(({ accelerators }) => accelerators).reduce((n, one) => n + one.allocatable, 0);
          const heldOn = (node: NodeFacts): number =>
            [...caches.pods.values()]
              .filter((pod) => pod.node === node.name)
              .flatMap(({ holds }) => holds)
              .reduce((sum, { devices }) => sum + devices, 0);
          const held = nodes.reduce((n, node) => n + Math.min(heldOn(node), node.accelerators[0]?.allocatable ?? 0), 0);
          const sums = pools(caches, region);
          expect(sums.reduce((sum, pool) => sum + pool.capacity, 0)).toBe(capacity);
          expect(sums.reduce((sum, pool) => sum + pool.held, 0)).toBe(held);
        }
      }),
    );
  });
});
